import ReplicateAPI

/// The output of a demo model, as Cog declares it.
enum SchemaOutput: Sendable {
  case text
  case file
  case files
  case boolean
  /// Pieces of one text.
  case textStream
  /// Files one after another, each replacing the one before.
  case fileStream
  /// An object with these members, as a referenced component.
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
