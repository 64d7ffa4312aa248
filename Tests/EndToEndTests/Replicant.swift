import Foundation

/// The program under test: the one that was built together with this test run.
enum Replicant {
  /// A program or service that isn't as the tests need it.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The built program. `REPLICANT_BINARY` names another one, say a release build.
  static var path: String {
    get throws {
      let environment = ProcessInfo.processInfo.environment
      if let given = environment["REPLICANT_BINARY"] { return given }
      return try program("replicant")
    }
  }

  /// A program that was built together with this test run.
  static func program(_ name: String) throws -> String {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    // Beside the test bundle, which on macOS is a folder three deep.
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
    throw Failure(description: "no program named \(name) beside the test bundle")
  }
}

extension Replicant {
  /// Nothing listens on this port, so every call fails at once.
  static let offline = [
    "REPLICATE_BASE_URL": "http://127.0.0.1:9/v1", "REPLICATE_API_TOKEN": "r8_end_to_end",
  ]

  /// Runs the program, without a service, until its panes are there.
  static func run(
    environment: [String: String] = [:], _ body: (PseudoTerminal) async throws -> Void
  ) async throws {
    try await withTerminal([path], environment: offline.merging(environment) { $1 }) { terminal in
      try await terminal.waits { $0.contains("Collections") && $0.modes.wantsMouse }
      try await body(terminal)
    }
  }
}
