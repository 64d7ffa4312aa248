import ReplicateAPI
import Running
import Testing

@testable import ViewModels

/// Values that need more than one type, or more than a double holds: null, unions, 64-bit integers,
/// nested objects.
@MainActor @Suite struct FormValueTests {
  private func field(
    _ kind: InputKind, required: Bool = true, nullable: Bool = false,
    default value: JSONValue? = nil,
    typed text: String? = nil
  ) -> FormField {
    var field = FormField(
      InputField(
        name: "x", kind: kind, isRequired: required, isNullable: nullable, defaultValue: value))
    if let text { field.enter(text) }
    return field
  }

  // MARK: Null

  @Test(arguments: [
    InputKind.text(), .secret(), .file(), .integer(), .number(), .boolean,
    .enumeration(["a", "b"]),
    .array(.text()), .object(), .json, .union([.text(), .number()]),
  ])
  func `a required input that may be null starts as null, and says so`(kind: InputKind) {
    let field = field(kind, nullable: true)
    #expect(field.payload == .null)
    #expect(!field.isMissing && !field.isInvalid)
    #expect(field.placeholder == "null" || field.choice == "null")
    #expect(InputRules.problem(of: .null, kind) != nil || kind == .json)
    // An optional input is left out instead.
    #expect(self.field(kind, required: false, nullable: true).payload == nil)
    #expect(self.field(kind, required: false, nullable: true).placeholder != "null")
  }

  @Test func `null can be chosen after something else`() {
    var choice = field(.enumeration(["a", "b"]), nullable: true)
    let fits = choice.set("b")
    #expect(fits && choice.payload == "b")
    let isNull = choice.set(.null)
    #expect(isNull && choice.payload == .null)
    var text = field(.text(), nullable: true, default: "a fox")
    #expect(text.payload == "a fox")
    text.update { $0.buffer?.text = "" }
    #expect(text.payload == .null && text.mark == .changed)
    #expect(field(.union([.text(), .number()]), nullable: true, typed: "null").payload == .null)
    var list = field(.array(.text()), nullable: true, typed: #"["a"]"#)
    #expect(list.payload == ["a"])
    list.reset()
    #expect(list.payload == .null)
  }

  // MARK: Unions

  private nonisolated static let unions: [(InputKind, String, JSONValue)] = [
    (.union([.text(), .number()]), "auto", "auto"), (.union([.text(), .number()]), "2.5", 2.5),
    (.union([.text(), .number()]), "\"2.5\"", "2.5"),
    (.union([.text(), .number()]), "true", "true"),
    (.union([.text(), .number()]), "null", "null"),
    (.union([.text(), .number()]), "{not json", "{not json"),
    (.union([.text(), .array(.text())]), "a cat, a dog", "a cat, a dog"),
    (.union([.text(), .array(.text())]), "[\"a\", \"b\"]", ["a", "b"]),
    (.union([.text(), .array(.text())]), "7", "7"),
    (.union([.number(), .boolean]), "true", true),
    (.union([.file(), .number()]), "data:,x", "data:,x"),
  ]

  @Test(arguments: unions)
  func `where a union allows text, what is no other JSON of it is text`(
    kind: InputKind, text: String, value: JSONValue
  ) {
    #expect(field(kind, typed: text).payload == value)
    // An earlier input stands in the field so that it is read as the same again.
    var filled = field(kind)
    let fits = filled.set(value)
    #expect(fits && filled.payload == value)
  }

  @Test func `a union says which of its kinds is broken`() {
    let kind = InputKind.union([.text(), .array(.text(), maxItems: 1)])
    #expect(field(kind, typed: "[1]").problem == "item 1 must be a text in quotes")
    #expect(field(kind, typed: "[\"a\", \"b\"]").problem?.contains("at most 1 item") == true)
    #expect(
      field(.union([.number(), .boolean]), typed: "\"x\"").problem
        == "must be a number, or true or false")
    #expect(field(.union([.number(), .boolean]), typed: "x").problem?.contains("JSON") == true)
  }

