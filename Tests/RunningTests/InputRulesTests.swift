import ReplicateAPI
import Running
import Testing

@Suite struct `Rules of values` {
  @Test(arguments: [
    (
      TextFormat.dateTime,
      ["2026-11-27T12:30:00Z", "2026-11-27t12:30:00.123456z", "2024-02-29T23:59:60-12:30"],
      ["2026-11-27", "2026-11-27 12:30:00Z", "2026-11-27T12:30:00", "2026-11-27T12:30Z", "", "T"]
    ),
    (
      .date, ["2026-11-27", "2000-02-29"], ["2026-11-31", "1900-02-29", "26-11-27", "2026-1-1", ""]
    ),
    (.time, ["00:00:00Z", "12:30:00.5+02:00"], ["24:00:00Z", "12:60:00Z", "12:30:00", "12:30"]),
    (.email, ["a@b", "a.b+c@d.example"], ["a", "a@", "@b", "a b@c", ""]),
    (
      .uuid, ["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-00000000000A"],
      ["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g", ""]
    ),
  ])
  func `a text has its format`(format: TextFormat, yes: [String], no: [String]) {
    let rules = TextRules(format: format)
    for text in yes { #expect(InputRules.problem(ofText: text, rules) == nil, "\(text)") }
    for text in no { #expect(InputRules.problem(ofText: text, rules) != nil, "\(text)") }
    #expect(InputRules.problem(ofText: format.example, rules) == nil)
  }

  @Test(arguments: [
    (NumberRules(exclusiveMinimum: 0), ["0.1", "1e-300"], ["0", "-1", "0.0"], "> 0"),
    (NumberRules(exclusiveMaximum: 1), ["0.999"], ["1", "1.0", "1e2"], "< 1"),
    (
      NumberRules(minimum: 0, exclusiveMaximum: 1), ["0", "0.5"], ["1", "-0.1"], "0…<1"
    ),
    (NumberRules(minimum: 1, exclusiveMinimum: 0), ["1"], ["0.5"], "≥ 1"),
    (NumberRules(minimum: 0, exclusiveMinimum: 0), ["1"], ["0"], "> 0"),
    (NumberRules(maximum: 5, multipleOf: 0.5), ["-1", "2.5"], ["2.25", "5.5"], "≤ 5 by 0.5"),
    (NumberRules(multipleOf: 8), ["0", "-16"], ["4", "8.5"], "multiple of 8"),
    (NumberRules(minimum: 1, multipleOf: 1), ["1"], ["0"], "≥ 1"),
  ])
  func `a number keeps to its rules`(
    rules: NumberRules, yes: [String], no: [String], range: String
  ) throws {
    for text in yes {
      #expect(NumberText.problem(of: try #require(JSONNumber(literal: text)), rules) == nil)
    }
    for text in no {
      #expect(
        NumberText.problem(of: try #require(JSONNumber(literal: text)), rules) != nil, "\(text)")
    }
    #expect(NumberText.range(rules) == range)
  }

  @Test func `a step goes to the next multiple, and bounds to the last that is allowed`() {
    let width = NumberRules(minimum: 60, maximum: 130, multipleOf: 8)
    #expect(NumberText.stepped("64", by: 1, width) == "72")
    #expect(NumberText.stepped("65", by: 1, width) == "72")
    #expect(NumberText.stepped("65", by: -1, width) == "64")
    #expect(NumberText.stepped("64", by: -1, width) == "64")
    #expect(NumberText.bound(isLow: true, isWhole: true, width) == "64")
    #expect(NumberText.bound(isLow: false, isWhole: true, width) == "128")
    let open = NumberRules(exclusiveMinimum: 0, exclusiveMaximum: 10)
    #expect(NumberText.bound(isLow: true, isWhole: true, open) == "1")
    #expect(NumberText.bound(isLow: false, isWhole: true, open) == "9")
    #expect(NumberText.bound(isLow: true, isWhole: false, open) == "0.1")
    #expect(NumberText.stepped("0.1", up: false, open) == "0.1")
    #expect(NumberText.stepped("9.9", up: true, open) == "9.9")
    let quarters = NumberRules(multipleOf: 0.25)
    #expect(NumberText.stepped("0.3", up: true, quarters) == "0.5")
    #expect(NumberText.stepped("0.5", up: true, quarters) == "0.75")
    #expect(NumberText.stepped("0.5", up: false, quarters) == "0.25")
    #expect(
      NumberText.bound(isLow: true, isWhole: true, NumberRules(minimum: 5, maximum: 4)) == nil)
  }

  @Test func `lengths are counted in code points`() {
    let rules = TextRules(minLength: 2, maxLength: 3)
    #expect(InputRules.problem(ofText: "漢", rules) != nil)
    #expect(InputRules.problem(ofText: "漢字仮", rules) == nil)
    #expect(InputRules.problem(ofText: "漢字仮名", rules) != nil)
    #expect(InputRules.problem(ofText: "e\u{301}", rules) == nil)
  }
}
