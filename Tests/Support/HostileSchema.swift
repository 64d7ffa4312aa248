import ReplicateAPI

/// Schemas that nobody should write, made at random from a seed.
public struct HostileSchema: Sendable {
  /// What is wrong with a schema.
  public enum Trick: String, CaseIterable, Sendable {
    case anything = "keywords and values at random"
    case wrongTypes = "wrong types everywhere"
    case deep = "deep nesting"
    case cycles = "references in circles and to nowhere"
    case manyFields = "up to 10,000 fields"
    case names = "emoji, right-to-left, control and very long names"
    case numbers = "bounds and orders that are hardly numbers"
    case manyChoices = "up to 100,000 choices"
    case largeDefaults = "defaults of megabytes"
    case patterns = "patterns that explode"
    case wideUnions = "unions of many alternatives"
    case longTexts = "descriptions and titles of megabytes"
  }

  public let trick: Trick
  public let document: JSONValue
  /// The names of the properties of `Input`.
  public let names: Set<String>

  /// - Parameter scale: 1 for a quick run, up to 10 for the sizes that the tricks name.
  public init(seed: UInt64, scale: Int = 1) {
    let maker = Maker(seed: seed, scale: scale)
    self = maker.schema()
  }

  private init(_ trick: Trick, _ properties: JSONObject, _ rest: JSONObject) {
    self.trick = trick
    names = Set(properties.keys)
    var input: JSONObject = ["type": "object", "properties": .object(properties)]
    input["required"] = rest["required"]
    var schemas: JSONObject = ["Input": .object(input)]
    for (name, schema) in rest["schemas"]?.object ?? [:] where name != "Input" {
      schemas[name] = schema
    }
    document = ["openapi": "3.0.2", "components": ["schemas": .object(schemas)]]
  }

  private struct Maker {
    var random: SplitMix
    /// How much larger things are than in a quick run.
    let scale: Int
    let trick: Trick

    init(seed: UInt64, scale: Int) {
      random = SplitMix(seed: seed)
      self.scale = scale
      // All of them come up equally often.
      let tricks = Trick.allCases
      trick = tricks[Int(truncatingIfNeeded: seed % UInt64(tricks.count))]
    }

    func schema() -> HostileSchema {
      var maker = self
      var properties: JSONObject = [:]
      var rest: JSONObject = [:]
      maker.fill(&properties, &rest)
      if maker.chance(3) {
        rest["required"] = .array(
          properties.keys.filter { _ in maker.chance(3) }.map { .string($0) } + ["none", 3])
      }
      return HostileSchema(trick, properties, rest)
    }

    // MARK: Tricks

    private mutating func fill(_ properties: inout JSONObject, _ rest: inout JSONObject) {
      let some = number(1...12)
      switch trick {
      case .anything:
        for index in 0..<some { properties["f\(index)"] = anySchema(depth: 3) }
      case .wrongTypes:
        for index in 0..<some {
          properties["f\(index)"] =
            chance(6)
            ? junk()
            : .object(
              JSONObject(
                Self.keywords.filter { _ in chance(2) }.map { ($0, junk()) },
                uniquingKeysWith: { first, _ in first }))
        }
      case .deep:
        for index in 0..<some { properties["f\(index)"] = deep(number(1...100 * min(4, scale))) }
      case .cycles:
        rest["schemas"] = .object(cycles())
        for index in 0..<some { properties["f\(index)"] = reference() }
      case .manyFields:
        let kinds: [JSONValue] = [
          ["type": "string"], ["type": "integer", "minimum": 0, "maximum": 9], ["type": "boolean"],
          ["enum": ["a", "b"]], ["type": "array", "items": ["type": "string"]], reference(), junk(),
        ]
        for index in 0..<number(500...1000 * scale) {
          properties["field_\(index)"] = kinds[index % kinds.count]
        }
        rest["schemas"] = .object(cycles())
      case .names:
        for _ in 0..<some { properties[name()] = anySchema(depth: 1) }
        properties[""] = ["type": "string"]
      case .numbers:
        for index in 0..<some { properties["f\(index)"] = numbers() }
      case .manyChoices:
        let count = number(1000...10_000 * scale)
        let choices = (0..<count).map { JSONValue.string("choice \($0)") }
        properties["f"] = ["enum": .array(choices), "default": choices[count / 2]]
        properties["titles"] = [
          "oneOf": .array(choices.map { ["const": $0, "title": "Same"] })
        ]
        properties["list"] = ["type": "array", "items": ["enum": .array(choices)]]
      case .largeDefaults:
        for index in 0..<3 { properties["f\(index)"] = largeDefault() }
      case .patterns:
        for index in 0..<some {
          properties["f\(index)"] = [
            "type": "string", "pattern": .string(pattern()),
            "default": .string(String(repeating: "a", count: number(1...3000 * scale))),
          ]
        }
      case .wideUnions:
        let count = number(2...100 * scale)
        properties["f"] = ["anyOf": .array((0..<count).map { _ in anySchema(depth: 1) })]
        properties["g"] = ["oneOf": .array((0..<count).map { _ in reference() })]
        properties["h"] = ["allOf": .array((0..<count).map { _ in anySchema(depth: 1) })]
        properties["i"] = ["type": .array((0..<count).map { _ in junk() })]
        rest["schemas"] = .object(cycles())
      case .longTexts:
        let text = String(repeating: "*a [b](c) `d` ", count: 8000 * scale)
        for key in ["description", "title", "format", "type", "x-order", "$ref"] {
          var schema: JSONObject = ["type": "string"]
          schema[key] = .string(text)
          properties[key] = .object(schema)
        }
      }
    }

