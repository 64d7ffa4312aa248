import ReplicateAPI

/// Numbers as people type and read them; pure.
package enum NumberText {
  /// A count in full: 5,325.
  package static func grouped(_ number: Int) -> String { number.grouped }

  /// The JSON number that a typed text stands for, digit for digit, or nil where it is none.
  package static func number(in text: String) -> JSONNumber? {
    var body = String(text.trimmingBlanks())
    if body.first == "+" { body.removeFirst() }
    let isNegative = body.first == "-"
    if isNegative { body.removeFirst() }
    guard body.first.map({ $0.isASCII && ($0.isNumber || $0 == ".") }) == true else { return nil }
    let exponentStart = body.firstIndex { $0 == "e" || $0 == "E" } ?? body.endIndex
    let exponent = body[exponentStart...]
    let mantissa = body[..<exponentStart].split(
      separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    // People write 007, .5 and 5. where JSON wants 7, 0.5 and 5.
    var whole = mantissa[0].drop { $0 == "0" }
    if whole.isEmpty { whole = "0" }
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    if mantissa[0].isEmpty && fraction.isEmpty { return nil }
    let point = fraction.isEmpty ? "" : "."
    return JSONNumber(literal: "\(isNegative ? "-" : "")\(whole)\(point)\(fraction)\(exponent)")
  }

  /// The same for whole numbers, of any size.
  package static func integer(in text: String) -> JSONNumber? {
    let body = String(text.trimmingBlanks())
    let hasSign = body.first == "-" || body.first == "+"
    let digits = body.dropFirst(hasSign ? 1 : 0)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return number(in: text)
  }

  /// What is wrong with a number that breaks its rules, in words.
  package static func problem(of value: JSONNumber, _ rules: NumberRules) -> String? {
    let isLow =
      rules.minimum.map { value.isLess(than: $0) } ?? false
      || rules.exclusiveMinimum.map { !$0.isLess(than: value) } ?? false
    let isHigh =
      rules.maximum.map { $0.isLess(than: value) } ?? false
      || rules.exclusiveMaximum.map { !value.isLess(than: $0) } ?? false
    if isLow || isHigh { return "must be \(words(rules))" }
    if let step = rules.multipleOf, value.isMultiple(of: step) == false {
      return "must be a multiple of \(shown(step))"
    }
    return nil
  }

  private static func words(_ rules: NumberRules) -> String {
    switch (rules.low, rules.high) {
    case (let low?, let high?):
      if !low.isExclusive, !high.isExclusive {
        return "\(shown(low.number)) to \(shown(high.number))"
      }
      return (low.isExclusive ? "more than " : "at least ") + shown(low.number)
        + (high.isExclusive ? " and less than " : " and at most ") + shown(high.number)
    case (let low?, nil): return (low.isExclusive ? "more than " : "at least ") + shown(low.number)
    case (nil, let high?):
      return (high.isExclusive ? "less than " : "at most ") + shown(high.number)
    case (nil, nil): return "a number"
    }
  }

  /// The same for a whole number, which must also fit into 64 bits, signed or unsigned.
  package static func problem(ofWhole value: JSONNumber, _ rules: NumberRules) -> String? {
    if let problem = problem(of: value, rules) { return problem }
    if let whole = value.whole, JSONNumber.wholeBounds.contains(whole) { return nil }
    let (lowest, highest) = (JSONNumber.wholeBounds.lowerBound, JSONNumber.wholeBounds.upperBound)
    return "must be a whole number between \(lowest) and \(highest)"
  }

  /// The whole numbers within the bounds and within 64 bits; nil if there are none.
  package static func wholeBounds(_ rules: NumberRules) -> ClosedRange<Int128>? {
    let bounds = JSONNumber.wholeBounds
    var low = bounds.lowerBound
    var high = bounds.upperBound
    if let bound = rules.low {
      let isOutside = bound.isExclusive && bound.number.whole != nil
      low = max(low, bound.number.ceiling.clampedAdding(isOutside ? 1 : 0))
    }
    if let bound = rules.high {
      let isOutside = bound.isExclusive && bound.number.whole != nil
      high = min(high, bound.number.floor.clampedAdding(isOutside ? -1 : 0))
    }
    guard low <= high else { return nil }
    guard let step = rules.multipleOf?.whole, step > 0, step < Int128(Int64.max) else {
      return low...high
    }
    // To multiples, inwards.
    let first = low + (step - 1 - (low + (step - 1)).modulo(step))
    let last = high - high.modulo(step)
    return first <= last ? first...last : nil
  }

  /// The bounds beside a control, such as "1…4"; nil without any.
  package static func range(_ rules: NumberRules) -> String? {
    let range: String? =
      switch (rules.low, rules.high) {
      case (let low?, let high?):
        (low.isExclusive ? ">" : "") + shown(low.number) + "…" + (high.isExclusive ? "<" : "")
          + shown(high.number)
      case (let low?, nil): (low.isExclusive ? "> " : "≥ ") + shown(low.number)
      case (nil, let high?): (high.isExclusive ? "< " : "≤ ") + shown(high.number)
      case (nil, nil): nil
      }
    guard let step = rules.multipleOf.map(shown), step != "1" else { return range }
    return range.map { "\($0) by \(step)" } ?? "multiple of \(step)"
  }

  /// A number without a needless ".0", and with all of its digits.
  package static func shown(_ number: JSONNumber) -> String {
    if let whole = number.whole, whole.magnitude < 1_000_000_000_000_000_000_000 {
      return String(whole)
    }
    return number.literal
  }

  /// The smallest or the largest number that the rules allow; nil without a bound. Next to a bound
  /// that isn't allowed itself, it is a step away.
  package static func bound(isLow: Bool, isWhole: Bool, _ rules: NumberRules) -> String? {
    guard let bound = isLow ? rules.low : rules.high else { return nil }
    if isWhole {
      return wholeBounds(rules).map { String(isLow ? $0.lowerBound : $0.upperBound) }
    }
    guard bound.isExclusive else { return shown(bound.number) }
    let (step, decimals) = step(for: rules)
    let inside = bound.number.double + (isLow ? step : -step)
    return inside.isFinite ? fixed(inside, decimals: decimals) : shown(bound.number)
  }

  private static func shown(_ value: Double) -> String { shown(JSONNumber(value)) }

  /// The next whole number up or down, kept within the bounds; nil where there is none.
  package static func stepped(_ text: String, by step: Int, _ rules: NumberRules) -> String? {
    guard let current = integer(in: text)?.whole, let bounds = wholeBounds(rules) else {
      return nil
    }
    var next = current.clampedAdding(Int128(step))
    if let size = rules.multipleOf?.whole, size > 1, size < Int128(Int64.max),
      current.magnitude < Int128.max.magnitude / 2
    {
      let below = current - current.modulo(size)
      next = step > 0 ? below + size : below == current ? current - size : below
    }
    return String(min(max(next, bounds.lowerBound), bounds.upperBound))
  }

  /// The next number up or down by a step that suits the bounds, without binary dust
  /// (0.1 + 0.2 is 0.3).
  package static func stepped(_ text: String, up: Bool, _ rules: NumberRules) -> String? {
    guard let current = number(in: text)?.double, abs(current) < 1e9 else { return nil }
    let (step, stepDecimals) = step(for: rules)
    let decimals = max(stepDecimals, rules.multipleOf == nil ? min(6, decimals(in: text)) : 0)
    var next = current + (up ? step : -step)
    if rules.multipleOf != nil {
      let count = current / step
      next = (up ? (count + 1e-9).rounded(.down) + 1 : (count - 1e-9).rounded(.up) - 1) * step
    }
    // A bound keeps its own digits.
    if let low = rules.low, next <= low.number.double {
      return bound(isLow: true, isWhole: false, rules)
    }
    if let high = rules.high, next >= high.number.double {
      return bound(isLow: false, isWhole: false, rules)
    }
    return fixed(next, decimals: decimals)
  }

  /// A step of which there are some 20 to 100 between the bounds.
  private static func step(for rules: NumberRules) -> (Double, decimals: Int) {
    if let step = rules.multipleOf, step.double.isFinite, step.double > 0 {
      return (step.double, min(9, decimals(in: shown(step))))
    }
    guard let low = rules.low, let high = rules.high else { return (0.1, 1) }
    switch high.number.double - low.number.double {
    case ...0.1: return (0.001, 3)
    case ...0.5: return (0.01, 2)
    case ...2: return (0.05, 2)
    case ...10: return (0.1, 1)
    case ...50: return (0.5, 1)
    default: return (1, 0)
    }
  }

  private static func decimals(in text: String) -> Int {
    guard let point = text.firstIndex(of: ".") else { return 0 }
    return text[point...].dropFirst().prefix { $0.isNumber }.count
  }

  /// A measured number with three digits, or all of those before the point.
  package static func short(_ value: Double) -> String {
    fixed(value, decimals: abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0)
  }

  /// A number with at most so many decimals, and none that say nothing.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (value * scale).rounded()
    guard abs(scaled) < 1e17 else { return shown(value) }
    let units = Int(clamping: abs(scaled))
    let divisor = max(1, Int(clamping: scale))
    let whole = units / divisor
    var fraction = String(units % divisor)
    fraction = String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    let sign = scaled < 0 && units > 0 ? "-" : ""
    return fraction.isEmpty || decimals == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }
}

extension NumberRules {
  /// One end of the numbers that are allowed.
  package struct Bound {
    package var number: JSONNumber
    /// Whether the number itself isn't allowed.
    package var isExclusive: Bool
  }

  /// The lower bound that decides, if there is one.
  package var low: Bound? {
    guard let exclusiveMinimum else { return minimum.map { Bound(number: $0, isExclusive: false) } }
    if let minimum, exclusiveMinimum.isLess(than: minimum) {
      return Bound(number: minimum, isExclusive: false)
    }
    return Bound(number: exclusiveMinimum, isExclusive: true)
  }

  /// The upper bound that decides, if there is one.
  package var high: Bound? {
    guard let exclusiveMaximum else { return maximum.map { Bound(number: $0, isExclusive: false) } }
    if let maximum, maximum.isLess(than: exclusiveMaximum) {
      return Bound(number: maximum, isExclusive: false)
    }
    return Bound(number: exclusiveMaximum, isExclusive: true)
  }
}

extension Int128 {
  fileprivate func clampedAdding(_ other: Int128) -> Int128 {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other < 0 ? .min : .max) : sum
  }

  /// The remainder that is never negative.
  fileprivate func modulo(_ divisor: Int128) -> Int128 {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
