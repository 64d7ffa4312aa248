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
      var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      // Beside the test bundle, which on macOS is a folder three deep.
      for _ in 1...4 {
        folder.deleteLastPathComponent()
        let program = folder.appendingPathComponent("replicant").path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: program, isDirectory: &isFolder),
          !isFolder.boolValue
        {
          return program
        }
      }
      throw Failure(description: "no program named replicant beside the test bundle")
    }
  }
}
