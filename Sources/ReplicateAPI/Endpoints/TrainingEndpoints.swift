/// What a training is created with.
public struct TrainingRequest: Sendable, Hashable {
  /// The model of one's own that gets the new version; it must be there already.
  public var destination: ModelID
  public var input: JSONObject
  /// An https address that is called with the training.
  public var webhook: String?
  /// Empty for all.
  public var webhookEvents: [PredictionOptions.WebhookEvent]

  public init(
    destination: ModelID, input: JSONObject, webhook: String? = nil,
    webhookEvents: [PredictionOptions.WebhookEvent] = []
  ) {
    self.destination = destination
    self.input = input
    self.webhook = webhook
    self.webhookEvents = webhookEvents
  }
}

extension Endpoint where Response == Training {
  /// Trains a version into a model of one's own.
  public static func createTraining(
    from version: ModelVersion.ID, of model: ModelID, _ request: TrainingRequest
  ) -> Self {
    var body: JSONObject = [
      "destination": .string(request.destination.description), "input": .object(request.input),
    ]
    body.setWebhook(request.webhook, request.webhookEvents)
    return following(
      Endpoint(
        .createTraining, model.pathParameters(version: version), body: .json(.object(body))))
  }

  public static func training(_ id: Training.ID) -> Self {
    following(Endpoint(.getTraining, ["training_id": id.rawValue]))
  }

  /// Ends a training; one that has ended already is answered as it is.
  public static func cancelTraining(_ id: Training.ID) -> Self {
    following(Endpoint(.cancelTraining, ["training_id": id.rawValue]))
  }

  private static func following(_ endpoint: Self) -> Self {
    var endpoint = endpoint
    endpoint.logDepth = 1
    return endpoint
  }
}

extension Endpoint where Response == Page<Training> {
  /// The account's trainings, newest first, 100 a page.
  public static var trainings: Self {
    var endpoint = Endpoint(.listTrainings)
    endpoint.logDepth = 3
    return endpoint
  }
}

extension JSONObject {
  mutating func setWebhook(_ address: String?, _ events: [PredictionOptions.WebhookEvent]) {
    guard let address else { return }
    self["webhook"] = .string(address)
    if !events.isEmpty {
      self["webhook_events_filter"] = .array(events.map { .string($0.rawValue) })
    }
  }
}
