import OrderedCollections
import ReplicateAPI

/// A prediction as the service keeps it.
struct PredictionRecord: Sendable {
  var id: String
  var model: ModelID
  var version: String
  var deployment: String?
  var status = Prediction.Status.starting
  var input: JSONObject
  var output: JSONValue?
  var logs = ""
  var error: String?
  var createdAt: Double
  var startedAt: Double?
  var completedAt: Double?
  var deadline: Double?
  var metrics: JSONObject = [:]
  var source = "api"
  var isDataRemoved = false
  var streams = false
  var isTraining = false
  var webhook: String?
  var events: [StreamEvent] = []
  /// Output, logs and metrics are still to be filled in from here.
  var replay: Replay?

  /// Where the service stands, for the addresses in an answer.
  struct Base: Sendable {
    var api: String
    var output: String
  }

  /// As the Go side answers a create or a GET: what isn't set is left out.
  func director(_ base: Base) -> JSONValue {
    var object: JSONObject = [
      "id": .string(id), "model": .string(model.description), "version": .string(version),
    ]
    if let deployment { object["deployment"] = .string(deployment) }
    object["input"] = isDataRemoved ? .null : .object(input)
    object["logs"] = isDataRemoved ? .null : .string(logs)
    if let output, !isDataRemoved { object["output"] = output }
    object["data_removed"] = .bool(isDataRemoved)
    object["error"] = error.map { .string($0) } ?? .null
    object["source"] = .string(source)
    object["status"] = .string(status.rawValue)
    object["created_at"] = .string(Stamps.director(createdAt))
    if let startedAt { object["started_at"] = .string(Stamps.director(startedAt)) }
    if let completedAt { object["completed_at"] = .string(Stamps.director(completedAt)) }
    if let deadline { object["deadline"] = .string(Stamps.director(deadline)) }
    if !metrics.isEmpty { object["metrics"] = .object(metrics) }
    if let webhook { object["webhook"] = .string(webhook) }
    object["urls"] = urls(base)
    return .object(object)
  }

  /// As Django answers lists and cancels: nulls for what isn't set, another order.
  func django(_ base: Base) -> JSONValue {
    [
      "completed_at": stamp(completedAt), "created_at": stamp(createdAt),
      "data_removed": .bool(isDataRemoved),
      "deployment": deployment.map { .string($0) } ?? .null,
      "error": error.map { .string($0) } ?? .null, "id": .string(id),
      "input": isDataRemoved ? .null : .object(input),
      "logs": logs.isEmpty || isDataRemoved ? .null : .string(logs),
      "metrics": .object(metrics), "model": .string(model.description),
      "output": isDataRemoved ? .null : output ?? .null, "source": .string(source),
      "started_at": stamp(startedAt), "status": .string(status.rawValue), "urls": urls(base),
      "version": .string(version),
    ]
  }

  /// Adds an item to an output that is a list.
  mutating func append(_ item: JSONValue) {
    guard case .array(var items) = output else {
      output = .array([item])
      return
    }
    output = nil  // so that the items aren't copied each time
    items.append(item)
    output = .array(items)
  }

  /// Adds an event to the stream.
  mutating func addEvent(_ name: String, _ data: String) {
    events.append(
      StreamEvent(name: name, id: "\(Int(createdAt * 1000)):\(events.count)", data: data))
  }

  /// A training. Its addresses are those of a prediction, except in the answer to a GET.
  func training(_ base: Base, isGet: Bool) -> JSONValue {
    let address = "\(base.api)/\(isGet ? "trainings" : "predictions")/\(id)"
    return [
      "completed_at": stamp(completedAt), "created_at": stamp(createdAt),
      "error": error.map { .string($0) } ?? .null, "id": .string(id), "input": .object(input),
      "logs": logs.isEmpty ? .null : .string(logs), "metrics": .object(metrics),
      "output": output ?? .null, "source": .string(source), "started_at": stamp(startedAt),
      "status": .string(status.rawValue),
      "urls": ["get": .string(address), "cancel": .string("\(address)/cancel")],
      "model": .string(model.description), "version": .string(version),
      "webhook_completed": .null,
    ]
  }

  private func stamp(_ seconds: Double?) -> JSONValue {
    seconds.map { .string(Stamps.django($0)) } ?? .null
  }

  private func urls(_ base: Base) -> JSONValue {
    var urls: JSONObject = [
      "cancel": .string("\(base.api)/predictions/\(id)/cancel"),
      "get": .string("\(base.api)/predictions/\(id)"),
      "web": .string("https://replicate.com/p/\(id)"),
    ]
    if streams { urls["stream"] = .string("\(base.output)/v1/streams/\(id)") }
    return .object(urls)
  }
}
