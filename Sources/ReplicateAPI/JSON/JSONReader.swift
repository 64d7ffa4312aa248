/// Reads JSON straight from its bytes, value by value: a type reads the members it wants and skips
/// the rest, without building a tree first.
///
///     try reader.enterObject()
///     while let key = try reader.nextKey() {
///       switch key {
///       case "name": name = try reader.optionalString() ?? ""
///       default: try reader.skip()
///       }
///     }
///
/// Each turn of the loop must read or skip exactly one value. A reader is valid only inside
/// ``read(_:_:)``. A copy of a reader goes back to where it was made.
package struct JSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// Whether an object or array has just been entered, so that no comma precedes the next value.
  private var isFresh = false
  private var depth = 0

  /// Deeper nesting is an error, so that no text can exhaust the stack.
  private static let maximumDepth = 512

  /// Reads a whole text. Anything but white space after its value is an error.
  package static func read<Result>(
    _ bytes: [UInt8],
    _ body: (inout JSONReader) throws(JSONSyntaxError) -> Result
  ) throws(JSONSyntaxError) -> Result {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONSyntaxError) -> Result in
      var reader = JSONReader(bytes: buffer)
      if buffer.count >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF {
        reader.position = 3
      }
      do throws(JSONSyntaxError) {
        let result = try body(&reader)
        reader.skipWhitespace()
        guard reader.position == buffer.count else {
          throw reader.mistake("there is more text after the value")
        }
        return result
      } catch {
        throw error.located(in: buffer)
      }
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// An error at the current position.
  package func mistake(_ message: String) -> JSONSyntaxError {
    JSONSyntaxError(message: message, offset: position)
  }

  /// The current position, in bytes.
  package var offset: Int { position }
}

// MARK: Objects and arrays

extension JSONReader {
  package mutating func enterObject() throws(JSONSyntaxError) {
    try enter(UInt8(ascii: "{"), "an object")
  }

  package mutating func enterArray() throws(JSONSyntaxError) {
    try enter(UInt8(ascii: "["), "an array")
  }

  /// The key of the next member, whose value comes next. Nil at the end of the object, which is
  /// left.
  package mutating func nextKey() throws(JSONSyntaxError) -> String? {
    guard try nextItem(before: UInt8(ascii: "}")) else { return nil }
    guard peekByte() == UInt8(ascii: "\"") else {
      throw mistake("a name in double quotes was expected")
    }
    let key = try string()
    skipWhitespace()
    guard peekByte() == UInt8(ascii: ":") else { throw mistake("a colon was expected") }
    position += 1
    return key
  }

  /// Whether another element comes next. If not, the array is left.
  package mutating func nextElement() throws(JSONSyntaxError) -> Bool {
    try nextItem(before: UInt8(ascii: "]"))
  }

  private mutating func enter(_ opening: UInt8, _ what: String) throws(JSONSyntaxError) {
    skipWhitespace()
    guard peekByte() == opening else { throw mistake("\(what) was expected") }
    guard depth < Self.maximumDepth else { throw mistake("the nesting is too deep") }
    enterUnlimited()
  }

  /// Enters the object or array that comes next, for callers that don't recurse.
  mutating func enterUnlimited() {
    position += 1
    depth += 1
    isFresh = true
  }

  private mutating func nextItem(before closing: UInt8) throws(JSONSyntaxError) -> Bool {
    skipWhitespace()
    let wasFresh = isFresh
    isFresh = false
    guard let byte = peekByte() else { throw mistake("the text ends too early") }
    if byte == closing {
      position += 1
      depth -= 1
      return false
    }
    if !wasFresh {
      guard byte == UInt8(ascii: ",") else {
        throw mistake("a comma or \(Character(Unicode.Scalar(closing))) was expected")
      }
      position += 1
      skipWhitespace()
      if peekByte() == closing { throw mistake("there is an extra comma before this") }
    }
    return true
  }
}

// MARK: Values

extension JSONReader {
  /// What kind of value comes next.
  package enum Kind { case null, bool, number, string, array, object }

  package mutating func kind() throws(JSONSyntaxError) -> Kind {
    skipWhitespace()
    guard let next = peekByte() else {
      throw mistake("the text ends where a value was expected")
    }
    switch next {
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    default: throw mistake("a value was expected")
    }
  }

  /// The next value, of any kind.
  package mutating func value() throws(JSONSyntaxError) -> JSONValue {
    switch try kind() {
    case .null:
      try word("null")
      return .null
    case .bool: return .bool(try bool())
    case .number: return .number(try number())
    case .string: return .string(try string())
    case .array:
      var elements: [JSONValue] = []
      try enterArray()
      while try nextElement() { elements.append(try value()) }
      return .array(elements)
    case .object: return .object(try object())
    }
  }

