import ReplicateAPI

// A training is followed, shown and canceled like a prediction: only its calls and its output differ.
extension Prediction {
  package init(_ training: Training) {
    self.init(
      id: ID(training.id.rawValue), model: training.model, version: training.version,
      status: training.status, input: training.input, output: training.output?.json,
      logs: training.logs, error: training.error, createdAt: training.createdAt,
      startedAt: training.startedAt, completedAt: training.completedAt, metrics: training.metrics,
      urls: training.urls, source: training.source)
  }
}

extension Training {
  package init(_ prediction: Prediction) {
    self.init(
      id: ID(prediction.id.rawValue), model: prediction.model, version: prediction.version,
      status: prediction.status, input: prediction.input, output: Output(prediction.output),
      logs: prediction.logs, error: prediction.error, createdAt: prediction.createdAt,
      startedAt: prediction.startedAt, completedAt: prediction.completedAt,
      metrics: prediction.metrics, urls: prediction.urls, source: prediction.source)
  }
}

extension Training.Output {
  fileprivate init?(_ json: JSONValue?) {
    guard let object = json?.object else { return nil }
    self.init(version: object["version"]?.string, weights: object["weights"]?.string)
  }

  fileprivate var json: JSONValue {
    var object: JSONObject = [:]
    if let version { object["version"] = .string(version) }
    if let weights { object["weights"] = .string(weights) }
    return .object(object)
  }
}

extension Run {
  /// The model and the version that a training has made; nil while there is none.
  public var trained: (model: ModelID, version: ModelVersion.ID)? {
    guard isTraining, let text = prediction.output?["version"]?.string,
      let colon = text.lastIndex(of: ":"), let model = ModelID(String(text[..<colon]))
    else { return nil }
    let version = text[text.index(after: colon)...]
    return version.isEmpty ? nil : (model, ModelVersion.ID(rawValue: String(version)))
  }
}
