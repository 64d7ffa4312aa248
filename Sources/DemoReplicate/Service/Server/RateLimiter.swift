import ReplicateAPI
import Synchronization

/// The limits of every token, each a bucket of its own. The minute is a minute of the service's time.
final class RateLimiter: Sendable {
  private struct Key: Hashable {
    var token: String
    var limit: RateLimit
  }

  private let speed: Double
  private let hasLowCredit: Bool
  private let buckets = Mutex<[Key: TokenBucket]>([:])

  /// - Parameter hasLowCredit: whether the account may only make 6 predictions a minute, one at a
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
