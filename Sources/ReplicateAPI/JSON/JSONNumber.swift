/// A JSON number with all its digits, so that a seed of twenty digits survives being read and sent.
public struct JSONNumber: Sendable {
  /// The number as it is written in JSON.
  public let literal: String

  public init(_ value: Int) {
    literal = String(value)
  }

  /// A number from a double; JSON has none for infinity and NaN, which become null when written.
  public init(_ value: Double) {
    if value == value.rounded(), abs(value) < Self.exactLimit {
      literal = String(Int(value))
    } else {
      literal = value.isFinite ? String(value) : "null"
    }
  }

  /// A number as written; nil where the text isn't a number in JSON's own grammar.
  public init?(literal: String) {
    let length = Array(literal.utf8).withUnsafeBufferPointer {
      JSONReader.numberLength(in: $0, from: 0)
    }
    guard length > 0, length == literal.utf8.count else { return nil }
    self.literal = literal
  }

  /// For a reader that has checked the grammar already.
  init(checked literal: String) {
    self.literal = literal
  }

  /// The number as an integer, where it is one and fits: 3, and also 3.0 and 3e2.
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

  /// Below this every whole double is an exact integer.
  private static let exactLimit: Double = 9_007_199_254_740_992

  private var isWrittenAsInteger: Bool {
    !literal.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
  }
}

extension JSONNumber: Hashable {
  /// By value: 1 equals 1.0. Integers beyond `Int` are compared digit by digit.
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
