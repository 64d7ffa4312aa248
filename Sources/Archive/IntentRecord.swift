import OrderedCollections
import ReplicateAPI

/// An intent as the file has it: with the token's account, and the program that looks after it.
struct IntentRecord {
  var intent: PredictionIntent
  /// The key of the base URL and the token, from which the account is known.
  var account: String
  /// The seat of the program that looks after it.
  var seat: Int64
}

extension IntentRecord {
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.string, let account = json["account"]?.string,
      let target = json["target"].flatMap(PredictionTarget.init(_:)),
      let notedAt = json["noted_at"]?.string, let state = PredictionIntent.State(json)
    else { return nil }
    intent = PredictionIntent(
      id: PredictionIntent.ID(rawValue: id), target: target,
      model: json["model"]?.string.flatMap { ModelID($0) }, input: json["input"]?.object ?? [:],
      omitted: Set(json["omitted"]?.array?.compactMap(\.string) ?? []),
      digests: (json["digests"]?.object ?? [:]).reduce(into: [:]) { $0[$1.key] = $1.value.string },
      serverTime: json["server_time"]?.string.map { Timestamp($0) },
      notedAt: Timestamp(notedAt), state: state)
    self.account = account
    seat = json["seat"]?.int.map(Int64.init) ?? 0
  }

  var json: JSONValue {
    var members: JSONObject = [
      "id": .string(intent.id.rawValue), "account": .string(account),
      "seat": .number(JSONNumber(Int(seat))), "target": intent.target.json,
      "noted_at": .string(intent.notedAt.text), "input": .object(intent.input),
    ]
    if let model = intent.model { members["model"] = .string(model.description) }
    if !intent.omitted.isEmpty {
      members["omitted"] = .array(intent.omitted.sorted().map { .string($0) })
    }
    if !intent.digests.isEmpty {
      let pairs = intent.digests.sorted { $0.key < $1.key }
      members["digests"] = .object(
        JSONObject(uniqueKeysWithValues: pairs.map { ($0, .string($1)) }))
    }
    if let time = intent.serverTime { members["server_time"] = .string(time.text) }
    switch intent.state {
    case .underWay: members["state"] = "under way"
    case .sought: members["state"] = "sought"
    case .unknown(let candidates):
      members["state"] = "unknown"
      members["candidates"] = .array(candidates.map { .string($0.rawValue) })
    // These aren't kept.
    case .created, .refused: members["state"] = "settled"
    }
    return .object(members)
  }
}

extension PredictionIntent.State {
  fileprivate init?(_ json: JSONValue) {
    switch json["state"]?.string {
    case "under way": self = .underWay
    case "sought": self = .sought
    case "unknown":
      let names = json["candidates"]?.array?.compactMap(\.string) ?? []
      self = .unknown(candidates: names.map { Prediction.ID(rawValue: $0) })
    default: return nil
    }
  }
}

extension PredictionTarget {
  init?(_ json: JSONValue) {
    if let version = json["version"]?.string {
      self = .version(ModelVersion.ID(rawValue: version))
    } else if let model = json["model"]?.string.flatMap({ ModelID($0) }) {
      self = .model(model)
    } else if let deployment = json["deployment"]?.string.flatMap({ ModelID($0) }) {
      self = .deployment(deployment)
    } else {
      return nil
    }
  }

  var json: JSONValue {
    switch self {
    case .version(let version): ["version": .string(version.rawValue)]
    case .model(let model): ["model": .string(model.description)]
    case .deployment(let deployment): ["deployment": .string(deployment.description)]
    }
  }
}
