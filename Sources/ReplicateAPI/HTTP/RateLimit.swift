import Synchronization

/// The rate limits of the API, which are counted separately.
///
/// Two are documented. ``predictionReads`` is known from the headers of recorded answers.
public enum RateLimit: String, Sendable, Hashable, CaseIterable {
  /// Creating predictions.
  case creates
  /// All other calls, including trainings and the list of predictions.
  case others
  /// `GET /predictions/{id}`.
  case predictionReads

  /// The number of calls allowed per minute.
  public var callsPerMinute: Int {
    switch self {
    case .creates: 600
    case .others: 3_000
    case .predictionReads: 60_000
    }
  }
}

extension Route {
  /// The rate limit of this call.
  public var rateLimit: RateLimit {
    switch self {
    case .createPrediction, .createModelPrediction, .createDeploymentPrediction: .creates
    case .getPrediction: .predictionReads
    default: .others
    }
  }
}

/// A token bucket for the calls under one rate limit, corrected by what the service says. Times are
/// durations since a common starting point.
struct RateBudget: Sendable {
  let capacity: Double
  private(set) var available: Double
  private var filledAt: Duration = .zero
  /// When calls may be sent again, after a refusal by the service.
  private(set) var blockedUntil: Duration = .zero
  /// After a 429, a single call probes whether the limit has passed.
  private(set) var isProbing = false
  private var isProbeUnderWay = false

  enum Admission: Hashable {
    case granted
    /// Granted as the probe.
    case grantedAsProbe
    case after(Duration)
    /// Not before the probe has its answer.
    case afterProbe
  }

  init(callsPerMinute: Int) {
    capacity = Double(callsPerMinute)
    available = capacity
  }

  /// - Parameter mayTry: Whether the call may go out although the service asked to wait.
  mutating func admit(at now: Duration, mayTry: Bool = false) -> Admission {
    if now < blockedUntil {
      if isProbeUnderWay { return .afterProbe }
      guard mayTry else { return .after(blockedUntil - now) }
      isProbing = true
      isProbeUnderWay = true
      return .grantedAsProbe
    }
    if isProbing {
      if isProbeUnderWay { return .afterProbe }
      isProbeUnderWay = true
      return .grantedAsProbe
    }
    let elapsed = max(.zero, now - filledAt) / .seconds(60)
    available = min(capacity, available + elapsed * capacity)
    filledAt = now
    guard available >= 1 else { return .after(.seconds(60) * ((1 - available) / capacity)) }
    available -= 1
    return .granted
  }

  /// Applies an answer's headers.
  mutating func correct(
    remaining: Int?, reset: Duration?, isProbe: Bool = false, at now: Duration
  ) {
    if isProbe {
      isProbing = false
      blockedUntil = .zero
    }
    passOver(isProbe: isProbe)
    guard let remaining else { return }
    available = min(available, Double(max(0, remaining)))
    if remaining <= 0, let reset { blockedUntil = max(blockedUntil, now + reset) }
  }

  /// Applies a refusal by the service.
  mutating func block(for duration: Duration, isProbe: Bool = false, at now: Duration) {
    passOver(isProbe: isProbe)
    isProbing = true
    blockedUntil = max(blockedUntil, now + min(duration, RetryPolicy.longestPause))
  }

  /// Ends a call whose answer says nothing about the limit.
  mutating func passOver(isProbe: Bool) {
    if isProbe { isProbeUnderWay = false }
  }
}

/// What the service said last about one of its rate limits.
public struct RateLimitReport: Sendable, Hashable {
  public var limit: RateLimit
  /// How many calls were left.
  public var remaining: Int
  /// How long ago it said so.
  public var age: Duration
}

