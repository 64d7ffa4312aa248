import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// `replicant demo-server` as a process of its own, so that a test can ask the service itself what
/// the program has done there.
actor DemoServerProcess {
  /// A prediction as the server has it; only what the tests ask about.
  struct Record: Decodable, Sendable {
    let id: String
    let model: String
    let status: String
    let error: String?
  }

  /// What the program and the tests call the server with.
  static let token = "r8_end_to_end"

  /// With `/v1`, as `REPLICATE_BASE_URL` wants it.
  let baseURL: String

  /// The environment in which the program uses this server.
  nonisolated var environment: [String: String] {
    ["REPLICATE_BASE_URL": baseURL, "REPLICATE_API_TOKEN": Self.token]
  }

  private let process: Process
  /// The server ends when this is closed, so it can't outlive the test run.
  private let leash: Pipe

  private init(process: Process, leash: Pipe, baseURL: String) {
    self.process = process
    self.leash = leash
    self.baseURL = baseURL
  }

  /// Starts a server on a free port; more options (`--speed 4`) may follow.
  static func start(_ options: [String]) async throws -> DemoServerProcess {
    let process = Process()
    let leash = Pipe()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let script = #""$@" & server=$!; exec >/dev/null; cat; kill $server; wait $server"#
    process.arguments =
      ["-c", script, "sh", try Replicant.path, "demo-server", "--port", "0"] + options
    process.standardInput = leash
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    guard let line = await firstLine(of: output.fileHandleForReading), line.contains("://") else {
      try? leash.fileHandleForWriting.close()
      throw Replicant.Failure(description: "demo-server didn't print its base URL")
    }
    return DemoServerProcess(process: process, leash: leash, baseURL: line)
  }

  /// Ends the server; the end of the test run does too.
  func stop() {
    try? leash.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// The server's own predictions, the newest first.
  func predictions() async throws -> [Record] {
    struct Page: Decodable {
      let results: [Record]
    }
    return try JSONDecoder().decode(Page.self, from: try await get("/predictions")).results
  }

  /// The answer to a GET below the base URL, which must be a success.
  func get(_ path: String) async throws -> Data {
    guard let url = URL(string: baseURL + path) else {
      throw Replicant.Failure(description: "no address: \(baseURL)\(path)")
    }
    var request = URLRequest(url: url)
    request.setValue("Bearer \(Self.token)", forHTTPHeaderField: "Authorization")
    let (data, response) = try await URLSession.shared.data(for: request)
    guard let status = (response as? HTTPURLResponse)?.statusCode, status == 200 else {
      throw Replicant.Failure(description: "\(path): \(String(decoding: data, as: UTF8.self))")
    }
    return data
  }

  private static func firstLine(of handle: FileHandle) async -> String? {
    let (chunks, continuation) = AsyncStream.makeStream(of: Data.self)
    handle.readabilityHandler = { handle in
      let data = handle.availableData
      if data.isEmpty {
        handle.readabilityHandler = nil
        continuation.finish()
      } else {
        continuation.yield(data)
      }
    }
    var bytes = Data()
    for await chunk in chunks {
      bytes.append(chunk)
      if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
        // What else it prints is read and dropped, so that it never blocks.
        return String(decoding: bytes[..<end], as: UTF8.self).trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}

/// Runs a test's body with a demo server, which is stopped on every way out.
func withDemoServer<Result>(
  _ options: String..., body: (DemoServerProcess) async throws -> Result
) async throws -> Result {
  let server = try await DemoServerProcess.start(options)
  do {
    let result = try await body(server)
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}
