import Foundation

/// The project's own files, for the tests in this target.
enum Repository {
  /// The folder with Package.swift, derived from the path of this file.
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// One `import` line of a Swift file.
  struct Import: Sendable, CustomStringConvertible {
    let target: String
    let file: String
    let module: String
    var description: String { "\(file) imports \(module)" }
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  /// The files in a folder that have one of the given endings, as paths from the root.
  static func files(in folder: String, endings: [String]) throws -> [String] {
    let found = FileManager.default.enumerator(
      at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
    let paths = found?.compactMap { ($0 as? URL)?.path } ?? []
    return paths.filter { path in endings.contains { path.hasSuffix($0) } }
      .map { String($0.dropFirst(root.path.count + 1)) }
      .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
      .sorted()
  }

  /// The source files of all targets except tests, in Sources and Tools.
  static func sourceFiles(endings: [String] = [".swift"]) throws -> [String] {
    try ["Sources", "Tools"].flatMap { try files(in: $0, endings: endings) }
  }

  /// Every module imported by a file in Sources or Tools. Tutorial code isn't included.
  static func imports() throws -> [Import] {
    let files = try sourceFiles().filter { !$0.contains(".docc/") }
    return try files.flatMap { file in
      let target = String(file.split(separator: "/")[1])
      return try text(file).split(separator: "\n").compactMap { line in
        module(importedBy: line).map { Import(target: target, file: file, module: $0) }
      }
    }
  }

  /// `@testable public import struct Foo.Bar` imports Foo.
  static func module(importedBy line: Substring) -> String? {
    var words = line.split(separator: " ")[...]
    let attributes: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    while let word = words.first, word.hasPrefix("@") || attributes.contains(word) {
      words.removeFirst()
    }
    guard words.popFirst() == "import" else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "let", "var"]
    if let word = words.first, kinds.contains(word) { words.removeFirst() }
    return words.first.map { String($0.prefix { $0.isLetter || $0.isNumber || $0 == "_" }) }
  }

  /// Runs a program until it exits. Returns its exit status and output.
  static func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// The files tracked by git, or nil outside of a git clone.
  static func trackedFiles() throws -> [String]? {
    let (status, output) = try run(["git", "ls-files"])
    return status == 0 ? output.split(separator: "\n").map(String.init) : nil
  }
}
