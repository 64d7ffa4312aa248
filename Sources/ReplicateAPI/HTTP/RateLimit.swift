/// The rate limits of the API, each counted apart from the others, and by the minute.
///
/// Two are documented; that of ``predictionReads`` shows in the headers of recorded answers.
public enum RateLimit: String, Sendable, Hashable, CaseIterable {
  /// Creates of predictions.
  case creates
  /// Whatever isn't one of the other two, trainings and lists of predictions too.
  case others
  /// `GET /predictions/{id}`.
  case predictionReads

  /// How many calls a minute it allows.
  public var callsPerMinute: Int {
    switch self {
    case .creates: 600
    case .others: 3_000
    case .predictionReads: 60_000
    }
  }
}

extension Route {
  /// The limit that this call counts against.
  public var rateLimit: RateLimit {
    switch self {
    case .createPrediction, .createModelPrediction, .createDeploymentPrediction: .creates
    case .getPrediction: .predictionReads
    default: .others
    }
  }
}

/// How many calls of one kind may be sent now: it fills up steadily, each call takes one, and what the
/// service says corrects it. Times are durations since any one moment.
struct RateBudget: Sendable {
  let capacity: Double
  private(set) var available: Double
  private var filledAt: Duration = .zero
  /// Until when nothing is sent, because the service said so.
  private(set) var blockedUntil: Duration = .zero
  /// After a 429 one call tries alone whether it is over.
  private(set) var isProbing = false
  private var isProbeUnderWay = false

  enum Admission: Hashable {
    case granted
    /// As the one that tries alone.
    case grantedAsProbe
    case after(Duration)
    /// When the call that tries alone has its answer.
    case afterProbe
  }

  init(callsPerMinute: Int) {
    capacity = Double(callsPerMinute)
    available = capacity
  }

  mutating func admit(at now: Duration) -> Admission {
    if now < blockedUntil { return .after(blockedUntil - now) }
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

  /// Takes in an answer's headers.
  mutating func correct(
    remaining: Int?, reset: Duration?, isProbe: Bool = false, at now: Duration
  ) {
    if isProbe { isProbing = false }
    passOver(isProbe: isProbe)
    guard let remaining else { return }
    available = min(available, Double(max(0, remaining)))
    if remaining <= 0, let reset { blockedUntil = max(blockedUntil, now + reset) }
  }

  /// The service has put a call off.
  mutating func block(for duration: Duration, isProbe: Bool = false, at now: Duration) {
    passOver(isProbe: isProbe)
    isProbing = true
    blockedUntil = max(blockedUntil, now + duration)
  }

  /// A call had no answer that says anything about the limit.
  mutating func passOver(isProbe: Bool) {
    if isProbe { isProbeUnderWay = false }
  }
}

/// Keeps the calls of all copies of a client within the service's limits, so that it needn't refuse
/// any.
actor RateLimiter {
  private var budgets: [RateLimit: RateBudget] = [:]
  private var waiters: [RateLimit: [Int: CheckedContinuation<Void, Never>]] = [:]
  private var lastWaiter = 0
  private let clock: any Clock<Duration>
  private let elapsed: @Sendable () -> Duration
  private let waits: CallWaits

  init(clock: any Clock<Duration>, waits: CallWaits) {
    self.clock = clock
    self.waits = waits
    elapsed = clock.stopwatch()
  }

  /// A call that may be sent; whoever has it must settle it.
  struct Ticket: Sendable {
    let route: Route
    let isProbe: Bool
  }

  /// Returns when the call may be sent.
  ///
  /// - Throws: That the limit is reached, where it takes longer than `longest` until then.
  func admit(_ route: Route, longest: Duration) async throws(ReplicateError) -> Ticket {
    let limit = route.rateLimit
    while true {
      if Task.isCancelled { throw ReplicateError(.cancelled, route: route) }
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

  private static func refusal(_ wait: Duration?, _ route: Route) -> ReplicateError {
    ReplicateError(
      .rateLimited(retryAfter: wait, detail: "an earlier call was put off"), route: route)
  }

  /// Takes in what a call's end says about its limit.
  ///
  /// - Parameter headers: The answer's; nil where there was none.
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
      budget.correct(
        remaining: number("ratelimit-remaining"),
        reset: number("ratelimit-reset").map { .seconds(max(0, min($0, 60))) },
        isProbe: ticket.isProbe, at: elapsed())
    } else {
      budget.passOver(isProbe: ticket.isProbe)
    }
    budgets[limit] = budget
    for waiter in waiters.removeValue(forKey: limit)?.values ?? [:].values { waiter.resume() }
  }

  private func budget(_ limit: RateLimit) -> RateBudget {
    budgets[limit] ?? RateBudget(callsPerMinute: limit.callsPerMinute)
  }

  private func admission(_ limit: RateLimit) -> RateBudget.Admission {
    var budget = budget(limit)
    defer { budgets[limit] = budget }
    return budget.admit(at: elapsed())
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
  /// Tells how long it is since now.
  func stopwatch() -> @Sendable () -> Duration {
    let start = now
    return { start.duration(to: now) }
  }
}
