import ReplicateAPI

/// One input of a demo model, as cog writes it into the OpenAPI document.
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

  /// An enumeration behind `allOf`, in a component of its own.
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

  /// An enumeration written into the property itself.
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

  /// One of several types; with `"null"` among them, it may be left out.
  static func union(_ name: String, _ description: String, of types: [String]) -> Self {
    typed(
      name, ["anyOf": .array(types.map { ["type": .string($0)] })], description, nil)
  }

  /// The same input, which can't be left out.
  func required() -> Self {
    var input = self
    input.isRequired = true
    return input
  }

  /// The same input, for which null is as good as nothing.
  func nullable() -> Self {
    adding("nullable", true)
  }

  func deprecated() -> Self {
    adding("deprecated", true)
  }

  private func adding(_ key: String, _ value: JSONValue) -> Self {
    var input = self
    input.members[key] = value
    return input
  }

  private static func typed(
    _ name: String, _ members: JSONObject, _ description: String, _ value: JSONValue?
  ) -> Self {
    var members = members
    members["title"] = .string(title(name))
    members["default"] = value
    members["description"] = .string(description)
    return Self(name, members)
  }

  /// `num_outputs` as "Num Outputs".
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

/// What a demo model gives back, as cog writes it.
enum SchemaOutput: Sendable {
  case text
  case file
  case files
  case boolean
  /// Pieces of one text.
  case textStream
  /// Files one after another, each better than the one before.
  case fileStream
  /// An object whose members have these schemas, in a component that is referred to.
  case object([(String, JSONValue)])
  /// A list of such objects.
  case objects([(String, JSONValue)])
  case other(JSONValue)

  static let uri: JSONValue = ["type": "string", "format": "uri"]

  var schema: JSONValue {
    switch self {
    case .text: ["type": "string", "title": "Output"]
    case .file: ["type": "string", "title": "Output", "format": "uri"]
    case .files: ["type": "array", "items": Self.uri, "title": "Output"]
    case .boolean: ["type": "boolean", "title": "Output"]
    case .textStream:
      [
        "type": "array", "items": ["type": "string"], "title": "Output",
        "x-cog-array-type": "iterator", "x-cog-array-display": "concatenate",
      ]
    case .fileStream:
      ["type": "array", "items": Self.uri, "title": "Output", "x-cog-array-type": "iterator"]
    case .object: ["$ref": "#/components/schemas/ModelOutput"]
    case .objects:
      [
        "type": "array", "items": ["$ref": "#/components/schemas/ModelOutput"], "title": "Output",
      ]
    case .other(let schema): schema
    }
  }

  /// The component that the output refers to.
  var component: JSONValue? {
    switch self {
    case .object(let properties), .objects(let properties):
      .object([
        "type": "object", "title": "ModelOutput",
        "required": .array(properties.map { .string($0.0) }),
        "properties": .object(
          JSONObject(
            properties.map { name, schema in
              var members = schema.object ?? [:]
              members["title"] = .string(SchemaInput.title(name))
              return (name, .object(members))
            }, uniquingKeysWith: { _, last in last })),
      ])
    default: nil
    }
  }
}

extension JSONValue {
  /// A whole OpenAPI document in cog's style.
  ///
  /// As in cog's, the order of the properties says nothing: `x-order` does.
  static func openAPI(_ inputs: [SchemaInput], _ output: SchemaOutput) -> JSONValue {
    var properties: [(String, JSONValue)] = []
    var components: JSONObject = [:]
    for (order, input) in inputs.enumerated() {
      var members = input.members
      members["x-order"] = .number(JSONNumber(order))
      properties.append((input.name, .object(members)))
      if let component = input.component { components[input.name] = component }
    }
    properties.sort { ($0.0.count, $0.0) < ($1.0.count, $1.0) }
    var form: JSONObject = ["type": "object", "title": "Input"]
    let required = inputs.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { form["required"] = .array(required) }
    form["properties"] = .object(JSONObject(properties, uniquingKeysWith: { _, last in last }))

    components["Input"] = .object(form)
    components["Output"] = output.schema
    if let component = output.component { components["ModelOutput"] = component }
    components["Status"] = [
      "enum": ["starting", "processing", "succeeded", "canceled", "failed"],
      "type": "string", "title": "Status", "description": "An enumeration.",
    ]
    components["PredictionRequest"] = [
      "type": "object", "title": "PredictionRequest",
      "properties": [
        "id": ["type": "string", "title": "Id"],
        "input": ["$ref": "#/components/schemas/Input"],
        "webhook": ["type": "string", "title": "Webhook", "format": "uri"],
      ],
    ]
    components["PredictionResponse"] = [
      "type": "object", "title": "PredictionResponse",
      "properties": [
        "id": ["type": "string", "title": "Id"],
        "input": ["$ref": "#/components/schemas/Input"],
        "output": ["$ref": "#/components/schemas/Output"],
        "status": ["$ref": "#/components/schemas/Status"],
        "logs": ["type": "string", "title": "Logs", "default": ""],
        "error": ["type": "string", "title": "Error"],
      ],
    ]
    return [
      "openapi": "3.0.2",
      "info": ["title": "Cog", "version": "0.1.0"],
      "paths": [
        "/predictions": [
          "post": [
            "summary": "Predict", "operationId": "predict_predictions_post",
            "description": "Run a single prediction on the model",
            "requestBody": [
              "content": [
                "application/json": [
                  "schema": ["$ref": "#/components/schemas/PredictionRequest"]
                ]
              ]
            ],
            "responses": [
              "200": [
                "description": "Successful Response",
                "content": [
                  "application/json": [
                    "schema": ["$ref": "#/components/schemas/PredictionResponse"]
                  ]
                ],
              ]
            ],
          ]
        ]
      ],
      "components": ["schemas": .object(components)],
    ]
  }
}