    private mutating func cycles() -> JSONObject {
      var schemas: JSONObject = [:]
      for index in 0..<8 {
        schemas["c\(index)"] =
          switch number(0...6) {
          case 0: reference()
          case 1: ["allOf": .array((0..<number(1...5)).map { _ in reference() })]
          case 2: ["anyOf": .array((0..<number(1...5)).map { _ in reference() })]
          case 3: ["type": "array", "items": reference()]
          case 4: ["type": "object", "properties": ["a": reference(), "b": reference()]]
          case 5: ["oneOf": [reference(), ["const": "x", "title": "X"], ["type": "null"]]]
          default: ["type": "object", "additionalProperties": reference(), "default": [:]]
          }
      }
      return schemas
    }

    private mutating func reference() -> JSONValue {
      let targets = [
        "#/components/schemas/c\(number(0...8))", "#/components/schemas/c\(number(0...7))",
        "#/components/schemas/Input", "#/components/schemas/Input/properties/f0", "#", "#/",
        "other.json#/x", "#/components/schemas/c0/allOf/0", "#/components/schemas/%zz~9",
      ]
      return ["$ref": .string(targets[number(0...targets.count - 1)])]
    }

    private mutating func deep(_ depth: Int) -> JSONValue {
      var schema: JSONValue = ["type": "string", "default": "x"]
      let key = ["items", "anyOf", "allOf", "properties", "additionalProperties"][number(0...4)]
      for _ in 0..<depth {
        schema =
          switch key {
          case "items": ["type": "array", "items": schema]
          case "properties": ["type": "object", "properties": ["a": schema]]
          case "additionalProperties": ["type": "object", "additionalProperties": schema]
          default: .object([key: [schema, ["type": "null"]]])
          }
      }
      if chance(2), var members = schema.object {
        var value: JSONValue = 1
        for _ in 0..<depth { value = chance(2) ? [value] : ["a": value] }
        members["default"] = value
        schema = .object(members)
      }
      return schema
    }

    private mutating func numbers() -> JSONValue {
      var schema: JSONObject = ["type": chance(2) ? "integer" : "number"]
      for key in [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "x-order",
        "default", "ge", "lt", "minLength", "maxItems",
      ] where chance(2) {
        schema[key] = hardlyNumber()
      }
      if chance(4) { schema["enum"] = [hardlyNumber(), hardlyNumber(), hardlyNumber()] }
      return .object(schema)
    }

    private mutating func hardlyNumber() -> JSONValue {
      let literals = [
        "1e400", "-1e400", "1e-400", "-0", "-0.0", "0e0", "18446744073709551616",
        "-9223372036854775809", "1e18446744073709551616", "0.1e-9999999999999999999", "1e308",
        "170141183460469231731687303715884105728", String(repeating: "9", count: 2000),
        "0." + String(repeating: "3", count: 2000), "9007199254740993",
      ]
      switch number(0...4) {
      case 0: return .string(["NaN", "nan", "Infinity", "-inf", "1,5", "", "0x10"][number(0...6)])
      case 1: return .bool(chance(2))
      default:
        return JSONNumber(literal: literals[number(0...literals.count - 1)]).map { .number($0) }
          ?? 0
      }
    }

    private mutating func largeDefault() -> JSONValue {
      let size = 200_000 * scale
      switch number(0...6) {
      case 0:
        return ["type": "string", "default": .string(String(repeating: "a b ", count: size / 4))]
      case 1:
        return [
          "type": "string", "default": .string(String(repeating: "漢字\u{301}👩‍👩‍👧‍👦", count: size / 40)),
        ]
      case 2:
        return [
          "type": "string", "format": "uri",
          "default": .string("data:image/png;base64," + String(repeating: "A", count: size)),
        ]
      case 3:
        let items = (0..<size / 20).map { JSONValue.number(JSONNumber($0)) }
        return ["type": "array", "items": ["type": "integer"], "default": .array(items)]
      case 4:
        let pairs = (0..<size / 40).map { ("k\($0)", JSONValue.string("v")) }
        return [
          "type": "object", "default": .object(JSONObject(pairs) { first, _ in first }),
        ]
      case 5: return ["type": "string", "default": .string(String(repeating: "\n", count: size))]
      default:
        return [
          "type": "string",
          "default": .string("a" + String(repeating: "\u{301}", count: size / 20)),
        ]
      }
    }

