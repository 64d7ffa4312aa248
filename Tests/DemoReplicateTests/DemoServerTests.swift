import AsyncHTTPClient
import DemoReplicate
import Foundation
import NIOCore
import NIOHTTP1
import ReplicateAPI
import Support
import Testing

/// The demo service over real sockets, as any client sees it.
@Suite(.serialized) struct DemoServerTests {
  private func withServer(
    modelsFile: String? = nil, _ body: (DemoServer, Client) async throws -> Void
  ) async throws {
    var options = DemoOptions()
    options.speed = 200
    options.modelsFile = modelsFile
    let server = try await DemoServer.start(options)
    let client = Client(
      try .fromEnvironment([
        "REPLICATE_API_TOKEN": DemoServer.token, "REPLICATE_BASE_URL": server.baseURL,
      ]))
    do {
      try await body(server, client)
    } catch {
      await client.shutdown()
      await server.stop()
      throw error
    }
    await client.shutdown()
    await server.stop()
  }

  /// A raw call: status, content type and body.
  private func call(
    _ server: DemoServer, _ method: HTTPMethod, _ path: String, token: String? = DemoServer.token,
    body: String? = nil, headers: [(String, String)] = []
  ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
    var request = HTTPClientRequest(
      url: path.hasPrefix("http") ? path : server.baseURL + path)
    request.method = method
    if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let body { request.body = .bytes(ByteBuffer(string: body)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(240))
    let bytes = try await response.body.collect(upTo: 64 << 20)
    return (Int(response.status.code), response.headers, Array(bytes.readableBytesView))
  }

  private static let painter = ModelID(owner: "demo", name: "painter")

  private func version(of id: ModelID, _ client: Client) async throws -> String {
    let model = try await client.send(.model(id))
    return try #require(model.latestVersion).id.rawValue
  }

  private func follow(_ prediction: Prediction, _ client: Client) async throws -> Prediction {
    var last = prediction
    for try await update in client.updates(of: prediction) { last = update }
    return last
  }

  // MARK: Errors

  @Test func `a missing or invalid token is rejected in Replicate's words`()
    async throws
  {
    try await withServer { server, _ in
      let missing = try await call(server, .GET, "/account", token: nil)
      #expect(missing.status == 401)
      #expect(missing.headers["content-type"] == ["application/problem+json"])
      #expect(
        String(decoding: missing.body, as: UTF8.self)
          == #"{"title":"Unauthenticated","detail":"You did not pass an authentication token","status":401}"#
          + "\n")
      let bad = try await call(server, .GET, "/account", token: "r8_bad")
      #expect(String(decoding: bad.body, as: UTF8.self).contains("a valid authentication token"))
    }
  }

