import Foundation
import Testing

/// Project rules that no compiler checks.
struct RepositoryTests {
  @Test func `the architecture allows every import`() throws {
    let imports = try Repository.imports()
    #expect(imports.contains { $0.target == "Panes" && $0.module == "ViewModels" })
    let fallbacks = Set(
      imports.filter { $0.module == "FoundationEssentials" }.map { $0.file })
    let forbidden = imports.filter {
      !ImportRule.allows(
        $0.target, toImport: $0.module, asFallback: fallbacks.contains($0.file))
    }
    #expect(forbidden.isEmpty, "\(forbidden)")
  }

  @Test func `every target is in the table of imports`() throws {
    let targets = Set(
      try Repository.sourceFiles().map { String($0.split(separator: "/")[1]) })
    #expect(targets.subtracting(ImportRule.table.keys).isEmpty)
  }

  @Test func `panes don't know about the client`() throws {
    for file in try Repository.files(in: "Sources/Panes", endings: [".swift"]) {
      #expect(try !Repository.text(file).contains(#/\bClient\b/#), "\(file)")
    }
  }

  /// Sleeping on the runtime's own clock keeps waking the process up. See RestingClock.
  @Test func `all sleeps use an injected clock`() throws {
    for file in try Repository.files(in: "Sources", endings: [".swift"])
    where !file.hasPrefix("Sources/DemoReplicate/") {
      let text = try Repository.text(file)
      #expect(!text.contains("Task.sleep") && !text.contains("DispatchQueue.global"), "\(file)")
      let clocks = text.ranges(of: "ContinuousClock()").count
      #expect(clocks == (file == "Sources/ReplicateAPI/Client.swift" ? 2 : 0), "\(file)")
    }
  }

  @Test func `no source file is too long to understand`() throws {
    for file in try Repository.sourceFiles(endings: [".swift", ".c", ".h"]) {
      let lines = try Repository.text(file).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 601, "\(file)")
    }
  }

  @Test(arguments: ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
  func `every path that a document cites exists`(document: String) throws {
    let missing = try Documents.citedPaths(in: Repository.text(document))
      .filter { !Documents.isThere($0) }
    #expect(missing.isEmpty, "\(document) cites \(missing)")
  }

  @Test func `the README is short`() throws {
    let lines = try Repository.text("README.md").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 200)
  }

  @Test func `the generated documents are up to date`() throws {
    let folder = Repository.root.appendingPathComponent("docs").path
    let (status, stale) = try Repository.run([
      Documents.program("GenerateDocuments"), "--check", folder,
    ])
    #expect(status == 0, "Stale files in docs, which `make generate` updates: \(stale)")
  }

  @Test func `the generator names stale documents and writes all of them`() throws {
    let generator = try Documents.program("GenerateDocuments")
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("replicant-documents-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    #expect(
      try Repository.run([generator, "--check", folder.path])
        == (1, "keys.md\noperations.md\nconfig.md\n"))
    #expect(try Repository.run([generator, folder.path]) == (0, ""))
    #expect(try Repository.run([generator, "--check", folder.path]) == (0, ""))
    try "# Keys\n".write(
      to: folder.appendingPathComponent("keys.md"), atomically: true, encoding: .utf8)
    #expect(try Repository.run([generator, "--check", folder.path]) == (1, "keys.md\n"))
  }

  @Test func `the README's sample program is the compiled one`() throws {
    let place = "Tests/Sample/main.swift"
    #expect(
      try Repository.text("README.md").contains(
        "<!-- sample: \(place) -->\n```swift\n\(Repository.text(place))```"))
  }

  @Test func `every operation has a typed call, a demo answer, a place, and tests`() throws {
    let lines = try Repository.text("docs/operations.md").split(separator: "\n")
    let rows = lines.filter { $0.hasPrefix("| ") }.dropFirst().map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
    }
    let routes = try Repository.text("Sources/ReplicateAPI/Route.swift").split(separator: "\n")
      .filter { $0.contains("\"") && $0.contains(" /") }
    #expect(!routes.isEmpty && rows.count == routes.count)
    let core = try Repository.files(in: "Sources/ReplicateAPI", endings: [".swift"])
      .map { try Repository.text($0) }.joined()
    let demo = try Repository.text("Sources/DemoReplicate/Service/Answers/DemoService.swift")
    let tests = try Repository.text("Tests/ServiceTests/OperationsTests.swift")
    let tours = try Repository.files(in: "Tests/EndToEndTests", endings: [".swift"])
      .map { try Repository.text($0) }.joined()
    for row in rows where row.count == 6 {
      let name = row[1].replacingOccurrences(of: "send(.", with: "").prefix { $0.isLetter }
      #expect(
        core.contains("static func \(name)(") || core.contains("static var \(name):")
          || core.contains("public func \(name)("), "\(row)")
      #expect(demo.contains("case .\(row[2]):"), "\(row)")
      #expect(tests.contains("@Test func `\(row[3])`"), "\(row)")
      #expect(!row[4].isEmpty, "\(row)")
      #expect(tours.contains("@Test func `\(row[5])`"), "\(row)")
    }
    #expect(rows.allSatisfy { $0.count == 6 })
  }

  @Test func `the changelog has a section for unreleased changes`() throws {
    #expect(try Repository.text("CHANGELOG.md").contains(#/(?m)^## \[?Unreleased/#))
  }

  @Test func `no file mentions the machine it was written on`() throws {
    guard let tracked = try Repository.trackedFiles() else { return }
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    let places = [Repository.root.path, home].filter { $0 != "/" }.map { $0 + "/" }
    for file in tracked where Repository.exists(file) {
      // Skip files that aren't text.
      guard let contents = try? Repository.text(file) else { continue }
      #expect(!places.contains { contents.contains($0) }, "\(file) names one of \(places)")
    }
  }

  @Test func `Package.resolved is not tracked`() throws {
    guard let tracked = try Repository.trackedFiles() else { return }
    #expect(!tracked.contains("Package.resolved"))
  }

  static let importLines: [(line: Substring, module: String?)] = [
    ("import NIOCore", "NIOCore"), ("@testable import Panes", "Panes"),
    ("  import struct Foundation.URL", "Foundation"), ("public import Logging", "Logging"),
    ("@preconcurrency private import Dispatch", "Dispatch"), ("// import this", nil),
    ("important()", nil),
  ]

  @Test(arguments: importLines)
  func `imports are read from lines`(line: Substring, module: String?) {
    #expect(Repository.module(importedBy: line) == module)
  }

  @Test func `paths are read from Markdown`() {
    let text = """
      See [the guide](CONTRIBUTING.md#tests), `Sources/Panes/KeyBinding.swift`, `make test`,
      ![Browse](screenshots/browse.png) and [Swift](https://swift.org/a.md).
      """
    #expect(
      Documents.citedPaths(in: text) == [
        "CONTRIBUTING.md", "Sources/Panes/KeyBinding.swift", "screenshots/browse.png",
      ])
  }
}
