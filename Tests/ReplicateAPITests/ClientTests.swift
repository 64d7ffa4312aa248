import ReplicateAPI
import Testing

@Suite struct `The client` {
  let clock = InstantClock()
  let prediction = #"{"id":"p1","status":"starting"}"#

  @Test func `a call carries the token and says what it accepts`() async throws {
    let transport = ScriptedTransport(.answer(200, #"{"username":"acme","type":"user"}"#))
    let account = try await Client.scripted(transport).send(.account)
    #expect(account.username == "acme")
    let request = try #require(transport.requests.first)
    #expect(request.method == "GET")
    #expect(request.url == "https://api.example.com/v1/account")
    #expect(request.header("authorization") == "Bearer r8_secret")
    #expect(request.header("accept") == "application/json")
    #expect(request.body == nil)
  }

  @Test func `without a token nothing is sent`() async {
    let transport = ScriptedTransport()
    let reason = await failure {
      _ = try await Client.scripted(transport, token: nil).send(.account)
    }
    #expect(reason == .noToken)
    #expect(transport.requests.isEmpty)
  }

  @Test func `a token that could break a header isn't sent`() async {
    let transport = ScriptedTransport()
    await #expect(throws: ReplicateError.self) {
      try await Client.scripted(transport, token: "r8_a\r\nx: y").send(.account)
    }
    #expect(transport.requests.isEmpty)
  }

  @Test func `an empty name is not found without a call`() async {
    let transport = ScriptedTransport()
    let reason = await failure {
      _ = try await Client.scripted(transport).send(.prediction(""))
    }
    #expect(reason == .notFound(detail: "prediction_id is empty"))
    #expect(transport.requests.isEmpty)
  }

  @Test func `a search by words sends them as text`() async throws {
    let transport = ScriptedTransport(.answer(200, #"{"results":[]}"#))
    _ = try await Client.scripted(transport).send(.searchModels("großes Bild"))
    #expect(transport.requests.first?.method == "QUERY")
    #expect(transport.requests.first?.text == "großes Bild")
    #expect(transport.requests.first?.header("content-type") == "text/plain")
  }

  @Test func `parameters of lists and searches are escaped`() async throws {
    let transport = ScriptedTransport(
      .answer(200, #"{"results":[]}"#), .answer(200, #"{"query":""}"#),
      .answer(200, #"{"results":[]}"#))
    let client = Client.scripted(transport)
    _ = try await client.send(
      .predictions(createdAfter: "2025-01-01T00:00:00+00:00", source: .web))
    _ = try await client.send(.search("a&b c", limit: 5))
    _ = try await client.send(.models(sortBy: .modelCreatedAt, direction: .ascending))
    #expect(
      transport.requests.map { String($0.url.dropFirst("https://api.example.com/v1".count)) } == [
        "/predictions?created_after=2025-01-01T00%3A00%3A00%2B00%3A00&source=web",
        "/search?query=a%26b%20c&limit=5",
        "/models?sort_by=model_created_at&sort_direction=asc",
      ])
  }

  @Test func `a create sends its input and its wishes`() async throws {
    let transport = ScriptedTransport(
      .answer(201, prediction), .answer(201, prediction), .answer(201, prediction))
    let client = Client.scripted(transport)
    let options = PredictionOptions(
      wait: .seconds(90), cancelAfter: .seconds(300), webhook: "https://example.com/hook",
      webhookEvents: [.start, .completed])
    _ = try await client.send(
      .createPrediction(version: "v1", input: ["seed": 7, "on": true], options: options))
    _ = try await client.send(
      .createPrediction(model: ModelID(owner: "a", name: "b"), input: [:]))
    _ = try await client.send(
      .createPrediction(deployment: ModelID(owner: "c", name: "d"), input: [:]))

    let first = transport.requests[0]
    #expect(first.method == "POST")
    #expect(
      first.text == """
        {"version":"v1","input":{"seed":7,"on":true},"webhook":"https://example.com/hook",\
        "webhook_events_filter":["start","completed"]}
        """)
    #expect(first.header("prefer") == "wait=60")
    #expect(first.header("cancel-after") == "300s")
    #expect(first.header("content-type") == "application/json")
    #expect(transport.requests[1].url.hasSuffix("/models/a/b/predictions"))
    #expect(transport.requests[1].text == #"{"input":{}}"#)
    #expect(transport.requests[1].header("prefer") == nil)
    #expect(transport.requests[2].url.hasSuffix("/deployments/c/d/predictions"))
  }

  @Test func `reading is tried again after trouble that passes`() async throws {
    let transport = ScriptedTransport(
      .failure(.unreachable("refused")), .answer(503, ""),
      .pieces([Array(#"{"id":"#.utf8)], then: .interrupted("reset")), .answer(200, prediction))
    let read = try await Client.scripted(transport, clock: clock).send(.prediction("p1"))
    #expect(read.id == "p1")
    #expect(transport.requests.count == 4)
    #expect(clock.sleeps.count == 3)
    for (sleep, most) in zip(clock.sleeps, [500, 1000, 2000]) {
      #expect(sleep <= .milliseconds(most) && sleep >= .milliseconds(most / 2))
    }
  }

  @Test func `trouble that stays is told`() async {
    let transport = ScriptedTransport(
      .failure(.unreachable("refused")), .failure(.unreachable("refused")),
      .failure(.unreachable("refused")), .failure(.unreachable("refused")))
    let reason = await failure {
      _ = try await Client.scripted(transport, clock: clock).send(.account)
    }
    #expect(reason == .unreachable(reason: "refused"))
    #expect(transport.requests.count == 4)
  }

  @Test(arguments: [
    ScriptedTransport.Answer.failure(.interrupted("reset")), .failure(.timedOut),
    .failure(.untrusted("bad certificate")), .answer(500, ""), .answer(502, ""),
    .answer(408, ""), .answer(201, "{"), .answer(409, ""), .answer(402, ""),
  ])
  func `a create is never sent twice after it may have arrived`(answer: ScriptedTransport.Answer)
    async
  {
    let transport = ScriptedTransport(answer, .answer(201, prediction))
    await #expect(throws: ReplicateError.self) {
      try await Client.scripted(transport, clock: clock)
        .send(.createPrediction(version: "v", input: [:]))
    }
    #expect(transport.requests.count == 1)
  }

  @Test func `a create that was never sent is sent again`() async throws {
    let transport = ScriptedTransport(
      .failure(.unreachable("refused")), .failure(.unreachable("refused")),
      .answer(201, prediction))
    let created = try await Client.scripted(transport, clock: clock)
      .send(.createPrediction(version: "v", input: [:]))
    #expect(created.id == "p1")
    #expect(transport.requests.count == 3)
  }

  @Test func `a create waits as long as a 429 asks, and goes on`() async throws {
    let transport = ScriptedTransport(
      .answer(429, #"{"detail":"Request was throttled.","retry_after":5}"#),
      .answer(201, prediction))
    let created = try await Client.scripted(transport, clock: clock)
      .send(.createPrediction(version: "v", input: [:]))
    #expect(created.id == "p1")
    #expect(clock.sleeps.count == 1)
    #expect(clock.sleeps[0] >= .seconds(5) && clock.sleeps[0] < .seconds(6))
  }

  @Test func `a cancel is sent again after trouble`() async throws {
    let transport = ScriptedTransport(
      .failure(.interrupted("reset")), .answer(200, #"{"id":"p1","status":"canceled"}"#))
    let ended = try await Client.scripted(transport, clock: clock).send(.cancelPrediction("p1"))
    #expect(ended.status == .canceled)
    #expect(transport.requests.map(\.method) == ["POST", "POST"])
  }

  @Test func `an answer that isn't JSON is told with its route`() async throws {
    let transport = ScriptedTransport(
      .answer(200, "<html>"), .answer(200, "<html>"), .answer(200, "<html>"),
      .answer(200, "<html>"))
    let error = try await #require(throws: ReplicateError.self) {
      try await Client.scripted(transport, clock: clock).send(.account)
    }
    #expect(error.errorDescription?.contains("GET /account") == true)
    #expect(error.route == .getAccount)
  }

  @Test func `an answer that is too large is refused`() async {
    var configuration = Client.Configuration(token: "r8_x")
    configuration.maximumAnswerSize = 10
    configuration.retryPolicy = .never
    let transport = ScriptedTransport(.answer(200, #"{"username":"acme"}"#))
    let client = Client(configuration, transport: transport, clock: clock)
    await #expect(throws: ReplicateError.self) { try await client.send(.account) }
    #expect(transport.requests.count == 1)
  }

  @Test func `a redirect isn't followed, so that the token stays`() async throws {
    let transport = ScriptedTransport(
      .answer(302, "", headers: ["Location": "https://evil.example/v1/account"]))
    let error = try await #require(throws: ReplicateError.self) {
      try await Client.scripted(transport).send(.account)
    }
    #expect(error.status == 302)
    #expect(transport.requests.count == 1)
  }

  @Test func `a cancelled task is told apart`() async {
    let transport = ScriptedTransport(.answer(503, ""), .answer(503, ""))
    let client = Client.scripted(transport, clock: clock)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await client.send(.account)
    }
    let reason = await failure { _ = try await task.value }
    #expect(reason == .canceled)
  }

  @Test func `every call is told to those who listen, without secrets`() async throws {
    let transport = ScriptedTransport(
      .answer(503, #"{"detail":"down"}"#), .answer(200, prediction))
    let client = Client.scripted(transport, clock: clock)
    var calls = client.calls.makeAsyncIterator()
    _ = try await client.send(.prediction("p1"))
    let first = try #require(await calls.next())
    #expect(first.route == .getPrediction)
    #expect(first.path == "/predictions/p1")
    #expect(first.status == 503)
    #expect(first.error?.reason == .server(status: 503, detail: "down"))
    #expect(first.attempt == 1)
    #expect(first.retryDelay != nil)
    let second = try #require(await calls.next())
    #expect(second.status == 200)
    #expect(second.attempt == 2)
    #expect(second.byteCount == prediction.utf8.count)
    #expect(second.error == nil && second.retryDelay == nil)
    #expect(!"\(first)\(second)".contains("secret"))
  }

  @Test func `the listeners' streams end when the client is shut down`() async {
    let client = Client.scripted(ScriptedTransport())
    let calls = client.calls
    await client.shutdown()
    for await call in calls { Issue.record("\(call)") }
  }

  @MainActor @Test func `answers are read off the main actor`() async throws {
    let transport = ScriptedTransport(.answer(200, "{}"))
    let mainThread = threadNumber()
    let endpoint = Endpoint(.getAccount) { (_) throws(JSONSyntaxError) -> Bool in
      threadNumber() == mainThread
    }
    #expect(try await Client.scripted(transport).send(endpoint) == false)
  }
}

@Suite struct `The client's configuration` {
  @Test func `token and address come from the environment`() throws {
    let configuration = try Client.Configuration.fromEnvironment([
      "REPLICATE_API_TOKEN": " r8_abc\n", "REPLICATE_BASE_URL": "http://127.0.0.1:8080/v1/",
    ])
    #expect(configuration.token == "r8_abc")
    #expect(configuration.baseURL == "http://127.0.0.1:8080/v1")
  }

  @Test func `without an environment there is no token, and the public address`() throws {
    let configuration = try Client.Configuration.fromEnvironment(["REPLICATE_API_TOKEN": "  "])
    #expect(configuration.userAgent == "swift-replicate-api/\(ReplicantVersion.current)")
    #expect(configuration.token == nil)
    #expect(configuration.baseURL == "https://api.replicate.com/v1")
  }

  @Test func `an address without a path gets the version`() throws {
    for url in ["http://localhost:1234", "http://localhost:1234/"] {
      let configuration = try Client.Configuration.fromEnvironment(["REPLICATE_BASE_URL": url])
      #expect(configuration.baseURL == "http://localhost:1234/v1")
    }
  }

  @Test(arguments: [
    "localhost:8080/v1", "ftp://a/v1", "http:///v1", "https://a b/v1", "https://a/v1?x=1",
    "https://user:pw@a/v1", "https://é/v1",
  ])
  func `an address that is none is told`(url: String) {
    #expect(throws: ReplicateError.self) {
      try Client.Configuration.fromEnvironment(["REPLICATE_BASE_URL": url])
    }
  }

  @Test func `no description shows the token`() {
    let configuration = Client.Configuration(token: "r8_secret")
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(!dumped.contains("r8_secret"))
    #expect(!"\(configuration)".contains("r8_secret"))
    #expect(!String(reflecting: configuration).contains("r8_secret"))
    #expect(!String(reflecting: Client(configuration)).contains("r8_secret"))
    let request = TransportRequest(
      method: "GET", url: "u", headers: [("authorization", "Bearer r8_secret")])
    #expect(!"\(request)\(String(reflecting: request))".contains("r8_secret"))
  }
}
