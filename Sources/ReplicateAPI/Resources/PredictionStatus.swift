extension Prediction {
  /// The state of a prediction: starting, processing, then one of four final states.
  public enum Status: Sendable, Hashable {
    /// Waiting for hardware, or loading the model.
    case starting
    case processing
    case succeeded
    case failed
    /// Ended by its user, or by its deadline while it was running.
    case canceled
    /// Ended by its deadline before it started. Nothing was run or billed.
    case aborted
    /// A status that this version of the package doesn't know, as sent.
    case unknown(String)

    /// Whether the prediction has ended.
    public var isTerminal: Bool {
      switch self {
      case .succeeded, .failed, .canceled, .aborted: true
      case .starting, .processing, .unknown: false
      }
    }
  }
}

extension Prediction.Status: RawRepresentable {
  public init(rawValue: String) {
    switch rawValue {
    case "starting": self = .starting
    case "processing": self = .processing
    case "succeeded": self = .succeeded
    case "failed": self = .failed
    case "canceled": self = .canceled
    case "aborted": self = .aborted
    default: self = .unknown(rawValue)
    }
  }

  public var rawValue: String {
    switch self {
    case .starting: "starting"
    case .processing: "processing"
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .canceled: "canceled"
    case .aborted: "aborted"
    case .unknown(let text): text
    }
  }
}
