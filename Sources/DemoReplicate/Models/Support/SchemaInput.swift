import ReplicateAPI

/// One input of a demo model, as Cog declares it in the OpenAPI document.
struct SchemaInput: Sendable {
  var name: String
  var members: JSONObject
  var isRequired = false
  /// The component that an enumeration refers to.
  var component: JSONValue?

  private init(_ name: String, _ members: JSONObject) {
    self.name = name
    self.members = members
  }

  static func text(
    _ name: String, _ description: String, default: String? = nil, minLength: Int? = nil,
    maxLength: Int? = nil, pattern: String? = nil
  ) -> Self {
    var members: JSONObject = ["type": "string"]
    members["minLength"] = minLength.map { .number(JSONNumber($0)) }
    members["maxLength"] = maxLength.map { .number(JSONNumber($0)) }
    members["pattern"] = pattern.map(JSONValue.string)
    return typed(name, members, description, `default`.map(JSONValue.string))
  }

  static func secret(_ name: String, _ description: String) -> Self {
    typed(
      name,
      ["type": "string", "format": "password", "writeOnly": true, "x-cog-secret": true],
      description, nil)
  }

  static func file(_ name: String, _ description: String) -> Self {
    typed(name, ["type": "string", "format": "uri"], description, nil)
  }

  static func integer(
    _ name: String, _ description: String, default: Int? = nil, _ bounds: ClosedRange<Int>? = nil
  ) -> Self {
    var members: JSONObject = ["type": "integer"]
    members["minimum"] = bounds.map { .number(JSONNumber($0.lowerBound)) }
    members["maximum"] = bounds.map { .number(JSONNumber($0.upperBound)) }
    return typed(name, members, description, `default`.map { .number(JSONNumber($0)) })
  }

  static func number(
    _ name: String, _ description: String, default: Double? = nil,
    _ bounds: ClosedRange<Double>? = nil
  ) -> Self {
    var members: JSONObject = ["type": "number"]
    members["minimum"] = bounds.map { .number(JSONNumber($0.lowerBound)) }
    members["maximum"] = bounds.map { .number(JSONNumber($0.upperBound)) }
    return typed(name, members, description, `default`.map { .number(JSONNumber($0)) })
  }

  static func boolean(_ name: String, _ description: String, default: Bool? = nil) -> Self {
    typed(name, ["type": "boolean"], description, `default`.map(JSONValue.bool))
  }

  /// An enumeration in a component of its own, referenced with `allOf`.
  static func choice(
    _ name: String, _ description: String, _ values: [JSONValue], default: JSONValue? = nil
  ) -> Self {
    var members: JSONObject = ["allOf": [["$ref": .string("#/components/schemas/" + name)]]]
    members["default"] = `default`
    members["description"] = .string(description)
    var input = Self(name, members)
    input.component = .object([
      "enum": .array(values), "type": .string(type(of: values)), "title": .string(name),
      "description": "An enumeration.",
    ])
    return input
  }

  /// An enumeration inside the property itself.
  static func inlineChoice(
    _ name: String, _ description: String, _ values: [JSONValue], default: JSONValue? = nil
  ) -> Self {
    typed(
      name, ["enum": .array(values), "type": .string(type(of: values))], description, `default`)
  }

  static func list(
    _ name: String, _ description: String, of items: JSONValue, default: [JSONValue]? = nil,
    count: ClosedRange<Int>? = nil
  ) -> Self {
    var members: JSONObject = ["type": "array", "items": items]
    members["minItems"] = count.map { .number(JSONNumber($0.lowerBound)) }
    members["maxItems"] = count.map { .number(JSONNumber($0.upperBound)) }
    return typed(name, members, description, `default`.map(JSONValue.array))
  }

  static func object(_ name: String, _ description: String, default: JSONObject? = nil) -> Self {
    typed(name, ["type": "object"], description, `default`.map(JSONValue.object))
  }

  /// Values that are shown by their titles, one by one.
  static func titledChoice(
    _ name: String, _ description: String, _ choices: [(JSONValue, title: String)],
    default: JSONValue? = nil
  ) -> Self {
    typed(
      name,
      ["oneOf": .array(choices.map { ["const": $0.0, "title": .string($0.title)] })],
      description, `default`)
  }

  /// A text in a format, such as `date-time`.
  static func formatted(_ name: String, _ description: String, _ format: String) -> Self {
    typed(name, ["type": "string", "format": .string(format)], description)
  }

  /// One of several types; optional if `"null"` is among them.
  static func union(_ name: String, _ description: String, of types: [String]) -> Self {
    typed(
      name, ["anyOf": .array(types.map { ["type": .string($0)] })], description, nil)
  }

  /// The same input, but required.
  func required() -> Self {
    var input = self
    input.isRequired = true
    return input
  }

  /// The same input, but nullable.
  func nullable() -> Self {
    adding("nullable", true)
  }

  func deprecated() -> Self {
    adding("deprecated", true)
  }

  /// The same input with another member in its schema.
  func adding(_ key: String, _ value: JSONValue) -> Self {
    var input = self
    input.members[key] = value
    return input
  }

  /// An input with a schema of its own.
  static func typed(
    _ name: String, _ members: JSONObject, _ description: String, _ value: JSONValue? = nil
  ) -> Self {
    var members = members
    members["title"] = .string(title(name))
    members["default"] = value
    members["description"] = .string(description)
    return Self(name, members)
  }

  /// Turns `num_outputs` into "Num Outputs".
  static func title(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined(separator: " ")
  }

  private static func type(of values: [JSONValue]) -> String {
    switch values.first {
    case .number(let number): number.int == nil ? "number" : "integer"
    case .bool: "boolean"
    default: "string"
    }
  }
}
