/// A call that is waiting to be sent or answered, so that a screen can count down to it.
public struct CallWait: Sendable, Hashable, Identifiable {
  public enum Cause: Sendable, Hashable {
    /// The rate limit is reached, by the client's own count or because the service said so.
    case rateLimit(RateLimit)
    /// The call failed with this error and will be tried again.
    case retry(ReplicateError)
    /// The call has been sent, and its answer is overdue. The wait ends when the call is given up.
    case answer
  }

  public let id: Int
  public let route: Route
  public let cause: Cause
  /// When the wait ends.
  public let until: ContinuousClock.Instant

  public var isRateLimit: Bool {
    if case .rateLimit = cause { true } else { false }
  }

  /// Whether the service asked for this wait, or will refuse the call before it is over.
  public var isRequested: Bool {
    switch cause {
    case .rateLimit: true
    case .retry(let error): error.retryAfter != nil
    case .answer: false
    }
  }
}

/// The calls that are waiting, and the streams that follow them.
actor CallWaits {
  private var waiting: [Int: CallWait] = [:]
  private var lastID = 0
  nonisolated let changes = Broadcast<[CallWait]>(capacity: 1)

  /// Waits, and lists the call as waiting meanwhile.
  func wait(
    _ duration: Duration, _ route: Route, _ cause: CallWait.Cause, _ clock: any Clock<Duration>
  ) async throws(ReplicateError) {
    lastID += 1
    let wait = CallWait(
      id: lastID, route: route, cause: cause, until: .now.advanced(by: duration))
    waiting[wait.id] = wait
    announce()
    defer {
      waiting[wait.id] = nil
      announce()
    }
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw ReplicateError(.canceled, route: route)
    }
  }

  private func announce() {
    changes.send(waiting.values.sorted { ($0.until, $0.id) < ($1.until, $1.id) })
  }
}
