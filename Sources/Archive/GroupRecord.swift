import OrderedCollections
import ReplicateAPI
import Running

/// A group as its file has it: with the token's account, and the program that is at work on it.
struct GroupRecord {
  var group: PredictionGroup
  /// The key of the base URL and the token, from which the account is known.
  var account: String
  /// The seat of the program that is at work on it.
  var seat: Int64
}

extension GroupRecord {
  /// Nil if this isn't a group, or not a whole one.
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.string, let account = json["account"]?.string,
      let target = json["target"].flatMap(PredictionTarget.init(_:)),
      let createdAt = json["created_at"]?.string, let input = json["input"]?.object,
      let sweeps = json["sweeps"]?.array, let members = json["members"]?.array
    else { return nil }
    let group = PredictionGroup(
      id: PredictionGroup.ID(rawValue: id), createdAt: Timestamp(createdAt), target: target,
      model: json["model"]?.string.flatMap { ModelID($0) }, input: input,
      sweeps: sweeps.compactMap(PredictionGroup.Sweep.init(_:)),
      options: PredictionOptions(json["options"] ?? .null),
      secrets: Set(json["secrets"]?.array?.compactMap(\.string) ?? []),
      structuredSecrets: Set(json["structured_secrets"]?.array?.compactMap(\.string) ?? []),
      files: Set(json["files"]?.array?.compactMap(\.string) ?? []),
      fileSpots: Set(
        json["file_spots"]?.array?.compactMap { $0.array?.compactMap(\.string) }
          ?? Self.spots(of: json)),
      members: members.compactMap(PredictionGroup.Member.init(_:)))
    // Half of a group would be sent as another one.
    guard group.sweeps.count == sweeps.count, group.members.count == members.count,
      members.count == PredictionGroup.count(of: group.sweeps),
      members.count <= PredictionGroup.largest,
      group.secrets.isDisjoint(with: input.keys)
    else { return nil }
    self.init(
      group: group, account: account, seat: json["seat"]?.int.map(Int64.init) ?? 0)
  }

  /// Where the files are in a group of version 1, which had the names of inputs that are files.
  private static func spots(of json: JSONValue) -> [[String]] {
    func spots(_ path: [String], _ value: JSONValue?) -> [[String]] {
      guard let items = value?.array else { return value?.string == nil ? [] : [path] }
      return items.indices.map { path + ["\($0)"] }
    }
    return (json["uploads"]?.array ?? []).compactMap(\.string).flatMap { name in
      let sweep = json["sweeps"]?.array?.first { $0["name"]?.string == name }
      guard let values = sweep?["values"]?.array else {
        return spots([name], json["input"]?[name])
      }
      return values.enumerated().flatMap { spots([name, "\($0)"], $1) }
    }
  }

  func json(version: Int) -> JSONValue {
    var json: JSONObject = [
      "version": .number(JSONNumber(version)), "id": .string(group.id.rawValue),
      "account": .string(account), "seat": .number(JSONNumber(Int(seat))),
      "created_at": .string(group.createdAt.text), "target": group.target.json,
      "input": .object(group.input),
      "sweeps": .array(
        group.sweeps.map { ["name": .string($0.name), "values": .array($0.values)] }),
      "members": .array(group.members.map(\.json)),
    ]
    if let model = group.model { json["model"] = .string(model.description) }
    if group.options != PredictionOptions() { json["options"] = group.options.json }
    for (key, names) in [
      ("secrets", group.secrets), ("structured_secrets", group.structuredSecrets),
      ("files", group.files),
    ] where !names.isEmpty {
      json[key] = .array(names.sorted().map { .string($0) })
    }
    if !group.fileSpots.isEmpty {
      json["file_spots"] = .array(
        group.fileSpots.sorted { $0.lexicographicallyPrecedes($1) }.map { spot in
          .array(spot.map { .string($0) })
        })
    }
    return .object(json)
  }
}

extension PredictionGroup.Sweep {
  fileprivate init?(_ json: JSONValue) {
    guard let name = json["name"]?.string, let values = json["values"]?.array, !values.isEmpty
    else { return nil }
    self.init(name, values)
  }
}

extension PredictionGroup.Member {
  fileprivate init?(_ json: JSONValue) {
    switch json["state"]?.string ?? json.string {
    case "waiting": self = .waiting
    case "dropped": self = .dropped
    case "sending":
      guard let attempt = PredictionGroup.Attempt(json) else { return nil }
      self = .sending(attempt)
    case "doubtful":
      guard let attempt = PredictionGroup.Attempt(json) else { return nil }
      let names = json["candidates"]?.array?.compactMap(\.string) ?? []
      self = .doubtful(attempt, candidates: names.map { Prediction.ID(rawValue: $0) })
    case "created":
      guard let id = json["prediction"]?.string else { return nil }
      let status = json["status"]?.string.map { Prediction.Status(rawValue: $0) }
      self = .created(Prediction.ID(rawValue: id), status.flatMap { $0.isTerminal ? $0 : nil })
    case "refused": self = .refused(reason: json["reason"]?.string ?? "")
    default: return nil
    }
  }

  fileprivate var json: JSONValue {
    switch self {
    case .waiting: return "waiting"
    case .dropped: return "dropped"
    case .sending(let attempt):
      return .object(attempt.json.merging(["state": "sending"]) { $1 })
    case .doubtful(let attempt, let candidates):
      var json = attempt.json
      json["state"] = "doubtful"
      if !candidates.isEmpty {
        json["candidates"] = .array(candidates.map { .string($0.rawValue) })
      }
      return .object(json)
    case .created(let id, let status):
      var json: JSONObject = ["state": "created", "prediction": .string(id.rawValue)]
      if let status { json["status"] = .string(status.rawValue) }
      return .object(json)
    case .refused(let reason):
      return ["state": "refused", "reason": .string(reason)]
    }
  }
}

extension PredictionGroup.Attempt {
  fileprivate init?(_ json: JSONValue) {
    guard let intent = json["intent"]?.string, let record = json["record"]?.string,
      let at = json["at"]?.string
    else { return nil }
    self.init(
      intent: PredictionIntent.ID(rawValue: intent), record: record, at: Timestamp(at))
  }

  fileprivate var json: JSONObject {
    [
      "intent": .string(intent.rawValue), "record": .string(record), "at": .string(at.text),
    ]
  }
}

extension PredictionOptions {
  fileprivate init(_ json: JSONValue) {
    self.init(
      cancelAfter: json["cancel_after"]?.double.map { Duration(clampingSeconds: $0) },
      webhook: json["webhook"]?.string,
      webhookEvents: json["webhook_events"]?.array?.compactMap {
        $0.string.flatMap(WebhookEvent.init(rawValue:))
      } ?? [])
  }

  fileprivate var json: JSONValue {
    var json: JSONObject = [:]
    if let cancelAfter { json["cancel_after"] = .number(JSONNumber(cancelAfter / .seconds(1))) }
    if let webhook { json["webhook"] = .string(webhook) }
    if !webhookEvents.isEmpty {
      json["webhook_events"] = .array(webhookEvents.map { .string($0.rawValue) })
    }
    return .object(json)
  }
}
