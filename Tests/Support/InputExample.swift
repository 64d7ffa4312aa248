import ReplicateAPI
import Testing
import ViewModels

/// An input of each kind that a schema can have, with what a person does in its field and what has
/// to come of it. Tests run over all of them, so that no kind is without a test of each step.
public struct InputExample: Sendable, CustomTestStringConvertible {
  public var kind: String
  /// The input's schema; `#/components/schemas/choice` is an enumeration of `ink`, `oil` and `chalk`.
  public var schema: JSONValue
  public var isRequired = false
  /// What is pressed in the field.
  public var keys: [FormCommand]
  /// What is sent after that.
  public var sent: JSONValue
  /// What has to be seen in the field after that.
  public var drawn: String
  /// What is pressed for a value that isn't allowed, and the beginning of what is said about it. Nil
  /// if there is no such value, or none can be entered.
  public var mistake: (keys: [FormCommand], problem: String)?
  /// What the service says about that value, as the type of its error; nil if it can't be sent at
  /// all.
  public var rejected: (value: JSONValue, error: String)?

  public var testDescription: String { kind }

  public init(
    _ kind: String, _ schema: JSONValue, isRequired: Bool = false, _ keys: [FormCommand],
    sent: JSONValue, drawn: String, mistake: (keys: [FormCommand], problem: String)? = nil,
    rejected: (value: JSONValue, error: String)? = nil
  ) {
    self.kind = kind
    self.schema = schema
    self.isRequired = isRequired
    self.keys = keys
    self.sent = sent
    self.drawn = drawn
    self.mistake = mistake
    self.rejected = rejected
  }

  /// The OpenAPI document of a model with this input, called `x`.
  public var document: JSONValue {
    var input: JSONObject = ["type": "object", "properties": ["x": schema]]
    if isRequired { input["required"] = ["x"] }
    return [
      "openapi": "3.0.2",
      "components": [
        "schemas": [
          "Input": .object(input), "Output": ["type": "string"],
          "choice": ["enum": ["ink", "oil", "chalk"], "type": "string"],
        ]
      ],
    ]
  }

  public var modelSchema: ModelSchema { ModelSchema(openAPI: document) }

  /// A form of this input.
  @MainActor public func form() -> InputForm {
    InputForm(
      model: ModelID(owner: "acme", name: "example"), version: nil, schema: modelSchema,
      random: { $0.upperBound })
  }
}

extension [FormCommand] {
  /// The keys of a text, as a person types them.
  public static func typing(_ text: String) -> [FormCommand] {
    text.map { $0 == "\n" ? .edit(.newline) : .edit(.insert(String($0))) }
  }
}

extension InputExample {
  public static let all = texts + numbers + choices + files + values + lists

  static let texts: [InputExample] = [
    InputExample(
      "text", ["type": "string"], .typing("a fox"), sent: "a fox", drawn: "a fox",
      rejected: (1, "invalid_type")),
    InputExample(
      "long text", ["type": "string"], .typing("one\ntwo 漢字"), sent: "one\ntwo 漢字", drawn: "two 漢字"),
    InputExample(
      "text with lengths", ["type": "string", "minLength": 2, "maxLength": 3], .typing("äöü"),
      sent: "äöü", drawn: "2…3 characters",
      mistake: (.typing("äöüß"), "must have at most 3 characters"),
      rejected: ("äöüß", "string_lte")),
    InputExample(
      "text with a pattern", ["type": "string", "pattern": "^[a-z]+-\\d{2}$"], .typing("ab-12"),
      sent: "ab-12", drawn: "ab-12", mistake: (.typing("AB-12"), "must match ^[a-z]+-\\d{2}$"),
      rejected: ("AB-12", "pattern")),
    InputExample(
      "date-time", ["type": "string", "format": "date-time"], .typing("2026-11-27T12:30:00+01:00"),
      sent: "2026-11-27T12:30:00+01:00", drawn: "date-time",
      mistake: (.typing("2026-11-27 12:30"), "must be a date and time"),
      rejected: ("2026-11-27 12:30", "format")),
    InputExample(
      "date", ["type": "string", "format": "date"], .typing("2028-02-29"), sent: "2028-02-29",
      drawn: "date", mistake: (.typing("2026-02-29"), "must be a date"),
      rejected: ("2026-02-29", "format")),
    InputExample(
      "time", ["type": "string", "format": "time"], .typing("23:59:59Z"), sent: "23:59:59Z",
      drawn: "time", mistake: (.typing("24:00:00Z"), "must be a time"),
      rejected: ("24:00:00Z", "format")),
    InputExample(
      "email", ["type": "string", "format": "email"], .typing("a@b.example"), sent: "a@b.example",
      drawn: "email address", mistake: (.typing("a at b"), "must be an email address"),
      rejected: ("a at b", "format")),
    InputExample(
      "UUID", ["type": "string", "format": "uuid"],
      .typing("123e4567-e89b-12d3-a456-426614174000"),
      sent: "123e4567-e89b-12d3-a456-426614174000", drawn: "UUID",
      mistake: (.typing("123e4567"), "must be a UUID"), rejected: ("123e4567", "format")),
    InputExample(
      "secret", ["type": "string", "format": "password", "x-cog-secret": true, "minLength": 3],
      .typing("s3cret"), sent: "s3cret", drawn: "••••••",
      mistake: (.typing("s3"), "must have at least 3 characters"),
      rejected: ("s3", "string_gte")),
    InputExample(
      "text or null, required", ["anyOf": [["type": "string"], ["type": "null"]]],
      isRequired: true, [.edit(.deleteToStart)], sent: .null, drawn: "null",
      rejected: (1, "number_any_of")),
  ]

