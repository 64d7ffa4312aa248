import ReplicateAPI

/// Numbers at equal distances, as people type them in a list of values: `1..10`, `0..1 step 0.25`.
///
/// Counted exactly, and before a single number is made: the bounds may be far apart.
public struct NumberRange: Sendable, Hashable {
  // In units of 10^-decimals.
  private let first: Int128
  private let last: Int128
  private let step: Int128
  private let decimals: Int

  /// The most decimals, with which twenty digits before the point can still be counted.
  private static let mostDecimals = 12
  private static let mostDigits = 20

  /// Nil if the text isn't a range.
  public init?(_ text: String) {
    let text = text.replacing("…", with: "..").replacing("...", with: "..")
    guard let dots = text.firstRange(of: "..") else { return nil }
    let head = text[..<dots.lowerBound]
    var tail = text[dots.upperBound...]
    guard tail.first != "." else { return nil }
    var stepText: Substring = "1"
    if let word = tail.firstRange(of: "step") ?? tail.firstRange(of: "by") {
      stepText = tail[word.upperBound...]
      tail = tail[..<word.lowerBound]
    }
    guard let first = Self.parts(of: head), let last = Self.parts(of: tail),
      let step = Self.parts(of: stepText)
    else { return nil }
    let decimals = max(first.decimals, last.decimals, step.decimals)
    func scaled(_ number: (digits: Int128, decimals: Int)) -> Int128 {
      (number.decimals..<decimals).reduce(number.digits) { digits, _ in digits * 10 }
    }
    let distance = scaled(step)
    guard distance > 0 else { return nil }
    self.first = scaled(first)
    self.last = scaled(last)
    self.step = self.first <= self.last ? distance : -distance
    self.decimals = decimals
  }

  /// How many numbers there are, at most `Int.max`.
  public var count: Int { Int(clamping: (last - first) / step + 1) }

  /// Whether all of the numbers are whole.
  public var isWhole: Bool {
    let unit = (0..<decimals).reduce(Int128(1)) { unit, _ in unit * 10 }
    return first % unit == 0 && step % unit == 0
  }

  /// The numbers; nil if there are more than `most`.
  public func numbers(atMost most: Int) -> [JSONNumber]? {
    let count = count
    guard count > 0, count <= most else { return nil }
    return (0..<count).compactMap { JSONNumber(literal: literal(first + step * Int128($0))) }
  }

  private func literal(_ number: Int128) -> String {
    var digits = String(number.magnitude)
    guard decimals > 0 else { return number < 0 ? "-\(digits)" : digits }
    digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    var fraction = digits.suffix(decimals)
    let whole = digits.dropLast(decimals)
    while fraction.last == "0" { fraction.removeLast() }
    let sign = number < 0 ? "-" : ""
    return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }

  /// A typed number as a whole one and its decimals; nil if it is none, or too long to count with.
  private static func parts(of text: Substring) -> (digits: Int128, decimals: Int)? {
    guard let number = NumberText.number(in: String(text)) else { return nil }
    let pieces = number.literal.split(
      separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = pieces.count > 1 ? pieces[1] : ""
    guard fraction.utf8.count <= mostDecimals, pieces[0].utf8.count <= mostDigits + 1,
      let digits = Int128("\(pieces[0])\(fraction)")
    else { return nil }
    return (digits, fraction.utf8.count)
  }
}
