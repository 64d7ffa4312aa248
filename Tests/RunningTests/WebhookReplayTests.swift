import ReplicateAPI
import Support
import Testing

@testable import Running

extension Prediction {
  /// A run that has ended, with everything that one can have.
  fileprivate static func ended(
    output: JSONValue? = ["a", "b", "c"], logs: String = "one\ntwo\nthree\nfour\n"
  ) -> Prediction {
    var prediction = Prediction(
      id: "p1", model: "acme/writer", version: "v1", deployment: "acme/fast", status: .succeeded,
      input: ["prompt": "a <fox>"], output: output, logs: logs, createdAt: "2026-11-24T02:59:55Z",
      startedAt: "2026-11-24T02:59:56Z", completedAt: "2026-11-24T02:59:59Z",
      deadline: "2026-11-24T03:59:55Z", metrics: ["predict_time": 3.25],
      urls: URLs(get: "g", cancel: "c", web: "w", stream: "s"), source: "api")
    prediction.webhook = "https://example.com/hook"
    prediction.webhookEvents = [.start, .completed]
    return prediction
  }
}

@Suite struct `The JSON of a prediction` {
  @Test func `is in the order and form of the API`() {
    #expect(
      Prediction.ended().json.serialized()
        == #"{"id":"p1","model":"acme/writer","version":"v1","deployment":"acme/fast","#
        + #""input":{"prompt":"a <fox>"},"logs":"one\ntwo\nthree\nfour\n","output":["a","b","c"],"#
        + #""data_removed":false,"error":null,"source":"api","status":"succeeded","#
        + #""created_at":"2026-11-24T02:59:55Z","started_at":"2026-11-24T02:59:56Z","#
        + #""completed_at":"2026-11-24T02:59:59Z","deadline":"2026-11-24T03:59:55Z","#
        + #""metrics":{"predict_time":3.25},"webhook":"https://example.com/hook","#
        + #""webhook_events_filter":["start","completed"],"#
        + #""urls":{"cancel":"c","get":"g","web":"w","stream":"s"}}"#)
  }

  @Test func `leaves out what isn't set, and has null for what was removed`() {
    var prediction = Prediction(id: "p1", model: "a/b", createdAt: "1")
    #expect(
      prediction.json.serialized()
        == #"{"id":"p1","model":"a/b","input":{},"logs":"","data_removed":false,"error":null,"#
        + #""status":"starting","created_at":"1","urls":{}}"#)
    prediction.isDataRemoved = true
    #expect(prediction.json["input"] == .null)
    #expect(prediction.json["output"] == .null)
    #expect(prediction.json["logs"] == .null)
  }

  @Test func `is read as the same prediction`() throws {
    for prediction in [Prediction.ended(), .ended(output: nil), .ended(output: ["x": [1.50]])] {
      let bytes = Array(prediction.json.serialized().utf8)
      let read = try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in
        try Prediction(from: &reader)
      }
      #expect(read == prediction)
    }
  }
}

@Suite struct `Replayed webhooks` {
  private func replay(
    _ prediction: Prediction, _ events: [WebhookReplay.Event] = []
  ) -> WebhookReplay {
    var random = SplitMix(seed: 1)
    return WebhookReplay(of: prediction, events: events, using: &random)
  }

  private func bodies(_ replay: WebhookReplay) throws -> [JSONValue] {
    try replay.deliveries.map { try JSONValue(parsing: $0.body) }
  }

  @Test func `go from the start to the end, with more and more in them`() throws {
    let replay = replay(.ended())
    #expect(
      replay.deliveries.map(\.event) == [.start, .output, .output, .output, .logs, .completed])
    let bodies = try bodies(replay)
    #expect(
      bodies.map { $0["status"]?.string } == [
        "processing", "processing", "processing", "processing", "processing", "succeeded",
      ])
    #expect(
      bodies.map { $0["output"] } == [
        nil, ["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c"], ["a", "b", "c"],
      ])
    #expect(
      bodies.map { $0["logs"]?.string } == [
        "", "one\n", "one\ntwo\n", "one\ntwo\n", "one\ntwo\nthree\nfour\n",
        "one\ntwo\nthree\nfour\n",
      ])
    #expect(bodies.map { $0["completed_at"] != nil } == [false, false, false, false, false, true])
    #expect(bodies.map { $0["metrics"] != nil } == [false, false, false, false, false, true])
    #expect(replay.deliveries.last?.body.last == 0x0A)
    #expect(bodies.last == Prediction.ended().json)
    #expect(replay.deliveries.map(\.share) == [nil, "1 of 3", "2 of 3", "3 of 3", nil, nil])
    #expect(replay.remarks.isEmpty)
  }

  @Test func `are only of the events that the webhook asks for`() {
    let deliveries = replay(.ended(), [.completed, .start]).deliveries
    #expect(deliveries.map(\.event) == [.start, .completed])
  }

  @Test func `have one output if it isn't a list, and none without one`() {
    #expect(
      replay(.ended(output: "text"), [.output]).deliveries.map { $0.prediction.output } == ["text"])
    #expect(replay(.ended(output: nil), [.output]).deliveries.isEmpty)
    #expect(replay(.ended(output: [], logs: "")).deliveries.map(\.event) == [.start, .completed])
  }

  @Test func `share deliveries if a list is long`() {
    let items = (0..<5001).map { JSONValue.string(String($0)) }
    let replay = replay(.ended(output: .array(items)), [.output])
    #expect(replay.deliveries.count == WebhookReplay.maximumOutputs)
    #expect(replay.deliveries.last?.prediction.output == .array(items))
    #expect(replay.remarks == ["The output’s 5,001 items come in 20 deliveries."])
  }

  @Test func `stop where a prediction stands, and don't start one that never ran`() {
    var running = Prediction.ended()
    running.status = .processing
    running.completedAt = nil
    #expect(replay(running).deliveries.last?.event == .logs)
    #expect(replay(running).remarks.count == 1)
    let aborted = Prediction(id: "p1", status: .aborted, completedAt: "2026-11-24T02:59:59Z")
    #expect(replay(aborted).deliveries.map(\.event) == [.completed])
    var removed = Prediction.ended()
    removed.isDataRemoved = true
    #expect(replay(removed).deliveries.map(\.event) == [.start, .completed])
    #expect(replay(removed).remarks.count == 1)
  }

  @Test func `are signed, each with an ID of its own that stays`() throws {
    let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    let deliveries = replay(.ended()).deliveries
    #expect(Set(deliveries.map(\.id)).count == deliveries.count)
    for delivery in deliveries {
      #expect(delivery.id.hasPrefix("msg_") && delivery.id.utf8.count == 31)
      let body = delivery.body
      #expect(body == delivery.body)
      for now in [100.0, 200.9] {
        let headers = delivery.headers(for: body, at: now, secret: secret)
        let sent = try #require(WebhookSecret.Delivery(headers: headers, body: body))
        #expect(sent.id == delivery.id)
        #expect(sent.timestamp == String(Int(clamping: now)))
        try secret.verify(sent, now: now)
        #expect(headers.contains { $0 == ("content-type", "application/json") })
      }
      let unsigned = delivery.headers(for: body, at: 100, secret: nil)
      #expect(!unsigned.contains { $0.name == "webhook-signature" })
    }
  }
}
