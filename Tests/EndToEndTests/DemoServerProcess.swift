import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Runs `replicant demo-server` as a separate process, so that a test can ask the service what the
/// program did.
actor DemoServerProcess {
  /// A prediction on the server, with only the properties that the tests need.
  struct Record: Decodable, Sendable {
    let id: String
    let model: String
    let status: String
    let error: String?
  }

  /// The token that the program and the tests use.
  static let token = "r8_end_to_end"

  /// Includes `/v1`, as `REPLICATE_BASE_URL` requires.
  let baseURL: String

  /// The environment that makes the program use this server.
  nonisolated var environment: [String: String] {
    ["REPLICATE_BASE_URL": baseURL, "REPLICATE_API_TOKEN": Self.token]
  }

  private let process: Process
  /// The server exits when this pipe is closed, so it can't outlive the test run.
  private let leash: Pipe

  private init(process: Process, leash: Pipe, baseURL: String) {
    self.process = process
    self.leash = leash
    self.baseURL = baseURL
  }

  /// Starts a server on a free port, optionally with more options (`--speed 4`).
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

  /// Stops the server. It also stops at the end of the test run.
  func stop() {
    try? leash.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// The server's predictions, newest first.
  func predictions() async throws -> [Record] {
    struct Page: Decodable {
      let results: [Record]
    }
    return try JSONDecoder().decode(Page.self, from: try await get("/predictions")).results
  }

  /// Sends a GET request for a path below the base URL. Throws unless it succeeds.
  func get(_ path: String) async throws -> Data {
    guard let url = URL(string: baseURL + path) else {
      throw Replicant.Failure(description: "invalid address: \(baseURL)\(path)")
    }
    var request = URLRequest(url: url)
    request.setValue("Bearer \(Self.token)", forHTTPHeaderField: "Authorization")
    let (data, response) = try await URLSession.shared.data(for: request)
    guard let status = (response as? HTTPURLResponse)?.statusCode, status == 200 else {
      throw Replicant.Failure(description: "\(path): \(String(decoding: data, as: UTF8.self))")
    }
    return data
  }

  static func firstLine(of handle: FileHandle) async -> String? {
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
        // Other output is read and dropped, so that the server never blocks.
        return String(decoding: bytes[..<end], as: UTF8.self).trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}

/// Runs the body of a test with a demo server, which is always stopped.
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
