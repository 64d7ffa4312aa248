import OrderedCollections
import ReplicateAPI

/// Validates request bodies against a schema, with the messages of gojsonschema, the library that
/// Replicate uses.
enum InputValidation {
  /// - Parameter allowed: The allowed members.
  static func invalidFields(
    in body: JSONObject, allowed: Set<String>, required: [String]
  ) -> [InvalidField] {
    var errors: [InvalidField] = []
    for name in required where body[name] == nil {
      errors.append(
        InvalidField(type: "required", field: "", description: "\(name) is required"))
    }
    for name in body.keys where !allowed.contains(name) {
      errors.append(
        InvalidField(
          type: "additional_property_not_allowed", field: "",
          description: "Additional property \(name) is not allowed"))
    }
    return errors
  }

  /// - Parameter component: `Input` or `TrainingInput`.
  static func invalidFields(
    in input: JSONObject, schema: JSONValue, component: String = "Input"
  ) -> [InvalidField] {
    let components = schema["components"]?["schemas"]
    let document = components?[component] ?? .null
    var errors: [InvalidField] = []
    checkMembers(input, document) { type, description in
      errors.append(InvalidField(type: type, field: "input", description: description))
    }
    return errors
      + invalidFields(of: input, schema: document, components: components, prefix: "input.")
  }

  /// Validates the members of an object.
  ///
  /// - Parameter prefix: A prefix for the field names; it isn't part of the descriptions.
  static func invalidFields(
    of members: JSONObject, schema: JSONValue, components: JSONValue? = nil, prefix: String = ""
  ) -> [InvalidField] {
    var errors: [InvalidField] = []
    for (name, value) in members {
      guard let property = schema["properties"]?[name] else { continue }
      check(value, property, components, prefix, name, &errors)
    }
    return errors
  }

  /// The input with the schema's defaults for missing members.
  ///
  /// - Parameter component: `Input` or `TrainingInput`.
  static func filledIn(
    _ input: JSONObject, schema: JSONValue, component: String = "Input"
  ) -> JSONObject {
    var filled = input
    let properties = schema["components"]?["schemas"]?[component]?["properties"]?.object ?? [:]
    for (name, property) in properties where filled[name] == nil {
      if let value = property["default"], !value.isNull { filled[name] = value }
    }
    return filled
  }

  /// Reports everything that is wrong with a value, not only the first of it.
  ///
  /// - Parameters:
  ///   - prefix: The prefix of the field name.
  ///   - name: The path below the prefix, such as `size` or `images.0`.
  private static func check(
    _ value: JSONValue, _ schema: JSONValue, _ components: JSONValue?, _ prefix: String,
    _ name: String, _ errors: inout [InvalidField]
  ) {
    func report(_ type: String, _ description: String) {
      errors.append(InvalidField(type: type, field: prefix + name, description: description))
    }
    func fits(_ variant: JSONValue) -> Bool {
      var misses: [InvalidField] = []
      check(value, variant, components, prefix, name, &misses)
      return misses.isEmpty
    }
    if let reference = schema["$ref"]?.string {
      if let target = components?[String(reference.split(separator: "/").last ?? "")] {
        check(value, target, components, prefix, name, &errors)
      }
      return
    }
    if let expected = schema["type"]?.string, !isA(value, expected) {
      // Null is rejected even if the schema says nullable, which isn't a JSON Schema keyword.
      report("invalid_type", "Invalid type. Expected: \(expected), given: \(kind(of: value))")
      return
    }
    for part in schema["allOf"]?.array ?? [] {
      check(value, part, components, prefix, name, &errors)
    }
    if let variants = schema["anyOf"]?.array, !variants.isEmpty, !variants.contains(where: fits) {
      report("number_any_of", "Must validate at least one schema (anyOf)")
    }
    if let variants = schema["oneOf"]?.array, !variants.isEmpty, variants.count(where: fits) != 1 {
      report("number_one_of", "Must validate one and only one schema (oneOf)")
    }
    if let excluded = schema["not"], fits(excluded) {
      report("number_not", "Must not validate the schema (not)")
    }
    if let values = schema["enum"]?.array, !values.contains(value) {
      let words = values.map { $0.serialized() }.joined(separator: ", ")
      report("enum", "\(name) must be one of the following: \(words)")
    }
    if let constant = schema["const"], constant != value {
      report("const", "\(name) does not match: \(constant.serialized())")
    }
    checkBounds(value, schema, report)
    if let item = schema["items"] {
      for (index, element) in (value.array ?? []).enumerated() {
        check(element, item, components, prefix, "\(name).\(index)", &errors)
      }
    }
    if let members = value.object { checkMembers(members, schema, report) }
    for (key, member) in value.object ?? [:] {
      let property = schema["properties"]?[key] ?? schema["additionalProperties"]
      if let property, property.object != nil {
        check(member, property, components, prefix, "\(name).\(key)", &errors)
      }
    }
  }

