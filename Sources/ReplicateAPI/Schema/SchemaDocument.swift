import OrderedCollections

/// The components of an OpenAPI document, with references and wrappers resolved.
///
/// Reads what versions of Cog have written over the years: enumerations inline or behind `allOf`
/// and `$ref`, optional inputs as `nullable`, `anyOf` with null, or a list of types, and bounds as
/// `minimum` or `ge`.
struct SchemaDocument {
  private let root: JSONValue
  private let components: JSONObject

  init(openAPI: JSONValue) {
    root = openAPI
    components = openAPI["components"]?["schemas"]?.object ?? [:]
  }

  func inputs(of name: String) -> [InputField] {
    guard let component = components[name] else { return [] }
    let schema = resolved(component)
    let required = Set((schema.members["required"]?.array ?? []).compactMap(\.string))
    let properties = schema.members["properties"]?.object ?? [:]
    let fields = properties.map { name, property in
      let property = resolved(property)
      return (
        order: property.members["x-order"].flatMap(Self.number) ?? .infinity,
        field: field(name, property, isRequired: required.contains(name))
      )
    }
    // The sort is stable, so inputs without an order keep the document's order.
    return fields.sorted { $0.order < $1.order }.map(\.field)
  }

  func output(of name: String, areListsStreamed: Bool) -> OutputKind {
    guard let component = components[name] else { return .none }
    let schema = resolved(component)
    if schema.isUnion { return .json }
    switch schema.type {
    case "string": return schema.isFile ? .file : .text
    case "array":
      guard let items = schema.members["items"].map({ resolved($0) }), !items.isUnion,
        items.type == "string"
      else { return .json }
      let isStream =
        areListsStreamed || schema.members["x-cog-array-type"]?.string == "iterator"
      if items.isFile { return isStream ? .fileStream : .files }
      let isJoined = schema.members["x-cog-array-display"]?.string == "concatenate"
      return isStream && isJoined ? .textStream : .json
    case nil where schema.members.isEmpty: return .none
    default: return .json
    }
  }

  private func field(_ name: String, _ schema: Resolved, isRequired: Bool) -> InputField {
    let members = schema.members
    let defaultValue = members["default"]
    let description = members["description"]?.string ?? ""
    return InputField(
      name: name,
      title: members["title"]?.string,
      // Cog writes this into the component of each enumeration.
      description: description == "An enumeration." ? "" : description,
      kind: kind(of: schema),
      isRequired: isRequired,
      isNullable: schema.isNullable,
      isDeprecated: members["deprecated"]?.bool ?? false,
      defaultValue: defaultValue == .null ? nil : defaultValue)
  }

  private func kind(of schema: Resolved) -> InputKind {
    let members = schema.members
    if schema.isUnion { return .json }
    if let choices = members["enum"]?.array?.filter({ !$0.isNull }), !choices.isEmpty {
      return .enumeration(choices)
    }
    if let only = members["const"], !only.isNull { return .enumeration([only]) }
    switch schema.type {
    case "string":
      if schema.isSecret { return .secret(textRules(members)) }
      return schema.isFile ? .file : .text(textRules(members))
    case "integer": return .integer(numberRules(members))
    case "number": return .number(numberRules(members))
    case "boolean": return .boolean
    case "array":
      guard let items = members["items"] else { return .json }
      let element = kind(of: resolved(items))
      switch element {
      case .json, .array: return .json
      default:
        return .array(
          element, minItems: members["minItems"]?.int, maxItems: members["maxItems"]?.int)
      }
    default: return .json
    }
  }

  private func textRules(_ members: JSONObject) -> TextRules {
    TextRules(
      minLength: members["minLength"]?.int, maxLength: members["maxLength"]?.int,
      pattern: members["pattern"]?.string)
  }

  private func numberRules(_ members: JSONObject) -> NumberRules {
    NumberRules(
      minimum: (members["minimum"] ?? members["ge"]).flatMap(Self.number),
      maximum: (members["maximum"] ?? members["le"]).flatMap(Self.number))
  }

  private static func number(_ value: JSONValue) -> Double? {
    value.double ?? value.string.flatMap(Double.init)
  }
}

extension SchemaDocument {
  /// A schema whose references and wrappers are resolved.
  private struct Resolved {
    var members: JSONObject
    var isNullable = false
    /// Whether several alternatives are left, so that no single control fits.
    var isUnion = false

    var type: String? { members["type"]?.string }
    var isFile: Bool { members["format"]?.string == "uri" }
    var isSecret: Bool {
      members["format"]?.string == "password" || members["x-cog-secret"]?.bool == true
    }
  }

  /// Follows `$ref`, and merges the schemas in `allOf` and `anyOf` into the schema around them,
  /// whose own members win.
  private func resolved(_ schema: JSONValue) -> Resolved {
    var steps = 0
    return resolved(schema, &steps)
  }

  /// `steps` limits schemas that refer to themselves or to too many others.
  private func resolved(_ schema: JSONValue, _ steps: inout Int) -> Resolved {
    var result = Resolved(members: schema.object ?? [:])
    steps += 1
    guard steps < 100 else { return result }
    result.isNullable = result.members["nullable"]?.bool ?? false

    if let reference = result.members.removeValue(forKey: "$ref")?.string {
      merge(target(of: reference), into: &result, &steps)
    }
    for part in result.members.removeValue(forKey: "allOf")?.array ?? [] {
      merge(part, into: &result, &steps)
    }
    for key in ["anyOf", "oneOf"] {
      guard let alternatives = result.members.removeValue(forKey: key)?.array else { continue }
      let others = alternatives.filter { $0["type"]?.string != "null" }
      if others.count < alternatives.count { result.isNullable = true }
      if others.count == 1 {
        merge(others[0], into: &result, &steps)
      } else if others.count > 1 {
        result.isUnion = true
      }
    }
    if let types = result.members["type"]?.array {
      let others = types.filter { $0.string != "null" }
      if others.count < types.count { result.isNullable = true }
      result.members["type"] = others.first
      result.isUnion = result.isUnion || others.count > 1
    }
    if result.members["enum"]?.array?.contains(.null) == true { result.isNullable = true }
    return result
  }

  private func merge(_ part: JSONValue, into result: inout Resolved, _ steps: inout Int) {
    let part = resolved(part, &steps)
    result.members.merge(part.members) { own, _ in own }
    result.isNullable = result.isNullable || part.isNullable
    result.isUnion = result.isUnion || part.isUnion
  }

  /// The target of a reference such as `#/components/schemas/scheduler`.
  private func target(of reference: String) -> JSONValue {
    guard reference.hasPrefix("#/") else { return [:] }
    var target = root
    for step in reference.dropFirst(2).split(separator: "/") {
      let key = unescaped(step)
      guard let next = target[key] else { return [:] }
      target = next
    }
    return target
  }

  /// A step of a JSON pointer, with `~1` for a slash and `~0` for a tilde.
  private func unescaped(_ step: Substring) -> String {
    var result = ""
    var rest = step
    while let character = rest.popFirst() {
      switch (character, rest.first) {
      case ("~", "1"):
        result.append("/")
        rest.removeFirst()
      case ("~", "0"):
        result.append("~")
        rest.removeFirst()
      default: result.append(character)
      }
    }
    return result
  }
}
