import Foundation

/// Checks the claims of the README and other documents.
enum Documents {
  /// The program isn't next to the test bundle.
  struct NoProgram: Error {}

  /// The files that a document names: the targets of its links, and code spans that look like paths
  /// in this project.
  static func citedPaths(in markdown: String) -> [String] {
    let links = markdown.matches(of: #/\]\(([^)\s]+)\)/#).map { $0.1 }
      .filter { !$0.contains("://") && !$0.hasPrefix("#") && !$0.hasPrefix("mailto:") }
      .map { $0.prefix { $0 != "#" } }
    let code = markdown.matches(of: #/`([^`\s]+)`/#).map { $0.1 }.filter { text in
      let folders = [
        "Sources/", "Tests/", "Tools/", "Benchmarks/", "docs/", "scripts/", "screenshots/", ".ci/",
        ".github/",
      ]
      return folders.contains { text.hasPrefix($0) }
        || (text.contains(#/^[A-Za-z]+\.(md|swift)$/#) && text.first?.isUppercase == true)
    }
    return Set(links.map(String.init) + code.map(String.init)).sorted()
  }

  /// Whether a path exists. A bare file name can be in any folder of Sources, Tests, or Tools. A
  /// name with a placeholder (`XPane.swift`, `Sources/<Target>`) matches many.
  static func isThere(_ path: String) -> Bool {
    if path.contains("<") || path.contains("…") || path.contains("*") { return true }
    if Repository.exists(path) { return true }
    guard !path.contains("/") else { return false }
    if path.hasPrefix("X") { return true }
    let folders = ["Sources", "Tests", "Tools"]
    let files = (try? folders.flatMap { try Repository.files(in: $0, endings: [path]) }) ?? []
    return files.contains { $0.hasSuffix("/" + path) }
  }

  /// The path of an executable from the same build as this test run.
  static func program(_ name: String) throws -> String {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    // The executable is next to the test bundle, which is three levels deep on macOS.
    for _ in 1...4 {
      folder.deleteLastPathComponent()
      let program = folder.appendingPathComponent(name).path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: program, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        return program
      }
    }
    throw NoProgram()
  }
}
