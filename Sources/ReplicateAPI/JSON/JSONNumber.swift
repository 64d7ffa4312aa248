/// A JSON number with all of its digits, so that a seed of twenty digits is sent as it was read.
public struct JSONNumber: Sendable {
  /// The number's text in JSON.
  public let literal: String

  public init(_ value: Int) {
    literal = String(value)
  }

  /// A whole number of any size.
  package init(_ value: Int128) {
    literal = String(value)
  }

  /// A number from a double. Infinity and NaN don't exist in JSON and are written as null.
  public init(_ value: Double) {
    if value == value.rounded(), abs(value) < Self.exactLimit {
      literal = String(Int(clamping: value))
    } else {
      literal = value.isFinite ? String(value) : "null"
    }
  }

  /// Nil if the text isn't a valid JSON number.
  public init?(literal: String) {
    let length = Array(literal.utf8).withUnsafeBufferPointer {
      JSONReader.numberLength(in: $0, from: 0)
    }
    guard length > 0, length == literal.utf8.count else { return nil }
    self.literal = literal
  }

  /// For a text that is known to be valid.
  init(checked literal: String) {
    self.literal = literal
  }

  /// The number as an integer; nil if it isn't one or doesn't fit. 3.0 and 3e2 are integers.
  public var int: Int? {
    if let value = Int(literal) { return value }
    return isWrittenAsInteger ? nil : whole.flatMap { Int(exactly: $0) }
  }

  /// The number as an integer of up to 38 digits; nil if it isn't one or doesn't fit.
  package var whole: Int128? {
    Int128(literal) ?? (isWrittenAsInteger ? nil : Decimal(literal).whole)
  }

  /// The nearest double.
  public var double: Double {
    Double(literal) ?? .nan
  }

  /// The number as a 64-bit integer, signed or unsigned, can hold it: -2^63 to 2^64 - 1.
  package static let wholeBounds = Int128(Int64.min)...Int128(UInt64.max)

  /// Below this limit, every whole double is an exact integer.
  private static let exactLimit: Double = 9_007_199_254_740_992

  private var isWrittenAsInteger: Bool {
    !literal.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
  }
}

extension JSONNumber: Hashable {
  /// Compares by value: 1 equals 1.0. Fractions are compared as doubles, because the service may
  /// write them with other digits.
  public static func == (one: Self, other: Self) -> Bool {
    if one.literal == other.literal { return true }
    switch (one.int, other.int) {
    case (let one?, let other?): return one == other
    case (nil, nil):
      if let one = one.whole, let other = other.whole { return one == other }
      if one.whole == nil, other.whole == nil, !one.isWrittenAsInteger, !other.isWrittenAsInteger,
        one.double.isFinite
      {
        return one.double == other.double
      }
      return one.isSame(as: other)
    default: return false
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(double)
  }
}

extension JSONNumber: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  public init(integerLiteral value: Int) { self.init(value) }
  public init(floatLiteral value: Double) { self.init(value) }
}

extension JSONNumber {
  /// Whether this number is smaller than another one, compared exactly, whatever their size.
  package func isLess(than other: Self) -> Bool {
    if let one = whole, let other = other.whole { return one < other }
    return Decimal(literal).order(to: Decimal(other.literal)) < 0
  }

  /// Whether this number is a multiple of another one, reckoned exactly; nil if that takes more than
  /// 38 digits.
  package func isMultiple(of step: Self) -> Bool? {
    let (one, other) = (Decimal(literal), Decimal(step.literal))
    if one.digits.isEmpty { return true }
    let (places, otherPlaces) = (one.unitExponent, other.unitExponent)
    let unit = min(places, otherPlaces)
    guard let count = one.units(of: unit), let size = other.units(of: unit), size != 0 else {
      return nil
    }
    return count % size == 0
  }

  private func isSame(as other: Self) -> Bool {
    Decimal(literal).order(to: Decimal(other.literal)) == 0
  }

