import ReplicateAPI

extension TextFormat {
  /// The format in a few characters, next to a field.
  package var hint: String {
    switch self {
    case .dateTime: "date-time"
    case .date: "date"
    case .time: "time"
    case .email: "email address"
    case .uuid: "UUID"
    }
  }

  /// A text in this format.
  package var example: String {
    switch self {
    case .dateTime: "2026-11-27T12:30:00Z"
    case .date: "2026-11-27"
    case .time: "12:30:00Z"
    case .email: "name@example.com"
    case .uuid: "123e4567-e89b-12d3-a456-426614174000"
    }
  }

  /// What is wrong with a text that isn't in this format, in words that follow the field's name.
  func problem(of text: String) -> String? {
    if holds(for: text) { return nil }
    let noun =
      switch self {
      case .dateTime: "a date and time with an offset"
      case .date: "a date"
      case .time: "a time with an offset"
      case .email: "an email address"
      case .uuid: "a UUID"
      }
    return "must be \(noun), such as \(example)"
  }

  func holds(for text: String) -> Bool {
    // None of them is longer than an address can be.
    guard text.utf8.count <= 400 else { return false }
    let bytes = Array(text.utf8)
    switch self {
    case .dateTime:
      guard let separator = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "t") }) else {
        return false
      }
      return Self.isDate(bytes[..<separator]) && Self.isTime(bytes[(separator + 1)...])
    case .date: return Self.isDate(bytes[...])
    case .time: return Self.isTime(bytes[...])
    case .email:
      let parts = text.split(separator: "@", omittingEmptySubsequences: false)
      return parts.count >= 2 && parts.allSatisfy { !$0.isEmpty }
        && !text.contains { $0.isWhitespace }
    case .uuid:
      return bytes.count == 36
        && bytes.enumerated().allSatisfy { index, byte in
          [8, 13, 18, 23].contains(index)
            ? byte == UInt8(ascii: "-") : Character(Unicode.Scalar(byte)).isHexDigit
        }
    }
  }

  private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let numbers = numbers(in: bytes, [4, 2, 2], separator: "-") else { return false }
    let (year, month, day) = (numbers[0], numbers[1], numbers[2])
    let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
    switch month {
    case 2: return (1...(isLeap ? 29 : 28)).contains(day)
    case 4, 6, 9, 11: return (1...30).contains(day)
    case 1...12: return (1...31).contains(day)
    default: return false
    }
  }

  private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let clock = numbers(in: bytes.prefix(8), [2, 2, 2], separator: ":"), clock[0] < 24,
      clock[1] < 60, clock[2] <= 60
    else { return false }
    var rest = bytes.dropFirst(8)
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      if fraction.isEmpty { return false }
      rest = rest.dropFirst(fraction.count + 1)
    }
    guard let sign = rest.popFirst() else { return false }
    switch sign {
    case UInt8(ascii: "Z"), UInt8(ascii: "z"): return rest.isEmpty
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      return numbers(in: rest, [2, 2], separator: ":").map { $0[0] < 24 && $0[1] < 60 } ?? false
    default: return false
    }
  }

  /// Numbers of so many digits each, with a separator between them.
  private static func numbers(
    in bytes: ArraySlice<UInt8>, _ lengths: [Int], separator: Unicode.Scalar
  ) -> [Int]? {
    var rest = bytes
    var numbers: [Int] = []
    for (index, length) in lengths.enumerated() {
      if index > 0, rest.popFirst() != UInt8(ascii: separator) { return nil }
      let digits = rest.prefix(length)
      guard digits.count == length, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      numbers.append(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
      rest = rest.dropFirst(length)
    }
    return rest.isEmpty ? numbers : nil
  }
}
