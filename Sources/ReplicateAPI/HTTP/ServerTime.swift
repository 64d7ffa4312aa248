import Synchronization

/// The service's own time, as far as its answers have told it.
final class ServerTime: Sendable {
  private let seen = Mutex<Timestamp?>(nil)

  /// The newest that was seen.
  var last: Timestamp? { seen.withLock(\.self) }

  func see(_ time: Timestamp) {
    seen.withLock { seen in
      if seen.map({ $0 < time }) ?? true { seen = time }
    }
  }

  /// Reads an answer's `Date`.
  func see(date header: String?) {
    if let time = header.flatMap(HTTPDate.timestamp) { see(time) }
  }
}

/// Dates in headers (RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`).
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
