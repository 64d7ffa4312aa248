import ReplicateAPI
import Testing

@Suite struct `The retry policy` {
  let policy = RetryPolicy()

  func delay(
    _ reason: ReplicateError.Reason, attempt: Int = 1, isRepeatable: Bool = true, jitter: Double = 0
  ) -> Duration? {
    policy.delay(
      after: ReplicateError(reason), attempt: attempt, isRepeatable: isRepeatable, jitter: jitter)
  }

  @Test(arguments: [
    ReplicateError.Reason.unreachable(reason: ""), .interrupted(reason: ""), .timedOut,
    .server(status: 502, detail: ""), .other(status: 408, detail: ""), .unreadable(what: ""),
    .rateLimited(retryAfter: nil, detail: ""),
  ])
  func `a call that changes nothing is repeated after passing trouble`(
    reason: ReplicateError.Reason
  ) {
    #expect(delay(reason) == .milliseconds(500))
  }

  @Test(arguments: [
    ReplicateError.Reason.interrupted(reason: ""), .timedOut, .server(status: 502, detail: ""),
    .other(status: 408, detail: ""), .untrusted(reason: ""), .unreadable(what: ""),
  ])
  func `a create that may have arrived isn't repeated`(reason: ReplicateError.Reason) {
    #expect(delay(reason, isRepeatable: false) == nil)
  }

  @Test func `a create that was never sent is repeated`() {
    #expect(delay(.unreachable(reason: ""), isRepeatable: false) == .milliseconds(500))
    #expect(delay(.unreachable(reason: ""), attempt: 4, isRepeatable: false) == nil)
  }

  @Test func `a create is repeated after 429, when the service says`() {
    let reason = ReplicateError.Reason.rateLimited(retryAfter: .seconds(5), detail: "")
    #expect(delay(reason, attempt: 50, isRepeatable: false) == .seconds(5))
    #expect(delay(reason, attempt: 100, isRepeatable: false) == nil)
  }

  @Test func `a wait that is too long is left to the caller`() {
    #expect(delay(.rateLimited(retryAfter: .seconds(61), detail: "")) == nil)
  }

  @Test(arguments: [
    ReplicateError.Reason.noToken, .unauthorized(detail: ""), .notFound(detail: ""), .canceled,
    .paymentRequired(.billingRequired, detail: ""), .invalidInput([], detail: ""),
    .conflict(detail: ""), .untrusted(reason: ""), .outcomeUnknown(candidates: []),
  ])
  func `what waiting can't mend isn't repeated`(reason: ReplicateError.Reason) {
    #expect(delay(reason) == nil)
  }

  @Test func `waits double, have an upper bound, and end`() {
    var policy = RetryPolicy()
    policy.maximumAttempts = 8
    let delays = (1...8).map {
      policy.delay(
        after: ReplicateError(.unreachable(reason: "")), attempt: $0, isRepeatable: true, jitter: 0)
    }
    #expect(
      delays == [
        .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8),
        .seconds(8), nil,
      ])
  }

  @Test func `jitter takes away half at most`() {
    #expect(delay(.unreachable(reason: ""), jitter: 1) == .milliseconds(250))
  }

  @Test func `a call whose time ran out is repeated once`() {
    #expect(delay(.timedOut, attempt: 1) != nil)
    #expect(delay(.timedOut, attempt: 2) == nil)
  }

  @Test func `a policy may forbid all repeats`() {
    #expect(
      RetryPolicy.never.delay(
        after: ReplicateError(.unreachable(reason: "")), attempt: 1, isRepeatable: true, jitter: 0)
        == nil)
  }

  @Test func `a connection that took long to fail isn't tried again`() {
    func delay(_ reason: ReplicateError.Reason, _ duration: Duration) -> Duration? {
      policy.delay(
        after: ReplicateError(reason), attempt: 1, duration: duration, isRepeatable: true, jitter: 0
      )
    }
    #expect(delay(.unreachable(reason: ""), .seconds(10)) == nil)
    #expect(delay(.unreachable(reason: ""), .seconds(1)) != nil)
    #expect(delay(.server(status: 502, detail: ""), .seconds(10)) != nil)
  }
}
