import Foundation
import Testing

/// What `replicant demo-server` says about options that can't be.
struct DemoServerOptionsTests {
  /// Runs the demo server, which is expected to end by itself.
  private func refusal(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: try Replicant.path)
    process.arguments = ["demo-server"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  @Test(arguments: ["99999", "65536", "70000", "-1", "-99999"])
  func `a port that can't be is refused in words`(port: String) throws {
    let (status, text) = try refusal(["--port", port])
    #expect(status == 64)
    #expect(text.hasPrefix("Error: --port must be from 0 to 65535; \(port) isn’t a port."))
  }

  @Test(arguments: ["0x50", "", "http", "8080.5", "99999999999999999999"])
  func `what isn't a number is no port`(port: String) throws {
    let (status, text) = try refusal(["--port", port])
    #expect(status == 64)
    #expect(text.hasPrefix("Error: The value '\(port)' is invalid for '--port <port>'"))
  }

  @Test func `a port that is taken is refused in words`() async throws {
    let server = try await DemoServerProcess.start([])
    let port = try #require(URL(string: server.baseURL)?.port)
    let (status, text) = try refusal(["--port", "\(port)"])
    #expect(status == 64)
    #expect(text.contains("port \(port) is taken by another program"))
    await server.stop()
  }

  @Test func `a file or folder that can't be read is named`() throws {
    let file = try refusal(["--demo-models", "/nowhere/models.json"])
    #expect(file.status == 64 && file.text.contains("the file /nowhere/models.json can’t be read"))
    let folder = try refusal(["--demo-schemas", "/nowhere"])
    #expect(folder.status == 64 && folder.text.contains("the folder /nowhere can’t be read"))
  }

  @Test(arguments: ["0", "-1", "nan", "inf", "1e-300", "1e300"])
  func `a speed by which times can't be divided is refused`(speed: String) throws {
    let (status, text) = try refusal(["--speed=\(speed)"])
    #expect(status == 64)
    #expect(text.contains("--speed must be from 0.001 to 1000000"))
  }

  @Test func `an unknown fault is refused with the list of those there are`() throws {
    let (status, text) = try refusal(["--fault", "even"])
    #expect(status == 64)
    for name in ["latency", "lost-creates", "odd-rows", "odd-streams, odd."] {
      #expect(text.contains(name))
    }
  }

  @Test func `odd and its parts can be named together`() async throws {
    let server = try await DemoServerProcess.start(["--fault", "odd", "--fault", "429"])
    await server.stop()
  }
}
