import Testing

import class Support.TestClock

@testable import ReplicateAPI

/// What the service asks to wait is kept, whatever its status, but not for hours.
@Suite struct `Requested waits` {
  private func client(_ transport: ScriptedTransport, _ clock: InstantClock) -> Client {
    Client.scripted(transport, clock: clock)
  }

  @Test(arguments: [429, 500, 502, 503, 504, 408])
  func `an answer of any status may ask for one`(status: Int) async throws {
    let clock = InstantClock()
    let transport = ScriptedTransport(
      .answer(status, #"{"detail":"Down for maintenance."}"#, headers: ["retry-after": "5"]),
      .answer(status, "", headers: ["retry-after": "5"]), .answer(200, #"{"username":"acme"}"#))
    _ = try await client(transport, clock).send(.account)
    #expect(transport.requests.count == 3)
    let slept = clock.sleeps.reduce(.zero, +)
    #expect(slept >= .seconds(10) && slept < .seconds(12), "\(slept)")
  }

  @Test func `503 isn't asked four times in four seconds`() async {
    let clock = InstantClock()
    let answer = ScriptedTransport.Answer.answer(503, "", headers: ["retry-after": "5"])
    let transport = ScriptedTransport(script: Array(repeating: answer, count: 9))
    _ = await failure { _ = try await client(transport, clock).send(.account) }
    #expect(transport.requests.count == 4)
    #expect(clock.sleeps.allSatisfy { $0 >= .seconds(5) })
  }

  @Test(arguments: [
    "3600", "99999", "10000000000", "1e300", "inf", "Fri, 31 Dec 9999 23:59:59 GMT",
  ])
  func `a wait of hours is an error, which says how long`(header: String) async {
    let clock = InstantClock()
    let transport = ScriptedTransport(
      script: Array(repeating: .answer(503, "", headers: ["Retry-After": header]), count: 3))
    var thrown: ReplicateError?
    do {
      _ = try await client(transport, clock).send(.account)
    } catch {
      thrown = error
    }
    #expect(transport.requests.count == 1 && clock.sleeps.isEmpty)
    #expect(thrown?.retryAfter ?? .zero >= .seconds(3600))
  }

  @Test func `a create that may have arrived isn't repeated, whatever it's asked to wait`() async {
    let transport = ScriptedTransport(
      script: Array(repeating: .answer(503, "", headers: ["retry-after": "1"]), count: 3))
    _ = await failure {
      _ = try await client(transport, InstantClock()).send(
        .createPrediction(version: "v", input: [:]))
    }
    #expect(transport.requests.count == 1)
  }

  @Test func `one call may try at once, and its success ends the wait for all`() async throws {
    let transport = ScriptedTransport(
      .answer(429, "", headers: ["retry-after": "3600"]),
      .answer(429, "", headers: ["retry-after": "3600"]), .answer(200, #"{"username":"acme"}"#),
      .answer(200, #"{"username":"acme"}"#))
    let client = client(transport, InstantClock())
    for expected in [1, 1] {
      _ = await failure { _ = try await client.send(.account) }
      #expect(transport.requests.count == expected)
    }
    client.tryAtOnce()
    for expected in [2, 2] {
      _ = await failure { _ = try await client.send(.account) }
      #expect(transport.requests.count == expected)
    }
    client.tryAtOnce()
    for expected in [3, 4] {
      _ = try await client.send(.account)
      #expect(transport.requests.count == expected)
    }
  }

  @Test func `what goes on by itself tries again after five minutes`() async throws {
    let clock = TestClock()
    let transport = ScriptedTransport(
      .answer(429, "", headers: ["retry-after": "99999"]), .answer(200, #"{"username":"acme"}"#))
    let client = Client(
      Client.Configuration(token: "r8_x", baseURL: "https://api.example.com/v1"),
      transport: transport, clock: clock)
    _ = await failure { _ = try await client.send(.account) }
    clock.advance(by: .seconds(299) - .seconds(60))
    let reason = await failure { _ = try await client.send(.account) }
    guard case .rateLimited(let wait?, _)? = reason else {
      Issue.record("\(String(describing: reason))")
      return
    }
    #expect(wait > .seconds(60) && wait < .seconds(62))
    clock.advance(by: .seconds(62))
    _ = try await client.send(.account)
    #expect(transport.requests.count == 2)
  }

  @Test func `polls keep it, too`() {
    var schedule = PollSchedule()
    let mayPass = schedule.mayPass(
      ReplicateError(
        .server(status: 503, detail: ""), status: 503, requestID: nil, retryAfter: .seconds(77)))
    #expect(mayPass && schedule.delay == .seconds(77))
    _ = schedule.mayPass(ReplicateError(.rateLimited(retryAfter: .seconds(99_999), detail: "")))
    #expect(schedule.delay == RetryPolicy.longestPause)
    schedule.answered(size: 1)
    #expect(schedule.delay < .seconds(1))
  }

  @Test(arguments: [
    (1, "one second"), (60, "60 seconds"), (3600, "60 minutes"), (99_999, "28 hours"),
    (1_000_000, "12 days"), (1e11, "more than a year"),
  ])
  func `long waits are said in large units`(seconds: Double, words: String) {
    let error = ReplicateError(
      .rateLimited(retryAfter: Duration(clampingSeconds: seconds), detail: ""))
    #expect(error.errorDescription?.contains("wait \(words).") == true)
  }
}