  @Test func `an input is validated against the schema, with gojsonschema's messages`()
    async throws
  {
    try await withServer { server, client in
      let version = try await version(of: Self.painter, client)
      let answer = try await call(
        server, .POST, "/predictions",
        body: #"{"version":"\#(version)","input":{"num_outputs":9,"style":"cubist"}}"#)
      #expect(answer.status == 422)
      let body = try JSONValue(parsing: answer.body)
      #expect(body["title"] == "Input validation failed")
      let fields = try #require(body["invalid_fields"]?.array)
      #expect(
        fields.contains([
          "type": "number_lte", "field": "input.num_outputs",
          "description": "Must be less than or equal to 4",
        ]))
      #expect(fields.contains { $0["type"] == "enum" && $0["field"] == "input.style" })
      #expect(body["detail"]?.string?.contains("- input.num_outputs: Must be less") == true)

      let missing = try await call(
        server, .POST, "/predictions", body: #"{"version":"\#(version)","model":"a/b"}"#)
      let words = String(decoding: missing.body, as: UTF8.self)
      #expect(words.contains("input is required"))
      #expect(words.contains("Additional property model is not allowed"))
    }
  }

  @Test func `missing resources are 404, unknown versions 422, and invalid JSON 400`()
    async throws
  {
    try await withServer { server, _ in
      #expect(try await call(server, .GET, "/models/no/body").status == 404)
      #expect(try await call(server, .GET, "/nothing").status == 404)
      #expect(try await call(server, .GET, "/predictions/nothing").status == 404)
      let unknown = try await call(
        server, .POST, "/predictions",
        body: #"{"version":"\#(String(repeating: "0", count: 64))","input":{}}"#)
      #expect(unknown.status == 422)
      #expect(String(decoding: unknown.body, as: UTF8.self).contains("Invalid version"))
      #expect(try await call(server, .POST, "/predictions", body: "nonsense").status == 400)
      let community = try await call(
        server, .POST, "/models/demo/painter/predictions", body: #"{"input":{"prompt":"x"}}"#)
      #expect(community.status == 404)
    }
  }

  // MARK: Browsing

  @Test func `collections, models, both searches and versions work with typed calls`()
    async throws
  {
    try await withServer { _, client in
      #expect(try await client.send(.account).username == "demo")
      let collections = try await client.send(.collections).results
      #expect(!collections.isEmpty)
      for collection in collections {
        #expect(try await !client.send(.collection(collection.slug)).models.isEmpty)
      }
      var listed: [ModelID] = []
      for try await page in client.pages(of: .models()) { listed += page.results.map(\.id) }
      #expect(Set(listed).count == listed.count)
      #expect(listed.contains(Self.painter))
      #expect(
        try await client.send(.searchModels("paint")).results.contains { $0.id == Self.painter })
      let found = try await client.send(.search("painter", limit: 5))
      #expect(found.models.first?.model.id == Self.painter)
      let model = try await client.send(.model(Self.painter))
      #expect(model.defaultExample != nil)
      let versions = try await client.send(.versions(of: Self.painter)).results
      #expect(versions.first?.id == model.latestVersion?.id)
    }
  }

  @Test func `the pages of predictions have each one once, newest first`()
    async throws
  {
    try await withServer { _, client in
      var all: [Prediction] = []
      var pages = 0
      for try await page in client.pages(of: .predictions()) {
        all += page.results
        pages += 1
      }
      #expect(pages == (all.count + 99) / 100)
      #expect(all.count { $0.deployment == nil } == 260)
      #expect(Set(all.map(\.id)).count == all.count)
      let times = all.compactMap { $0.createdAt?.secondsSince1970 }
      #expect(times == times.sorted(by: >))
      #expect(Set(all.map(\.status.rawValue)) == ["succeeded", "failed", "canceled", "aborted"])
      #expect(all.contains { $0.isDataRemoved })
    }
  }

  @Test func `the models of a file are all in one collection, and echo their input`() async throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("models-\(UUID().uuidString).json")
    let models = (0..<3000).map { number in
      #"{"url":"https://replicate.com/many/m\#(number)","owner":"many","name":"m\#(number)","#
        + #""description":null,"run_count":\#(number),"cover_image_url":null,"github_url":null}"#
    }
    try Data("[\(models.joined(separator: ","))]".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try await withServer(modelsFile: file.path) { _, client in
      let all = try await client.send(.collection("all-models")).models
      #expect(all.count == 3000)
      #expect(all.filter { $0.id.owner == "many" }.count == 3000)
      let id = ModelID(owner: "many", name: "m7")
      let created = try await client.send(
        .createPrediction(version: try await version(of: id, client), input: ["prompt": "x"]))
      #expect(try await follow(created, client).status == .succeeded)
    }
  }

  // MARK: Running

  @Test func `painted pictures are real, and served by the other port without a token`()
    async throws
  {
    try await withServer { server, client in
      let created = try await client.send(
        .createPrediction(
          version: try await version(of: Self.painter, client),
          input: ["prompt": "a forest in winter", "num_outputs": 2, "seed": 7]))
      #expect(created.status == .starting)
      #expect(created.output == nil)
      let ended = try await follow(created, client)
      #expect(ended.status == .succeeded)
      #expect(ended.logs.contains("100%"))
      #expect(ended.metrics["predict_time"] != nil)
      let files = (ended.output?.array ?? []).compactMap(\.string)
      #expect(files.count == 2)
      for file in files {
        let answer = try await call(server, .GET, file, token: nil)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == ["image/png"])
        #expect(answer.body.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
      }
      #expect(!files[0].hasPrefix(server.baseURL))
    }
  }

  @Test func `text is streamed as it is written, and matches the output`() async throws {
    try await withServer { server, client in
      let created = try await client.send(
        .createPrediction(
          model: ModelID(owner: "lumen-lab", name: "storyteller"), input: ["prompt": "a fox"]))
      let output = try #require(client.output(of: created))
      var text = ""
      var reason: String?
      var isDone = false
      for try await event in output {
        if case .output(let piece) = event { text += piece }
        if case .done(let why) = event {
          isDone = true
          reason = why
        }
      }
      let ended = try await follow(created, client)
      #expect(isDone && reason == nil)
      #expect(text.count > 40)
      #expect(ended.output?.array?.compactMap(\.string).joined() == text)

      let raw = try await call(server, .GET, try #require(created.urls.stream), token: nil)
      #expect(raw.headers["content-type"] == ["text/event-stream"])
      #expect(String(decoding: raw.body, as: UTF8.self).hasPrefix(": hi\n\nevent: output\nid: "))
    }
  }

  @Test func `an endless run can be canceled, and stays canceled`() async throws {
    try await withServer { _, client in
      let created = try await client.send(
        .createPrediction(
          version: try await version(of: ModelID(owner: "demo", name: "endless"), client),
          input: [:]))
      for try await update in client.updates(of: created) where update.status == .processing {
        break
      }
      let canceled = try await client.send(.cancelPrediction(created.id))
      #expect(canceled.status == .canceled)
      #expect(canceled.completedAt != nil)
      #expect(try await client.send(.cancelPrediction(created.id)).status == .canceled)
      #expect(try await follow(created, client).status == .canceled)
      let newest = try await client.send(.predictions()).results.first
      #expect(newest?.id == created.id)
      #expect(newest?.status == .canceled)
    }
  }

  @Test func `with Prefer: wait, a finished run is returned as processing with inline files`()
    async throws
  {
    try await withServer { server, client in
      let version = try await version(of: Self.painter, client)
      let answer = try await call(
        server, .POST, "/predictions",
        body: #"{"version":"\#(version)","input":{"prompt":"x","steps":1}}"#,
        headers: [("prefer", "wait=30")])
      #expect(answer.status == 201)
      #expect(answer.headers["preference-applied"] == ["wait=30"])
      let body = try JSONValue(parsing: answer.body)
      #expect(body["status"] == "processing")
      #expect(body["output"]?[0]?.string?.hasPrefix("data:image/png;base64,") == true)
    }
  }

  @Test func `a run that exceeds Cancel-After is ended`() async throws {
    try await withServer { server, client in
      let version = try await version(of: ModelID(owner: "demo", name: "endless"), client)
      let answer = try await call(
        server, .POST, "/predictions", body: #"{"version":"\#(version)","input":{}}"#,
        headers: [("cancel-after", "5s")])
      let body = try JSONValue(parsing: answer.body)
      #expect(body["deadline"]?.string != nil)
      let id = Prediction.ID(try #require(body["id"]?.string))
      let ended = try await follow(try await client.send(.prediction(id)), client)
      #expect([.canceled, .aborted].contains(ended.status))
    }
  }

  @Test func `files can be uploaded, read and deleted`() async throws {
    try await withServer { server, _ in
      let body =
        "--x\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a.txt\"\r\n"
        + "Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n"
      let created = try await call(
        server, .POST, "/files", body: body,
        headers: [("content-type", "multipart/form-data; boundary=x")])
      #expect(created.status == 201)
      let file = try JSONValue(parsing: created.body)
      #expect(file["size"] == 5)
      #expect(file["checksums"]?["md5"] == "5d41402abc4b2a76b9719d911017c592")
      let path = "/files/\(try #require(file["id"]?.string))"
      #expect(try await call(server, .GET, path).status == 200)
      #expect(try await call(server, .DELETE, path).status == 204)
      #expect(try await call(server, .GET, path).status == 404)
    }
  }

  @Test func `the same seed gives the same history`() async throws {
    func newest() async throws -> [String] {
      var ids: [String] = []
      try await withServer { _, client in
        ids = try await client.send(.predictions()).results.map(\.id.rawValue)
      }
      return ids
    }
    let first = try await newest()
    #expect(try await newest() == first)
  }
}
