/// Finds conversions that end the program when a number doesn't fit, in the text of a Swift file.
///
/// Types aren't known here, so this goes by names: what a file declares as a `Double` or a `Float`, and
/// what can only be one.
enum NumberRule {
  struct Finding: Sendable, Hashable, CustomStringConvertible {
    var line: Int
    var text: String
    var description: String { "line \(line): \(text)" }
  }

  /// Integers from floating-point numbers, and durations from them.
  static func findings(in source: String) -> [Finding] {
    let code = withoutComments(source)
    let names = floatingNames(in: code)
    var findings: [Finding] = []
    for match in code.matches(of: #/\b(?:U?Int(?:8|16|32|64|128)?|CInt)\(/#) {
      let argument = self.argument(from: match.range.upperBound, in: code)
      if !isLabeled(argument), isFloating(argument, names) {
        findings.append(finding(at: match.range.lowerBound, String(match.output) + argument, code))
      }
    }
    for match in code.matches(of: #/\.(?:seconds|milliseconds|microseconds|nanoseconds)\(/#) {
      let argument = self.argument(from: match.range.upperBound, in: code)
      if !argument.hasPrefix("Int(clamping:"), isFloating(argument, names) {
        findings.append(finding(at: match.range.lowerBound, String(match.output) + argument, code))
      }
    }
    // A count below zero.
    for match in code.matches(of: #/(?:\.(?:prefix|suffix|dropFirst|dropLast)\(|, count: )/#) {
      let argument = self.argument(from: match.range.upperBound, in: code)
      guard argument.contains(#/[\w)\]] - [\w(]/#), !argument.contains("{"),
        !argument.hasPrefix("max("), !argument.hasPrefix("while"), !argument.hasPrefix("Swift.max(")
      else { continue }
      findings.append(finding(at: match.range.lowerBound, String(match.output) + argument, code))
    }
    return findings
  }

  private static func finding(at index: String.Index, _ text: String, _ code: String) -> Finding {
    Finding(
      line: code[..<index].count { $0 == "\n" } + 1,
      text: text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }

  private static func isLabeled(_ argument: String) -> Bool {
    argument.prefixMatch(of: #/(?:clamping|exactly|truncatingIfNeeded|bitPattern|ascii):/#) != nil
  }

  private static func isFloating(_ argument: String, _ names: Set<Substring>) -> Bool {
    // The whole part of a quotient of integers, or the count of something, is an integer.
    if argument.contains(#/\.rounded\(|\bDouble\(|\bFloat\(|\b\d+\.\d|\b\de\d| / \.\w/#) {
      return true
    }
    let word = #/(\.?)\b([A-Za-z_]\w*)(?![\w(.:])/#.wordBoundaryKind(.simple)
    return argument.matches(of: word).contains { word in
      word.output.1.isEmpty ? names.contains(word.output.2) : word.output.2 == "double"
    }
  }

  /// The names that a file declares as floating-point numbers.
  private static func floatingNames(in code: String) -> Set<Substring> {
    let declared = code.matches(of: #/\b(\w+): (?:Double|Float)\b(?!\])/#).map(\.output.1)
    let computed = code.matches(
      of: #/\b(?:let|var) (\w+) = (?:Double\(|Float\(|-?\d+\.\d|[^\n]*\.rounded\()/#
    ).map(\.output.1)
    return Set(declared + computed).subtracting(["value"])
  }

  /// What stands between a bracket and the one that closes it.
  private static func argument(from start: String.Index, in code: String) -> String {
    var depth = 1
    var index = start
    while index < code.endIndex {
      switch code[index] {
      case "(": depth += 1
      case ")": depth -= 1
      default: break
      }
      if depth == 0 { break }
      index = code.index(after: index)
    }
    return String(code[start..<index])
  }

  private static func withoutComments(_ source: String) -> String {
    source.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
    }.joined(separator: "\n")
  }
}
