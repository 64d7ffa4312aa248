/// The formats of texts that the service checks, as gojsonschema does. All other formats hold.
enum TextFormats {
  static func matches(_ text: String, _ format: String) -> Bool {
    switch format {
    case "uri": URIFormat.matches(text)
    case "date-time":
      isDate(text[...]) || isTime(text[...])
        || isDate(text.prefix(10)) && text.dropFirst(10).first == "T"
          && isTime(text.dropFirst(11), needsOffset: true)
    case "date": isDate(text[...])
    case "time": isTime(text[...])
    case "email": text.wholeMatch(of: /[^@\s]+@[^@\s]+/) != nil
    case "uuid":
      text.wholeMatch(
        of: /[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}/) != nil
    default: true
    }
  }

  private static func isDate(_ text: Substring) -> Bool {
    guard let match = text.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/),
      let year = Int(match.1), let month = Int(match.2), let day = Int(match.3),
      (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...lengths[month - 1]).contains(day)
  }

  /// `15:04:05`, with or without a fraction and an offset.
  private static func isTime(_ text: Substring, needsOffset: Bool = false) -> Bool {
    let pattern = /([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?/
    guard let match = text.wholeMatch(of: pattern), let hour = Int(match.1),
      let minute = Int(match.2), let second = Int(match.3)
    else { return false }
    if needsOffset, match.5 == nil { return false }
    return hour < 24 && minute < 60 && second < 60
  }
}
