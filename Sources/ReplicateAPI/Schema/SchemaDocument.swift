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
    var budget = Self.largestKind
    let description = members["description"]?.string ?? ""
    return InputField(
      name: name,
      title: members["title"]?.string,
      // Cog writes this into the component of each enumeration.
      description: description == "An enumeration." ? "" : description,
      kind: kind(of: schema, &budget),
      isRequired: isRequired,
      isNullable: schema.isNullable,
      isDeprecated: members["deprecated"]?.bool ?? false,
      defaultValue: defaultValue == .null ? nil : defaultValue)
  }

  /// How many schemas the kind of one input may consist of. A schema may refer to itself.
  private static let largestKind = 200

  private func kind(of schema: Resolved, _ budget: inout Int, depth: Int = 0) -> InputKind {
    budget -= 1
    guard budget > 0, depth < 12 else { return .json }
    let members = schema.members
    if schema.isUnion {
      return union(
        schema.alternatives.map { kind(of: resolved($0), &budget, depth: depth + 1) })
    }
    if let choices = members["enum"]?.array?.filter({ !$0.isNull }), !choices.isEmpty {
      return .enumeration(choices)
    }
    if let only = members["const"], !only.isNull { return .enumeration([only]) }
    switch schema.type {
    case "string":
      if schema.isSecret { return .secret(textRules(members)) }
      return schema.isFile ? .file(fileRules(members)) : .text(textRules(members))
    case "integer": return .integer(numberRules(members))
    case "number": return .number(numberRules(members))
    case "boolean": return .boolean
    case "array":
      let items = members["items"].flatMap { $0.object == nil ? nil : $0 }
      return .array(
        items.map { nestedKind(of: $0, &budget, depth) } ?? .json,
        minItems: Self.count(members["minItems"]), maxItems: Self.count(members["maxItems"]))
    case "object": return .object(objectRules(members, &budget, depth))
    default: return .json
    }
  }

  /// The kind of a value inside of another one, where null is one of the alternatives.
  private func nestedKind(of schema: JSONValue, _ budget: inout Int, _ depth: Int) -> InputKind {
    let schema = resolved(schema)
    let kind = kind(of: schema, &budget, depth: depth + 1)
    return schema.isNullable ? union([kind, .enumeration([.null])]) : kind
  }

  /// Alternatives that can all be texts are a text. If one isn't understood, the union isn't either.
  private func union(_ kinds: [InputKind]) -> InputKind {
    var flat: [InputKind] = []
    for kind in kinds {
      let parts = if case .union(let parts) = kind { parts } else { [kind] }
      for part in parts where !flat.contains(part) { flat.append(part) }
    }
    if flat.contains(.json) { return .json }
    let texts = flat.filter { kind in
      switch kind {
      case .text, .file: true
      case .enumeration(let choices): choices.allSatisfy { $0.string != nil }
      default: false
      }
    }
    if flat.count == 1 { return flat[0] }
    return texts.count == flat.count ? .text() : .union(flat)
  }

  private func objectRules(
    _ members: JSONObject, _ budget: inout Int, _ depth: Int
  ) -> ObjectRules {
    let required = Set((members["required"]?.array ?? []).compactMap(\.string))
    var rules = ObjectRules()
    for (name, property) in members["properties"]?.object ?? [:] {
      let hasDefault = resolved(property).members["default"] != nil
      rules.members.append(
        ObjectRules.Member(
          name: name, kind: nestedKind(of: property, &budget, depth),
          isRequired: required.contains(name) && !hasDefault))
    }
    // A name may be required without being described.
    for name in members["required"]?.array?.compactMap(\.string) ?? []
    where !rules.members.contains(where: { $0.name == name }) {
      rules.members.append(ObjectRules.Member(name: name, kind: .json, isRequired: true))
    }
    switch members["additionalProperties"] {
    case .bool(false)?: rules.others = nil
    case .object(let schema)? where !schema.isEmpty:
      rules.others = nestedKind(of: .object(schema), &budget, depth)
    default: break
    }
    return rules
  }

  private func textRules(_ members: JSONObject) -> TextRules {
    TextRules(
      minLength: Self.count(members["minLength"]), maxLength: Self.count(members["maxLength"]),
      pattern: members["pattern"]?.string)
  }

  /// `x-cog-accept` is a list of media types, or one text with commas between them.
  private func fileRules(_ members: JSONObject) -> FileRules {
    let accept = members["x-cog-accept"]
    let types = accept?.array?.compactMap(\.string) ?? accept?.string.map { [$0] } ?? []
    return FileRules(
      accept: types.flatMap { $0.split(separator: ",") }.map {
        $0.filter { !$0.isWhitespace }.lowercased()
      }.filter { !$0.isEmpty })
  }

  private func numberRules(_ members: JSONObject) -> NumberRules {
    NumberRules(
      minimum: (members["minimum"] ?? members["ge"]).flatMap(Self.exactNumber),
      maximum: (members["maximum"] ?? members["le"]).flatMap(Self.exactNumber))
  }

  private static func count(_ value: JSONValue?) -> Int? {
    value?.int.flatMap { $0 < 0 ? nil : $0 }
  }

  private static func exactNumber(_ value: JSONValue) -> JSONNumber? {
    switch value {
    case .number(let number): number
    case .string(let text): JSONNumber(literal: text)
    default: nil
    }
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
    /// The alternatives, if several are left.
    var alternatives: [JSONValue] = []

    var isUnion: Bool { !alternatives.isEmpty }
    var type: String? { members["type"]?.string }
    /// The values of an enumeration or a constant.
    var choices: [JSONValue]? {
      members["enum"]?.array ?? members["const"].map { [$0] }
    }
    /// Whether only null is allowed.
    var isNull: Bool {
      type == "null" || choices.map { $0.allSatisfy(\.isNull) && !$0.isEmpty } ?? false
    }
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
      choose(among: alternatives, in: &result, &steps)
    }
    if let types = result.members["type"]?.array {
      let others = types.filter { $0.string != "null" }
      if others.count < types.count { result.isNullable = true }
      result.members["type"] = others.first
      if others.count > 1, result.members["enum"] == nil, result.members["const"] == nil {
        result.alternatives = others.map { type in
          var members = result.members
          for name in ["title", "description", "default", "x-order"] { members[name] = nil }
          members["type"] = type
          return .object(members)
        }
      }
    }
    if result.members["enum"]?.array?.contains(.null) == true { result.isNullable = true }
    return result
  }

  /// Takes in the alternatives of `anyOf` or `oneOf`: null makes the schema nullable, a single other
  /// one is merged, and constants and enumerations are one enumeration.
  private func choose(
    among alternatives: [JSONValue], in result: inout Resolved, _ steps: inout Int
  ) {
    var others: [JSONValue] = []
    var choices: [JSONValue] = []
    var areAllChoices = true
    for alternative in alternatives {
      let schema = resolved(alternative, &steps)
      if schema.isNullable { result.isNullable = true }
      if schema.isNull {
        result.isNullable = true
        continue
      }
      others.append(alternative)
      if let values = schema.choices, !schema.isUnion {
        choices += values.filter { !choices.contains($0) && !$0.isNull }
      } else {
        areAllChoices = false
      }
    }
    if others.count == 1 {
      merge(others[0], into: &result, &steps)
    } else if others.count > 1, areAllChoices {
      if result.members["enum"] == nil { result.members["enum"] = .array(choices) }
    } else {
      result.alternatives = others
    }
  }

  private func merge(_ part: JSONValue, into result: inout Resolved, _ steps: inout Int) {
    let part = resolved(part, &steps)
    result.members.merge(part.members) { own, _ in own }
    result.isNullable = result.isNullable || part.isNullable
    if result.alternatives.isEmpty { result.alternatives = part.alternatives }
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
