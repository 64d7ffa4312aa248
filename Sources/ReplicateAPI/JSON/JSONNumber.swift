/// A JSON number with all of its digits, so that a seed of twenty digits is sent as it was read.
public struct JSONNumber: Sendable {
  /// The number's text in JSON.
  public let literal: String

  public init(_ value: Int) {
    literal = String(value)
  }

  /// A number from a double. Infinity and NaN don't exist in JSON and are written as null.
  public init(_ value: Double) {
    if value == value.rounded(), abs(value) < Self.exactLimit {
      literal = String(Int(value))
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
    guard !isWrittenAsInteger, let value = Double(literal), value == value.rounded(),
      abs(value) < Self.exactLimit
    else { return nil }
    return Int(value)
  }

  /// The nearest double.
  public var double: Double {
    Double(literal) ?? .nan
  }

  /// Below this limit, every whole double is an exact integer.
  private static let exactLimit: Double = 9_007_199_254_740_992

  private var isWrittenAsInteger: Bool {
    !literal.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
  }
}

extension JSONNumber: Hashable {
  /// Compares by value: 1 equals 1.0. Integers that don't fit in `Int` are compared by digits.
  public static func == (one: Self, other: Self) -> Bool {
    if one.literal == other.literal { return true }
    switch (one.int, other.int) {
    case (let one?, let other?): return one == other
    case (nil, nil):
      return !one.isWrittenAsInteger && !other.isWrittenAsInteger && one.double == other.double
    default: return false
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(double)
  }
}