  /// The next value, which must be an object.
  package mutating func object() throws(JSONSyntaxError) -> JSONObject {
    var members = JSONObject()
    try enterObject()
    while let key = try nextKey() { members[key] = try value() }
    return members
  }

  package mutating func bool() throws(JSONSyntaxError) -> Bool {
    skipWhitespace()
    if peekByte() == UInt8(ascii: "t") {
      try word("true")
      return true
    }
    try word("false")
    return false
  }

  package mutating func number() throws(JSONSyntaxError) -> JSONNumber {
    skipWhitespace()
    let length = Self.numberLength(in: bytes, from: position)
    guard length > 0 else { throw mistake("a number was expected") }
    let literal = text(position, position + length)
    if let next = byte(at: position + length), Self.isWordByte(next) {
      position += length
      throw mistake("this isn't a number")
    }
    position += length
    isFresh = false
    return JSONNumber(checked: literal)
  }

  /// The next value, which must be a string.
  package mutating func string() throws(JSONSyntaxError) -> String {
    skipWhitespace()
    guard peekByte() == UInt8(ascii: "\"") else { throw mistake("a string was expected") }
    let start = position + 1
    let (end, hasEscapes) = try stringEnd(from: start)
    isFresh = false
    guard hasEscapes else {
      position = end + 1
      return text(start, end)
    }
    return try unescaped(start, end)
  }

  /// Skips the next value. Only its brackets and strings are checked.
  package mutating func skip() throws(JSONSyntaxError) {
    switch try kind() {
    case .null: try word("null")
    case .bool: _ = try bool()
    case .number: _ = try number()
    case .string: position = try stringEnd(from: position + 1).end + 1
    case .array, .object: try skipNested()
    }
    isFresh = false
  }
}

// MARK: Lenient values, because the service isn't consistent

extension JSONReader {
  /// A string, or nil for null. Any other value is returned as its JSON text.
  package mutating func optionalString() throws(JSONSyntaxError) -> String? {
    switch try kind() {
    case .string: return try string()
    case .null:
      try word("null")
      return nil
    case .number: return try number().literal
    default: return try value().serialized()
    }
  }

  /// An integer, which may be in a string. Nil for anything else.
  package mutating func optionalInt() throws(JSONSyntaxError) -> Int? {
    switch try kind() {
    case .number:
      if let small = smallInteger() { return small }
      let number = try number()
      return number.int ?? Int(exactly: number.double.rounded())
    case .string: return Int(try string())
    default:
      try skip()
      return nil
    }
  }

  /// A number, which may be in a string. Nil for anything else.
  package mutating func optionalDouble() throws(JSONSyntaxError) -> Double? {
    switch try kind() {
    case .number: return try number().double
    case .string: return Double(try string())
    default:
      try skip()
      return nil
    }
  }

  /// A Boolean, which may be in a string. Nil for anything else.
  package mutating func optionalBool() throws(JSONSyntaxError) -> Bool? {
    switch try kind() {
    case .bool: return try bool()
    case .string: return Bool(try string())
    default:
      try skip()
      return nil
    }
  }

  /// An object, or nil for anything else.
  package mutating func optionalObject() throws(JSONSyntaxError) -> JSONObject? {
    guard try kind() == .object else {
      try skip()
      return nil
    }
    return try object()
  }

  /// Any value, or nil for null.
  package mutating func optionalValue() throws(JSONSyntaxError) -> JSONValue? {
    let value = try value()
    return value.isNull ? nil : value
  }

  /// Enters an array, or skips any other value and returns false.
  package mutating func enterOptionalArray() throws(JSONSyntaxError) -> Bool {
    guard try kind() == .array else {
      try skip()
      return false
    }
    try enterArray()
    return true
  }

  /// Enters an object, or skips any other value and returns false.
  package mutating func enterOptionalObject() throws(JSONSyntaxError) -> Bool {
    guard try kind() == .object else {
      try skip()
      return false
    }
    try enterObject()
    return true
  }

