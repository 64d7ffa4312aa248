/// Formats timestamps the way each of Replicate's backends does.
enum TimestampFormat {
  /// Django: always six fractional digits.
  static func django(_ seconds: Double) -> String {
    write(seconds, digits: 6, trims: false)
  }

  /// The Go backend: up to nine fractional digits, without trailing zeros.
  static func director(_ seconds: Double) -> String {
    write(seconds, digits: 9, trims: true)
  }

  /// The Go backend once a time has been stored: microseconds only.
  static func kept(_ seconds: Double) -> String {
    write(seconds, digits: 6, trims: true)
  }

  /// The file service: always three fractional digits.
  static func files(_ seconds: Double) -> String {
    write(seconds, digits: 3, trims: false)
  }

  /// An HTTP date, such as `Thu, 16 Nov 2023 13:40:22 GMT`.
  static func http(_ seconds: Double) -> String {
    let days = Int(clamping: (seconds / 86_400).rounded(.down))
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    // The fields of 2023-11-16T13:40:22Z.
    let words = write(seconds, digits: 0, trims: true).split { "-T:Z".contains($0) }
    guard words.count == 6, let month = Int(words[1]), (1...12).contains(month) else { return "" }
    return "\(names[(days % 7 + 7) % 7]), \(words[2]) \(months[month - 1]) \(words[0]) "
      + "\(words[3]):\(words[4]):\(words[5]) GMT"
  }

  private static func write(_ seconds: Double, digits: Int, trims: Bool) -> String {
    let whole = seconds.rounded(.down)
    var days = Int(clamping: whole) / 86_400
    let rest = Int(clamping: whole) % 86_400
    // Converts days since 1970 to a date (Howard Hinnant's civil_from_days).
    days += 719_468
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    var fraction = padded(Int(clamping: (seconds - whole) * 1e9), 9).prefix(digits)
    if trims { while fraction.last == "0" { fraction.removeLast() } }
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    let time =
      "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
    return "\(date)T\(time)\(fraction.isEmpty ? "" : ".")\(fraction)Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
