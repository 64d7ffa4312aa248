import Testing

@Suite struct NumberRuleTests {
  /// What the rule can't see to be safe, and why it is.
  private static let allowed: [(file: String, text: String, reason: String)] = [
    ("ReplicateAPI/Clamping.swift", ".seconds(seconds.isNaN", "it is the checked conversion"),
    ("CursesTerminal/MessageEncoder.swift", ", count: (3 - count % 3", "a remainder is below 3"),
    ("ReplicateAPI/Intents/PredictionIntent.swift", ", count: 16 - half", "64 bits have 16 digits"),
    ("ReplicateAPI/Resources/ModelSummary.swift", ".prefix(Int(end - start", "they are our own"),
  ]

  @Test func `numbers from outside can't end the program`() throws {
    for file in try Repository.sourceFiles() where !file.contains(".docc/") {
      // The demo service's models compute their own pictures and sounds.
      if file.contains("DemoReplicate/Models/") { continue }
      let findings = NumberRule.findings(in: try Repository.text(file)).filter { finding in
        !Self.allowed.contains { file.hasSuffix($0.file) && finding.text.hasPrefix($0.text) }
      }
      #expect(
        findings.isEmpty, "\(file): use Int(clamping:), Duration(clampingSeconds:) or max(0, …)")
    }
  }

  @Test func `nothing is excused that isn't there`() throws {
    for excuse in Self.allowed {
      let findings = NumberRule.findings(in: try Repository.text("Sources/" + excuse.file))
      #expect(findings.contains { $0.text.hasPrefix(excuse.text) }, "\(excuse)")
    }
  }

  @Test(arguments: [
    "let n = Int(x.rounded())", "let n = UInt8(Double(a) * 2)", "let n = Int(a * 1e9)",
    "let n = Int(number.double)", "func f(seconds: Double) { g(Int(seconds)) }",
    "func f(seconds: Double) { sleep(.seconds(seconds / 2)) }",
    "let t: Duration = .seconds(0.5 * x)",
    "let s = text.prefix(width - 1)", "String(repeating: a, count: width - used)",
    "let share = 0.5; let n = Int(share)",
  ])
  func `an unchecked conversion is found`(code: String) {
    #expect(NumberRule.findings(in: code).count == 1)
  }

  @Test(arguments: [
    "let n = Int(clamping: x.rounded())", "let n = Int(exactly: a * 1e9)", "let n = Int(text)",
    "let n = Int(byte) + 1", "let t: Duration = .seconds(5)", "// Int(x.rounded())",
    "let s = text.prefix(max(0, width - 1))", "Duration(clampingSeconds: seconds * 2)",
    "let s = text.prefix { $0 - 1 > b }",
  ])
  func `a checked conversion is not`(code: String) {
    #expect(NumberRule.findings(in: code).isEmpty)
  }
}
