/// Options for creating a prediction.
public struct PredictionOptions: Sendable, Hashable {
  /// An event that calls a webhook.
  public enum WebhookEvent: String, Sendable, Hashable, CaseIterable {
    case start, output, logs, completed
  }

  /// How long the service may hold back its answer to wait for the output, 1 to 60 seconds. Nil to
  /// get an answer at once.
  ///
  /// Such an answer may have the status `processing` and contain the whole output anyway.
  public var wait: Duration?
  /// The time after which the service ends the prediction, at least 5 seconds.
  public var cancelAfter: Duration?
  /// An https address that the service calls with the prediction.
  public var webhook: String?
  /// The events that call the webhook. Empty for all.
  public var webhookEvents: [WebhookEvent]

  public init(
    wait: Duration? = nil, cancelAfter: Duration? = nil, webhook: String? = nil,
    webhookEvents: [WebhookEvent] = []
  ) {
    self.wait = wait
    self.cancelAfter = cancelAfter
    self.webhook = webhook
    self.webhookEvents = webhookEvents
  }
}

/// Where a prediction was created.
public enum PredictionSource: String, Sendable, Hashable, CaseIterable {
  /// On the website. This is the only value that the API can filter by.
  case web
}

extension Endpoint where Response == Prediction {
  /// Runs a version, given as its ID, as `owner/name:id`, or as `owner/name` of an official model.
  ///
  /// Because each run costs money, a create is sent again only if the first one certainly did
  /// nothing.
  public static func createPrediction(
    version: String, input: JSONObject, options: PredictionOptions = PredictionOptions()
  ) -> Self {
    creation(.createPrediction, [:], ["version": .string(version)], input, options)
  }

  /// Runs an official model. For other models the service sends a 404; they need a version.
  public static func createPrediction(
    model: ModelID, input: JSONObject, options: PredictionOptions = PredictionOptions()
  ) -> Self {
    creation(.createModelPrediction, model.pathParameters, [:], input, options)
  }

  /// Runs a deployment.
  public static func createPrediction(
    deployment: ModelID, input: JSONObject, options: PredictionOptions = PredictionOptions()
  ) -> Self {
    creation(
      .createDeploymentPrediction, deployment.deploymentParameters, [:], input, options)
  }

  /// A prediction in its current state. ``Client/updates(of:)-(Prediction)`` follows it to its end.
  public static func prediction(_ id: Prediction.ID) -> Self {
    following(Endpoint(.getPrediction, ["prediction_id": id.rawValue]))
  }

  /// Cancels a prediction. One that has already ended is returned unchanged.
  public static func cancelPrediction(_ id: Prediction.ID) -> Self {
    following(Endpoint(.cancelPrediction, ["prediction_id": id.rawValue]))
  }

  /// Runs a request. ``Client/create(_:recording:evenIfUncertain:as:)`` does so without ever running it twice.
  public static func createPrediction(_ request: PredictionRequest) -> Self {
    var endpoint =
      switch request.target {
      case .version(let version):
        createPrediction(
          version: version.rawValue, input: request.input, options: request.options)
      case .model(let model):
        createPrediction(model: model, input: request.input, options: request.options)
      case .deployment(let deployment):
        createPrediction(deployment: deployment, input: request.input, options: request.options)
      }
    endpoint.secretInputs = request.secretInputs
    return endpoint
  }

  private static func following(_ endpoint: Self) -> Self {
    var endpoint = endpoint
    endpoint.logDepth = 1
    return endpoint
  }

  private static func creation(
    _ route: Route, _ parameters: [String: String], _ target: JSONObject, _ input: JSONObject,
    _ options: PredictionOptions
  ) -> Self {
    var body = target
    body["input"] = .object(input)
    body.setWebhook(options.webhook, options.webhookEvents)
    var headers: [Item] = []
    let wait = options.wait.map { Duration.seconds(min(60, max(1, $0.components.seconds))) }
    if let wait { headers.append(Item("Prefer", "wait=\(wait.components.seconds)")) }
    if let cancelAfter = options.cancelAfter {
      headers.append(Item("Cancel-After", "\(max(5, cancelAfter.components.seconds))s"))
    }
    return following(
      Endpoint(route, parameters, headers: headers, body: .json(.object(body)), wait: wait))
  }
}

extension Endpoint where Response == Page<Prediction> {
  /// The account's predictions, newest first, 100 per page. The API can't filter by model or
  /// status.
  ///
  /// - Parameters:
  ///   - createdAfter: The earliest creation time, inclusive.
  ///   - createdBefore: The latest creation time, exclusive.
  ///   - source: With `web`, the list is limited to the last 14 days.
  public static func predictions(
    createdAfter: Timestamp? = nil, createdBefore: Timestamp? = nil,
    source: PredictionSource? = nil
  ) -> Self {
    var query: [Item] = []
    if let createdAfter { query.append(Item("created_after", createdAfter.text)) }
    if let createdBefore { query.append(Item("created_before", createdBefore.text)) }
    if let source { query.append(Item("source", source.rawValue)) }
    var endpoint = Endpoint(.listPredictions, query: query)
    endpoint.logDepth = 3
    return endpoint
  }
}