  /// Which members of an object are missing, and which are too many.
  private static func checkMembers(
    _ members: JSONObject, _ schema: JSONValue, _ report: (String, String) -> Void
  ) {
    for key in schema["required"]?.array?.compactMap(\.string) ?? [] where members[key] == nil {
      report("required", "\(key) is required")
    }
    if schema["additionalProperties"] == .bool(false) {
      for key in members.keys where schema["properties"]?[key] == nil {
        report(
          "additional_property_not_allowed", "Additional property \(key) is not allowed")
      }
    }
  }

  private static func checkBounds(
    _ value: JSONValue, _ schema: JSONValue, _ report: (String, String) -> Void
  ) {
    if case .number(let number) = value { checkNumber(number, schema, report) }
    if let text = value.string {
      if let low = schema["minLength"]?.int, text.unicodeScalars.count < low {
        report("string_gte", "String length must be greater than or equal to \(low)")
      }
      if let high = schema["maxLength"]?.int, text.unicodeScalars.count > high {
        report("string_lte", "String length must be less than or equal to \(high)")
      }
      if let format = schema["format"]?.string, !TextFormats.matches(text, format) {
        report("format", "Does not match format '\(format)'")
      }
      if let pattern = schema["pattern"]?.string, let regex = try? Regex(pattern),
        text.firstMatch(of: regex.matchingSemantics(.unicodeScalar)) == nil
      {
        report("pattern", "Does not match pattern '\(pattern)'")
      }
    }
    if let values = value.array {
      if let low = schema["minItems"]?.int, values.count < low {
        report("array_min_items", "Array must have at least \(low) items")
      }
      if let high = schema["maxItems"]?.int, values.count > high {
        report("array_max_items", "Array must have at most \(high) items")
      }
      if schema["uniqueItems"] == .bool(true), Set(values).count < values.count {
        report("unique", "array items must be unique")
      }
    }
  }

  /// Bounds are compared exactly. OpenAPI 3.0 writes an exclusive one as `true` beside the bound.
  private static func checkNumber(
    _ number: JSONNumber, _ schema: JSONValue, _ report: (String, String) -> Void
  ) {
    func bound(_ name: String) -> JSONNumber? {
      if case .number(let bound)? = schema[name] { bound } else { nil }
    }
    let isAbove = schema["exclusiveMinimum"] == .bool(true)
    let isBelow = schema["exclusiveMaximum"] == .bool(true)
    if let low = bound("minimum"), !isAbove, number.isLess(than: low) {
      report("number_gte", "Must be greater than or equal to \(low.literal)")
    }
    if let high = bound("maximum"), !isBelow, high.isLess(than: number) {
      report("number_lte", "Must be less than or equal to \(high.literal)")
    }
    if let low = bound(isAbove ? "minimum" : "exclusiveMinimum"), !low.isLess(than: number) {
      report("number_gt", "Must be greater than \(low.literal)")
    }
    if let high = bound(isBelow ? "maximum" : "exclusiveMaximum"), !number.isLess(than: high) {
      report("number_lt", "Must be less than \(high.literal)")
    }
    if let step = bound("multipleOf"), number.isMultiple(of: step) == false {
      report("multiple_of", "Must be a multiple of \(step.literal)")
    }
  }

  private static func isA(_ value: JSONValue, _ type: String) -> Bool {
    switch (value, type) {
    case (.number(let number), "integer"): number.double == number.double.rounded()
    case (.number, "number"), (.string, "string"), (.bool, "boolean"), (.array, "array"),
      (.object, "object"), (.null, "null"):
      true
    default: false
    }
  }

  static func kind(of value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .number(let number): number.double == number.double.rounded() ? "integer" : "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
