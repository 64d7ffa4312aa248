extension Prediction {
  /// How far a prediction is: starting, processing, then one of four ends.
  public enum Status: Sendable, Hashable {
    /// Created; waiting for a machine, or the model is being loaded.
    case starting
    case processing
    case succeeded
    case failed
    /// Ended by its user, or by its deadline while it ran.
    case canceled
    /// Ended by its deadline before it began; nothing was run.
    case aborted
    /// A status that this version of the package doesn't know, as it was sent.
    case unknown(String)

    /// Whether nothing will change any more.
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