  @Test func `a union's hint says what its content is sent as`() {
    #expect(field(.union([.text(), .number()])).hint == "text or number")
    #expect(field(.union([.text(), .number()]), typed: "auto").hint == "as text")
    #expect(field(.union([.text(), .number()]), typed: "2").hint == "as number")
  }

  // MARK: Whole numbers

  private nonisolated static let wide = NumberRules(
    minimum: 0, maximum: JSONNumber(literal: "18446744073709551615"))

  @Test func `a 64-bit bound is shown and taken as it is`() {
    #expect(field(.integer(Self.wide)).hint == "0…18446744073709551615")
    let largest = field(.integer(Self.wide), typed: "18446744073709551615")
    #expect(largest.payload?.serialized() == "18446744073709551615")
    #expect(
      field(.integer(Self.wide), typed: "18446744073709551616").problem
        == "must be 0 to 18446744073709551615")
    #expect(field(.integer(Self.wide), typed: "-1").problem == "must be 0 to 18446744073709551615")
  }

  @Test(arguments: ["18446744073709551616", "-9223372036854775809", "99999999999999999999999999"])
  func `an integer that 64 bits can't hold is refused`(text: String) {
    #expect(
      field(.integer(), typed: text).problem
        == "must be a whole number between -9223372036854775808 and 18446744073709551615")
    #expect(
      InputRules.problem(of: [.number(JSONNumber(literal: text) ?? 0)], .array(.integer())) != nil)
  }

  @Test func `bounds beyond a double's digits are kept apart`() {
    let rules = NumberRules(
      minimum: JSONNumber(literal: "9007199254740993"),
      maximum: JSONNumber(literal: "9007199254740995"))
    #expect(field(.integer(rules), typed: "9007199254740992").problem != nil)
    #expect(field(.integer(rules), typed: "9007199254740993").problem == nil)
    #expect(field(.integer(rules), typed: "9007199254740996").problem != nil)
    #expect(NumberText.stepped("9007199254740993", by: 1, rules) == "9007199254740994")
    #expect(NumberText.stepped("9007199254740995", by: 1, rules) == "9007199254740995")
  }

  private func form(_ rules: NumberRules) -> InputForm {
    InputForm(
      model: ModelID(owner: "a", name: "b"), version: nil,
      schema: ModelSchema(inputs: [InputField(name: "seed", kind: .integer(rules))]))
  }

  private nonisolated static let seeds: [NumberRules] = [
    NumberRules(), wide, NumberRules(minimum: 5_000_000_000), NumberRules(maximum: -5),
    NumberRules(minimum: JSONNumber(literal: "18446744073709551610")),
    NumberRules(minimum: JSONNumber(literal: "1e19"), maximum: JSONNumber(literal: "1e30")),
    NumberRules(minimum: JSONNumber(literal: "-1e400"), maximum: JSONNumber(literal: "1e400")),
    NumberRules(minimum: 0.2, maximum: 1.7), NumberRules(minimum: -0.5, maximum: 0.5),
  ]

  @Test(arguments: seeds)
  func `a random seed is within its bounds, however wide they are`(rules: NumberRules) {
    for _ in 0..<20 {
      let form = form(rules)
      #expect(form.perform(.randomSeed) && form.seedProblem == nil)
      #expect(form.fields[0].problem == nil)
      #expect(form.payload["seed"] != nil)
    }
  }

  @Test(arguments: [
    NumberRules(minimum: 0.2, maximum: 0.7), NumberRules(minimum: 5, maximum: 4),
    NumberRules(minimum: JSONNumber(literal: "1e20")),
    NumberRules(maximum: JSONNumber(literal: "-1e400")),
  ])
  func `bounds that hold no whole number give none, and the key says why`(rules: NumberRules) {
    let form = form(rules)
    #expect(!form.perform(.randomSeed))
    #expect(form.seedProblem == "No whole number is within the bounds of seed.")
    for command in [FormCommand.stepUp, .stepDown, .toMinimum, .toMaximum] { form.perform(command) }
  }

  @Test func `the bounds of a whole number are whole`() {
    let form = form(
      NumberRules(minimum: 0.2, maximum: JSONNumber(literal: "1.8446744073709552e+19")))
    form.perform(.toMinimum)
    #expect(form.payload["seed"] == 1)
    form.perform(.toMaximum)
    #expect(form.payload["seed"]?.serialized() == "18446744073709551615")
  }

  // MARK: Nested values

  private static let message = InputKind.object(
    ObjectRules(members: [
      .init(name: "role", kind: .enumeration(["user", "system"]), isRequired: true),
      .init(name: "content", kind: .union([.text(), .array(.object())]), isRequired: true),
      .init(name: "name", kind: .union([.text(), .enumeration([.null])])),
    ]))

  @Test(arguments: [
    (#"[{"role":"user"}]"#, "item 1 lacks content"),
    (
      #"[{"role":"user","content":"x"},{"role":"me","content":"x"}]"#,
      "item 2, role: must be one of"
    ),
    (#"[{"role":"user","content":7}]"#, "item 1, content: must be a text in quotes, or a list"),
    (#"[{"role":"user","content":[1]}]"#, "item 1, content: item 1 must be an object"),
    (#"[{"role":"user","content":"x","name":1}]"#, "item 1, name: must be"),
    (#"["hello"]"#, "item 1 must be an object in braces"),
  ])
  func `a list of objects is checked against the schema of its items`(text: String, words: String) {
    let field = field(.array(Self.message), typed: text)
    #expect(field.problem?.contains(words) == true, "\(field.problem ?? "nothing")")
  }

  @Test func `objects that fit are sent, with what the schema doesn't name`() {
    let text = #"[{"role":"user","content":"hi","name":null,"more":[1,null]}]"#
    #expect(field(.array(Self.message), typed: text).problem == nil)
    let strict = InputKind.object(
      ObjectRules(members: [.init(name: "a", kind: .text())], others: nil))
    #expect(field(strict, typed: #"{"b":1}"#).problem == "can't have b")
    let counts = InputKind.object(ObjectRules(others: .integer()))
    #expect(field(counts, typed: #"{"b":"x"}"#).problem == "b: must be a whole number")
  }

  // MARK: Data URIs

  private static let picture = "data:image/png;base64," + String(repeating: "QUJD", count: 300_000)

  @Test func `a data URI is shown by kind and size, and sent whole`() {
    for (kind, value): (InputKind, JSONValue) in [
      (.file(), .string(Self.picture)), (.text(), .string("before \(Self.picture)")),
      (.array(.file()), [.string(Self.picture)]), (.json, ["a": ["b": .string(Self.picture)]]),
    ] {
      var field = field(kind)
      let fits = field.set(value)
      #expect(fits && field.payload == value)
      #expect(field.shownText?.text.contains("data: image/png, 900,000 bytes") == true)
      #expect(field.shownText?.text.utf8.count ?? 0 < 100)
      #expect(
        FormField(InputField(name: "x", kind: kind, defaultValue: value)).placeholder.count < 200)
    }
  }

  @Test func `what is typed over a data URI replaces it`() {
    let form = InputForm(
      model: ModelID(owner: "a", name: "b"), version: nil,
      schema: ModelSchema(inputs: [
        InputField(name: "image", kind: .file()), InputField(name: "n", kind: .integer()),
      ]), prefill: ["image": .string(Self.picture)])
    form.perform(.place(0, offset: 4))
    form.perform(.edit(.left))
    #expect(form.payload["image"] == .string(Self.picture))
    form.perform(.edit(.insert("h")))
    #expect(form.fields[0].control.buffer?.text == "h")
    form.perform(.edit(.insert("t")))
    #expect(form.fields[0].control.buffer?.text == "ht")
  }
}
