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

  /// What is wrong with a number that lies outside its bounds, in words.
  package static func problem(of value: JSONNumber, _ rules: NumberRules) -> String? {
    let isLow = rules.minimum.map { value.isLess(than: $0) } ?? false
    let isHigh = rules.maximum.map { $0.isLess(than: value) } ?? false
    guard isLow || isHigh else { return nil }
    switch (rules.minimum, rules.maximum) {
    case (let minimum?, let maximum?): return "must be \(shown(minimum)) to \(shown(maximum))"
    case (let minimum?, nil): return "must be at least \(shown(minimum))"
    case (nil, let maximum?): return "must be at most \(shown(maximum))"
    case (nil, nil): return nil
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
    let low = max(bounds.lowerBound, rules.minimum?.ceiling ?? bounds.lowerBound)
    let high = min(bounds.upperBound, rules.maximum?.floor ?? bounds.upperBound)
    return low <= high ? low...high : nil
  }

  /// The bounds beside a control, such as "1…4"; nil without any.
  package static func range(_ rules: NumberRules) -> String? {
    switch (rules.minimum, rules.maximum) {
    case (let minimum?, let maximum?): "\(shown(minimum))…\(shown(maximum))"
    case (let minimum?, nil): "≥ \(shown(minimum))"
    case (nil, let maximum?): "≤ \(shown(maximum))"
    case (nil, nil): nil
    }
  }

  /// A number without a needless ".0", and with all of its digits.
  package static func shown(_ number: JSONNumber) -> String {
    if let whole = number.whole, whole.magnitude < 1_000_000_000_000_000_000_000 {
      return String(whole)
    }
    return number.literal
  }

  /// A bound of a whole number, rounded into the bounds; nil if there is none.
  package static func wholeBound(_ number: JSONNumber?, _ rules: NumberRules) -> String? {
    guard let number, let bounds = wholeBounds(rules) else { return nil }
    return String(min(max(number.ceiling, bounds.lowerBound), bounds.upperBound))
  }

  private static func shown(_ value: Double) -> String { shown(JSONNumber(value)) }

  /// The next whole number up or down, kept within the bounds; nil where there is none.
  package static func stepped(_ text: String, by step: Int, _ rules: NumberRules) -> String? {
    guard let current = integer(in: text)?.whole, let bounds = wholeBounds(rules) else {
      return nil
    }
    let (next, overflows) = current.addingReportingOverflow(Int128(step))
    guard !overflows else { return nil }
    return String(min(max(next, bounds.lowerBound), bounds.upperBound))
  }

  /// The next number up or down by a step that suits the bounds, without binary dust
  /// (0.1 + 0.2 is 0.3).
  package static func stepped(_ text: String, up: Bool, _ rules: NumberRules) -> String? {
    guard let current = number(in: text)?.double, abs(current) < 1e9 else { return nil }
    let (step, stepDecimals) = step(for: rules)
    let decimals = max(stepDecimals, min(6, decimals(in: text)))
    let next = current + (up ? step : -step)
    // A bound keeps its own digits.
    if let minimum = rules.minimum, next <= minimum.double { return shown(minimum) }
    if let maximum = rules.maximum, next >= maximum.double { return shown(maximum) }
    return fixed(next, decimals: decimals)
  }

  /// A step of which there are some 20 to 100 between the bounds.
  private static func step(for rules: NumberRules) -> (Double, decimals: Int) {
    guard let minimum = rules.minimum, let maximum = rules.maximum else { return (0.1, 1) }
    switch maximum.double - minimum.double {
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
