import OrderedCollections
import ReplicateAPI

/// A prediction or training as the service stores it.
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
  /// As reported by the service clock, in seconds since 1970.
  var createdAt: Double
  var startedAt: Double?
  var completedAt: Double?
  var deadline: Double?
  var metrics: JSONObject = [:]
  var source = "api"
  var isDataRemoved = false
  var streams = false
  var isTraining = false
  var webhook: Webhook?
  /// How many seconds later Django's creation time is than the Go backend's.
  var lag = 0.0
  /// When the model started and ended, by the system clock.
  var workedSince: Double?
  var endedAt: Double?
  var events: [StreamEvent] = []
  /// The replay that will fill in output, logs and metrics.
  var replay: Replay?
  /// The training from before the start that this is the record of.
  var training: EarlierTrainings.Training?

  /// The JSON that the Go backend answers to a create or a GET: unset members are left out.
  ///
  /// - Parameter isNew: Whether this answers the create, whose timestamp has all of its digits.
  ///   Later answers have six.
  func director(_ base: BaseURLs, isNew: Bool = false) -> JSONValue {
    var object: JSONObject = [
      "id": .string(id), "model": .string(model.description), "version": .string(version),
    ]
    if let deployment { object["deployment"] = .string(deployment) }
    object["input"] = isDataRemoved ? .null : .object(input)
    object["logs"] = isDataRemoved ? .null : .string(logs)
    if isDataRemoved {
      object["output"] = .null
    } else if let output {
      object["output"] = output
    }
    object["data_removed"] = .bool(isDataRemoved)
    object["error"] = error.map { .string($0) } ?? .null
    object["source"] = .string(source)
    object["status"] = .string(status.rawValue)
    object["created_at"] = .string(
      isNew ? TimestampFormat.director(createdAt) : TimestampFormat.kept(createdAt))
    if let startedAt { object["started_at"] = .string(TimestampFormat.kept(startedAt)) }
    if let completedAt { object["completed_at"] = .string(TimestampFormat.kept(completedAt)) }
    if let deadline { object["deadline"] = .string(TimestampFormat.kept(deadline)) }
    if !metrics.isEmpty { object["metrics"] = .object(metrics) }
    if let webhook {
      object["webhook"] = .string(webhook.url)
      if webhook.events.count < WebhookEvent.allCases.count {
        object["webhook_events_filter"] = .array(
          WebhookEvent.allCases.filter(webhook.events.contains).map { .string($0.rawValue) })
      }
    }
    object["urls"] = urls(base)
    return .object(object)
  }

  /// The JSON that Django answers to a list or a cancel: most unset members are null, and the order
  /// is different.
  func django(_ base: BaseURLs) -> JSONValue {
    var object: JSONObject = [
      "completed_at": stamp(completedAt), "created_at": .string(TimestampFormat.django(listedAt)),
      "data_removed": .bool(isDataRemoved),
    ]
    if let deadline { object["deadline"] = .string(TimestampFormat.django(deadline)) }
    if let deployment { object["deployment"] = .string(deployment) }
    let rest: JSONObject = [
      "error": error.map { .string($0) } ?? .null, "id": .string(id),
      "input": isDataRemoved ? .null : .object(input),
      "logs": logs.isEmpty || isDataRemoved ? .null : .string(logs),
      "metrics": .object(metrics), "model": .string(model.description),
      "output": isDataRemoved ? .null : output ?? .null, "source": .string(source),
      "started_at": stamp(startedAt), "status": .string(status.rawValue), "urls": urls(base),
      "version": .string(version), "webhook": webhook.map { .string($0.url) } ?? .null,
    ]
    object.merge(rest) { _, new in new }
    return .object(object)
  }

  /// The creation time that lists show and filter by.
  var listedAt: Double { createdAt + lag }

  /// Appends an item to a list output.
  mutating func append(_ item: JSONValue) {
    guard case .array(var items) = output else {
      output = .array([item])
      return
    }
    output = nil  // so that the items aren't copied each time
    items.append(item)
    output = .array(items)
  }

  /// Appends an event to the stream.
  mutating func addEvent(_ name: String, _ data: String) {
    events.append(
      StreamEvent(name: name, id: "\(Int(clamping: createdAt * 1000)):\(events.count)", data: data))
  }

  /// The JSON of a training. Its URLs are those of a prediction, except in the answer to a GET.
  func training(_ base: BaseURLs, isGet: Bool) -> JSONValue {
    let address = "\(base.api)/\(isGet ? "trainings" : "predictions")/\(id)"
    return [
      "completed_at": stamp(completedAt), "created_at": .string(TimestampFormat.django(listedAt)),
      "error": error.map { .string($0) } ?? .null, "id": .string(id), "input": .object(input),
      "logs": logs.isEmpty ? .null : .string(logs), "metrics": .object(metrics),
      "output": output ?? .null, "source": .string(source), "started_at": stamp(startedAt),
      "status": .string(status.rawValue),
      "urls": ["get": .string(address), "cancel": .string("\(address)/cancel")],
      "model": .string(model.description), "version": .string(version),
      "webhook_completed": webhook.map { .string($0.url) } ?? .null,
    ]
  }

  private func stamp(_ seconds: Double?) -> JSONValue {
    seconds.map { .string(TimestampFormat.django(max($0, listedAt))) } ?? .null
  }

  private func urls(_ base: BaseURLs) -> JSONValue {
    var urls: JSONObject = [
      "cancel": .string("\(base.api)/predictions/\(id)/cancel"),
      "get": .string("\(base.api)/predictions/\(id)"),
      "web": .string("https://replicate.com/p/\(id)"),
    ]
    if streams { urls["stream"] = .string("\(base.output)/v1/streams/\(id)") }
    return .object(urls)
  }
}