  /// The largest whole number that isn't larger than this one, bounded by what 38 digits can hold.
  package var floor: Int128 {
    if let whole { return whole }
    let decimal = Decimal(literal)
    return decimal.isNegative ? decimal.truncated.subtracting1 : decimal.truncated
  }

  /// The smallest whole number that isn't smaller than this one, bounded likewise.
  package var ceiling: Int128 {
    if let whole { return whole }
    let decimal = Decimal(literal)
    return decimal.isNegative ? decimal.truncated : decimal.truncated.adding1
  }

  /// A number as 0.DIGITS × 10^exponent, without zeros at either end of its digits.
  private struct Decimal {
    var isNegative = false
    var digits: [UInt8] = []
    var exponent = 0

    init(_ literal: String) {
      let bytes = Array(literal.utf8)
      let end = bytes.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? bytes.count
      var hasPoint = false
      var places = 0
      for byte in bytes[..<end] {
        switch byte {
        case UInt8(ascii: "-"): isNegative = true
        case UInt8(ascii: "."): hasPoint = true
        default:
          if !hasPoint, !digits.isEmpty || byte != UInt8(ascii: "0") { places += 1 }
          if hasPoint, digits.isEmpty, byte == UInt8(ascii: "0") { places -= 1 }
          if !digits.isEmpty || byte != UInt8(ascii: "0") { digits.append(byte) }
        }
      }
      while digits.last == UInt8(ascii: "0") { digits.removeLast() }
      exponent = places
      if end < bytes.count {
        let text = String(decoding: bytes[(end + 1)...], as: UTF8.self)
        // An exponent with more digits than an integer holds is bounded.
        let limit = Int.max / 4
        let raised = Int(text) ?? (text.hasPrefix("-") ? -limit : limit)
        exponent += min(max(raised, -limit), limit)
      }
      if digits.isEmpty {
        isNegative = false
        exponent = 0
      }
    }

    /// Negative, zero or positive, as this is smaller than, the same as or larger than the other.
    func order(to other: Self) -> Int {
      if isNegative != other.isNegative { return isNegative ? -1 : 1 }
      let size = sizeOrder(to: other)
      return isNegative ? -size : size
    }

    private func sizeOrder(to other: Self) -> Int {
      if digits.isEmpty || other.digits.isEmpty {
        return digits.count == other.digits.count ? 0 : digits.isEmpty ? -1 : 1
      }
      if exponent != other.exponent { return exponent < other.exponent ? -1 : 1 }
      if digits == other.digits { return 0 }
      return digits.lexicographicallyPrecedes(other.digits) ? -1 : 1
    }

    /// The number, if it is whole and has no more than 38 digits.
    var whole: Int128? {
      if digits.isEmpty { return 0 }
      guard digits.count <= exponent, exponent <= 38 else { return nil }
      return truncated
    }

    /// The power of ten of the last digit.
    var unitExponent: Int { exponent - digits.count }

    /// The number counted in units of a power of ten that isn't larger than the last digit's; nil if
    /// that has more than 38 digits.
    func units(of unit: Int) -> Int128? {
      let count = exponent - unit
      guard count <= 38, count >= digits.count else { return nil }
      let zeros = String(repeating: "0", count: max(0, count - digits.count))
      return Int128(String(decoding: digits, as: UTF8.self) + zeros)
    }

    /// The number without its fraction.
    var truncated: Int128 {
      guard exponent > 0 else { return 0 }
      guard exponent <= 38 else { return isNegative ? .min : .max }
      var text = isNegative ? "-" : ""
      text += String(decoding: digits.prefix(exponent), as: UTF8.self)
      text += String(repeating: "0", count: max(0, exponent - digits.count))
      return Int128(text) ?? (isNegative ? .min : .max)
    }
  }
}

extension Int128 {
  fileprivate var adding1: Int128 { self < .max ? self + 1 : self }
  fileprivate var subtracting1: Int128 { self > .min ? self - 1 : self }
}
