import Foundation
import Testing

/// Compares drawn text with the snapshot in `Snapshots/<name>.txt` next to the test.
///
/// With RECORD_SNAPSHOTS=1 in the environment, writes the snapshot instead. Read the diff before
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
      Issue.record("Couldn't write \(path.path): \(error)", sourceLocation: location)
    }
    return
  }
  guard let kept = (try? Data(contentsOf: path)).map({ String(decoding: $0, as: UTF8.self) })
  else {
    Issue.record(
      "There's no snapshot \(name). Record it with RECORD_SNAPSHOTS=1.", sourceLocation: location)
    return
  }
  guard kept != text else { return }
  Issue.record(
    """
    \(name) has changed (RECORD_SNAPSHOTS=1 records the new snapshot):
    \(difference(from: kept, to: text))
    """, sourceLocation: location)
}

/// The differing lines, before and after.
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
