import OrderedCollections
import ReplicateAPI
import Running

/// A draft or preset as its file has it: with the program that works on it.
struct SavedInputRecord {
  var input: SavedInput
  /// The seat of the program that works on a draft.
  var seat: Int64
}

extension SavedInputRecord {
  /// The version of the format. Nothing is read from a file of a later one.
  static let version = 1

  init?(_ json: JSONValue) {
    guard json["version"]?.int.map({ $0 <= Self.version }) == true,
      let id = json["id"]?.string, let kind = SavedInput.Kind(json),
      let model = json["model"]?.string.flatMap({ ModelID($0) }),
      let savedAt = json["saved_at"]?.string.map({ Timestamp($0) }),
      savedAt.secondsSince1970 != nil
    else { return nil }
    input = SavedInput(
      id: SavedInput.ID(rawValue: id), kind: kind, model: model,
      version: json["model_version"]?.string.map { ModelVersion.ID(rawValue: $0) },
      fields: Self.values(json["fields"]), extras: json["extras"]?.object ?? [:],
      options: Self.values(json["options"]), sweep: json["sweep"],
      omitted: json["omitted"]?.array?.compactMap(\.string) ?? [], savedAt: savedAt)
    seat = json["seat"]?.int.map(Int64.init) ?? 0
  }

  var json: JSONValue {
    var members: JSONObject = [
      "version": .number(JSONNumber(Self.version)), "id": .string(input.id.rawValue),
      "model": .string(input.model.description), "saved_at": .string(input.savedAt.text),
    ]
    switch input.kind {
    case .draft:
      members["kind"] = "draft"
      members["seat"] = .number(JSONNumber(Int(seat)))
    case .replaced: members["kind"] = "replaced"
    case .preset(let name):
      members["kind"] = "preset"
      members["name"] = .string(name)
    }
    if let version = input.version { members["model_version"] = .string(version.rawValue) }
    members["fields"] = Self.json(input.fields)
    if !input.extras.isEmpty { members["extras"] = .object(input.extras) }
    if !input.options.isEmpty { members["options"] = Self.json(input.options) }
    if let sweep = input.sweep { members["sweep"] = sweep }
    if !input.omitted.isEmpty {
      members["omitted"] = .array(input.omitted.map { .string($0) })
    }
    return .object(members)
  }

  private static func values(_ json: JSONValue?) -> KeptValues {
    var values: KeptValues = [:]
    for (name, field) in json?.object ?? [:] where field.object != nil {
      values[name] = value(field, items: field["items"]?.array?.map { value($0) })
    }
    return values
  }

  private static func value(_ field: JSONValue, items: [KeptValue]? = nil) -> KeptValue {
    KeptValue(
      text: field["text"]?.string, value: field["value"], items: items,
      foreignFiles: Set((field["foreign_files"]?.array ?? []).compactMap(\.string)))
  }

  private static func json(_ values: KeptValues) -> JSONValue {
    var members: JSONObject = [:]
    for (name, value) in values {
      members[name] = json(value)
    }
    return .object(members)
  }

  private static func json(_ value: KeptValue) -> JSONValue {
    var field: JSONObject = [:]
    if let text = value.text { field["text"] = .string(text) }
    if let items = value.items { field["items"] = .array(items.map { json($0) }) }
    if let value = value.value { field["value"] = value }
    if !value.foreignFiles.isEmpty {
      field["foreign_files"] = .array(value.foreignFiles.sorted().map { .string($0) })
    }
    return .object(field)
  }
}

extension SavedInput.Kind {
  fileprivate init?(_ json: JSONValue) {
    switch json["kind"]?.string {
    case "draft": self = .draft
    case "replaced": self = .replaced
    case "preset":
      guard let name = json["name"]?.string else { return nil }
      self = .preset(name: name)
    default: return nil
    }
  }

  /// The letter in the file's name.
  var letter: Character {
    switch self {
    case .draft: "d"
    case .replaced: "r"
    case .preset: "p"
    }
  }
}
