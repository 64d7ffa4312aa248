import Foundation

/// A program that a test runs to its end.
struct Program {
  var path: String
  var arguments: [String]
  var environment: [String: String]

  struct Ending: Sendable {
    var status: Int32
    /// What it wrote to both of its outputs.
    var text: String
  }

  /// The folder with Package.swift.
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Finds a program as the shell does.
  static func find(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// A program from the same build as this test.
  static func built(_ name: String) -> String {
    var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    repeat { place.deleteLastPathComponent() } while place.path.contains(".xctest")
    return place.appendingPathComponent(name).path
  }

  @discardableResult
  func run(in folder: String) async throws -> Ending {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    // A file takes any amount, unlike a pipe that nobody reads.
    let output = folder + "/output-\(UUID().uuidString)"
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in ended.resume() }
      do {
        try process.run()
      } catch {
        ended.resume(throwing: error)
      }
    }
    let text = try String(decoding: Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
    return Ending(status: process.terminationStatus, text: text)
  }

  /// Says that a check can't run here, where it is read again at the end of `make check`.
  static func skip(_ words: String) async throws -> Bool {
    let script = Program(
      path: "\(repository)/scripts/skipped", arguments: ["note", words],
      environment: ProcessInfo.processInfo.environment)
    let folder = FileManager.default.temporaryDirectory.path
    try await script.run(in: folder)
    print("SKIPPED: \(words)")
    return ProcessInfo.processInfo.environment["REQUIRE"] != "1"
  }
}
