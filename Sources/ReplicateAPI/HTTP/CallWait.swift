/// A call that is waiting to be sent: a value that a screen can count down.
public struct CallWait: Sendable, Hashable, Identifiable {
  public enum Cause: Sendable, Hashable {
    /// The rate limit allows no more calls for now, by the client's own count or by the service's word.
    case rateLimit(RateLimit)
    /// It failed like this, and is tried again.
    case retry(ReplicateError)
  }

  public let id: Int
  public let route: Route
  public let cause: Cause
  /// When it goes on.
  public let until: ContinuousClock.Instant

  public var isRateLimit: Bool {
    if case .rateLimit = cause { true } else { false }
  }
}

/// The calls that wait, and who wants to know of them.
actor CallWaits {
  private var waiting: [Int: CallWait] = [:]
  private var lastID = 0
  nonisolated let changes = Broadcast<[CallWait]>(capacity: 1)

  /// Waits by the clock, visibly.
  func wait(
    _ duration: Duration, _ route: Route, _ cause: CallWait.Cause, _ clock: any Clock<Duration>
  ) async throws(ReplicateError) {
    lastID += 1
    let wait = CallWait(
      id: lastID, route: route, cause: cause, until: .now.advanced(by: duration))
    waiting[wait.id] = wait
    tell()
    defer {
      waiting[wait.id] = nil
      tell()
    }
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw ReplicateError(.cancelled, route: route)
    }
  }

  private func tell() {
    changes.send(waiting.values.sorted { ($0.until, $0.id) < ($1.until, $1.id) })
  }
}
