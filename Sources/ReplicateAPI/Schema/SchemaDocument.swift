import OrderedCollections

/// The components of an OpenAPI document, with references and wrappers resolved.
///
/// Reads what versions of Cog have written over the years: enumerations inline or behind `allOf`
/// and `$ref`, optional inputs as `nullable`, `anyOf` with null, or a list of types, and bounds as
/// `minimum` or `ge`. No input is ever left out: one that isn't understood takes any JSON.
struct SchemaDocument {
  private let components: JSONObject
  private let resolver: SchemaResolver

  init(openAPI: JSONValue) {
    resolver = SchemaResolver(root: openAPI)
    components = openAPI["components"]?["schemas"]?.object ?? [:]
  }

  private func resolved(_ schema: JSONValue) -> ResolvedSchema { resolver.resolved(schema) }

  func inputs(of name: String) -> [InputField] {
    guard let component = components[name] else { return [] }
    let schema = resolved(component)
    let required = Set((schema.members["required"]?.array ?? []).compactMap(\.string))
    let properties = schema.members["properties"]?.object ?? [:]
    let fields = properties.map { name, property in
      let property = resolved(property)
      return (
        order: SchemaOrder(property.members["x-order"]),
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

  private func field(_ name: String, _ schema: ResolvedSchema, isRequired: Bool) -> InputField {
    let members = schema.members
    let defaultValue = members["default"]
    var budget = Self.largestKind
    let description = members["description"]?.string ?? ""
    var kind = kind(of: schema, &budget)
    // Older models take secrets as plain texts. What has a default is none.
    if case .text(let rules) = kind, defaultValue?.string?.isEmpty != false, schema.titles.isEmpty,
      Secrets.isSecretName(name)
    {
      kind = .secret(rules)
    }
    return InputField(
      name: name,
      title: members["title"]?.string,
      // Cog writes this into the component of each enumeration.
      description: description == "An enumeration." ? "" : description,
      kind: kind,
      isRequired: isRequired,
      isNullable: schema.isNullable,
      isDeprecated: members["deprecated"]?.bool ?? false,
      defaultValue: defaultValue == .null ? nil : defaultValue,
      choiceTitles: titles(in: schema),
      hasUniqueItems: schema.type == "array" && members["uniqueItems"]?.bool == true)
  }

  /// The titles of the choices of an enumeration, or of a list of them. Where several have the same
  /// title, the value tells them apart.
  private func titles(in schema: ResolvedSchema) -> [JSONValue: String] {
    var titles = schema.titles
    if titles.isEmpty, schema.type == "array", let items = schema.members["items"] {
      titles = resolved(items).titles
    }
    if Set(titles.values).count == titles.count { return titles }
    var counts: [String: Int] = [:]
    for title in titles.values { counts[title, default: 0] += 1 }
    for (value, title) in titles where counts[title] != 1 {
      titles[value] = "\(title) (\(value.string ?? value.serialized()))"
    }
    return titles
  }

  /// How many schemas the kind of one input may consist of. A schema may refer to itself.
  private static let largestKind = 200

  private func kind(of schema: ResolvedSchema, _ budget: inout Int, depth: Int = 0) -> InputKind {
    budget -= 1
    guard budget > 0, depth < 12 else { return .json }
    let members = schema.members
    if schema.isSecret, schema.type == nil || schema.type == "string" {
      return .secret(textRules(members))
    }
    if schema.isUnion {
      var kinds: [InputKind] = []
      for alternative in schema.alternatives {
        let kind = kind(of: resolved(alternative), &budget, depth: depth + 1)
        // With any value allowed, the other alternatives don't matter.
        if kind == .json { return .json }
        kinds.append(kind)
      }
      return union(kinds)
    }
    // Copied only if it has to be: many inputs may share a long one.
    if var choices = members["enum"]?.array {
      if choices.contains(where: \.isNull) { choices.removeAll(where: \.isNull) }
      if !choices.isEmpty { return .enumeration(choices) }
    }
    if let only = members["const"], !only.isNull { return .enumeration([only]) }
    switch schema.type {
    case "string":
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
    // Whatever else it may be, a secret is masked and isn't stored.
    if let secret = flat.first(where: { if case .secret = $0 { true } else { false } }) {
      return secret
    }
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
    let properties = members["properties"]?.object ?? [:]
    for (name, property) in properties {
      guard budget > 0 else {
        rules.others = .json
        return rules
      }
      let hasDefault = resolved(property).members["default"] != nil
      rules.members.append(
        ObjectRules.Member(
          name: name, kind: nestedKind(of: property, &budget, depth),
          isRequired: required.contains(name) && !hasDefault))
    }
    // A name may be required without being described.
    for name in members["required"]?.array?.compactMap(\.string) ?? []
    where properties[name] == nil {
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
      pattern: members["pattern"]?.string,
      format: members["format"]?.string.flatMap { TextFormat(rawValue: $0.lowercased()) })
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

  /// Reads bounds under the names of JSON Schema and of pydantic. OpenAPI 3.0 writes an exclusive
  /// bound as `true` beside the bound.
  private func numberRules(_ members: JSONObject) -> NumberRules {
    func number(_ names: String...) -> JSONNumber? {
      names.lazy.compactMap { members[$0].flatMap(Self.exactNumber) }.first
    }
    var rules = NumberRules(
      minimum: number("minimum", "ge"), maximum: number("maximum", "le"),
      exclusiveMinimum: number("exclusiveMinimum", "gt"),
      exclusiveMaximum: number("exclusiveMaximum", "lt"),
      multipleOf: number("multipleOf", "multiple_of").flatMap {
        JSONNumber(0).isLess(than: $0) ? $0 : nil
      })
    if members["exclusiveMinimum"]?.bool == true {
      (rules.exclusiveMinimum, rules.minimum) = (rules.minimum, nil)
    }
    if members["exclusiveMaximum"]?.bool == true {
      (rules.exclusiveMaximum, rules.maximum) = (rules.maximum, nil)
    }
    return rules
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
}

/// The value of `x-order`, compared exactly: cog writes small integers, but nothing stops a document
/// from having texts or numbers of any size. Inputs without a usable one come last.
private struct SchemaOrder {
  private let nearest: Double
  private let number: JSONNumber?

  init(_ value: JSONValue?) {
    let literal =
      switch value {
      case .number(let number)?: number.literal
      case .string(let text)?: text
      default: ""
      }
    number = JSONNumber(literal: literal)
    let nearest = Double(literal) ?? .infinity
    self.nearest = nearest.isNaN ? .infinity : nearest
  }

  static func < (one: Self, other: Self) -> Bool {
    if one.nearest != other.nearest { return one.nearest < other.nearest }
    guard let number = one.number else { return false }
    return other.number.map { number.isLess(than: $0) } ?? true
  }
}
