import OrderedCollections

/// One run of a model, from its creation to its end.
public struct Prediction: Sendable, Hashable, Identifiable {
  /// Opaque. In practice 26 letters and digits.
  public struct ID: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    public init(_ rawValue: String) {
      self.rawValue = rawValue
    }
  }

  /// A prediction's addresses. They are opaque, and the stream is on another host.
  public struct URLs: Sendable, Hashable {
    public var get: String?
    public var cancel: String?
    /// The prediction's web page.
    public var web: String?
    /// The stream of the output, only for models that stream.
    public var stream: String?

    public init(
      get: String? = nil, cancel: String? = nil, web: String? = nil, stream: String? = nil
    ) {
      self.get = get
      self.cancel = cancel
      self.web = web
      self.stream = stream
    }
  }

  public var id: ID
  /// `owner/name` as sent. May be an internal name for official models, and may be empty.
  public var model: String
  /// May differ from the requested version.
  public var version: String?
  /// The deployment that ran it, as `owner/name` or as the name only.
  public var deployment: String?
  public var status: Status
  public var input: JSONObject
  /// Nil until there is output, and after the service has removed it.
  public var output: JSONValue?
  /// The last 4 MiB of the log, or the last 1 MiB in a list.
  public var logs: String
  /// Why it failed.
  public var error: String?
  public var createdAt: Timestamp?
  public var startedAt: Timestamp?
  public var completedAt: Timestamp?
  /// When the service will end it, if it was created with ``PredictionOptions/cancelAfter``.
  public var deadline: Timestamp?
  /// The address that is called about it, and for which events; no events stand for all. Lists don't
  /// always tell.
  public var webhook: String?
  public var webhookEvents: [PredictionOptions.WebhookEvent] = []
  /// `predict_time` and `total_time` in seconds, and the model's own metrics.
  public var metrics: JSONObject
  public var urls: URLs
  /// `web` or `api`.
  public var source: String?
  /// Whether the service has removed input, output, and logs. It does so an hour after the end of a
  /// prediction that was created with the API.
  public var isDataRemoved: Bool

  public init(
    id: ID, model: String = "", version: String? = nil, deployment: String? = nil,
    status: Status = .starting, input: JSONObject = [:], output: JSONValue? = nil,
    logs: String = "", error: String? = nil, createdAt: Timestamp? = nil,
    startedAt: Timestamp? = nil, completedAt: Timestamp? = nil, deadline: Timestamp? = nil,
    metrics: JSONObject = [:], urls: URLs = URLs(), source: String? = nil,
    isDataRemoved: Bool = false
  ) {
    self.id = id
    self.model = model
    self.version = version
    self.deployment = deployment
    self.status = status
    self.input = input
    self.output = output
    self.logs = logs
    self.error = error
    self.createdAt = createdAt
    self.startedAt = startedAt
    self.completedAt = completedAt
    self.deadline = deadline
    self.metrics = metrics
    self.urls = urls
    self.source = source
    self.isDataRemoved = isDataRemoved
  }
}

extension Prediction {
  /// Whether nothing will change anymore: the status is final, or the service says when it ended,
  /// which also settles statuses that this version of the package doesn't know.
  public var hasEnded: Bool {
    status.isTerminal || completedAt.map { !$0.text.isEmpty } ?? false
  }
}

extension Prediction.ID: ExpressibleByStringLiteral, CustomStringConvertible {
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { rawValue }
}

extension Prediction: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    let prediction = try Prediction(members: &reader)
    if prediction.id.rawValue.isEmpty { throw reader.mistake("a prediction without an id") }
    self = prediction
  }

  /// A model's example, which may have no id. Nil for null.
  init?(fromExample reader: inout JSONReader) throws(JSONSyntaxError) {
    guard try reader.kind() == .object else {
      try reader.skip()
      return nil
    }
    try self.init(members: &reader)
  }

  private init(members reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init(id: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "id": id = ID(try reader.optionalString() ?? "")
      case "model": model = try reader.optionalString() ?? ""
      case "version": version = try reader.optionalString()
      case "deployment": deployment = try reader.optionalString()
      case "status": status = Status(rawValue: try reader.optionalString() ?? "")
      case "input": input = try reader.optionalObject() ?? [:]
      case "output": output = try reader.optionalValue()
      case "logs": logs = try reader.optionalString() ?? ""
      case "error": error = try reader.optionalString()
      case "created_at": createdAt = try reader.optionalTimestamp()
      case "started_at": startedAt = try reader.optionalTimestamp()
      case "completed_at": completedAt = try reader.optionalTimestamp()
      case "deadline": deadline = try reader.optionalTimestamp()
      case "webhook": webhook = try reader.optionalString()
      case "webhook_events_filter":
        webhookEvents =
          try reader.optionalValue()?.array?.compactMap {
            $0.string.flatMap(PredictionOptions.WebhookEvent.init(rawValue:))
          } ?? []
      case "metrics": metrics = try reader.optionalObject() ?? [:]
      case "urls": urls = try URLs(from: &reader)
      case "source": source = try reader.optionalString()
      case "data_removed": isDataRemoved = try reader.optionalBool() ?? false
      default: try reader.skip()
      }
    }
  }
}

extension Prediction.URLs {
  init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init()
    guard try reader.enterOptionalObject() else { return }
    while let key = try reader.nextKey() {
      switch key {
      case "get": get = try reader.optionalString()
      case "cancel": cancel = try reader.optionalString()
      case "web": web = try reader.optionalString()
      case "stream": stream = try reader.optionalString()
      default: try reader.skip()
      }
    }
  }
}
