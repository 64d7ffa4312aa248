/// A point in time, with the service's own text for it.
///
/// The text is kept because it varies: zero to nine fractional digits, and `Z` or `+00:00` as the
/// zone.
public struct Timestamp: Sendable, Hashable {
  /// As sent, for example `2023-11-16T11:46:16.064900134Z`.
  public let text: String
  /// Seconds since 1970 in UTC; nil if the text isn't an ISO 8601 date and time.
  public let secondsSince1970: Double?

  public init(_ text: String) {
    self.text = text
    secondsSince1970 = Self.seconds(in: text)
  }

  /// A time in UTC, rounded to microseconds and written in the service's format.
  public init(secondsSince1970 seconds: Double) {
    let limit: Double = 253_402_300_799  // the end of the year 9999
    let bounded = seconds.isFinite ? min(max(seconds, -62_135_596_800), limit) : 0
    // Whole seconds and fraction are kept apart, because a double has too few bits for both.
    var whole = Int(clamping: bounded.rounded(.down))
    var fraction = Int(clamping: ((bounded - bounded.rounded(.down)) * 1_000_000).rounded())
    if fraction == 1_000_000 {
      whole += 1
      fraction = 0
    }
    let (days, rest) = Self.floored(whole, by: 86_400)
    let (year, month, day) = Self.date(days)
    self.init(
      "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
        + "T\(Self.padded(rest / 3600, 2)):\(Self.padded(rest / 60 % 60, 2))"
        + ":\(Self.padded(rest % 60, 2)).\(Self.padded(fraction, 6))Z")
  }
}

extension Timestamp: Comparable {
  /// By time. Texts that aren't times come first.
  public static func < (one: Self, other: Self) -> Bool {
    (one.secondsSince1970 ?? -.infinity, one.text)
      < (other.secondsSince1970 ?? -.infinity, other.text)
  }
}

extension Timestamp: CustomStringConvertible, ExpressibleByStringLiteral {
  public var description: String { text }
  public init(stringLiteral value: String) { self.init(value) }
}

extension Timestamp {
  /// Reads `YYYY-MM-DDTHH:MM[:SS[.fraction]][zone]` and `YYYY-MM-DD`. The zone is `Z`, `±HH:MM`,
  /// `±HHMM`, or `±HH`; without one the time is in UTC.
  private static func seconds(in text: String) -> Double? {
    var text = Scanner(bytes: Array(text.utf8))
    guard let year = text.digits(4), text.take("-"), let month = text.digits(2), text.take("-"),
      let day = text.digits(2), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var seconds = Double(days(year, month, day) * 86_400)
    if text.isAtEnd { return seconds }

    guard text.take("T") || text.take("t") || text.take(" "), let hour = text.digits(2),
      text.take(":"), let minute = text.digits(2), hour < 25, minute < 60
    else { return nil }
    seconds += Double(hour * 3600 + minute * 60)
    if text.take(":") {
      guard let second = text.digits(2), second < 61 else { return nil }
      seconds += Double(second)
      if text.take(".") || text.take(",") {
        guard let fraction = text.fraction() else { return nil }
        seconds += fraction
      }
    }
    if text.isAtEnd || text.take("Z") || text.take("z") { return text.isAtEnd ? seconds : nil }

    let sign: Double
    if text.take("+") { sign = -1 } else if text.take("-") { sign = 1 } else { return nil }
    guard let zoneHours = text.digits(2) else { return nil }
    var zoneMinutes = 0
    if !text.isAtEnd {
      _ = text.take(":")
      guard let minutes = text.digits(2) else { return nil }
      zoneMinutes = minutes
    }
    guard text.isAtEnd else { return nil }
    return seconds + sign * Double(zoneHours * 3600 + zoneMinutes * 60)
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
      position += 1
      return true
    }

    mutating func digits(_ count: Int) -> Int? {
      guard position + count <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[position..<position + count] {
        guard byte &- UInt8(ascii: "0") < 10 else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      position += count
      return value
    }

    /// A single division of two exact numbers, so that a printed time is read as the same double.
    /// Digits after the 15th make no difference.
    mutating func fraction() -> Double? {
      let start = position
      var value = 0
      var unit = 1
      while let digit = digits(1) {
        guard position - start <= 15 else { continue }
        value = value * 10 + digit
        unit *= 10
      }
      return position > start ? Double(value) / Double(unit) : nil
    }
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar. Counts in years that begin in
  /// March.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let (era, yearOfEra) = floored(marchYear, by: 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = floored(days + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func floored(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
    let remainder = (value % divisor + divisor) % divisor
    return ((value - remainder) / divisor, remainder)
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension JSONReader {
  /// A time, or nil for null.
  mutating func optionalTimestamp() throws(JSONSyntaxError) -> Timestamp? {
    guard let text = try optionalString() else { return nil }
    return Timestamp(text)
  }
}
