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

  private let newest = Mutex<Sighting?>(nil)
  private let elapsed: @Sendable () -> Duration

  init(elapsed: @escaping @Sendable () -> Duration) {
    self.elapsed = elapsed
  }

  /// The service's current time: its last date, plus the time since then unless its clock stands
  /// still. Nil if there was no answer yet.
  var now: Timestamp? {
    newest.withLock { newest in
      newest.map { sighting in
        let age = sighting.standsStill ? .zero : elapsed() - sighting.at
        return Timestamp(secondsSince1970: sighting.seconds + age / .seconds(1))
      }
    }
  }

  private func see(_ time: Timestamp) {
    guard let seconds = time.secondsSince1970 else { return }
    let now = elapsed()
    newest.withLock { newest in
      guard let old = newest, seconds <= old.seconds else {
        newest = Sighting(seconds: seconds, at: now)
        return
      }
      // Dates are in whole seconds.
      if now - old.at > .seconds(2) { newest?.standsStill = true }
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
