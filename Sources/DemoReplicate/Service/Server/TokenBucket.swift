/// Counts the calls of one kind: so many at once, and so many a minute.
struct TokenBucket: Sendable {
  /// What a call is told about its bucket.
  struct Grant: Sendable, Equatable {
    var isGranted: Bool
    /// How many more calls would be granted at once.
    var remaining: Int
    /// Seconds until the bucket is full again, in whole ones.
    var reset: Int
    /// Seconds until there is room for another call, in whole ones.
    var wait: Int
  }

  let capacity: Int
  private let perSecond: Double
  private var tokens: Double
  private var filledAt: Double

  /// - Parameter perSecond: how many calls come back in a second.
  init(capacity: Int, perSecond: Double, now: Double) {
    self.capacity = capacity
    self.perSecond = perSecond
    tokens = Double(capacity)
    filledAt = now
  }

  mutating func take(at now: Double) -> Grant {
    let room = Double(capacity)
    tokens = min(room, tokens + max(0, now - filledAt) * perSecond)
    filledAt = max(filledAt, now)
    let isGranted = tokens >= 1
    if isGranted { tokens -= 1 }
    return Grant(
      isGranted: isGranted, remaining: Int(tokens), reset: seconds(until: room),
      wait: seconds(until: 1))
  }

  private func seconds(until level: Double) -> Int {
    max(1, Int(((level - tokens) / perSecond).rounded(.up)))
  }
}