  /// Reads up to 18 digits without making a string, which is the common case.
  private mutating func smallInteger() -> Int? {
    var value = 0
    var end = position
    while let byte = byte(at: end), byte &- UInt8(ascii: "0") < 10 {
      if end - position == 18 { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      end += 1
    }
    guard end > position, end - position == 1 || bytes[position] != UInt8(ascii: "0"),
      byte(at: end).map({ !Self.isWordByte($0) }) ?? true
    else { return nil }
    position = end
    isFresh = false
    return value
  }
}

// MARK: Bytes

extension JSONReader {
  /// The length of the JSON number that begins at `start`, or 0 if there is none.
  static func numberLength(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    func isDigit() -> Bool { end < bytes.count && bytes[end] &- UInt8(ascii: "0") < 10 }
    func isAt(_ scalar: Unicode.Scalar) -> Bool {
      end < bytes.count && bytes[end] == UInt8(ascii: scalar)
    }
    if isAt("-") { end += 1 }
    guard isDigit() else { return 0 }
    if isAt("0") {
      end += 1
      if isDigit() { return 0 }
    } else {
      while isDigit() { end += 1 }
    }
    if isAt(".") {
      end += 1
      guard isDigit() else { return 0 }
      while isDigit() { end += 1 }
    }
    if isAt("e") || isAt("E") {
      end += 1
      if isAt("+") || isAt("-") { end += 1 }
      guard isDigit() else { return 0 }
      while isDigit() { end += 1 }
    }
    return end - start
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  @inline(__always)
  private func byte(at index: Int) -> UInt8? {
    index < bytes.count ? bytes[index] : nil
  }

  @inline(__always)
  private func peekByte() -> UInt8? {
    byte(at: position)
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
  }

  private mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONSyntaxError) {
    let length = word.utf8CodeUnitCount
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: length)
    guard position + length <= bytes.count,
      bytes[position..<position + length].elementsEqual(expected),
      byte(at: position + length).map({ !Self.isWordByte($0) }) ?? true
    else { throw mistake("true, false, null, a number or a string was expected") }
    position += length
    isFresh = false
  }

  /// The index of the closing quote of the string that begins at `start`, and whether the string
  /// has escapes.
  private func stringEnd(
    from start: Int
  ) throws(JSONSyntaxError) -> (end: Int, hasEscapes: Bool) {
    var index = start
    var hasEscapes = false
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""): return (index, hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        index += 2
      case 0..<0x20:
        throw JSONSyntaxError(
          message: bytes[index] == 0x0A || bytes[index] == 0x0D
            ? "the string isn't closed on its line"
            : "the string contains an unescaped control character",
          offset: index)
      default: index += 1
      }
    }
    throw JSONSyntaxError(message: "the string that begins here isn't closed", offset: start - 1)
  }

  private mutating func unescaped(_ start: Int, _ end: Int) throws(JSONSyntaxError) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(end - start)
    position = start
    while position < end {
      let byte = bytes[position]
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        position += 1
        continue
      }
      // stringEnd has checked that a byte follows each backslash.
      switch bytes[position + 1] {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
        result.append(bytes[position + 1])
      case UInt8(ascii: "u"):
        result.append(contentsOf: String(try unicodeEscape(before: end)).utf8)
        continue
      default: throw mistake("this isn't a valid escape")
      }
      position += 2
    }
    position = end + 1
    return String(decoding: result, as: UTF8.self)
  }

  /// The character of `\uXXXX`, or of two that form a surrogate pair. Half a pair becomes U+FFFD.
  private mutating func unicodeEscape(
    before end: Int
  ) throws(JSONSyntaxError) -> Unicode.Scalar {
    guard let first = hexadecimal(at: position + 2, before: end) else {
      throw mistake("four hexadecimal digits were expected after \\u")
    }
    position += 6
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, byte(at: position) == UInt8(ascii: "\\"),
      byte(at: position + 1) == UInt8(ascii: "u"),
      let second = hexadecimal(at: position + 2, before: end),
      (0xDC00..<0xE000).contains(second)
    else { return "\u{FFFD}" }
    position += 6
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private func hexadecimal(at start: Int, before end: Int) -> UInt32? {
    guard start + 4 <= end else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<start + 4] {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private mutating func skipNested() throws(JSONSyntaxError) {
    // One bit for each of the innermost 64 levels, set if it is an object. Levels outside of them
    // aren't checked.
    var isObject: UInt64 = 0
    var levels = 0
    var trusted = 0
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""): position = try stringEnd(from: position + 1).end
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        isObject = isObject << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
        levels += 1
        trusted = max(trusted, levels - 64)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard levels <= trusted || (isObject & 1 == 1) == (byte == UInt8(ascii: "}")) else {
          throw mistake("this bracket doesn't match the one that was opened")
        }
        isObject >>= 1
        levels -= 1
        if levels == 0 {
          position += 1
          return
        }
      default: break
      }
      position += 1
    }
    throw mistake("the text ends too early")
  }
}

/// A type that is read straight from JSON.
package protocol JSONReadable: Sendable {
  init(from reader: inout JSONReader) throws(JSONSyntaxError)
}

extension JSONValue: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self = try reader.value()
  }
}
