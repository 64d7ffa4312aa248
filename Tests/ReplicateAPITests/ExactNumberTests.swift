import Testing

@testable import ReplicateAPI

@Suite struct `Exact numbers` {
  func number(_ literal: String) throws -> JSONNumber {
    try #require(JSONNumber(literal: literal), "\(literal)")
  }

  /// From the smallest to the largest.
  static let ascending = [
    "-1e99999999999999999999", "-1e400", "-340282366920938463463374607431768211457",
    "-9223372036854775809", "-9223372036854775808", "-12.35", "-12.34", "-1", "-1e-400", "0",
    "1e-400", "0.1", "0.10000000000000000001", "0.2", "1", "9007199254740993",
    "18446744073709551615", "18446744073709551615.5", "18446744073709551616",
    "340282366920938463463374607431768211456", "1e400", "1e401", "1e99999999999999999999",
  ]

  @Test func `are compared digit by digit, whatever their size`() throws {
    let numbers = try Self.ascending.map(number)
    for (index, one) in numbers.enumerated() {
      for (other, second) in numbers.enumerated() {
        #expect(one.isLess(than: second) == (index < other), "\(one.literal) \(second.literal)")
      }
    }
  }

  @Test(arguments: [
    ("1", "1.0"), ("1e2", "100"), ("0", "-0.0"),
    ("18446744073709551615", "1.8446744073709551615e19"),
    ("100000000000000000000000000000000000000000", "1e41"), ("0.1", "0.10"), ("0e9", "0"),
  ])
  func `of the same value are the same`(one: String, other: String) throws {
    let (one, other) = (try number(one), try number(other))
    #expect(one == other && one.hashValue == other.hashValue)
    #expect(!one.isLess(than: other) && !other.isLess(than: one))
  }

  @Test(arguments: [
    ("18446744073709551615", "18446744073709551616"), ("9007199254740992", "9007199254740993"),
    ("1e400", "2e400"), ("1", "1.5"),
  ])
  func `of another value are others`(one: String, other: String) throws {
    #expect(try number(one) != number(other))
  }

  @Test(
    arguments: [
      ("0.2", 0, 1), ("-0.2", -1, 0), ("3.0", 3, 3), ("1e2", 100, 100), ("-7", -7, -7),
      ("18446744073709551614.5", 18_446_744_073_709_551_614, 18_446_744_073_709_551_615),
      ("1e-400", 0, 1),
    ] as [(String, Int128, Int128)])
  func `are rounded either way`(literal: String, floor: Int128, ceiling: Int128) throws {
    #expect(try number(literal).floor == floor)
    #expect(try number(literal).ceiling == ceiling)
  }

  @Test(arguments: ["1e400", "-1e400", "1e99999999999999999999", "-1e-99999999999999999999"])
  func `of any size are read without a trap`(literal: String) throws {
    let number = try number(literal)
    _ = (number.int, number.whole, number.double, number.floor, number.ceiling, number.hashValue)
    #expect(number == number)
  }

  @Test(
    arguments: [
      (-1e19, Int.min), (1e19, .max), (.infinity, .max), (-.infinity, .min), (.nan, 0), (2.9, 2),
      (-2.9, -2), (9_223_372_036_854_775_808, .max),
    ] as [(Double, Int)])
  func `a double becomes the nearest integer there is`(double: Double, integer: Int) {
    #expect(Int(clamping: double) == integer)
    _ = (UInt8(clamping: double), Duration(clampingSeconds: double))
  }
}
