import Foundation

/// The program under test, from the same build as this test run.
enum Replicant {
  /// A problem with the program or service under test.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The built program. `REPLICANT_BINARY` selects another one, such as a release build.
  static var path: String {
    get throws {
      let environment = ProcessInfo.processInfo.environment
      if let given = environment["REPLICANT_BINARY"] { return given }
      return try program("replicant")
    }
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
    throw Failure(description: "there's no program named \(name) next to the test bundle")
  }
}

extension Replicant {
  /// Nothing listens on this port, so every call fails immediately.
  static let offline = [
    "REPLICATE_BASE_URL": "http://127.0.0.1:9/v1", "REPLICATE_API_TOKEN": "r8_end_to_end",
  ]

  /// Runs the program without a service, and waits for its panes.
  static func run(
    environment: [String: String] = [:], _ body: (PseudoTerminal) async throws -> Void
  ) async throws {
    try await withTerminal([path], environment: offline.merging(environment) { $1 }) { terminal in
      try await terminal.waits { $0.contains("Collections") && $0.modes.wantsMouse }
      try await body(terminal)
    }
  }
}
