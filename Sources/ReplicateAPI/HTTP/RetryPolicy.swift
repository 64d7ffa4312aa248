/// Whether a failed call is sent again, and after what wait.
///
/// Calls that change nothing are repeated after network trouble, 408, 429, 5xx and answers that can't
/// be read. Any other call only after 429, which says that nothing was done, and where no connection
/// was made, so that nothing was sent.
public struct RetryPolicy: Sendable, Hashable {
  /// How often a call is sent at most.
  public var maximumAttempts = 4
  /// How often a call is sent at most whose time ran out: each try may last long.
  public var maximumAttemptsAfterTimeout = 2
  /// How often a call is sent at most that the service puts off with 429: it says when to come again.
  public var maximumAttemptsWhenThrottled = 100
  /// The wait before the second try; it doubles from try to try.
  public var firstDelay: Duration = .milliseconds(500)
  public var maximumDelay: Duration = .seconds(8)
  /// A wait that the rate limit asks for is granted up to this; a longer one is the caller's to
  /// decide.
  public var longestRequestedDelay: Duration = .seconds(60)

  public init() {}

  /// For calls that are to fail at once.
  public static var never: Self {
    var policy = Self()
    policy.maximumAttempts = 1
    policy.maximumAttemptsWhenThrottled = 1
    policy.longestRequestedDelay = .zero
    return policy
  }

  /// The wait before the next try, or nil if there is to be none.
  ///
  /// - Parameters:
  ///   - attempt: How often the call failed like this, 1 after the first time; what was put off with
  ///     429 is counted apart from all other failures.
  ///   - isRepeatable: Whether the call may be sent again though it may have arrived.
  ///   - jitter: At random from 0 to 1, so that many callers don't come back all at once.
  public func delay(
    after error: ReplicateError, attempt: Int, isRepeatable: Bool, jitter: Double
  ) -> Duration? {
    if case .rateLimited(let requested, _) = error.reason {
      guard attempt < maximumAttemptsWhenThrottled else { return nil }
      guard let requested else { return backoff(attempt, jitter) }
      return requested <= longestRequestedDelay
        ? requested + .milliseconds(Int(250 * jitter)) : nil
    }
    guard attempt < maximumAttempts else { return nil }
    switch error.reason {
    case .unreachable: return backoff(attempt, jitter)
    case .timedOut where attempt >= maximumAttemptsAfterTimeout: return nil
    case .server, .interrupted, .timedOut, .unreadable, .other(408, _):
      return isRepeatable ? backoff(attempt, jitter) : nil
    default: return nil
    }
  }

  private func backoff(_ attempt: Int, _ jitter: Double) -> Duration {
    var delay = firstDelay
    for _ in 1..<max(1, min(attempt, 16)) { delay = min(delay * 2, maximumDelay) }
    return min(delay, maximumDelay) * (1 - jitter / 2)
  }
}
