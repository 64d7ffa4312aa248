import Crypto
import Foundation
import ReplicateAPI
import Testing

@testable import DemoReplicate

/// Which events are sent to which webhooks.
@Suite(.serialized) struct WebhookTests {
  // MARK: Reading a body

  @Test(arguments: [
    ("https://example.com/hook", false), ("HTTPS://example.com", false),
    ("http://127.0.0.1:8080/hook", true), ("http://127.1.2.3/", true),
    ("http://localhost:1/x", true), ("http://[::1]:99/", true), ("https://localhost/", true),
    ("https://127.0.0.1.example.com/", false), ("https://127.0.0.1@example.com/", false),
    ("https://localhost.example.com", false),
  ])
  func `URLs are accepted, but only those on this machine are contacted`(
    url: String, isLocal: Bool
  ) {
    let (webhook, faults) = Webhook.read(["webhook": .string(url)])
    #expect(faults.isEmpty)
    #expect(webhook?.isLocal == isLocal)
    #expect(webhook?.events == Set(WebhookEvent.allCases))
  }

  @Test(arguments: [
    ("http://example.com/hook", "Does not match pattern '^https://'"),
    ("http://128.0.0.1/", "Does not match pattern '^https://'"),
    ("http://127.0.0.1.example.com/", "Does not match pattern '^https://'"),
    ("http://127.0.0.1@example.com/", "Does not match pattern '^https://'"),
    ("example.com", "Does not match format 'uri'"), ("https://", "Does not match format 'uri'"),
    ("ftp://127.0.0.1/", "Does not match format 'uri'"), ("", "Does not match format 'uri'"),
  ])
  func `URLs must use HTTPS or be on this machine`(url: String, words: String) {
    let (webhook, faults) = Webhook.read(["webhook": .string(url)])
    #expect(webhook == nil)
    #expect(faults.map(\.description) == [words])
    #expect(faults.map(\.field) == ["webhook"])
  }

