// Numbers from outside may be anything: the conversions of the standard library end the program
// where a value doesn't fit, and these don't.

extension FixedWidthInteger {
  /// The whole part of a double, bounded by what the type can hold; zero for NaN.
  package init(clamping value: Double) {
    // The general conversion is slow, and most numbers are small.
    if abs(value) < 1e18, let exact = Self(exactly: Int64(value)) {
      self = exact
    } else if let exact = Self(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}

extension Duration {
  /// A number of seconds, bounded by a thousand years either way; zero for NaN.
  package init(clampingSeconds seconds: Double) {
    let limit = 31_556_952_000.0
    self = .seconds(seconds.isNaN ? 0 : min(max(seconds, -limit), limit))
  }
}
