import ReplicateAPI

// The inputs of `demo/every-input`, by kind.
extension DemoModel {
  static let texts: [SchemaInput] = [
    .text("text", "Any text. This input is required.").required(),
    .text(
      "code", "Two capital letters and three digits, such as AB123.", default: "AB123",
      minLength: 5, maxLength: 5, pattern: "^[A-Z]{2}[0-9]{3}$"),
    .text("long_text", "At least ten characters.", minLength: 10),
    .secret("secret", "Hidden while you type it, and in everything the API returns.").nullable(),
    .formatted("date_time", "A date and a time, with an offset.", "date-time"),
    .formatted("date", "A date.", "date"),
    .formatted("time", "A time, with an offset.", "time"),
    .formatted("email", "An email address.", "email"),
    .formatted("uuid", "A UUID.", "uuid"),
    .typed(
      "required_or_null", ["anyOf": [["type": "string"], ["type": "null"]]],
      "Text, or null if it's empty: it's required, so it can't be left out."
    ).required(),
  ]

  static let numbers: [SchemaInput] = [
    .integer("integer", "An integer from 1 to 10.", default: 3, 1...10),
    .integer("any_integer", "Any integer, even a large one.").nullable(),
    .integer("seed", "Up to 64 bits without a sign.").adding("minimum", 0)
      .adding("maximum", .number(JSONNumber(literal: "18446744073709551615") ?? 0)),
    .integer("width", "A multiple of 8.", default: 512, 64...2048).adding("multipleOf", 8),
    .number("fraction", "A number from 0 to 1.", default: 0.5, 0...1),
    .number("strength", "More than 0 and less than 1.", default: 0.8)
      .adding("exclusiveMinimum", 0).adding("exclusiveMaximum", 1),
    .number("quarters", "A multiple of a quarter.", default: 0.25).adding("multipleOf", 0.25),
    .boolean("switch", "On or off.", default: true),
  ]

  static let choices: [SchemaInput] = [
    .choice("color", "One of a few words.", ["red", "green", "blue"], default: "green"),
    .inlineChoice("weight", "One of a few numbers.", [100, 400, 700], default: 400),
    .choice("required_choice", "One of these. There is no default.", ["yes", "no"]).required(),
    .titledChoice(
      "size", "Shown by their titles.",
      [("s", title: "Small"), ("m", title: "Medium"), ("l", title: "Large")], default: "m"),
    .choice(
      "one_of_many", "One of 200.", (1...200).map { .string("choice-\($0)") },
      default: "choice-7"),
  ]

  static let files: [SchemaInput] = [
    .file("file", "The URL of a file.").nullable(),
    .file("picture", "A PNG or JPEG picture.")
      .adding("x-cog-accept", ["image/png", "image/jpeg"]),
    .list("files", "URLs of files.", of: SchemaOutput.uri, default: []),
  ]

  static let values: [SchemaInput] = [
    .list("numbers", "Some integers.", of: ["type": "integer"], default: [1, 2, 3]),
    .list("words", "One to four words.", of: ["type": "string"], default: ["one"], count: 1...4),
    .list("tags", "Words that all differ.", of: ["type": "string"]).adding("uniqueItems", true),
    .list("colors", "Some of a few words.", of: ["type": "string", "enum": ["red", "blue"]]),
    .list("switches", "Some switches.", of: ["type": "boolean"]),
    .list("rows", "Lists of numbers.", of: ["type": "array", "items": ["type": "number"]]),
    .list(
      "points", "Objects with members of their own.",
      of: [
        "type": "object", "required": ["x", "y"], "additionalProperties": false,
        "properties": [
          "x": ["type": "number"], "y": ["type": "number"], "label": ["type": "string"],
        ],
      ]),
    .object("settings", "Any JSON object.", default: ["depth": 2]),
    .object("names", "An object of texts.").adding("additionalProperties", ["type": "string"]),
    .union("text_or_number", "Text, a number, or null.", of: ["string", "number", "null"]),
    .union("optional_text", "Text or null.", of: ["string", "null"]),
    .typed(
      "word_or_number", ["anyOf": [["enum": ["auto", "none"]], ["type": "integer"]]],
      "A word, or an integer.", "auto"),
    .typed("anything", [:], "Any JSON at all."),
  ]

  /// What the schemas of real models have that they shouldn't.
  static let broken: [SchemaInput] = [
    .number("legacy_bounds", "Bounds that only pydantic knows.", default: 1)
      .adding("ge", 0).adding("le", 5),
    .number("boolean_bound", "A bound as OpenAPI 3.0 writes it.", default: 1)
      .adding("minimum", 0).adding("exclusiveMinimum", true),
    .choice(
      "odd_default", "The default isn't one of the choices.", ["near", "far"], default: "middle"),
    .typed(
      "empty_union", ["type": "string", "anyOf": []], "Optional in yet another spelling."),
    .text("old_name", "Use text instead.").deprecated().nullable(),
  ]
}
