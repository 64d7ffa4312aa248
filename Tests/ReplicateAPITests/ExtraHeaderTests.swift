import Testing

@testable import ReplicateAPI

@Suite struct `Extra headers` {
  /// A client of a gateway that wants a key.
  private func client(
    _ transport: ScriptedTransport, token: String? = "r8_secret", needsToken: Bool = true,
    headers: [Client.Configuration.Header] = [.init("X-Gateway-Key", "s3cret")]
  ) -> Client {
    Client(
      Client.Configuration(
        token: token, baseURL: "https://gateway.example/replicate", extraHeaders: headers,
        needsToken: needsToken),
      transport: transport, clock: InstantClock())
  }

  @Test func `they go to the API with every call, and with an upload`() async throws {
    let transport = ScriptedTransport(
      .answer(200, #"{"username":"a"}"#), .answer(201, #"{"id":"f"}"#))
    let client = client(transport)
    _ = try await client.send(.account)
    _ = try await client.upload(FileUpload(.bytes([1]), name: "a.png"))
    #expect(
      transport.requests.map(\.url) == [
        "https://gateway.example/replicate/account", "https://gateway.example/replicate/files",
      ])
    #expect(transport.requests.map { $0.header("x-gateway-key") } == ["s3cret", "s3cret"])
    #expect(transport.requests.allSatisfy { $0.header("authorization") == "Bearer r8_secret" })
  }

  @Test func `they don't go where the API's files redirect`() async throws {
    let transport = ScriptedTransport(
      .answer(302, "", headers: ["Location": "https://files.example/x?sig=1"]),
      .answer(200, "ok"))
    _ = try await client(transport)
      .content(of: "https://gateway.example/replicate/files/f1/download")
    #expect(transport.requests.map { $0.header("x-gateway-key") } == ["s3cret", nil])
  }

  @Test(arguments: [
    "https://replicate.delivery/x/out.png", "https://api.replicate.com/v1/files/f/download",
    "https://gateway.example.evil/replicate/x", "http://gateway.example/replicate/x",
    "https://gateway.example:8443/replicate/x", "https://gateway.example/replicated",
    "https://gateway.example/other",
  ])
  func `no other address gets them`(address: String) async throws {
    let transport = ScriptedTransport(.answer(200, ""))
    _ = try await client(transport).content(of: address)
    #expect(transport.requests[0].header("x-gateway-key") == nil)
    #expect(transport.requests[0].header("authorization") == nil)
  }

  @Test func `a stream gets none`() async throws {
    let transport = ScriptedTransport(
      .pieces([Array("event: done\ndata: {}\n\n".utf8)], then: nil))
    let client = client(transport)
    let stream = OutputStream(
      core: client.core, url: "https://gateway.example/replicate/stream", id: "p")
    for try await _ in stream {}
    #expect(transport.requests.count == 1)
    #expect(transport.requests[0].header("x-gateway-key") == nil)
  }

  @Test func `records and curl commands mask them, also in an answer that echoes them`() async {
    let transport = ScriptedTransport(
      .answer(200, #"{"username":"a"}"#, headers: ["X-Gateway-Key": "s3cret"]),
      .answer(200, "file", headers: ["X-Gateway-Key": "s3cret"]))
    let client = client(transport)
    let calls = client.calls
    _ = await failure {
      _ = try await client.send(.account)
      _ = try await client.content(of: "https://gateway.example/replicate/files/f")
    }
    await client.shutdown()
    let records = await calls.reduce(into: [CallRecord]()) { $0.append($1) }
    #expect(records.count >= 2)
    for record in records {
      #expect(record.requestHeaders.contains(.init("x-gateway-key", "••••")))
      #expect(record.responseHeaders.contains(.init("x-gateway-key", "••••")))
      #expect(!"\(record)\(record.curlCommand ?? "")".contains("s3cret"))
    }
    #expect(records[0].curlCommand?.contains("--header 'x-gateway-key: ••••'") == true)
  }

  @Test func `a server that needs no token gets none`() async throws {
    let transport = ScriptedTransport(.answer(200, #"{"username":"a"}"#))
    _ = try await client(transport, token: nil, needsToken: false).send(.account)
    #expect(transport.requests[0].header("authorization") == nil)
    #expect(transport.requests[0].header("x-gateway-key") == "s3cret")
    let reason = await failure {
      _ = try await client(ScriptedTransport(), token: nil).send(.account)
    }
    #expect(reason == .noToken)
  }

  @Test(arguments: [
    ("", "a"), ("a b", "a"), ("a:", "a"), ("é", "a"), ("Authorization", "a"), ("host", "a"),
    ("Content-Length", "1"), ("transfer-encoding", "chunked"), ("X-A", "a\r\nX-B: b"),
    ("X-A", "é"), ("X-A", "\u{7F}"),
  ])
  func `a header that no request can have is never sent`(name: String, value: String) async {
    let transport = ScriptedTransport()
    let client = client(transport, headers: [.init("X-Good", "1"), .init(name, value)])
    for work in [
      { @Sendable in _ = try await client.send(.account) },
      { @Sendable in
        _ = try await client.content(of: "https://gateway.example/replicate/files/f")
      },
    ] as [@Sendable () async throws -> Void] {
      guard case .badConfiguration = await failure(of: work) else {
        Issue.record("\(name): \(value) was sent")
        continue
      }
    }
    #expect(transport.requests.isEmpty)
  }

  @Test func `no description shows their values`() {
    let configuration = Client.Configuration(extraHeaders: [.init("X-Gateway-Key", "s3cret")])
    var dumped = ""
    dump(configuration, to: &dumped)
    dump(configuration.extraHeaders, to: &dumped)
    dumped += "\(configuration) \(configuration.extraHeaders)"
    dumped += String(reflecting: configuration.extraHeaders)
    #expect(!dumped.contains("s3cret"))
  }

  @Test(arguments: [
    ("https://a", "https://a/v1"), ("https://a/", "https://a/v1"), ("https://a/v1", "https://a/v1"),
    ("https://a/v1//", "https://a/v1"), ("https://a/replicate", "https://a/replicate"),
    ("https://a/replicate/v1/", "https://a/replicate/v1"), ("", ""), ("/", ""),
    ("http://[::1]:80", "http://[::1]:80/v1"),
  ])
  func `a base URL without a path gets the version, and a path is kept`(
    text: String, url: String
  ) {
    #expect(Client.Configuration.baseURL(from: text) == url)
  }
}
