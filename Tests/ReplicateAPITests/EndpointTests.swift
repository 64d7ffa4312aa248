import Testing

@testable import ReplicateAPI

/// What the typed calls put into their requests; that the service understands them is shown over a
/// socket elsewhere.
@Suite struct `Typed calls` {
  let model = ModelID(owner: "acme", name: "thing")

  func request<Response>(
    _ endpoint: Endpoint<Response>, answer: String
  ) async throws -> TransportRequest {
    let transport = ScriptedTransport(.answer(200, answer))
    _ = try await Client.scripted(transport).send(endpoint)
    return try #require(transport.requests.first)
  }

  @Test func `a model is made and changed with what is said of it alone`() async throws {
    let answer = #"{"owner":"acme","name":"thing"}"#
    let made = try await request(
      .createModel(
        ModelRequest(id: model, visibility: .private, hardware: "cpu", paperURL: "https://p")),
      answer: answer)
    #expect(made.method == "POST" && made.url.hasSuffix("/v1/models"))
    #expect(
      made.text == #"{"owner":"acme","name":"thing","visibility":"private","hardware":"cpu","#
        + #""paper_url":"https://p"}"#)
    let changed = try await request(
      .updateModel(model, ModelChanges(readme: "# A", weightsURL: "https://w")), answer: answer)
    #expect(changed.method == "PATCH" && changed.url.hasSuffix("/v1/models/acme/thing"))
    #expect(changed.text == ##"{"readme":"# A","weights_url":"https://w"}"##)
  }

