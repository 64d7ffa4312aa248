import OrderedCollections
import ReplicateAPI

/// What differs between the inputs of two versions of a model; pure.
public struct SchemaDifference: Hashable, Sendable {
  public enum Change: String, Hashable, Sendable {
    case removed, added, changed
  }

  /// One row of the table.
  public struct Row: Hashable, Sendable {
    public var change: Change
    /// The input's name, or `output`.
    public var name: String
    /// What has changed about it: `default`, `bounds`. Empty if all of it was added or removed.
    public var aspect: String
    /// Empty if there was none.
    public var old: String
    public var new: String
  }

  /// What was removed, what was added, and then what has changed, each in the schema's order.
  public var rows: [Row]

  public var isEmpty: Bool { rows.isEmpty }

  public init(from old: ModelSchema, to new: ModelSchema) {
    let oldFields = Self.byName(old.inputs)
    let newFields = Self.byName(new.inputs)
    var changed: [Row] = []
    for (name, field) in newFields {
      guard let before = oldFields[name] else { continue }
      for (aspect, old, new) in Self.changes(from: before, to: field) {
        changed.append(Row(change: .changed, name: name, aspect: aspect, old: old, new: new))
      }
    }
    if old.output != new.output {
      changed.append(
        Row(
          change: .changed, name: "output", aspect: "type", old: old.output.words,
          new: new.output.words))
    }
    let removed = oldFields.filter { newFields[$0.key] == nil }.map { name, field in
      Row(change: .removed, name: name, aspect: "", old: Self.summary(of: field), new: "")
    }
    let added = newFields.filter { oldFields[$0.key] == nil }.map { name, field in
      Row(change: .added, name: name, aspect: "", old: "", new: Self.summary(of: field))
    }
    rows = removed + added + changed
  }

  /// How many inputs were removed, added, or changed, in words.
  public var summary: String {
    let counts: [(Change, Int)] = [.removed, .added, .changed].map { change in
      (change, Set(rows.filter { $0.change == change }.map(\.name)).count)
    }
    let words = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }
    return words.isEmpty ? "The inputs are the same." : words.joined(separator: ", ")
  }

  private static func byName(_ fields: [InputField]) -> OrderedDictionary<String, InputField> {
    OrderedDictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: Aspects

  private static func changes(
    from old: InputField, to new: InputField
  ) -> [(aspect: String, old: String, new: String)] {
    var changes: [(String, String, String)] = []
    func note(_ aspect: String, _ old: String, _ new: String) {
      if old != new { changes.append((aspect, old, new)) }
    }
    note("type", old.kind.typeName, new.kind.typeName)
    note("required", old.isRequired ? "yes" : "no", new.isRequired ? "yes" : "no")
    note(
      "null", old.isNullable ? "allowed" : "not allowed", new.isNullable ? "allowed" : "not allowed"
    )
    if old.defaultValue != new.defaultValue {
      note("default", text(of: old.defaultValue), text(of: new.defaultValue))
    }
    note("bounds", old.kind.bounds, new.kind.bounds)
    if let before = old.kind.choices, let after = new.kind.choices {
      let gone = before.filter { !after.contains($0) }
      let come = after.filter { !before.contains($0) }
      if !gone.isEmpty || !come.isEmpty {
        note("choices", list(before.count, "−", gone), list(after.count, "+", come))
      }
    } else {
      note("choices", summary(of: old.kind.choices), summary(of: new.kind.choices))
    }
    let isReordered =
      old.kind.choices != nil && old.kind.choices.map(Set.init) == new.kind.choices.map(Set.init)
    if old.kind != new.kind, changes.isEmpty, !isReordered {
      note("type", "\(old.kind.typeName), as it was", "\(new.kind.typeName), changed inside")
    }
    note("deprecated", old.isDeprecated ? "yes" : "no", new.isDeprecated ? "yes" : "no")
    note("description", old.description, new.description)
    return changes
  }

  private static func list(_ count: Int, _ mark: String, _ values: [JSONValue]) -> String {
    let some = values.prefix(12).map(\.choiceText).joined(separator: ", ")
    let rest = values.count > 12 ? ", … (\(values.count))" : ""
    return values.isEmpty ? "\(count) choices" : "\(count) choices; \(mark) \(some)\(rest)"
  }

  private static func summary(of choices: [JSONValue]?) -> String {
    guard let choices else { return "" }
    return choices.prefix(12).map(\.choiceText).joined(separator: ", ")
      + (choices.count > 12 ? ", … (\(choices.count))" : "")
  }

  private static func text(of value: JSONValue?) -> String {
    guard let value else { return "none" }
    return value.string == "" ? "“”" : value.excerpt(2000)
  }

  /// An input in one line.
  private static func summary(of field: InputField) -> String {
    var parts = [field.kind.typeName]
    if field.isRequired { parts.append("required") }
    if field.defaultValue != nil { parts.append("default \(text(of: field.defaultValue))") }
    let bounds = field.kind.bounds
    if !bounds.isEmpty { parts.append(bounds) }
    let choices = summary(of: field.kind.choices)
    if !choices.isEmpty { parts.append(choices) }
    return parts.joined(separator: "; ")
  }
}

extension InputKind {
  /// The type in a word or two.
  fileprivate var typeName: String {
    switch self {
    case .text: "text"
    case .secret: "secret"
    case .file(let rules):
      rules.accept.isEmpty ? "file" : "file (\(rules.accept.joined(separator: ", ")))"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .enumeration: "choice"
    case .array(let element, _, _): "list of \(element.typeName)"
    case .object: "object"
    case .union(let kinds): kinds.map(\.typeName).joined(separator: " or ")
    case .json: "JSON"
    }
  }

  fileprivate var choices: [JSONValue]? {
    switch self {
    case .enumeration(let choices): choices
    case .array(let element, _, _): element.choices
    default: nil
    }
  }

  fileprivate var bounds: String {
    switch self {
    case .integer(let rules), .number(let rules): return NumberText.range(rules) ?? ""
    case .text(let rules), .secret(let rules):
      var parts: [String] = []
      if let range = Self.range(rules.minLength, rules.maxLength) {
        parts.append("\(range) characters")
      }
      if let pattern = rules.pattern { parts.append("matches \(pattern)") }
      return parts.joined(separator: ", ")
    case .array(let element, let minimum, let maximum):
      let own = Self.range(minimum, maximum).map { "\($0) items" }
      return [own, element.bounds].compactMap(\.self).filter { !$0.isEmpty }
        .joined(separator: ", each ")
    default: return ""
    }
  }

  private static func range(_ minimum: Int?, _ maximum: Int?) -> String? {
    switch (minimum, maximum) {
    case (let minimum?, let maximum?): "\(minimum)…\(maximum)"
    case (let minimum?, nil): "≥ \(minimum)"
    case (nil, let maximum?): "≤ \(maximum)"
    case (nil, nil): nil
    }
  }
}

extension OutputKind {
  /// A description of what a model returns.
  package var words: String {
    switch self {
    case .text: "text"
    case .textStream: "text, streamed"
    case .file: "a file"
    case .files: "files"
    case .fileStream: "files, streamed"
    case .json: "structured data"
    case .none: "unknown"
    }
  }
}
