import ReplicateAPI
import Testing

@Suite struct `Rules of inputs` {
  private func fields(_ properties: String, components: String = "") throws -> [InputField] {
    let document = """
      {"components":{"schemas":{"Input":{"properties":{\(properties)}}
      \(components.isEmpty ? "" : ",\(components)")}}}
      """
    return ModelSchema(openAPI: try JSONValue(parsing: document)).inputs
  }

  private func field(_ property: String, components: String = "") throws -> InputField {
    try #require(try fields(#""x":\#(property)"#, components: components).first)
  }

  @Test(arguments: [
    (
      #"{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}"#,
      NumberRules(exclusiveMinimum: 0, exclusiveMaximum: 1)
    ),
    (
      #"{"type":"number","minimum":0,"exclusiveMinimum":true,"maximum":1,"exclusiveMaximum":false}"#,
      NumberRules(maximum: 1, exclusiveMinimum: 0)
    ),
    (#"{"type":"number","exclusiveMaximum":true}"#, NumberRules()),
    (#"{"type":"number","gt":0,"lt":"9"}"#, NumberRules(exclusiveMinimum: 0, exclusiveMaximum: 9)),
    (#"{"type":"number","minimum":"x","ge":2}"#, NumberRules(minimum: 2)),
    (#"{"type":"number","multipleOf":0.5}"#, NumberRules(multipleOf: 0.5)),
    (#"{"type":"number","multiple_of":8}"#, NumberRules(multipleOf: 8)),
    (#"{"type":"number","multipleOf":0}"#, NumberRules()),
    (#"{"type":"number","multipleOf":-1,"minimum":null,"maximum":[]}"#, NumberRules()),
  ])
  func `bounds are read in all their spellings`(property: String, rules: NumberRules) throws {
    #expect(try field(property).kind == .number(rules))
  }

  @Test(arguments: TextFormat.allCases)
  func `a format that is checked is read`(format: TextFormat) throws {
    let kind = try field(#"{"type":"string","format":"\#(format.rawValue)"}"#).kind
    #expect(kind == .text(TextRules(format: format)))
  }

  @Test func `other formats are left to the service`() throws {
    #expect(try field(#"{"type":"string","format":"hostname"}"#).kind == .text())
    #expect(try field(#"{"type":"string","format":3}"#).kind == .text())
  }

  @Test func `choices keep their titles`() throws {
    let field = try field(
      ##"""
      {"anyOf":[{"oneOf":[{"const":"s","title":"Small"},{"const":2,"title":"Two"},{"const":"x"}]},
      {"type":"null"}]}
      """##)
    #expect(field.kind == .enumeration(["s", 2, "x"]))
    #expect(field.choiceTitles == ["s": "Small", 2: "Two"])
    #expect(field.isNullable)
  }

  @Test func `choices with the same title are told apart by their values`() throws {
    let field = try field(
      #"{"oneOf":[{"const":"a","title":"A"},{"const":"b","title":"A"},{"const":3,"title":"C"}]}"#)
    #expect(field.choiceTitles == ["a": "A (a)", "b": "A (b)", 3: "C"])
  }

  @Test func `choices of a list keep their titles`() throws {
    let field = try field(
      ##"{"type":"array","items":{"$ref":"#/components/schemas/size"},"uniqueItems":true}"##,
      components: #""size":{"oneOf":[{"const":1,"title":"One"},{"const":2,"title":"Two"}]}"#)
    #expect(field.kind == .array(.enumeration([1, 2])))
    #expect(field.choiceTitles == [1: "One", 2: "Two"])
    #expect(field.hasUniqueItems)
  }

  @Test func `an enumeration may be a union of references to many`() throws {
    let names = (0..<150).map { "e\($0)" }
    let references = names.map { ##"{"$ref":"#/components/schemas/\##($0)"}"## }
    let field = try field(
      #"{"anyOf":[\#(references.joined(separator: ","))]}"#,
      components: names.map { #""\#($0)":{"enum":["\#($0)"]}"# }.joined(separator: ","))
    #expect(field.kind == .enumeration(names.map { .string($0) }))
  }

  @Test func `inputs are ordered by x-order whatever it is`() throws {
    let fields = try fields(
      """
      "text":{"x-order":"2"},"nan":{"x-order":"nan"},"none":{},"tie":{"x-order":1},
      "same":{"x-order":1},"low":{"x-order":-1e400},"big":{"x-order":18446744073709551617},
      "bigger":{"x-order":18446744073709551618},"list":{"x-order":[0]},"half":{"x-order":1.5},
      "smaller":{"x-order":18446744073709551616}
      """)
    #expect(
      fields.map(\.name) == [
        "low", "tie", "same", "half", "text", "smaller", "big", "bigger", "nan", "none", "list",
      ])
  }

  @Test func `a secret among other kinds is a secret`() throws {
    #expect(
      try field(
        #"{"anyOf":[{"type":"string","format":"password"},{"type":"number"},{"type":"null"}]}"#
      ).kind == .secret())
  }

  @Test(arguments: [
    "#/components/schemas/a name", "#/components/schemas/a%20name",
    "#/components/schemas/list/anyOf/1", "#/components/schemas/a~1b", "#/components/schemas/a~0b",
  ])
  func `a reference is a JSON pointer in a URL`(reference: String) throws {
    let field = try field(
      #"{"$ref":"\#(reference)"}"#,
      components: """
        "a name":{"type":"boolean"},"list":{"anyOf":[{"type":"string"},{"type":"boolean"}]},
        "a/b":{"type":"boolean"},"a~b":{"type":"boolean"}
        """)
    #expect(field.kind == .boolean)
  }

  @Test func `exact multiples`() {
    #expect(JSONNumber(0.3).isMultiple(of: 0.1) == true)
    #expect(JSONNumber(0.35).isMultiple(of: 0.1) == false)
    #expect(JSONNumber(literal: "-1e3")?.isMultiple(of: 8) == true)
    #expect(JSONNumber(0).isMultiple(of: 7) == true)
    #expect(JSONNumber(literal: "18446744073709551615")?.isMultiple(of: 5) == true)
    #expect(JSONNumber(literal: "1e999999999")?.isMultiple(of: 3) == nil)
    #expect(JSONNumber(3).isMultiple(of: 0) == nil)
  }
}
