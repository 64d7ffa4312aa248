import Foundation
import Testing

/// Compares a drawn text with the one kept in `Snapshots/<name>.txt` beside the test.
///
/// With RECORD_SNAPSHOTS=1 in the environment it is kept instead: read the difference before
/// committing it.
public func expectSnapshot(
  _ text: String, _ name: String, file: String = #filePath,
  location: SourceLocation = #_sourceLocation
) {
  let path = URL(fileURLWithPath: file).deletingLastPathComponent()
    .appendingPathComponent("Snapshots").appendingPathComponent("\(name).txt")
  let text = text.hasSuffix("\n") ? text : text + "\n"
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    do {
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: path)
    } catch {
      Issue.record("Couldn't keep \(path.path): \(error)", sourceLocation: location)
    }
    return
  }
  guard let kept = (try? Data(contentsOf: path)).map({ String(decoding: $0, as: UTF8.self) })
  else {
    Issue.record(
      "No snapshot \(name); record it with RECORD_SNAPSHOTS=1.", sourceLocation: location)
    return
  }
  guard kept != text else { return }
  Issue.record(
    """
    \(name) looks different now (RECORD_SNAPSHOTS=1 keeps the new look):
    \(difference(from: kept, to: text))
    """, sourceLocation: location)
}

/// The lines that differ, as they were and as they are.
private func difference(from old: String, to new: String) -> String {
  let old = old.split(separator: "\n", omittingEmptySubsequences: false)
  let new = new.split(separator: "\n", omittingEmptySubsequences: false)
  var lines: [String] = []
  for index in 0..<max(old.count, new.count) {
    let before = index < old.count ? old[index] : nil
    let after = index < new.count ? new[index] : nil
    if before == after { continue }
    if let before { lines.append("\(index + 1) - \(before)") }
    if let after { lines.append("\(index + 1) + \(after)") }
  }
  return lines.prefix(60).joined(separator: "\n")
}
