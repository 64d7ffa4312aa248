import ReplicateAPI
import Testing

@Suite struct `Schema reading` {
  /// The schema of one input, and what it refers to.
  func field(
    _ property: String, components: String = "", required: Bool = false
  ) throws -> InputField {
    let document = """
      {"components":{"schemas":{"Input":{"type":"object","properties":{"x":\(property)}
      \(required ? #","required":["x"]"# : "")}\(components.isEmpty ? "" : ",\(components)")}}}
      """
    let schema = ModelSchema(openAPI: try JSONValue(parsing: document))
    return try #require(schema.inputs.first)
  }

  func output(_ schema: String, cogVersion: String? = nil) throws -> OutputKind {
    let document = """
      {"components":{"schemas":{"Output":\(schema),
      "ModelOutput":{"type":"object","properties":{"file":{"type":"string","format":"uri"}}},
      "Address":{"type":"string","format":"uri"}}}}
      """
    return ModelSchema(openAPI: try JSONValue(parsing: document), cogVersion: cogVersion).output
  }

  @Test(arguments: [
    (#"{"type":"string"}"#, InputKind.text()),
    (
      #"{"type":"string","minLength":2,"maxLength":9,"pattern":"^a"}"#,
      .text(TextRules(minLength: 2, maxLength: 9, pattern: "^a"))
    ),
    (#"{"type":"string","format":"uri"}"#, .file()),
    (#"{"type":"string","format":"password","x-cog-secret":true}"#, .secret()),
    (#"{"type":"integer"}"#, .integer()),
    (
      #"{"type":"integer","minimum":1,"maximum":4}"#,
      .integer(NumberRules(minimum: 1, maximum: 4))
    ),
    (#"{"type":"number","ge":0,"le":1.5}"#, .number(NumberRules(minimum: 0, maximum: 1.5))),
    (#"{"type":"boolean"}"#, .boolean),
    (#"{"enum":["jpg","png"],"type":"string"}"#, .enumeration(["jpg", "png"])),
    (#"{"enum":[512,768],"type":"integer"}"#, .enumeration([512, 768])),
    (#"{"enum":["a",null]}"#, .enumeration(["a"])),
    (#"{"const":"only"}"#, .enumeration(["only"])),
    (#"{"type":"array","items":{"type":"string","format":"uri"}}"#, .array(.file())),
    (
      #"{"type":"array","items":{"type":"string","anyOf":[],"format":"uri"},"minItems":1,"maxItems":3}"#,
      .array(.file(), minItems: 1, maxItems: 3)
    ),
    (#"{"type":"array","items":{"type":"string"}}"#, .array(.text())),
    (#"{"type":"array","items":{"type":"integer"}}"#, .array(.integer())),
    (#"{"type":"array","items":{"type":"object"}}"#, .array(.object())),
    (
      #"{"type":"array","items":{"type":"array","items":{"type":"number"}}}"#,
      .array(.array(.number()))
    ),
    (#"{"type":"array"}"#, .array(.json)),
    (#"{"type":"array","items":true}"#, .array(.json)),
    (
      #"{"type":"array","items":{"type":"integer","nullable":true}}"#,
      .array(.union([.integer(), .enumeration([.null])]))
    ),
    (#"{"type":"object"}"#, .object()),
    (#"{"type":"object","additionalProperties":true}"#, .object()),
    (#"{"type":"object","additionalProperties":false}"#, .object(ObjectRules(others: nil))),
    (
      #"{"type":"object","additionalProperties":{"type":"string"}}"#,
      .object(ObjectRules(others: .text()))
    ),
    (
      #"{"type":"object","required":["a","b","c"],"properties":{"a":{"type":"string"},"b":{"type":"integer","default":1},"d":{"type":["boolean","null"]}}}"#,
      .object(
        ObjectRules(members: [
          .init(name: "a", kind: .text(), isRequired: true), .init(name: "b", kind: .integer()),
          .init(name: "d", kind: .union([.boolean, .enumeration([.null])])),
          .init(name: "c", kind: .json, isRequired: true),
        ]))
    ),
    (#"{"anyOf":[{"type":"string"},{"type":"number"}]}"#, .union([.text(), .number()])),
    (#"{"anyOf":[{"type":"string"},{"type":"string","format":"uri"}]}"#, .text()),
    (#"{"anyOf":[{"type":"string"},{"enum":["a"]},{"type":"null"}]}"#, .text()),
    (#"{"anyOf":[{"type":"string"},{"type":"thing"}]}"#, .json),
    (#"{"oneOf":[{"const":"a","title":"A"},{"const":"b"}]}"#, .enumeration(["a", "b"])),
    (#"{"anyOf":[{"const":1},{"enum":[2,1,null]},{"const":"x"}]}"#, .enumeration([1, 2, "x"])),
    (#"{"allOf":[{"oneOf":[{"const":"a"},{"const":"b"}]}]}"#, .enumeration(["a", "b"])),
    (#"{"oneOf":[{"const":"a"},{"const":null}]}"#, .enumeration(["a"])),
    (#"{"type":["null","string"]}"#, .text()),
    (
      #"{"type":"integer","minimum":-9223372036854775808,"maximum":18446744073709551615}"#,
      .integer(
        NumberRules(
          minimum: JSONNumber(literal: "-9223372036854775808"),
          maximum: JSONNumber(literal: "18446744073709551615")))
    ),
    (
      #"{"anyOf":[{"type":"integer","minimum":0},{"type":"null"}]}"#,
      .integer(NumberRules(minimum: 0))
    ),
    (#"{"oneOf":[{"type":"null"},{"type":"string","format":"uri"}]}"#, .file()),
    (#"{"type":["string","null"]}"#, .text()),
    (#"{"type":["string","integer"]}"#, .union([.text(), .integer()])),
    (#"{"type":["string","integer","null"]}"#, .union([.text(), .integer()])),
    (#"{"type":"thing"}"#, .json),
    (#"{}"#, .json),
    (#"true"#, .json),
    (#"null"#, .json),
  ])
  func `an input's kind is read from its schema`(property: String, kind: InputKind) throws {
    #expect(try field(property).kind == kind)
  }

  @Test func `an enumeration behind allOf is read, its own words first`() throws {
    let field = try field(
      ##"""
      {"allOf":[{"$ref":"#/components/schemas/ratio"}],"default":"1:1","description":"Shape"}
      """##,
      components: #"""
        "ratio":{"enum":["1:1","16:9"],"type":"string","title":"ratio","description":"Ratios"}
        """#)
    #expect(field.kind == .enumeration(["1:1", "16:9"]))
    #expect(field.description == "Shape")
    #expect(field.defaultValue == "1:1")
    #expect(field.title == "ratio")
  }

  @Test func `the builder's empty description of an enumeration is left out`() throws {
    let field = try field(
      ##"{"$ref":"#/components/schemas/ratio"}"##,
      components: #""ratio":{"enum":[1,2],"type":"integer","description":"An enumeration."}"#)
    #expect(field.description == "")
    #expect(field.kind == .enumeration([1, 2]))
  }

  @Test func `an enumeration that may be null is read`() throws {
    let field = try field(
      ##"{"anyOf":[{"$ref":"#/components/schemas/ratio"},{"type":"null"}],"default":null}"##,
      components: #""ratio":{"enum":["a","b"],"type":"string"}"#)
    #expect(field.kind == .enumeration(["a", "b"]))
    #expect(field.isNullable)
    #expect(field.defaultValue == nil)
  }

  @Test func `marks of an input are read`() throws {
    let marked = try field(
      #"{"type":"string","nullable":true,"deprecated":true,"title":"T","default":0.5}"#,
      required: true)
    #expect(marked.isNullable)
    #expect(marked.isDeprecated)
    #expect(marked.isRequired)
    #expect(marked.title == "T")
    #expect(marked.defaultValue == 0.5)
    let plain = try field(#"{"type":"string"}"#)
    #expect(!plain.isNullable && !plain.isDeprecated && !plain.isRequired)
    #expect(plain.defaultValue == nil)
  }

  @Test(arguments: [
    ##"{"$ref":"#/components/schemas/loop"}"##, ##"{"$ref":"#/nowhere/at/all"}"##,
    ##"{"$ref":"other.json#/x"}"##, ##"{"allOf":[{"$ref":"#/components/schemas/wide"}]}"##,
  ])
  func `a reference that leads nowhere or in a circle is no control of its own`(
    property: String
  ) throws {
    let field = try field(
      property,
      components: ##"""
        "loop":{"$ref":"#/components/schemas/loop"},
        "wide":{"allOf":[{"$ref":"#/components/schemas/wide"},{"$ref":"#/components/schemas/wide"},
        {"$ref":"#/components/schemas/wide"},{"$ref":"#/components/schemas/wide"}]}
        """##)
    #expect(field.kind == .json)
  }

  @Test func `inputs are in x-order, those without one last as the document has them`() throws {
    let document = """
      {"components":{"schemas":{"Input":{"properties":{
      "z":{"type":"string"},"b":{"type":"string","x-order":1},"a":{"type":"string"},
      "c":{"type":"string","x-order":0},"m":{"type":"string"}}}}}}
      """
    let schema = ModelSchema(openAPI: try JSONValue(parsing: document))
    #expect(schema.inputs.map(\.name) == ["c", "b", "z", "a", "m"])
  }

  @Test(arguments: [
    (#"{"type":"string"}"#, OutputKind.text),
    (#"{"type":"string","format":"uri"}"#, .file),
    (#"{"type":"array","items":{"type":"string","format":"uri"}}"#, .files),
    (
      #"{"type":"array","items":{"type":"string","format":"uri"},"x-cog-array-type":"iterator"}"#,
      .fileStream
    ),
    (
      #"{"type":"array","items":{"type":"string"},"x-cog-array-type":"iterator","x-cog-array-display":"concatenate"}"#,
      .textStream
    ),
    (#"{"type":"array","items":{"type":"string"},"x-cog-array-type":"iterator"}"#, .json),
    (#"{"type":"array","items":{"type":"string"}}"#, .json),
    (##"{"type":"array","items":{"$ref":"#/components/schemas/ModelOutput"}}"##, .json),
    (##"{"type":"array","items":{"$ref":"#/components/schemas/Address"}}"##, .files),
    (##"{"$ref":"#/components/schemas/ModelOutput"}"##, .json),
    (##"{"$ref":"#/components/schemas/Address"}"##, .file),
    (#"{"type":"array","items":{"type":"array","items":{"type":"number"}}}"#, .json),
    (#"{"anyOf":[{"type":"string","format":"uri"},{"type":"null"}]}"#, .file),
    (#"{"anyOf":[{"type":"string"},{"type":"number"}]}"#, .json),
    (#"{"type":"integer"}"#, .json),
    (#"{"title":"Output"}"#, .json),
    (#"{}"#, .none),
  ])
  func `an output's kind is read from its schema`(schema: String, kind: OutputKind) throws {
    #expect(try output(schema) == kind)
  }

  @Test(arguments: [
    ("0.3.8", OutputKind.fileStream), ("v0.2.10", .fileStream), ("0.3.9", .files),
    ("0.10.0-alpha3+dev", .files), ("0.1.3+shimmed", .fileStream), ("dev", .files), ("", .files),
  ])
  func `lists of old builders come piece by piece`(version: String, kind: OutputKind) throws {
    let list = #"{"type":"array","items":{"type":"string","format":"uri"}}"#
    #expect(try output(list, cogVersion: version) == kind)
  }

  @Test(arguments: ["null", "[]", "{}", #"{"components":[]}"#, #"{"components":{"schemas":{}}}"#])
  func `a document without schemas has no inputs and no output`(text: String) throws {
    let schema = ModelSchema(openAPI: try JSONValue(parsing: text))
    #expect(schema == ModelSchema(inputs: [], output: .none))
  }
}
