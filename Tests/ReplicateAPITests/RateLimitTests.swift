import Testing

import class Support.TestClock

@testable import ReplicateAPI

/// A budget that expectations can ask.
private final class Gauge {
  private var budget: RateBudget

  init(callsPerMinute: Int) {
    budget = RateBudget(callsPerMinute: callsPerMinute)
  }

  func admit(at now: Duration) -> RateBudget.Admission { budget.admit(at: now) }
  func passOver() { budget.passOver(isProbe: true) }

  func block(for duration: Duration, isProbe: Bool = false, at now: Duration) {
    budget.block(for: duration, isProbe: isProbe, at: now)
  }

  func correct(remaining: Int?, reset: Duration?, isProbe: Bool = false, at now: Duration) {
    budget.correct(remaining: remaining, reset: reset, isProbe: isProbe, at: now)
  }
}

@Suite struct `The rate limits` {
  @Test func `each route counts against its own`() {
    #expect(Route.createPrediction.rateLimit == .creates)
    #expect(Route.createModelPrediction.rateLimit == .creates)
    #expect(Route.createDeploymentPrediction.rateLimit == .creates)
    #expect(Route.getPrediction.rateLimit == .predictionReads)
    for route in [Route.listPredictions, .createTraining, .cancelPrediction, .createModel] {
      #expect(route.rateLimit == .others)
    }
    #expect(RateLimit.allCases.map(\.callsPerMinute) == [600, 3_000, 60_000])
  }

  @Test func `as many as a minute allows go at once, the next when there is room`() {
    let budget = Gauge(callsPerMinute: 600)
    for _ in 0..<600 { #expect(budget.admit(at: .zero) == .granted) }
    #expect(budget.admit(at: .zero) == .after(.milliseconds(100)))
    #expect(budget.admit(at: .milliseconds(100)) == .granted)
    #expect(budget.admit(at: .milliseconds(150)) == .after(.milliseconds(50)))
  }

  @Test func `the service's count lowers the client's, and never raises it`() {
    let budget = Gauge(callsPerMinute: 600)
    budget.correct(remaining: 2, reset: .seconds(1), at: .zero)
    #expect(budget.admit(at: .zero) == .granted)
    budget.correct(remaining: 500, reset: .seconds(1), at: .zero)
    #expect(budget.admit(at: .zero) == .granted)
    #expect(budget.admit(at: .zero) != .granted)
  }

  @Test func `with nothing left the service's time is waited for`() {
    let budget = Gauge(callsPerMinute: 600)
    budget.correct(remaining: 0, reset: .seconds(7), at: .seconds(1))
    #expect(budget.admit(at: .seconds(1)) == .after(.seconds(7)))
    #expect(budget.admit(at: .seconds(8)) == .granted)
  }

  @Test func `after a refusal one call tries alone`() {
    let budget = Gauge(callsPerMinute: 600)
    budget.block(for: .seconds(5), at: .zero)
    #expect(budget.admit(at: .seconds(1)) == .after(.seconds(4)))
    #expect(budget.admit(at: .seconds(5)) == .grantedAsProbe)
    #expect(budget.admit(at: .seconds(5)) == .afterProbe)
    // What was sent before the refusal says nothing about the one that tries.
    budget.correct(remaining: 5, reset: nil, at: .seconds(5))
    #expect(budget.admit(at: .seconds(5)) == .afterProbe)
    budget.block(for: .seconds(2), isProbe: true, at: .seconds(6))
    #expect(budget.admit(at: .seconds(6)) == .after(.seconds(2)))
    #expect(budget.admit(at: .seconds(8)) == .grantedAsProbe)
    budget.passOver()
    #expect(budget.admit(at: .seconds(8)) == .grantedAsProbe)
    budget.correct(remaining: nil, reset: nil, isProbe: true, at: .seconds(9))
    #expect(budget.admit(at: .seconds(9)) == .granted)
    #expect(budget.admit(at: .seconds(9)) == .granted)
  }

  @Test func `a wait that is too long is told, to the calls after it too`() async {
    let transport = ScriptedTransport(
      .answer(429, #"{"detail":"Request was throttled.","retry_after":3600}"#))
    let client = Client.scripted(transport)
    // The calls after it wait for five minutes at most.
    for shortest in [3600, 299] {
      let reason = await failure { _ = try await client.send(.account) }
      guard case .rateLimited(let wait?, _)? = reason else {
        Issue.record("\(String(describing: reason))")
        return
      }
      #expect(wait >= .seconds(shortest))
    }
    #expect(transport.requests.count == 1)
  }

  @Test func `a wait is told as a value, and gone afterwards`() async throws {
    let clock = TestClock()
    let transport = ScriptedTransport(
      .answer(429, #"{"detail":"Request was throttled.","retry_after":5}"#),
      .answer(201, #"{"id":"p1"}"#))
    let client = Client(
      Client.Configuration(token: "r8_x", baseURL: "https://api.example.com/v1"),
      transport: transport, clock: clock)
    var waits = client.waits.makeAsyncIterator()
    let call = Task { try await client.send(.createPrediction(version: "v", input: [:])) }
    await clock.sleeps(1)
    let wait = try #require(await waits.next()?.first)
    #expect(wait.route == .createPrediction)
    #expect(wait.cause == .rateLimit(.creates))
    #expect(wait.until < .now + .seconds(6))
    clock.advance(by: .seconds(6))
    #expect(try await call.value.id == "p1")
    #expect(await waits.next() == [])
  }

  @Test func `many calls are put off together, and all go through`() async throws {
    let clock = InstantClock()
    let busy = ScriptedTransport.Answer.answer(
      429, "", headers: ["ratelimit-reset": "2", "ratelimit-remaining": "0"])
    let answers = [busy, busy, busy] + Array(repeating: .answer(201, #"{"id":"p"}"#), count: 30)
    let transport = ScriptedTransport(script: answers)
    let client = Client.scripted(transport, clock: clock)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<30 {
        group.addTask {
          _ = try await client.send(.createPrediction(version: "v", input: [:]))
        }
      }
      try await group.waitForAll()
    }
    #expect(transport.requests.count == 33)
    #expect(clock.sleeps.contains { $0 >= .seconds(1) })
  }
}
