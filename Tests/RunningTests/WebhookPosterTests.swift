import ReplicateAPI
import Support
import Synchronization
import Testing

@testable import Running

/// A receiver of webhooks with prepared answers, in order; nil never answers.
private final class Receiver: Transport {
  typealias Answer = Result<TransportResponse, TransportError>

  private struct State {
    var answers: [Answer?]
    var requests: [TransportRequest] = []
  }

  private let state: Mutex<State>
  private let silence = AsyncStream<Void>.makeStream()

  init(_ answers: Answer?...) {
    state = Mutex(State(answers: answers))
  }

  var requests: [TransportRequest] { state.withLock(\.requests) }

  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    let answer = state.withLock { state in
      state.requests.append(request)
      return state.answers.isEmpty ? nil : state.answers.removeFirst()
    }
    if let answer { return try answer.get() }
    for await _ in silence.stream {}
    throw .canceled
  }

  func shutdown() async {}

  static func status(_ status: Int, _ body: [UInt8] = []) -> Answer {
    .success(TransportResponse(status: status, body: TransportBody(body)))
  }
}

@Suite struct `Posted webhooks` {
  private let clock = TestClock()
  private let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
  private let replay = WebhookReplay(
    of: Prediction(
      id: "p1", model: "a/b", status: .succeeded, output: "x",
      startedAt: "2026-11-24T02:59:56Z", completedAt: "2026-11-24T02:59:59Z"))

  private func poster(_ receiver: Receiver) -> WebhookPoster {
    WebhookPoster(transport: receiver, time: TimeSource(now: { 1000.5 }, clock: clock))
  }

  private func outcomes(_ receiver: Receiver) async throws -> [WebhookOutcome] {
    let address = try WebhookAddress("http://localhost:9/hook")
    var outcomes: [WebhookOutcome] = []
    for await outcome in poster(receiver).post(replay.deliveries, to: address, secret: secret) {
      outcomes.append(outcome)
    }
    return outcomes
  }

  @Test(.endsSometime) func `go to the address in order, signed and without a token`() async throws
  {
    let receiver = Receiver(
      Receiver.status(200), Receiver.status(204), Receiver.status(202, Array("fine".utf8)))
    let outcomes = try await outcomes(receiver)
    #expect(outcomes.map(\.event) == [.start, .output, .completed])
    #expect(outcomes.map(\.id) == replay.deliveries.map(\.id))
    #expect(outcomes.map(\.status) == [200, 204, 202])
    #expect(outcomes.map(\.text) == ["", "", "fine"])
    #expect(outcomes.allSatisfy { $0.verdict == .delivered && $0.remark == nil })
    #expect(outcomes.map(\.milliseconds) == [0, 0, 0])
    for request in receiver.requests {
      #expect(request.method == "POST" && request.url == "http://localhost:9/hook")
      #expect(request.timeout == .seconds(10))
      #expect(!request.headers.contains { $0.name == "authorization" })
      let sent = try #require(
        WebhookSecret.Delivery(headers: request.headers, body: request.body ?? []))
      #expect(sent.timestamp == "1000")
      try secret.verify(sent, now: 1000)
    }
  }

  @Test(.endsSometime) func `that fail say what Replicate would do`() async throws {
    let receiver = Receiver(
      Receiver.status(301), .failure(.unreachable("the connection\u{1B} was refused")),
      Receiver.status(500))
    let outcomes = try await outcomes(receiver)
    #expect(outcomes.map(\.verdict) == [.lostToRedirect, .lost, .sentAgain])
    #expect(outcomes[0].remark?.hasPrefix("Replicate doesn’t follow redirects") == true)
    #expect(outcomes[1].text == "the connection was refused")
    #expect(outcomes[1].status == nil)
    #expect(outcomes.allSatisfy { $0.remark != nil })
  }

  @Test(arguments: [
    (200, WebhookOutcome.Verdict.delivered), (299, .delivered), (302, .lostToRedirect),
    (404, .sentAgain), (599, .sentAgain), (101, .lost), (700, .lost),
  ])
  func `of the end are sent again after a 4xx or 5xx`(
    status: Int, verdict: WebhookOutcome.Verdict
  ) {
    let outcome = WebhookOutcome(
      id: "a", event: .completed, result: .answered(status: status, text: ""), milliseconds: 0)
    #expect(outcome.verdict == verdict)
    #expect((outcome.remark == nil) == (verdict == .delivered))
  }

  @Test(.endsSometime) func `that nobody answers are given up after ten seconds`() async throws {
    let receiver = Receiver(nil, Receiver.status(200), Receiver.status(200))
    async let outcomes = outcomes(receiver)
    await clock.sleeps(1)
    clock.advance(by: .seconds(10))
    let first = try #require(try await outcomes.first)
    #expect(first.result == .failed(.timedOut))
    #expect(first.text == "no answer within 10 seconds")
    #expect(first.milliseconds == 10_000)
    #expect(try await outcomes.map(\.status) == [nil, 200, 200])
  }

  @Test(.endsSometime) func `count by their status if the answer never ends`() async throws {
    let reads = AsyncStream<Void>.makeStream()
    let silence = AsyncStream<Void>.makeStream()
    let body = AsyncThrowingStream<[UInt8], any Error> {
      reads.continuation.yield()
      for await _ in silence.stream {}
      throw CancellationError()
    }
    let receiver = Receiver(
      .success(TransportResponse(status: 200, body: TransportBody(body))))
    let address = try WebhookAddress("http://localhost:9/hook")
    let poster = poster(receiver)
    let delivery = replay.deliveries[0]
    let sending = Task { await poster.post(delivery, to: address, secret: nil) }
    for await _ in reads.stream { break }
    await clock.sleeps(1)
    clock.advance(by: .seconds(10))
    let outcome = await sending.value
    #expect(outcome?.status == 200)
    #expect(outcome?.milliseconds == 10_000)
    silence.continuation.finish()
  }

  @Test(.endsSometime) func `end when nobody wants to know anymore`() async throws {
    let receiver = Receiver(nil)
    let address = try WebhookAddress("http://localhost:9/hook")
    let poster = poster(receiver)
    let delivery = replay.deliveries[0]
    let sending = Task { await poster.post(delivery, to: address, secret: nil) }
    await clock.sleeps(1)
    sending.cancel()
    #expect(await sending.value == nil)
  }

  @Test(.endsSometime) func `keep the beginning of an answer, without controls`() async throws {
    let long =
      Array("\u{1B}[31mred\u{202E}\r\n\t ".utf8) + Array(String(repeating: "é", count: 9000).utf8)
    let receiver = Receiver(
      Receiver.status(200, long), Receiver.status(200, [0xFF, 0x41]),
      .success(
        TransportResponse(
          status: 200,
          body: TransportBody(
            AsyncThrowingStream<[UInt8], any Error> { continuation in
              continuation.yield(Array("half".utf8))
              continuation.finish(throwing: TransportError.interrupted("gone"))
            }))))
    let texts = try await outcomes(receiver).map(\.text)
    #expect(texts[0].hasPrefix("[31mred éé") && texts[0].hasSuffix("é"))
    #expect(texts[0].utf8.count <= 300)
    #expect(texts[1] == "\u{FFFD}A")
    #expect(texts[2] == "half")
  }
}