    private mutating func pattern() -> String {
      let patterns = [
        "^(a+)+$", "(a|a)*b", "^(a*)*$", "(.*)*x", "((a{1,50}){1,50}){1,50}", "(?=a)*", "[", "(",
        "\\", "a{99999999999999999999}", "(a|aa|aaa|aaaa)+c", "\\1(a)", "[^\\s\\S]", "\u{0}",
        "(?i)A+",
      ]
      if chance(3) {
        return String(repeating: "(", count: number(1...500)) + "a"
          + String(repeating: ")+", count: number(1...500))
      }
      return patterns[number(0...patterns.count - 1)]
    }

    private mutating func name() -> String {
      switch number(0...7) {
      case 0: return "👩‍👩‍👧‍👦🇩🇪❤️" + String(number(0...99))
      case 1: return "שלום\u{202E}مرحبا\u{2066}" + String(number(0...99))
      case 2: return "\u{1B}[31mred\u{7}\u{0}\r\n\t\u{9B}2J" + String(number(0...99))
      case 3: return String(repeating: "long_name_", count: number(10...2000 * scale))
      case 4: return "e" + String(repeating: "\u{301}", count: number(1...500 * scale))
      case 5: return " " + String(number(0...99)) + "  "
      case 6: return "\u{200B}\u{FEFF}\u{AD}" + String(number(0...99))
      default: return "漢字/~%{}\"'\\" + String(number(0...99))
      }
    }

    // MARK: At random

    private static let keywords = [
      "type", "enum", "const", "default", "minimum", "maximum", "exclusiveMinimum",
      "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "format", "items",
      "minItems", "maxItems", "uniqueItems", "properties", "required", "additionalProperties",
      "anyOf", "oneOf", "allOf", "$ref", "nullable", "deprecated", "title", "description",
      "x-order",
      "x-cog-secret", "x-cog-accept", "writeOnly", "ge", "le",
    ]

    private mutating func anySchema(depth: Int) -> JSONValue {
      var schema: JSONObject = [:]
      let types = ["string", "integer", "number", "boolean", "array", "object", "null", "thing"]
      if !chance(6) { schema["type"] = .string(types[number(0...types.count - 1)]) }
      for keyword in Self.keywords where chance(6) {
        switch keyword {
        case "type": continue
        case "items", "additionalProperties":
          schema[keyword] = depth > 0 ? anySchema(depth: depth - 1) : junk()
        case "properties":
          schema[keyword] =
            depth > 0
            ? ["a": anySchema(depth: depth - 1), "b": anySchema(depth: depth - 1)] : junk()
        case "anyOf", "oneOf", "allOf":
          schema[keyword] =
            depth > 0
            ? .array((0..<number(0...3)).map { _ in anySchema(depth: depth - 1) }) : junk()
        case "enum": schema[keyword] = .array((0..<number(0...4)).map { _ in junk() })
        case "format":
          schema[keyword] = .string(
            ["uri", "password", "date-time", "date", "time", "email", "uuid", "x"][number(0...7)])
        case "nullable", "deprecated", "uniqueItems", "x-cog-secret": schema[keyword] = true
        case "pattern": schema[keyword] = .string(pattern())
        case "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "x-order":
          schema[keyword] = chance(3) ? hardlyNumber() : .number(JSONNumber(number(-3...40)))
        default: schema[keyword] = junk()
        }
      }
      return .object(schema)
    }

    private mutating func junk() -> JSONValue {
      switch number(0...11) {
      case 0: .null
      case 1: .bool(chance(2))
      case 2: hardlyNumber()
      case 3: .string(name())
      case 4: .array((0..<number(0...3)).map { _ in junk() })
      case 5: ["a": junk(), "": junk()]
      case 6: reference()
      case 7: .string(pattern())
      case 8: .number(JSONNumber(number(-100...100)))
      case 9: .string(["string", "array", "object", "null", "integer", "data:,x"][number(0...5)])
      case 10: .array(Array(repeating: "same", count: number(0...50)))
      default: ["type": "string"]
      }
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int {
      Int.random(in: range, using: &random)
    }

    private mutating func chance(_ sides: Int) -> Bool {
      Int.random(in: 1...sides, using: &random) == 1
    }
  }
}
