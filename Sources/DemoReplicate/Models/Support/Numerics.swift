#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library functions that the models need, so that only one file imports it.
enum Numerics {
  static func sine(_ angle: Double) -> Double { sin(angle) }
  static func sine(_ angle: Float) -> Float { sinf(angle) }
  static func cosine(_ angle: Double) -> Double { cos(angle) }
  static func cosine(_ angle: Float) -> Float { cosf(angle) }
  static func angle(x: Double, y: Double) -> Double { atan2(y, x) }
  static func exponential(_ power: Double) -> Double { exp(power) }
  static func exponential(_ power: Float) -> Float { expf(power) }
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
  static func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }
  static func logarithm(_ value: Double) -> Double { log(value) }
}

extension Comparable {
  /// The nearest value within the bounds.
  func clamped(to bounds: ClosedRange<Self>) -> Self {
    min(max(self, bounds.lowerBound), bounds.upperBound)
  }
}

extension Float {
  /// A smooth step: 0 at `from`, 1 at `to`, and a smooth curve in between. `from` may be greater.
  static func step(_ from: Float, _ to: Float, _ value: Float) -> Float {
    let t = (value - from) / (to - from)
    if t <= 0 { return 0 }
    return t >= 1 ? 1 : t * t * (3 - 2 * t)
  }

  static func mix(_ one: Float, _ other: Float, _ share: Float) -> Float {
    one + (other - one) * share
  }
}

extension Double {
  /// The number with a fixed number of decimal places.
  func fixed(_ digits: Int) -> String {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    guard let scaled = Int(exactly: (magnitude * Double(scale)).rounded()) else { return "\(self)" }
    let whole = String(scaled / scale)
    let sign = self < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return sign + whole }
    let fraction = String(scaled % scale)
    return sign + whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// The number rounded to some decimal places.
  func rounded(toDigits digits: Int) -> Double {
    Double(fixed(digits)) ?? self
  }
}

extension String {
  /// Padded with leading spaces.
  func padded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }

  /// Padded with trailing spaces.
  func filled(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}

extension Int {
  /// With thousands separators.
  var grouped: String {
    var digits = String(magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (self < 0 ? "-" : "") + groups.joined(separator: ",")
  }
}
