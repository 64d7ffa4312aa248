/// A training to create.
public struct TrainingRequest: Sendable, Hashable {
  /// The model that gets the new version. It must exist and belong to the account.
  public var destination: ModelID
  public var input: JSONObject
  /// The names of the inputs that are secret, which a ``CallRecord`` masks.
  public var secretInputs: Set<String>
  /// An https address that the service calls with the training.
  public var webhook: String?
  /// The events that call the webhook. Empty for all.
  public var webhookEvents: [PredictionOptions.WebhookEvent]

  public init(
    destination: ModelID, input: JSONObject, secretInputs: Set<String> = [],
    webhook: String? = nil,
    webhookEvents: [PredictionOptions.WebhookEvent] = []
  ) {
    self.destination = destination
    self.input = input
    self.secretInputs = secretInputs
    self.webhook = webhook
    self.webhookEvents = webhookEvents
  }
}

extension Endpoint where Response == Training {
  /// Trains a version. The result becomes a version of the destination.
  public static func createTraining(
    from version: ModelVersion.ID, of model: ModelID, _ request: TrainingRequest
  ) -> Self {
    var body: JSONObject = [
      "destination": .string(request.destination.description), "input": .object(request.input),
    ]
    body.setWebhook(request.webhook, request.webhookEvents)
    var endpoint = following(
      Endpoint(
        .createTraining, model.pathParameters(version: version), body: .json(.object(body))))
    endpoint.secretInputs = request.secretInputs
    return endpoint
  }

  /// A training in its current state. ``Client/updates(of:)-(Training)`` follows it to its end.
  public static func training(_ id: Training.ID) -> Self {
    following(Endpoint(.getTraining, ["training_id": id.rawValue]))
  }

  /// Cancels a training. One that has already ended is returned unchanged.
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
  /// The account's trainings, newest first, 100 per page.
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
