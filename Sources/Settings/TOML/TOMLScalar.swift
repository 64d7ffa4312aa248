/// What a word of a TOML document is: a number, a boolean or a date.
enum TOMLScalar {
  static func value(of word: [UInt8]) -> TOMLValue.Content? {
    let text = String(decoding: word, as: UTF8.self)
    switch text {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "inf", "+inf": return .float(.infinity)
    case "-inf": return .float(-.infinity)
    case "nan", "+nan", "-nan": return .float(.nan)
    default: break
    }
    if let integer = integer(text) { return .integer(integer) }
    if let number = float(text) { return .float(number) }
    return isDateOrTime(text) ? .date(text) : nil
  }

  /// What to do about a word that is no value.
  static func hint(for word: [UInt8]) -> String {
    let text = String(decoding: word, as: UTF8.self)
    guard let first = word.first else { return "" }
    let isNumber = "0123456789+-.".utf8.contains(first)
    if isNumber, text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-_".contains($0)) }) {
      return "; a number has no zeros in front, and fits in 64 bits"
    }
    if isNumber { return "; if it is text, put it in quotes" }
    return "; put text in quotes: \"\(TOMLText.excerpt(text))\""
  }

  // MARK: Numbers

  private static func integer(_ text: String) -> Int? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
      return digits(text.dropFirst(2), radix: radix).flatMap { Int($0, radix: radix) }
    }
    let sign = text.first == "-" || text.first == "+" ? text.prefix(1) : ""
    guard let digits = digits(text.dropFirst(sign.count), radix: 10), isWhole(digits) else {
      return nil
    }
    return Int(sign + digits)
  }

  private static func float(_ text: String) -> Double? {
    var rest = Substring(text)
    let sign = rest.first == "-" || rest.first == "+" ? String(rest.removeFirst()) : ""
    var exponent = ""
    if let place = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      var power = rest[rest.index(after: place)...]
      let sign = power.first == "-" || power.first == "+" ? String(power.removeFirst()) : ""
      guard let digits = digits(power, radix: 10) else { return nil }
      exponent = "e\(sign)\(digits)"
      rest = rest[..<place]
    }
    let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap({ digits($0, radix: 10) }), isWhole(whole) else {
      return nil
    }
    guard parts.count == 2 else {
      return exponent.isEmpty ? nil : Double(sign + whole + exponent)
    }
    guard let fraction = digits(parts[1], radix: 10) else { return nil }
    return Double("\(sign)\(whole).\(fraction)\(exponent)")
  }

  private static func isWhole(_ digits: String) -> Bool { digits == "0" || digits.first != "0" }

  /// Digits without the underscores between them.
  private static func digits(_ text: Substring, radix: Int) -> String? {
    var digits = ""
    var last: Character = "_"
    for character in text {
      if character == "_" {
        guard last != "_" else { return nil }
      } else {
        guard character.isASCII, let value = character.hexDigitValue, value < radix else {
          return nil
        }
        digits.append(character)
      }
      last = character
    }
    return last == "_" ? nil : digits
  }

  // MARK: Dates

  /// Whether a word is a date without a time.
  static func isDate(_ word: [UInt8]) -> Bool {
    word.count == 10 && matches(String(decoding: word, as: UTF8.self), "dddd-dd-dd")
  }

  private static func isDateOrTime(_ text: String) -> Bool {
    guard text.utf8.count <= 64 else { return false }
    if matches(text, "dd:") { return isTime(Substring(text)) }
    guard matches(text, "dddd-dd-dd"), isIn(text, 5, 1...12), isIn(text, 8, 1...31) else {
      return false
    }
    var rest = text.dropFirst(10)
    guard let separator = rest.popFirst() else { return true }
    guard "Tt ".contains(separator) else { return false }
    if rest.last == "Z" || rest.last == "z" { return isTime(rest.dropLast()) }
    let offset = String(rest.suffix(6))
    if matches(offset, "+dd:dd") || matches(offset, "-dd:dd") {
      return isTime(rest.dropLast(6)) && isIn(offset, 1, 0...23) && isIn(offset, 4, 0...59)
    }
    return isTime(rest)
  }

  private static func isTime(_ text: Substring) -> Bool {
    let time = String(text.prefix(8))
    guard matches(time, "dd:dd"), isIn(time, 0, 0...23), isIn(time, 3, 0...59) else {
      return false
    }
    // TOML 1.1 needs no seconds.
    if time.utf8.count == 5 { return true }
    guard matches(time, "dd:dd:dd"), isIn(time, 6, 0...60) else { return false }
    let fraction = text.dropFirst(8)
    return fraction.isEmpty
      || fraction.first == "." && fraction.count > 1
        && fraction.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
  }

  /// Whether a text begins as a pattern says, in which d is a digit.
  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard text.utf8.count >= pattern.utf8.count else { return false }
    return zip(text.utf8, pattern.utf8).allSatisfy { byte, sign in
      sign == UInt8(ascii: "d")
        ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) : byte == sign
    }
  }

  private static func isIn(_ text: String, _ offset: Int, _ range: ClosedRange<Int>) -> Bool {
    let digits = text.utf8.dropFirst(offset).prefix(2)
    return Int(String(decoding: digits, as: UTF8.self)).map(range.contains) ?? false
  }
}
