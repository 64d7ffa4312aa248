import OrderedCollections

/// A training, which makes a new version of a model out of an existing one. Its states are those of
/// a prediction.
public struct Training: Sendable, Hashable, Identifiable {
  public struct ID: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    public init(_ rawValue: String) {
      self.rawValue = rawValue
    }
  }

  /// The result of a training.
  public struct Output: Sendable, Hashable {
    /// The new version, as `owner/name:version`.
    public var version: String?
    /// The address of the weights.
    public var weights: String?

    public init(version: String? = nil, weights: String? = nil) {
      self.version = version
      self.weights = weights
    }
  }

  public var id: ID
  /// The model that the training starts from, as `owner/name`.
  public var model: String
  public var version: String?
  public var status: Prediction.Status
  public var input: JSONObject
  /// Nil until the training has succeeded.
  public var output: Output?
  /// The last 4 MiB of the log.
  public var logs: String
  public var error: String?
  public var createdAt: Timestamp?
  public var startedAt: Timestamp?
  public var completedAt: Timestamp?
  public var metrics: JSONObject
  /// In the answers to a create or a cancel these are under `/predictions`, otherwise under
  /// `/trainings`.
  public var urls: Prediction.URLs
  public var source: String?

  public init(
    id: ID, model: String = "", version: String? = nil, status: Prediction.Status = .starting,
    input: JSONObject = [:], output: Output? = nil, logs: String = "", error: String? = nil,
    createdAt: Timestamp? = nil, startedAt: Timestamp? = nil, completedAt: Timestamp? = nil,
    metrics: JSONObject = [:], urls: Prediction.URLs = Prediction.URLs(), source: String? = nil
  ) {
    self.id = id
    self.model = model
    self.version = version
    self.status = status
    self.input = input
    self.output = output
    self.logs = logs
    self.error = error
    self.createdAt = createdAt
    self.startedAt = startedAt
    self.completedAt = completedAt
    self.metrics = metrics
    self.urls = urls
    self.source = source
  }
}

extension Training {
  /// Whether nothing will change anymore, as ``Prediction/hasEnded`` has it.
  public var hasEnded: Bool {
    status.isTerminal || completedAt.map { !$0.text.isEmpty } ?? false
  }
}

extension Training.ID: ExpressibleByStringLiteral, CustomStringConvertible {
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { rawValue }
}

extension Training: JSONReadable {
  /// Reads the members of a prediction. Only the output differs.
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    let prediction = try Prediction(from: &reader)
    self.init(
      id: ID(prediction.id.rawValue), model: prediction.model, version: prediction.version,
      status: prediction.status, input: prediction.input,
      output: prediction.output?.object.map {
        Output(version: $0["version"]?.string, weights: $0["weights"]?.string)
      },
      logs: prediction.logs, error: prediction.error, createdAt: prediction.createdAt,
      startedAt: prediction.startedAt, completedAt: prediction.completedAt,
      metrics: prediction.metrics, urls: prediction.urls, source: prediction.source)
  }
}
