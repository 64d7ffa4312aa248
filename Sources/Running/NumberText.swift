import ReplicateAPI

/// Numbers as people type and read them; pure.
package enum NumberText {
  /// A count in full: 5,325.
  package static func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var index = digits.index(digits.endIndex, offsetBy: -3, limitedBy: digits.startIndex)
    while let place = index, place > digits.startIndex {
      digits.insert(",", at: place)
      index = digits.index(place, offsetBy: -3, limitedBy: digits.startIndex)
    }
    return (number < 0 ? "-" : "") + digits
  }

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
  package static func problem(of value: Double, _ rules: NumberRules) -> String? {
    if let minimum = rules.minimum, let maximum = rules.maximum {
      return value < minimum || value > maximum
        ? "must be \(shown(minimum)) to \(shown(maximum))" : nil
    }
    if let minimum = rules.minimum, value < minimum { return "must be at least \(shown(minimum))" }
    if let maximum = rules.maximum, value > maximum { return "must be at most \(shown(maximum))" }
    return nil
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

  /// A bound without a needless ".0".
  package static func shown(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(clamping: value)) }
    return "\(value)"
  }

  /// The next whole number up or down, kept within the bounds; nil where there is none.
  package static func stepped(_ text: String, by step: Int, _ rules: NumberRules) -> String? {
    guard let current = integer(in: text)?.int else { return nil }
    let (next, overflows) = current.addingReportingOverflow(step)
    guard !overflows else { return nil }
    let value = Double(next)
    if let minimum = rules.minimum, value < minimum { return shown(minimum.rounded(.up)) }
    if let maximum = rules.maximum, value > maximum { return shown(maximum.rounded(.down)) }
    return String(next)
  }

  /// The next number up or down by a step that suits the bounds, without binary dust
  /// (0.1 + 0.2 is 0.3).
  package static func stepped(_ text: String, up: Bool, _ rules: NumberRules) -> String? {
    guard let current = number(in: text)?.double, abs(current) < 1e9 else { return nil }
    let (step, stepDecimals) = step(for: rules)
    let decimals = max(stepDecimals, min(6, decimals(in: text)))
    var next = current + (up ? step : -step)
    if let minimum = rules.minimum { next = max(next, minimum) }
    if let maximum = rules.maximum { next = min(next, maximum) }
    return fixed(next, decimals: decimals)
  }

  /// A step of which there are some 20 to 100 between the bounds.
  private static func step(for rules: NumberRules) -> (Double, decimals: Int) {
    guard let minimum = rules.minimum, let maximum = rules.maximum else { return (0.1, 1) }
    switch maximum - minimum {
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
