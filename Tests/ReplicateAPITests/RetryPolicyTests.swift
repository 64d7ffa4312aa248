import ReplicateAPI
import Testing

@Suite struct `The retry policy` {
  let policy = RetryPolicy()

  func delay(
    _ error: ReplicateError, attempt: Int = 1, isRepeatable: Bool = true, jitter: Double = 0
  ) -> Duration? {
    policy.delay(after: error, attempt: attempt, isRepeatable: isRepeatable, jitter: jitter)
  }

  @Test(arguments: [
    ReplicateError.offline(reason: ""), .timedOut, .server(status: 502, detail: ""),
    .other(status: 408, detail: ""), .rateLimited(retryAfter: nil, detail: ""),
  ])
  func `a call that changes nothing is repeated after passing trouble`(error: ReplicateError) {
    #expect(delay(error) == .milliseconds(500))
  }

  @Test(arguments: [
    ReplicateError.offline(reason: ""), .timedOut, .server(status: 502, detail: ""),
    .other(status: 408, detail: ""),
  ])
  func `a create isn't repeated after trouble`(error: ReplicateError) {
    #expect(delay(error, isRepeatable: false) == nil)
  }

  @Test func `a create is repeated after 429, when the service says`() {
    let error = ReplicateError.rateLimited(retryAfter: .seconds(5), detail: "")
    #expect(delay(error, isRepeatable: false) == .seconds(5))
  }

  @Test func `a wait that is too long is left to the caller`() {
    #expect(delay(.rateLimited(retryAfter: .seconds(61), detail: "")) == nil)
  }

  @Test(arguments: [
    ReplicateError.noToken, .unauthorized(detail: ""), .notFound(detail: ""), .cancelled,
    .paymentRequired(title: "", detail: ""), .invalidInput([], detail: ""),
    .unreadable(what: ""),
  ])
  func `what waiting can't mend isn't repeated`(error: ReplicateError) {
    #expect(delay(error) == nil)
  }

  @Test func `waits double, have an upper bound, and end`() {
    var policy = RetryPolicy()
    policy.maximumAttempts = 8
    let delays = (1...8).map {
      policy.delay(
        after: .offline(reason: ""), attempt: $0, isRepeatable: true, jitter: 0)
    }
    #expect(
      delays == [
        .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8),
        .seconds(8), nil,
      ])
  }

  @Test func `jitter takes away half at most`() {
    #expect(delay(.offline(reason: ""), jitter: 1) == .milliseconds(250))
  }

  @Test func `a call whose time ran out is repeated once`() {
    #expect(delay(.timedOut, attempt: 1) != nil)
    #expect(delay(.timedOut, attempt: 2) == nil)
  }

  @Test func `a policy may forbid all repeats`() {
    #expect(
      RetryPolicy.never.delay(
        after: .offline(reason: ""), attempt: 1, isRepeatable: true, jitter: 0) == nil)
  }
}
