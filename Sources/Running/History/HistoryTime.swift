import ReplicateAPI

/// Times and durations as they are typed into a search.
enum HistoryTime {
  private static let units: [(name: String, seconds: Double)] = [
    ("ms", 0.001), ("min", 60), ("mo", 2_629_800), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
    ("w", 604_800), ("y", 31_557_600),
  ]

  /// The seconds in `30`, `1.5s`, `5m` or `1h30m`; nil if it isn't written like that.
  static func duration(in text: some StringProtocol) -> Double? {
    var rest = text.lowercased()[...]
    guard !rest.isEmpty else { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard digits.count <= 15, let number = Double(digits) else { return nil }
      rest = rest[digits.endIndex...]
      if rest.isEmpty {
        total += number
        break
      }
      guard let unit = units.first(where: { rest.hasPrefix($0.name) }) else { return nil }
      total += number * unit.seconds
      rest = rest.dropFirst(unit.name.count)
    }
    return total.isFinite ? total : nil
  }

  /// The range of durations in `>30s`, `<5m`, `10s..1m`, or `30s` (at least that long).
  static func range(in text: String) -> ClosedRange<Double>? {
    if let dots = text.firstRange(of: "..") {
      guard let low = duration(in: text[..<dots.lowerBound]),
        let high = duration(in: text[dots.upperBound...]), low <= high
      else { return nil }
      return low...high
    }
    if text.hasPrefix("<=") { return duration(in: text.dropFirst(2)).map { 0...$0 } }
    if text.hasPrefix("<") {
      return duration(in: text.dropFirst()).flatMap { $0 > 0 ? 0...$0.nextDown : nil }
    }
    let rest =
      text.hasPrefix(">=") ? text.dropFirst(2) : text.dropFirst(text.hasPrefix(">") ? 1 : 0)
    return duration(in: rest).map { $0...Double.infinity }
  }

  /// A moment in seconds since 1970: so long before now, a day in UTC, or a time of it.
  ///
  /// - Parameter now: In seconds since 1970.
  static func moment(in text: String, now: Double) -> Double? {
    let day = 86_400.0
    switch text.lowercased() {
    case "today": return (now / day).rounded(.down) * day
    case "yesterday": return (now / day).rounded(.down) * day - day
    default: break
    }
    if text.contains("-") {
      let full =
        switch text.utf8.count {
        case 7: "\(text)-01T00:00:00Z"
        case 10: "\(text)T00:00:00Z"
        case 16: "\(text):00Z"
        case 19: "\(text)Z"
        default: text
        }
      return Timestamp(full).secondsSince1970
    }
    if text.utf8.count == 4, let year = Int(text), (2000...2999).contains(year) {
      return Timestamp("\(text)-01-01T00:00:00Z").secondsSince1970
    }
    // A number alone has no unit to count in.
    guard let last = text.last, !last.isNumber else { return nil }
    return duration(in: text).map { now - $0 }
  }
}
