import ReplicateAPI

extension Prediction {
  /// The prediction as JSON, in the form and order of the API’s answer to `GET /predictions/{id}`,
  /// which is also the body of a webhook delivery.
  ///
  /// Members that this version of the package doesn’t know are lost.
  public var json: JSONValue {
    var object: JSONObject = ["id": .string(id.rawValue), "model": .string(model)]
    if let version { object["version"] = .string(version) }
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
    if let source { object["source"] = .string(source) }
    object["status"] = .string(status.rawValue)
    let times: [(String, Timestamp?)] = [
      ("created_at", createdAt), ("started_at", startedAt), ("completed_at", completedAt),
      ("deadline", deadline),
    ]
    for (name, time) in times {
      if let time { object[name] = .string(time.text) }
    }
    if !metrics.isEmpty { object["metrics"] = .object(metrics) }
    if let webhook {
      object["webhook"] = .string(webhook)
      if !webhookEvents.isEmpty {
        object["webhook_events_filter"] = .array(webhookEvents.map { .string($0.rawValue) })
      }
    }
    object["urls"] = urls.json
    return .object(object)
  }
}

extension Prediction.URLs {
  fileprivate var json: JSONValue {
    var object: JSONObject = [:]
    for (name, address) in [("cancel", cancel), ("get", get), ("web", web), ("stream", stream)] {
      if let address { object[name] = .string(address) }
    }
    return .object(object)
  }
}