/// Keeps the calls of a client and its copies within the service's rate limits.
actor RateLimiter {
  /// What the service has said last, and when.
  private var seen: [RateLimit: (remaining: Int, at: Duration)] = [:]
  private var budgets: [RateLimit: RateBudget] = [:]
  private var waiters: [RateLimit: [Int: CheckedContinuation<Void, Never>]] = [:]
  private var lastWaiter = 0
  private let clock: any Clock<Duration>
  private let elapsed: @Sendable () -> Duration
  private let waits: CallWaits
  /// The limits under which a call may go out at once, and until when.
  private let attempts = Mutex<[RateLimit: Duration]>([:])

  init(clock: any Clock<Duration>, waits: CallWaits) {
    self.clock = clock
    self.waits = waits
    elapsed = clock.stopwatch()
  }

  /// The permission to send a call. Every ticket must be settled.
  struct Ticket: Sendable {
    let route: Route
    let isProbe: Bool
  }

  /// Waits until the call may be sent.
  ///
  /// - Throws: ``ReplicateError/Reason/rateLimited(retryAfter:detail:)`` if that takes longer than
  ///   `longest`.
  func admit(_ route: Route, longest: Duration) async throws(ReplicateError) -> Ticket {
    let limit = route.rateLimit
    while true {
      if Task.isCancelled { throw ReplicateError(.canceled, route: route) }
      switch admission(limit) {
      case .granted: return Ticket(route: route, isProbe: false)
      case .grantedAsProbe: return Ticket(route: route, isProbe: true)
      case .after(let duration) where duration <= longest:
        try await waits.wait(duration, route, .rateLimit(limit), clock)
      case .afterProbe where longest > .zero: await nextChange(limit)
      case .after(let duration): throw Self.refusal(duration, route)
      case .afterProbe: throw Self.refusal(nil, route)
      }
    }
  }

  /// Lets one call under each limit go out at once, if it comes in time.
  nonisolated func allowAttempts(until end: Duration) {
    attempts.withLock { attempts in
      for limit in RateLimit.allCases { attempts[limit] = end }
    }
  }

  private static func refusal(_ wait: Duration?, _ route: Route) -> ReplicateError {
    ReplicateError(
      .rateLimited(retryAfter: wait, detail: "Replicate refused an earlier call"), route: route)
  }

  /// Ends a call and applies what its answer says about the limit.
  ///
  /// - Parameter headers: The answer's headers; nil if there was no answer.
  func settle(
    _ ticket: Ticket, headers: [(name: String, value: String)]?, error: ReplicateError?
  ) {
    let limit = ticket.route.rateLimit
    var budget = budget(limit)
    if case .rateLimited(let wait, _)? = error?.reason {
      budget.block(for: wait ?? .seconds(1), isProbe: ticket.isProbe, at: elapsed())
    } else if let headers {
      func number(_ name: String) -> Int? {
        headers.first { $0.name == name }.flatMap { Int($0.value) }
      }
      let remaining = number("ratelimit-remaining")
      if let remaining { seen[limit] = (remaining, elapsed()) }
      budget.correct(
        remaining: remaining,
        reset: number("ratelimit-reset").map { .seconds(max(0, min($0, 60))) },
        isProbe: ticket.isProbe, at: elapsed())
    } else {
      budget.passOver(isProbe: ticket.isProbe)
    }
    budgets[limit] = budget
    for waiter in waiters.removeValue(forKey: limit)?.values ?? [:].values { waiter.resume() }
  }

  /// What the service has said about its limits so far.
  var reports: [RateLimitReport] {
    let now = elapsed()
    return RateLimit.allCases.compactMap { limit in
      seen[limit].map { RateLimitReport(limit: limit, remaining: $0.remaining, age: now - $0.at) }
    }
  }

  private func budget(_ limit: RateLimit) -> RateBudget {
    budgets[limit] ?? RateBudget(callsPerMinute: limit.callsPerMinute)
  }

  private func admission(_ limit: RateLimit) -> RateBudget.Admission {
    var budget = budget(limit)
    defer { budgets[limit] = budget }
    let now = elapsed()
    let mayTry = attempts.withLock { $0[limit].map { now < $0 } ?? false }
    let admission = budget.admit(at: now, mayTry: mayTry)
    if mayTry, admission == .grantedAsProbe { attempts.withLock { $0[limit] = nil } }
    return admission
  }

  private func nextChange(_ limit: RateLimit) async {
    lastWaiter += 1
    let number = lastWaiter
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled {
          continuation.resume()
        } else {
          waiters[limit, default: [:]][number] = continuation
        }
      }
    } onCancel: {
      Task { await self.giveUp(limit, number) }
    }
  }

  private func giveUp(_ limit: RateLimit, _ number: Int) {
    waiters[limit]?.removeValue(forKey: number)?.resume()
  }
}

extension Clock where Duration == Swift.Duration {
  /// A function that returns the time since now.
  func stopwatch() -> @Sendable () -> Duration {
    let start = now
    return { start.duration(to: now) }
  }
}
