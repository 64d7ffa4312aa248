import ReplicateAPI
import Synchronization

/// Applies the rate limits, with separate buckets for each token. A minute is a minute of service
/// time.
final class RateLimiter: Sendable {
  private struct Key: Hashable {
    var token: String
    var limit: RateLimit
  }

  private let speed: Double
  private let hasLowCredit: Bool
  private let buckets = Mutex<[Key: TokenBucket]>([:])

  /// - Parameter hasLowCredit: Whether the account is limited to 6 predictions per minute, one at a
  ///   time.
  init(speed: Double, hasLowCredit: Bool = false) {
    self.speed = speed
    self.hasLowCredit = hasLowCredit
  }

  func take(_ limit: RateLimit, token: String, at now: Double) -> TokenBucket.Grant {
    buckets.withLock { buckets in
      buckets[Key(token: token, limit: limit), default: bucket(limit, now)].take(at: now)
    }
  }

  private func bucket(_ limit: RateLimit, _ now: Double) -> TokenBucket {
    let isReduced = hasLowCredit && limit == .creates
    let perMinute = isReduced ? 6 : limit.callsPerMinute
    return TokenBucket(
      capacity: isReduced ? 1 : perMinute, perSecond: Double(perMinute) / 60 * speed, now: now)
  }
}
