/// Decides whether a failed call is sent again, and after which wait.
///
/// Calls that change nothing are sent again after network errors, 408, 429, 5xx, and answers that
/// can't be read. Other calls are sent again only if they certainly did nothing: after 429, and if
/// there was no connection. A wait that the service asks for is kept, whatever the status.
public struct RetryPolicy: Sendable, Hashable {
  /// The highest number of attempts.
  public var maximumAttempts = 4
  /// The highest number of attempts for calls that time out, because each attempt takes long.
  public var maximumAttemptsAfterTimeout = 2
  /// The highest number of attempts for calls that are refused with 429.
  public var maximumAttemptsWhenThrottled = 100
  /// An attempt without a connection isn't repeated if it took this long, because the next one would
  /// take as long.
  public var longFailure: Duration = .seconds(5)
  /// The wait before the second attempt. It doubles with each attempt.
  public var firstDelay: Duration = .milliseconds(500)
  public var maximumDelay: Duration = .seconds(8)
  /// The longest wait that the service may ask for. If it asks for more, the error is thrown.
  public var longestRequestedDelay: Duration = .seconds(60)

  /// The longest pause of what goes on by itself, such as polling. The service may ask for hours, and
  /// whether it still means that can only be found out by trying.
  public static let longestPause: Duration = .seconds(300)

  public init() {}

  /// A policy without any waits or further attempts.
  public static var never: Self {
    var policy = Self()
    policy.maximumAttempts = 1
    policy.maximumAttemptsWhenThrottled = 1
    policy.longestRequestedDelay = .zero
    return policy
  }

  /// The wait before the next attempt, or nil if there is none.
  ///
  /// - Parameters:
  ///   - error: The error of the last attempt.
  ///   - attempt: How often the call has failed. Refusals with 429 are counted separately from
  ///     other errors.
  ///   - duration: How long the attempt took.
  ///   - isRepeatable: Whether it is safe to send the call again if it may have arrived.
  ///   - jitter: A random number from 0 to 1, so that callers don't all come back at once.
  public func delay(
    after error: ReplicateError, attempt: Int, duration: Duration = .zero, isRepeatable: Bool,
    jitter: Double
  ) -> Duration? {
    let requested = error.retryAfter.map { $0 + .milliseconds(Int(clamping: 250 * jitter)) }
    if let wait = error.retryAfter, wait > longestRequestedDelay { return nil }
    if case .rateLimited = error.reason {
      guard attempt < maximumAttemptsWhenThrottled else { return nil }
      return requested ?? backoff(attempt, jitter)
    }
    guard attempt < maximumAttempts, !error.isFinal else { return nil }
    switch error.reason {
    case .unreachable: return duration < longFailure ? backoff(attempt, jitter) : nil
    case .timedOut where attempt >= maximumAttemptsAfterTimeout: return nil
    case .server, .interrupted, .timedOut, .unreadable, .other(408, _):
      return isRepeatable ? max(backoff(attempt, jitter), requested ?? .zero) : nil
    default: return nil
    }
  }

  private func backoff(_ attempt: Int, _ jitter: Double) -> Duration {
    var delay = firstDelay
    for _ in 1..<max(1, min(attempt, 16)) { delay = min(delay * 2, maximumDelay) }
    return min(delay, maximumDelay) * (1 - jitter / 2)
  }
}