  @Test func `the filter only allows known events`() {
    let body: JSONObject = [
      "webhook": "https://a.b/", "webhook_events_filter": ["start", "end", 3],
    ]
    let (webhook, faults) = Webhook.read(body)
    #expect(webhook?.events == [.start])
    #expect(
      faults.map(\.description) == [
        "webhook_events_filter.1 must be one of the following: "
          + #""start", "output", "logs", "completed""#,
        "Invalid type. Expected: string, given: integer",
      ])
    #expect(Webhook.read(["webhook": 3]).errors.map(\.type) == ["invalid_type"])
    #expect(
      Webhook.read(["webhook_events_filter": "start"]).errors.map(\.type) == ["invalid_type"])
    let legacy = Webhook.read(["webhook_completed": "https://a.b/"]).webhook
    #expect(legacy?.events == [.completed])
  }

  @Test func `signatures follow Standard Webhooks`() {
    // The example from the specification.
    let signature = WebhookSignature.header(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
      body: Array(#"{"test": 2432232314}"#.utf8), secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  // MARK: Deliveries

  private func create(
    _ service: RunningService, _ receiver: WebhookReceiver, filter: [JSONValue]? = nil,
    model: String = "lumen-lab/storyteller", input: JSONObject = ["prompt": "a fox", "seed": 2]
  ) async throws -> String {
    var body: JSONObject = ["input": .object(input), "webhook": .string(receiver.url)]
    if let filter { body["webhook_events_filter"] = .array(filter) }
    let answer = try await service.call("POST", "/models/\(model)/predictions", .object(body))
    #expect(try answer.json["webhook"] == .string(receiver.url))
    return try #require(try answer.json["id"]?.string)
  }

  /// The events up to the final one.
  private func messages(_ receiver: WebhookReceiver) async throws -> [WebhookReceiver.Message] {
    var messages: [WebhookReceiver.Message] = []
    for await message in receiver.messages {
      messages.append(message)
      let status = try JSONValue(parsing: message.body)["status"]?.string ?? ""
      if Prediction.Status(rawValue: status).isTerminal { break }
    }
    return messages
  }

  @Test func `a run sends signed events from start to end, with the same JSON as a GET`()
    async throws
  {
    let receiver = try await WebhookReceiver.start()
    try await withService(speed: 20) { service in
      let id = try await create(service, receiver)
      let messages = try await messages(receiver)
      #expect(messages.count > 2)
      #expect(try JSONValue(parsing: messages[0].body)["status"] == "processing")
      #expect(try JSONValue(parsing: messages[0].body)["output"] == nil)
      #expect(try messages.contains { try JSONValue(parsing: $0.body)["output"] != nil })
      let last = try #require(messages.last)
      let told = try await service.call("GET", "/predictions/\(id)")
      #expect(try JSONValue(parsing: last.body) == told.json)

      let secret = try await service.call("GET", "/webhooks/default/secret").json["key"]?.string
      #expect(Set(messages.compactMap { $0.headers["webhook-id"].first }).count == messages.count)
      for message in messages {
        let id = try #require(message.headers["webhook-id"].first)
        let time = try #require(message.headers["webhook-timestamp"].first.flatMap { Int($0) })
        #expect(message.headers["content-type"] == ["application/json"])
        #expect(
          message.headers["webhook-signature"] == [
            WebhookSignature.header(
              id: id, timestamp: time, body: message.body, secret: try #require(secret))
          ])
      }
    }
    try await receiver.stop()
  }

  @Test func `output and log events are sent at most twice per second of service time`()
    async throws
  {
    let receiver = try await WebhookReceiver.start()
    // Half a second of service time is longer than the whole run.
    try await withService(speed: 1) { service in
      let id = try await create(service, receiver, filter: ["output", "completed"])
      for try await update in service.client.updates(
        of: try await service.client.send(.prediction(Prediction.ID(id))))
      where (update.output?.array?.count ?? 0) > 3 {
        break
      }
      _ = try await service.call("POST", "/predictions/\(id)/cancel")
      let told = try await messages(receiver).map { try JSONValue(parsing: $0.body) }
      #expect(told.last?["status"] == "canceled")
      #expect(told.count >= 2)
      #expect(told.count < (told.last?["output"]?.array?.count ?? 0))
    }
    try await receiver.stop()
  }

  @Test func `only the requested events are sent`() async throws {
    let receiver = try await WebhookReceiver.start()
    try await withService { service in
      _ = try await create(service, receiver, filter: ["start", "completed"])
      let statuses = try await messages(receiver).map {
        try JSONValue(parsing: $0.body)["status"]?.string
      }
      #expect(statuses == ["processing", "succeeded"])
    }
    try await receiver.stop()
  }

  @Test func `an event is resent with the same ID if the connection breaks`() async throws {
    let receiver = try await WebhookReceiver.start([.hangsUp, .hangsUp])
    try await withService(speed: 500) { service in
      _ = try await create(service, receiver, filter: ["completed"])
      var ids: [String] = []
      for await message in receiver.messages {
        ids.append(try #require(message.headers["webhook-id"].first))
        if ids.count == 3 { break }
      }
      #expect(Set(ids).count == 1)
    }
    try await receiver.stop()
  }

  @Test func `redirects are neither followed nor retried`() async throws {
    let receiver = try await WebhookReceiver.start([.redirects])
    try await withService { service in
      _ = try await create(service, receiver, filter: ["start", "completed"])
      let messages = try await messages(receiver)
      #expect(messages.count == 2)
    }
    try await receiver.stop()
  }

  @Test func `trainings send events, too`() async throws {
    let receiver = try await WebhookReceiver.start()
    try await withService(speed: 1000) { service in
      _ = try await service.call(
        "POST", "/models",
        ["owner": "demo", "name": "mine", "visibility": "private", "hardware": "cpu"])
      let version = try await service.version(
        of: ModelID(owner: "inkwell", name: "is-it-a-palindrome"))
      let started = try await service.call(
        "POST", "/models/inkwell/is-it-a-palindrome/versions/\(version)/trainings",
        [
          "destination": "demo/mine", "input": [:], "webhook": .string(receiver.url),
          "webhook_events_filter": ["completed"],
        ])
      #expect(started.status == 201)
      let message = try #require(try await messages(receiver).first)
      let training = try JSONValue(parsing: message.body)
      #expect(training["id"] == (try started.json["id"]))
      #expect(training["output"]?["version"]?.string?.hasPrefix("demo/mine:") == true)
    }
    try await receiver.stop()
  }

  @Test func `a create with an invalid webhook is rejected`() async throws {
    try await withService { service in
      let answer = try await service.call(
        "POST", "/models/lumen-lab/storyteller/predictions",
        ["input": ["prompt": "x"], "webhook": "http://example.com/"])
      #expect(answer.status == 422)
      #expect(
        try answer.json["detail"]?.string == "- webhook: Does not match pattern '^https://'\n")
      #expect(await service.server.predictions().isEmpty)
    }
  }
}
