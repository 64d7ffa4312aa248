import Crypto

/// The intent to create a prediction, stored before anything is sent. If the answer gets lost, it
/// says what to search for.
public struct PredictionIntent: Sendable, Hashable, Identifiable {
  /// Local to this machine. It isn't sent to the service.
  public struct ID: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// A new ID of 32 random hexadecimal digits.
    public init() {
      let digits = (0..<2).map { _ in
        let half = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - half.count) + half
      }
      self.init(rawValue: digits.joined())
    }
  }

  /// The state of an intent.
  public enum State: Sendable, Hashable {
    /// Sent, or about to be.
    case underWay
    /// The answer was lost, and the prediction is being searched for.
    case sought
    /// This prediction was created.
    case created(Prediction.ID)
    /// The service refused, or wasn't reached. Nothing runs.
    case refused
    /// It may be one of these predictions. A person has to decide, and until then an identical run
    /// isn't sent without asking.
    case unknown(candidates: [Prediction.ID])

    /// Whether the outcome isn't known yet.
    public var isOpen: Bool { self == .underWay || self == .sought }

    /// Whether nobody can say yet what became of it.
    public var isUnsettled: Bool {
      switch self {
      case .underWay, .sought, .unknown: true
      case .created, .refused: false
      }
    }
  }

  public var id: ID
  public var target: PredictionTarget
  /// The version's model, if it is known.
  public var model: ModelID?
  /// The input without secrets and files.
  public var input: JSONObject
  /// The names of the inputs that are left out of ``input``.
  public var omitted: Set<String>
  /// Keyed digests of the values of the inputs that are left out, by name. They tell whether two
  /// intents are the same without telling the secret.
  public var digests: [String: String]
  /// The service's time before the create was sent; nil if it wasn't known.
  public var serverTime: Timestamp?
  /// When the intent was made, by this machine's clock.
  public var notedAt: Timestamp
  public var state: State

  public init(
    id: ID = ID(), target: PredictionTarget, model: ModelID? = nil, input: JSONObject,
    omitted: Set<String> = [], digests: [String: String] = [:], serverTime: Timestamp? = nil,
    notedAt: Timestamp, state: State = .underWay
  ) {
    self.id = id
    self.target = target
    self.model = model
    self.input = input
    self.omitted = omitted
    self.digests = digests
    self.serverTime = serverTime
    self.notedAt = notedAt
    self.state = state
  }

  /// - Parameter key: A secret that makes the digests useless to whoever doesn't have it.
  init(
    _ request: PredictionRequest, id: ID = ID(), key: String = "", serverTime: Timestamp?,
    notedAt: Timestamp
  ) {
    let input = request.comparableInput
    let omitted = request.input.filter { input[$0.key] == nil }
    self.init(
      id: id, target: request.target, model: request.model, input: input,
      omitted: Set(omitted.keys),
      digests: Dictionary(
        uniqueKeysWithValues: omitted.map { ($0, Self.digest(of: $1, key: key)) }),
      serverTime: serverTime, notedAt: notedAt)
  }

  private static func digest(of value: JSONValue, key: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Array(value.serialized().utf8), using: SymmetricKey(data: Array(key.utf8)))
    return code.prefix(16).hexadecimal
  }

  /// Whether a prediction may fit both. The service may answer with another version of a model.
  func mayShare(with other: Self) -> Bool {
    (target == other.target || targetModel != nil && targetModel == other.targetModel)
      && omitted == other.omitted && hasInput(other.input)
  }

  private var targetModel: String? {
    switch target {
    case .model(let model): model.description
    case .version(let version): model?.description ?? Self.model(in: version.rawValue)
    case .deployment: nil
    }
  }

  /// Whether it is the same run as another intent, as far as anyone can tell.
  public func isIdentical(to other: Self) -> Bool {
    target == other.target && omitted == other.omitted
      && input.hasSameMembers(as: other.input)
      && digests.allSatisfy { name, digest in other.digests[name].map { $0 == digest } ?? true }
  }
}

extension Sequence<UInt8> {
  /// The bytes as pairs of hexadecimal digits.
  package var hexadecimal: String {
    map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}

extension PredictionIntent {
  /// How long sending a create may take, with all attempts and waits, in seconds.
  private static let longestSending = 1800.0

  /// The possible creation times of the intent's prediction, in seconds since 1970.
  ///
  /// They follow the service's clock if it is known. Otherwise they follow this machine's clock,
  /// which may be wrong by minutes. The service's two back ends differ by about 30 ms.
  func window(until now: Double) -> ClosedRange<Double> {
    let noted = notedAt.secondsSince1970 ?? now
    let lower = serverTime?.secondsSince1970.map { $0 - 2 } ?? noted - 300
    // What is made later was made by somebody else.
    let waited = min(max(0, now - noted), Self.longestSending)
    let upper = serverTime?.secondsSince1970.map { $0 + waited + 600 } ?? noted + waited + 300
    return lower...max(lower, upper)
  }

  /// Whether a prediction may belong to this intent.
  ///
  /// - Parameter now: The time by this machine's clock, in seconds since 1970.
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

  /// Compares inputs without regard to the order of keys at any depth. Numbers may have gone
  /// through a double on their way.
  private func hasInput(_ other: JSONObject) -> Bool {
    input.hasSameMembers(as: other, by: Self.resembles)
  }

  private static func resembles(_ one: JSONValue, _ other: JSONValue) -> Bool {
    switch (one, other) {
    case (.number(let one), .number(let other)): one == other || one.double == other.double
    case (.array(let one), .array(let other)):
      one.count == other.count && zip(one, other).allSatisfy(resembles)
    case (.object(let one), .object(let other)): one.hasSameMembers(as: other, by: resembles)
    default: one == other
    }
  }
}
