import Synchronization

/// The service's clock, as known from the dates of its answers.
final class ServerTime: Sendable {
  private struct Sighting {
    var seconds: Double
    /// Since the client was created.
    var at: Duration
    /// Whether a later answer had the same date, as from a cache.
    var standsStill = false
  }

  private struct State {
    var newest: Sighting?
    /// The service's time when the client was made, in seconds since 1970: the best estimate so far.
    var origin: Double?
  }

  private let state = Mutex(State())
  private let elapsed: @Sendable () -> Duration

  init(elapsed: @escaping @Sendable () -> Duration) {
    self.elapsed = elapsed
  }

  /// The service's current time: its last date, plus the time since then unless its clock stands
  /// still. Nil if there was no answer yet.
  var now: Timestamp? {
    state.withLock { state in
      state.newest.map { sighting in
        let age = sighting.standsStill ? .zero : elapsed() - sighting.at
        return Timestamp(secondsSince1970: sighting.seconds + age / .seconds(1))
      }
    }
  }

  /// The service's clock for measuring ages, in seconds since 1970; nil where it was never seen.
  ///
  /// Unlike ``now``, which is never ahead of the service, this runs smoothly: a `Date` header drops
  /// the fraction of its second, so the latest offset seen is the closest, unless the clock was set
  /// back.
  var seconds: Double? {
    state.withLock { state in state.origin.map { $0 + elapsed() / .seconds(1) } }
  }

  private func see(_ time: Timestamp) {
    guard let seconds = time.secondsSince1970 else { return }
    let now = elapsed()
    state.withLock { state in
      guard let old = state.newest, seconds <= old.seconds else {
        state.newest = Sighting(seconds: seconds, at: now)
        let origin = seconds - now / .seconds(1)
        if let best = state.origin, (best - 2...best).contains(origin) { return }
        state.origin = origin
        return
      }
      // Dates are in whole seconds.
      if now - old.at > .seconds(2) { state.newest?.standsStill = true }
    }
  }

  /// Reads the `Date` header of an answer.
  func see(date header: String?) {
    if let time = header.flatMap(HTTPDate.timestamp) { see(time) }
  }
}

/// Dates in headers, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
  static func timestamp(_ text: String) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT",
      let month = months.firstIndex(of: String(words[2]))
    else { return nil }
    let number = month + 1
    let time = Timestamp(
      "\(words[3])-\(number < 10 ? "0" : "")\(number)-\(words[1])T\(words[4])Z")
    return time.secondsSince1970 == nil ? nil : time
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