  static let numbers: [InputExample] = [
    InputExample(
      "integer", ["type": "integer", "minimum": 1, "maximum": 50, "default": 28], .typing("7"),
      sent: 7, drawn: "1…50", mistake: (.typing("51"), "must be 1 to 50"),
      rejected: (51, "number_lte")),
    InputExample(
      "integer of 64 bits",
      ["type": "integer", "minimum": 0, "maximum": number("18446744073709551615")],
      .typing("18446744073709551615"), sent: number("18446744073709551615"),
      drawn: "18446744073709551615",
      mistake: (.typing("18446744073709551616"), "must be 0 to 18446744073709551615"),
      rejected: (number("18446744073709551616"), "number_lte")),
    InputExample(
      "integer multiple", ["type": "integer", "multipleOf": 8, "default": 512], [.stepUp],
      sent: 520, drawn: "multiple of 8", mistake: (.typing("12"), "must be a multiple of 8"),
      rejected: (12, "multiple_of")),
    InputExample(
      "number", ["type": "number", "minimum": 0, "maximum": 1.5], .typing("0.30"),
      sent: number("0.30"), drawn: "0…1.5", mistake: (.typing("1.6"), "must be 0 to 1.5"),
      rejected: (1.6, "number_lte")),
    InputExample(
      "number with exclusive bounds",
      ["type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1], .typing("0.001"),
      sent: 0.001, drawn: ">0…<1", mistake: (.typing("1"), "must be more than 0 and less than 1"),
      rejected: (1, "number_lt")),
    InputExample(
      "number with a bound as in OpenAPI 3.0",
      ["type": "number", "minimum": 0, "exclusiveMinimum": true], .typing("1"), sent: 1,
      drawn: "> 0", mistake: (.typing("0"), "must be more than 0"), rejected: (0, "number_gt")),
    InputExample(
      "number multiple", ["type": "number", "multipleOf": 0.1], .typing("0.3"), sent: 0.3,
      drawn: "multiple of 0.1", mistake: (.typing("0.35"), "must be a multiple of 0.1"),
      rejected: (0.35, "multiple_of")),
    InputExample(
      "number with ge and le", ["type": "number", "ge": 0, "le": 5], .typing("5"), sent: 5,
      drawn: "0…5", mistake: (.typing("6"), "must be 0 to 5")),
    InputExample(
      "boolean", ["type": "boolean", "default": true], [.toggle], sent: false, drawn: "[ ] off",
      rejected: ("no", "invalid_type")),
  ]

  private static func number(_ literal: String) -> JSONValue {
    .number(JSONNumber(literal: literal) ?? 0)
  }

  static let choices: [InputExample] = [
    InputExample(
      "enumeration", ["enum": ["jpg", "png"], "type": "string", "default": "jpg"],
      [.cycleForward], sent: "png", drawn: "png", rejected: ("gif", "enum")),
    InputExample(
      "enumeration by reference",
      ["allOf": [["$ref": "#/components/schemas/choice"]], "default": "ink"],
      .typing("cha") + [.activate], sent: "chalk", drawn: "chalk", rejected: ("tar", "enum")),
    InputExample(
      "enumeration of integers", ["enum": [512, 768], "type": "integer", "default": 512],
      [.toMaximum], sent: 768, drawn: "768", rejected: (513, "enum")),
    InputExample(
      "enumeration with titles",
      [
        "oneOf": [["const": "s", "title": "Small"], ["const": "l", "title": "Large"]],
        "default": "s",
      ], .typing("Lar") + [.activate], sent: "l", drawn: "Large", rejected: ("m", "number_one_of")),
    InputExample(
      "enumeration of 200 values",
      ["enum": .array((1...200).map { .string("v\($0)") }), "type": "string"],
      .typing("v137") + [.activate], sent: "v137", drawn: "137 of 200", rejected: ("v0", "enum")),
    InputExample(
      "enumeration with an odd default",
      ["enum": ["near", "far"], "type": "string", "default": "middle"], [.cycleForward],
      sent: "near", drawn: "near", rejected: ("middle", "enum")),
  ]

  static let files: [InputExample] = [
    InputExample(
      "file", ["type": "string", "format": "uri", "x-cog-accept": ["image/png"]],
      .typing("https://a.example/x.png"), sent: "https://a.example/x.png",
      drawn: "https://a.example/x.png", mistake: (.typing("https://"), "lacks the host"),
      rejected: ("no address", "format"))
  ]

  static let values: [InputExample] = [
    InputExample(
      "any object", ["type": "object"], .typing(#"{"a": [1]}"#), sent: ["a": [1]],
      drawn: #"{"a": [1]}"#, mistake: (.typing("[1]"), "must be an object"),
      rejected: ([1], "invalid_type")),
    InputExample(
      "object with members",
      [
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": ["a": ["type": "integer"]],
      ], .typing(#"{"a": 1}"#), sent: ["a": 1], drawn: #"{"a": 1}"#,
      mistake: (.typing("{}"), "lacks a"), rejected: ([:], "required")),
    InputExample(
      "dictionary", ["type": "object", "additionalProperties": ["type": "string"]],
      .typing(#"{"a": "b"}"#), sent: ["a": "b"], drawn: #"{"a": "b"}"#,
      mistake: (.typing(#"{"a": 1}"#), "a: must be a text"),
      rejected: (["a": 1], "invalid_type")),
    InputExample(
      "union of text and number", ["anyOf": [["type": "string"], ["type": "number"]]],
      .typing("plain text"), sent: "plain text", drawn: "as text",
      rejected: ([], "number_any_of")),
    InputExample(
      "union, as a number", ["anyOf": [["type": "string"], ["type": "number"]]], .typing("1.5"),
      sent: 1.5, drawn: "as number"),
    InputExample(
      "union of choices and integer",
      ["anyOf": [["enum": ["auto", "none"]], ["type": "integer"]]], .typing("auto"),
      sent: "auto", drawn: "as text", mistake: (.typing("other"), "must be one of: auto, none"),
      rejected: ("other", "number_any_of")),
    InputExample(
      "union by a list of types", ["type": ["boolean", "integer", "null"]], .typing("true"),
      sent: true, drawn: "true", mistake: (.typing("1.5"), "must be a whole number")),
    InputExample(
      "any value", [:], .typing("[null]"), sent: [.null], drawn: "[null]",
      mistake: (.typing("[nul"), "isn't valid JSON: line 1, column")),
  ]

  /// What is pressed is a paste of JSON, which lists take whatever their elements are.
  static let lists: [InputExample] = [
    InputExample(
      "list of texts",
      ["type": "array", "items": ["type": "string"], "minItems": 2, "maxItems": 3],
      pasting(#"["one", "2"]"#), sent: ["one", "2"], drawn: "one",
      mistake: (pasting(#"["one"]"#), "must have at least 2 items"),
      rejected: (["one"], "array_min_items")),
    InputExample(
      "list of different texts",
      ["type": "array", "items": ["type": "string"], "uniqueItems": true],
      pasting(#"["a", "b"]"#), sent: ["a", "b"], drawn: "a",
      mistake: (pasting(#"["a", "b", "a"]"#), "must not repeat an item: 3 is the same as 1"),
      rejected: (["a", "b", "a"], "unique")),
    InputExample(
      "list of files", ["type": "array", "items": ["type": "string", "format": "uri"]],
      pasting(#"["https://a.example/1.png"]"#), sent: ["https://a.example/1.png"],
      drawn: "https://a.example/1.png", rejected: (["no address"], "format")),
    InputExample(
      "list of integers", ["type": "array", "items": ["type": "integer", "minimum": 0]],
      pasting("[1, 22]"), sent: [1, 22], drawn: "22",
      mistake: (pasting("1\n-2"), "item 2 must be at least 0"),
      rejected: ([1, -2], "number_gte")),
    InputExample(
      "list of numbers", ["type": "array", "items": ["type": "number"]], pasting("[0.5, 22]"),
      sent: [0.5, 22], drawn: "0.5", rejected: (["a"], "invalid_type")),
    InputExample(
      "list of booleans", ["type": "array", "items": ["type": "boolean"]],
      pasting("[true, false]"), sent: [true, false], drawn: "[x] on",
      rejected: ([1], "invalid_type")),
    InputExample(
      "list of choices",
      ["type": "array", "items": ["$ref": "#/components/schemas/choice"]],
      pasting(#"["oil", "ink"]"#), sent: ["oil", "ink"], drawn: "oil", rejected: (["tar"], "enum")),
    InputExample(
      "list of lists",
      ["type": "array", "items": ["type": "array", "items": ["type": "number"]]],
      pasting("[[1, 2], [3]]"), sent: [[1, 2], [3]], drawn: "[1,2]",
      mistake: (pasting("[1"), "item 1 isn't valid JSON"),
      rejected: ([[1], 2], "invalid_type")),
    InputExample(
      "list of objects",
      [
        "type": "array",
        "items": [
          "type": "object", "required": ["role"], "properties": ["role": ["type": "string"]],
        ],
      ], pasting(#"[{"role": "user"}]"#), sent: [["role": "user"]], drawn: #"{"role":"user"}"#,
      mistake: (pasting(#"{"name": "user"}"#), "item 1 lacks role"),
      rejected: ([["name": "user"]], "required")),
  ]

  private static func pasting(_ text: String) -> [FormCommand] { [.edit(.insert(text))] }
}