  @Test func `a deployment is made and changed`() async throws {
    let answer = """
      {"owner":"acme","name":"d","current_release":{"number":3,"model":"acme/thing","version":"v",\
      "created_at":"2024-01-01T00:00:00Z","created_by":{"type":"user","username":"u"},\
      "configuration":{"hardware":"cpu","min_instances":1,"max_instances":2},"new":[1]}}
      """
    let transport = ScriptedTransport(.answer(200, answer), .answer(200, answer))
    let client = Client.scripted(transport)
    let made = try await client.send(
      .createDeployment(
        DeploymentRequest(name: "d", model: model, version: "v", hardware: "cpu")))
    #expect(made.currentRelease?.number == 3)
    #expect(made.currentRelease?.createdBy?.username == "u")
    #expect(
      made.currentRelease?.configuration
        == Deployment.Configuration(hardware: "cpu", minInstances: 1, maxInstances: 2))
    #expect(
      transport.requests[0].text
        == #"{"name":"d","model":"acme/thing","version":"v","hardware":"cpu","min_instances":0,"max_instances":1}"#
    )
    _ = try await client.send(.updateDeployment(made.id, DeploymentChanges(maxInstances: 5)))
    #expect(transport.requests[1].text == #"{"max_instances":5}"#)
    #expect(transport.requests[1].url.hasSuffix("/deployments/acme/d"))
  }

  @Test func `a training is made with its webhook`() async throws {
    let sent = try await request(
      .createTraining(
        from: "v1", of: model,
        TrainingRequest(
          destination: ModelID(owner: "me", name: "mine"), input: ["steps": 5],
          webhook: "https://h", webhookEvents: [.completed])),
      answer: #"{"id":"t1","status":"starting","output":{"version":"me/mine:1","weights":"w"}}"#)
    #expect(sent.url.hasSuffix("/models/acme/thing/versions/v1/trainings"))
    #expect(
      sent.text == #"{"destination":"me/mine","input":{"steps":5},"webhook":"https://h","#
        + #""webhook_events_filter":["completed"]}"#)
  }

  @Test func `a readme that isn't there is none, and other trouble is told`() async throws {
    let transport = ScriptedTransport(
      .answer(404, #"{"detail":"Not found."}"#), .answer(200, "# Hi"), .answer(401, ""))
    let client = Client.scripted(transport)
    #expect(try await client.send(.readme(of: model)) == nil)
    #expect(try await client.send(.readme(of: model)) == "# Hi")
    let reason = await failure { _ = try await client.send(.readme(of: model)) }
    #expect(reason == .unauthorized(detail: ""))
  }

  @Test func `empty answers are no answers to be read`() async throws {
    let transport = ScriptedTransport(.answer(204, ""), .answer(202, ""), .answer(204, ""))
    let client = Client.scripted(transport)
    try await client.send(.deleteModel(model))
    try await client.send(.deleteVersion("v1", of: model))
    try await client.send(.deleteFile("f1"))
    #expect(transport.requests.allSatisfy { $0.method == "DELETE" && $0.body == nil })
  }

  @Test func `a delete isn't sent twice after trouble`() async {
    let transport = ScriptedTransport(.answer(503, ""), .answer(204, ""))
    await #expect(throws: ReplicateError.self) {
      try await Client.scripted(transport).send(.deleteModel(model))
    }
    #expect(transport.requests.count == 1)
  }

  @Test func `hardware is a bare list`() async throws {
    let transport = ScriptedTransport(
      .answer(200, #"[{"name":"CPU","sku":"cpu"},{"sku":"gpu-t4","name":"Nvidia T4 GPU"}]"#))
    let hardware = try await Client.scripted(transport).send(.hardware)
    #expect(hardware.results.map(\.sku) == ["cpu", "gpu-t4"])
  }

  @Test func `an error names its route and the exchange`() async {
    let transport = ScriptedTransport(
      .answer(404, #"{"detail":"no"}"#, headers: ["cf-ray": "8a-AMS"]),
      .answer(500, "", headers: ["X-Request-ID": "r1"]))
    var configuration = Client.Configuration(token: "r8_x", baseURL: "https://api.example.com/v1")
    configuration.retryPolicy = .never
    let client = Client(configuration, transport: transport)
    for (route, id) in [(Route.getFile, "8a-AMS"), (.getFile, "r1")] {
      do {
        _ = try await client.send(.file("f"))
        Issue.record("no error")
      } catch {
        #expect(error.route == route && error.requestID == id)
      }
    }
  }
}

@Suite struct `Signed webhooks` {
  // The example of the Standard Webhooks' own documentation.
  let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
  let delivery = WebhookSecret.Delivery(
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330",
    signatures: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    body: Array(#"{"test": 2432232314}"#.utf8))

  @Test func `what was signed with the secret is believed`() throws {
    try secret.verify(delivery, now: 1_614_265_330)
    var several = delivery
    several.signatures = "v1a,xx v1,AAAA \(delivery.signatures)"
    try secret.verify(several, now: 1_614_265_630)
  }

  @Test func `what isn't is not`() {
    var changed = delivery
    changed.body.append(0)
    #expect(throws: WebhookSecret.VerificationError.wrongSignature) {
      try secret.verify(changed, now: 1_614_265_330)
    }
    #expect(throws: WebhookSecret.VerificationError.wrongTime(seconds: 301)) {
      try secret.verify(delivery, now: 1_614_265_631)
    }
    #expect(throws: WebhookSecret.VerificationError.wrongTime(seconds: -301)) {
      try secret.verify(delivery, now: 1_614_265_029)
    }
    #expect(throws: WebhookSecret.VerificationError.unusableSecret) {
      try WebhookSecret("nothing").verify(delivery, now: 1_614_265_330)
    }
    var timeless = delivery
    timeless.timestamp = "now"
    #expect(throws: WebhookSecret.VerificationError.unreadableTimestamp) {
      try secret.verify(timeless, now: 1_614_265_330)
    }
    var ancient = delivery
    ancient.timestamp = "-9223372036854775808"
    let error = #expect(throws: WebhookSecret.VerificationError.self) {
      try secret.verify(ancient, now: 1_614_265_330)
    }
    #expect(error?.description.isEmpty == false)
    var bare = delivery
    bare.signatures = ""
    #expect(throws: WebhookSecret.VerificationError.wrongSignature) {
      try secret.verify(bare, now: 1_614_265_330)
    }
  }

  @Test func `the headers' names may be written in any way`() throws {
    let headers = [
      (name: "Webhook-Id", value: delivery.id), ("WEBHOOK-TIMESTAMP", delivery.timestamp),
      ("webhook-signature", delivery.signatures),
    ]
    let read = try #require(WebhookSecret.Delivery(headers: headers, body: delivery.body))
    #expect(read == delivery)
    #expect(WebhookSecret.Delivery(headers: Array(headers.dropFirst()), body: []) == nil)
  }

  @Test func `no description shows the secret`() {
    #expect(!"\(secret)\(String(reflecting: secret))".contains("MfKQ"))
  }
}
