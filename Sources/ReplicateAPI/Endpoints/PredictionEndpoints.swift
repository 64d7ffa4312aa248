/// What a prediction is created with besides its input.
public struct PredictionOptions: Sendable, Hashable {
  /// When a webhook is called.
  public enum WebhookEvent: String, Sendable, Hashable, CaseIterable {
    case start, output, logs, completed
  }

  /// How long the service holds its answer back for the output, 1 to 60 seconds; nil answers at once.
  ///
  /// An answer that was waited for may say `processing` and hold the whole output all the same.
  public var wait: Duration?
  /// After what time from its creation the service ends it, 5 seconds or more.
  public var cancelAfter: Duration?
  /// An https address that is called with the prediction.
  public var webhook: String?
  /// Empty for all.
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

/// How a prediction was made.
public enum PredictionSource: String, Sendable, Hashable, CaseIterable {
  /// On the web site. It is the only value that the API filters by.
  case web
}

extension Endpoint where Response == Prediction {
  /// Runs a version: its id, or `owner/name:id`, or `owner/name` of an official model.
  ///
  /// Nothing but a 429 makes the client send a create again, since each costs money.
  public static func createPrediction(
    version: String, input: JSONObject, options: PredictionOptions = PredictionOptions()
  ) -> Self {
    creation(.createPrediction, [:], ["version": .string(version)], input, options)
  }

  /// Runs an official model; others answer with 404 and need a version.
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

  /// The prediction as it stands now; poll it while its status isn't final.
  public static func prediction(_ id: Prediction.ID) -> Self {
    following(Endpoint(.getPrediction, ["prediction_id": id.rawValue]))
  }

  /// Ends a prediction; one that has ended already is answered as it is.
  public static func cancelPrediction(_ id: Prediction.ID) -> Self {
    following(Endpoint(.cancelPrediction, ["prediction_id": id.rawValue]))
  }

  /// Runs what a request names; ``Client/create(_:recording:)`` does so without ever running it twice.
  public static func createPrediction(_ request: PredictionRequest) -> Self {
    switch request.target {
    case .version(let version):
      createPrediction(
        version: version.rawValue, input: request.input, options: request.options)
    case .model(let model):
      createPrediction(model: model, input: request.input, options: request.options)
    case .deployment(let deployment):
      createPrediction(deployment: deployment, input: request.input, options: request.options)
    }
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
  /// The account's predictions, newest first, 100 a page. There is no filter by model or status.
  ///
  /// - Parameters:
  ///   - createdAfter: Included.
  ///   - createdBefore: Not included.
  ///   - source: With `web` the list goes back 14 days only.
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
