/// That a prediction is to be created, noted down before anything is sent: should the answer get lost,
/// it says what to look for.
public struct PredictionIntent: Sendable, Hashable, Identifiable {
  /// Of this machine alone; the service never hears of it.
  public struct ID: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// One that is new: 32 hexadecimal digits at random.
    public init() {
      let digits = (0..<2).map { _ in
        let half = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - half.count) + half
      }
      self.init(rawValue: digits.joined())
    }
  }

  /// What became of it.
  public enum State: Sendable, Hashable {
    /// Sent, or about to be.
    case underWay
    /// The answer was lost; the predictions are being searched.
    case sought
    /// It is this prediction.
    case created(Prediction.ID)
    /// The service said no, or was never reached: nothing runs.
    case refused
    /// It may be one of these, and a person has to say.
    case unknown(candidates: [Prediction.ID])

    /// Whether it isn't known yet what becomes of it.
    public var isOpen: Bool { self == .underWay || self == .sought }
  }

  public var id: ID
  public var target: PredictionTarget
  /// The version's model, where it is known.
  public var model: ModelID?
  /// Without secrets and files.
  public var input: JSONObject
  /// The names of the inputs that were left out of ``input``.
  public var omitted: Set<String>
  /// The service's own time as last seen before it was sent; nil where none had been seen.
  public var serverTime: Timestamp?
  /// This machine's time when it was noted down.
  public var notedAt: Timestamp
  public var state: State

  public init(
    id: ID = ID(), target: PredictionTarget, model: ModelID? = nil, input: JSONObject,
    omitted: Set<String> = [], serverTime: Timestamp? = nil, notedAt: Timestamp,
    state: State = .underWay
  ) {
    self.id = id
    self.target = target
    self.model = model
    self.input = input
    self.omitted = omitted
    self.serverTime = serverTime
    self.notedAt = notedAt
    self.state = state
  }

  init(_ request: PredictionRequest, serverTime: Timestamp?, notedAt: Timestamp) {
    let input = request.comparableInput
    self.init(
      target: request.target, model: request.model, input: input,
      omitted: Set(request.input.keys).subtracting(input.keys), serverTime: serverTime,
      notedAt: notedAt)
  }

  /// Whether another intent would be looked for in the same predictions.
  public func isLike(_ other: Self) -> Bool {
    target == other.target && omitted == other.omitted && hasInput(other.input)
  }
}

extension PredictionIntent {
  /// The creation times that its prediction can have, in seconds since 1970.
  ///
  /// The service's clock has only gone on since it was seen; where it wasn't, this machine's is taken,
  /// which may be wrong by minutes. What the two back ends say of one prediction differs by some 30 ms.
  func window(until now: Double) -> ClosedRange<Double> {
    let noted = notedAt.secondsSince1970 ?? now
    let lower = serverTime?.secondsSince1970.map { $0 - 2 } ?? noted - 300
    let waited = max(0, now - noted)
    let upper = serverTime?.secondsSince1970.map { $0 + waited + 600 } ?? now + 300
    return lower...max(lower, upper)
  }

  /// Whether a prediction may be what this intent created.
  ///
  /// - Parameter now: This machine's time, in seconds since 1970.
  func fits(_ prediction: Prediction, now: Double) -> Bool {
    guard let createdAt = prediction.createdAt?.secondsSince1970,
      window(until: now).contains(createdAt), prediction.source ?? "api" == "api",
      fitsTarget(prediction)
    else { return false }
    return Set(prediction.input.keys) == Set(input.keys).union(omitted)
      && hasInput(prediction.input.filter { !omitted.contains($0.key) })
  }

  private func fitsTarget(_ prediction: Prediction) -> Bool {
    switch target {
    case .deployment(let deployment):
      prediction.deployment == deployment.name
        || prediction.deployment == deployment.description
    case .model(let model): prediction.model == model.description
    case .version(let version):
      if let model = model?.description ?? Self.model(in: version.rawValue) {
        prediction.model == model
      } else {
        prediction.version == version.rawValue
      }
    }
  }

  /// The name in `owner/name:version` and `owner/name`.
  private static func model(in version: String) -> String? {
    version.contains("/") ? String(version.prefix { $0 != ":" }) : nil
  }

  /// The order of the keys is no difference.
  private func hasInput(_ other: JSONObject) -> Bool {
    other.count == input.count && input.allSatisfy { other[$0.key] == $0.value }
  }
}
