import ReplicateAPI

extension Timestamp {
  /// The time for a person to read, to the minute: `2026-11-20 01:31 UTC`. What isn't a time is shown
  /// as it was sent.
  var words: String {
    guard let secondsSince1970 else { return text }
    let normal = Timestamp(secondsSince1970: secondsSince1970).text
    return normal.prefix(16).replacing("T", with: " ") + " UTC"
  }
}
