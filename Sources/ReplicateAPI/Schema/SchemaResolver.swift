/// A schema whose references and wrappers are resolved.
struct ResolvedSchema {
  var members: JSONObject
  var isNullable = false
  /// The alternatives, if several are left.
  var alternatives: [JSONValue] = []
  /// The titles of choices that are written one by one, as `oneOf` with `const` and `title`.
  var titles: [JSONValue: String] = [:]

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

/// Follows `$ref`, and merges the schemas in `allOf` and `anyOf` into the schema around them, whose
/// own members win.
///
/// Schemas may refer to themselves, or to so many others that reading them would take forever. So
/// the steps are counted: beyond the limits, a schema is what its own members say.
final class SchemaResolver {
  private let root: JSONValue
  /// What all inputs of a document may take together, besides ``freeSteps`` each.
  private var stepsLeft = 100_000

  private static let freeSteps = 8
  private static let mostSteps = 2_000
  private static let deepest = 40

  init(root: JSONValue) {
    self.root = root
  }

  func resolved(_ schema: JSONValue) -> ResolvedSchema {
    var effort = Effort()
    effort.limit = min(Self.mostSteps, Self.freeSteps + max(0, stepsLeft))
    defer { stepsLeft -= max(0, effort.steps - Self.freeSteps) }
    return resolved(schema, &effort)
  }

  private struct Effort {
    var steps = 0
    var limit = 0
    var depth = 0
  }

  private func resolved(_ schema: JSONValue, _ effort: inout Effort) -> ResolvedSchema {
    var result = ResolvedSchema(members: schema.object ?? [:])
    // Copying many members takes longer than copying few.
    effort.steps += 1 + result.members.count / 32
    result.isNullable = result.members["nullable"]?.bool ?? false
    guard effort.steps < effort.limit, effort.depth < Self.deepest else { return result }
    effort.depth += 1
    defer { effort.depth -= 1 }

    if let reference = result.members.removeValue(forKey: "$ref")?.string {
      merge(target(of: reference), into: &result, &effort)
    }
    for part in result.members.removeValue(forKey: "allOf")?.array ?? [] {
      merge(part, into: &result, &effort)
    }
    for key in ["anyOf", "oneOf"] {
      guard let alternatives = result.members.removeValue(forKey: key)?.array else { continue }
      choose(among: alternatives, in: &result, &effort)
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
    among alternatives: [JSONValue], in result: inout ResolvedSchema, _ effort: inout Effort
  ) {
    var others: [JSONValue] = []
    var choices: [JSONValue] = []
    var known: Set<JSONValue> = []
    var titles: [JSONValue: String] = [:]
    var areAllChoices = true
    for alternative in alternatives {
      let schema = resolved(alternative, &effort)
      if schema.isNullable { result.isNullable = true }
      if schema.isNull {
        result.isNullable = true
        continue
      }
      others.append(alternative)
      guard let values = schema.choices, !schema.isUnion else {
        areAllChoices = false
        continue
      }
      effort.steps += values.count / 32
      guard areAllChoices, effort.steps < effort.limit || values.count == 1 else { continue }
      choices += values.filter { !$0.isNull && known.insert($0).inserted }
      titles.merge(schema.titles) { first, _ in first }
      if let value = schema.members["const"], let title = schema.members["title"]?.string,
        !title.isEmpty, titles[value] == nil
      {
        titles[value] = title
      }
    }
    if others.count == 1 {
      merge(others[0], into: &result, &effort)
    } else if others.count > 1, areAllChoices {
      if result.members["enum"] == nil { result.members["enum"] = .array(choices) }
      result.titles.merge(titles) { first, _ in first }
    } else {
      result.alternatives = others
    }
  }

  private func merge(
    _ part: JSONValue, into result: inout ResolvedSchema, _ effort: inout Effort
  ) {
    guard effort.steps < effort.limit else { return }
    let part = resolved(part, &effort)
    effort.steps += part.members.count / 32
    result.members.merge(part.members) { own, _ in own }
    result.isNullable = result.isNullable || part.isNullable
    if result.alternatives.isEmpty { result.alternatives = part.alternatives }
    result.titles.merge(part.titles) { own, _ in own }
  }

  /// The target of a reference such as `#/components/schemas/scheduler`.
  private func target(of reference: String) -> JSONValue {
    guard reference.hasPrefix("#/") else { return [:] }
    var target = root
    for step in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
      let key = unescaped(step)
      guard let next = member(key, of: target) ?? member(percentDecoded(key), of: target) else {
        return [:]
      }
      target = next
    }
    return target
  }

  private func member(_ key: String, of value: JSONValue) -> JSONValue? {
    guard let elements = value.array else { return value[key] }
    return Int(key).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
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

  /// A reference is a URL, so blanks and other characters in names may be escaped.
  private func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
