import ReplicateAPI

/// One validation error of a request body, in gojsonschema's words.
struct InvalidField: Sendable, Hashable {
  var type: String
  var field: String
  var description: String

  init(type: String, field: String, description: String) {
    self.type = type
    self.field = field
    self.description = description
  }

  /// For a value of the wrong type.
  init(_ field: String, expected: String, given: JSONValue) {
    self.init(
      type: "invalid_type", field: field,
      description: "Invalid type. Expected: \(expected), given: \(InputValidation.kind(of: given))")
  }
}
