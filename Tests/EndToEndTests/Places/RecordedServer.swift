import Foundation
import Support

/// A demo server that writes down each request that it receives: the witness of what was really sent.
struct RecordedServer: Sendable {
  /// A request as it arrived.
  struct Request: Decodable, Sendable {
    let method: String
    let path: String
    let port: String
    let headers: [String: String]

    /// Without the query and the version of the API: `GET /files/abc`.
    var call: String {
      let path = path.split(separator: "?", maxSplits: 1)[0]
      return "\(method) \(path.hasPrefix("/v1") ? path.dropFirst(3) : path)"
    }
  }

  let server: DemoServerProcess
  private let file: URL

  var environment: [String: String] { server.environment }

  /// Everything that has arrived so far.
  func requests() throws -> [Request] {
    guard let data = try? Data(contentsOf: file) else { return [] }
    return try data.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Request.self, from: $0)
    }
  }

  /// The calls so far, without those that only look.
  func changes() throws -> [String] {
    try requests().filter { !["GET", "HEAD", "QUERY"].contains($0.method) }.map(\.call)
  }

  func calls() throws -> Set<String> { Set(try requests().map(\.call)) }

  /// What the service answers to a GET now.
  func object(_ path: String) async throws -> [String: Any] {
    let data = try await server.get(path)
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// Runs the body of a test with a server, which is always stopped.
  static func run<Result>(
    _ options: String..., body: (RecordedServer) async throws -> Result
  ) async throws -> Result {
    let folder = try TestFolder()
    let path = folder.path + "/record"
    let server = try await DemoServerProcess.start(options + ["--demo-record", path])
    do {
      let result = try await body(
        RecordedServer(server: server, file: URL(fileURLWithPath: path)))
      await server.stop()
      withExtendedLifetime(folder) {}
      return result
    } catch {
      await server.stop()
      withExtendedLifetime(folder) {}
      throw error
    }
  }
}
