/// Limits calls of one kind to a burst and a steady rate.
struct TokenBucket: Sendable {
  /// The result of taking a token.
  struct Grant: Sendable, Equatable {
    var isGranted: Bool
    /// How many more calls would be granted right now.
    var remaining: Int
    /// Whole seconds until the bucket is full again.
    var reset: Int
    /// Whole seconds until another call would be granted.
    var wait: Int
  }

  let capacity: Int
  private let perSecond: Double
  private var tokens: Double
  private var filledAt: Double

  /// - Parameter perSecond: How many tokens are added per second.
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
      isGranted: isGranted, remaining: Int(clamping: tokens), reset: seconds(until: room),
      wait: seconds(until: 1))
  }

  private func seconds(until level: Double) -> Int {
    max(1, Int(clamping: ((level - tokens) / perSecond).rounded(.up)))
  }
}
