import AsyncHTTPClient
import DemoReplicate
import NIOCore
import NIOHTTP1
import ReplicateAPI
import Testing

/// A demo service on its own ports, and a client for it.
struct RunningService: Sendable {
  let server: DemoServer
  let client: Client

  /// A raw answer.
  struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSONValue { get throws { try JSONValue(parsing: bytes) } }
  }

  /// Sends a raw request to a path below the base URL, or to a full URL.
  func call(
    _ method: String, _ path: String, _ body: JSONValue? = nil, text: String? = nil,
    bytes: [UInt8]? = nil, headers: [(String, String)] = [],
    token: String? = "Bearer \(DemoServer.token)", client: HTTPClient = .shared
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : server.baseURL + path)
    request.method = HTTPMethod(rawValue: method)
    if let token { request.headers.add(name: "authorization", value: token) }
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let text = text ?? body?.serialized() { request.body = .bytes(ByteBuffer(string: text)) }
    if let bytes { request.body = .bytes(ByteBuffer(bytes: bytes)) }
    let response = try await client.execute(request, timeout: .seconds(240))
    let bytes = try await response.body.collect(upTo: 64 << 20)
    return Answer(
      status: Int(response.status.code), headers: response.headers,
      bytes: Array(bytes.readableBytesView))
  }

  func version(of model: ModelID) async throws -> String {
    try #require(try await client.send(.versions(of: model)).results.first).id.rawValue
  }

  func start(_ model: String, _ input: JSONObject) async throws -> Prediction {
    let id = try #require(ModelID(model))
    return try await client.send(
      .createPrediction(version: try await version(of: id), input: input))
  }

  func end(of prediction: Prediction) async throws -> Prediction {
    var last = prediction
    for try await update in client.updates(of: prediction) { last = update }
    return last
  }
}

/// Runs a test's body with a service, which is always stopped at the end.
func withService(
  speed: Double = 200, agingSpeed: Double = 1, modelsFile: String? = nil,
  schemasFolder: String? = nil,
  faults: Set<DemoFault> = [], seed: UInt64 = 1,
  _ body: (RunningService) async throws -> Void
) async throws {
  var options = DemoOptions()
  options.speed = speed
  options.agingSpeed = agingSpeed
  options.modelsFile = modelsFile
  options.schemasFolder = schemasFolder
  options.faults = faults
  options.seed = seed
  let server = try await DemoServer.start(options)
  let client = Client(
    Client.Configuration(token: DemoServer.token, baseURL: server.baseURL))
  do {
    try await body(RunningService(server: server, client: client))
  } catch {
    await client.shutdown()
    await server.stop()
    throw error
  }
  await client.shutdown()
  await server.stop()
}
