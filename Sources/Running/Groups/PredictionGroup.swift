import OrderedCollections
import ReplicateAPI

/// A group of runs that differ in the values of some inputs: every combination of them is a member.
///
/// It is kept on disk, so that a program that was killed can go on where it was. It has no secrets in
/// it: their names only.
public struct PredictionGroup: Sendable, Hashable, Identifiable {
  public struct ID: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// A new ID of 32 random hexadecimal digits.
    public init() {
      rawValue = PredictionIntent.ID().rawValue
    }
  }

  /// An input with the values that it takes, one after another.
  public struct Sweep: Sendable, Hashable {
    public var name: String
    public var values: [JSONValue]

    public init(_ name: String, _ values: [JSONValue]) {
      self.name = name
      self.values = values
    }
  }

  /// What has become of a member.
  public enum Member: Sendable, Hashable {
    /// Not sent yet.
    case waiting
    /// Sent, or about to be.
    case sending(Attempt)
    /// With its final state, once it has one.
    case created(Prediction.ID, Prediction.Status?)
    /// The service refused it. Nothing runs.
    case refused(reason: String)
    /// Nobody knows whether it has started. It may be one of these predictions.
    case doubtful(Attempt, candidates: [Prediction.ID])
    /// The group was canceled before it was sent.
    case dropped
  }

  /// A create that was sent, or was about to be.
  public struct Attempt: Sendable, Hashable {
    public var intent: PredictionIntent.ID
    /// The record that the intent was written into, ``IntentOutcomes/record``.
    public var record: String
    /// By this machine's clock.
    public var at: Timestamp

    public init(intent: PredictionIntent.ID, record: String, at: Timestamp) {
      self.intent = intent
      self.record = record
      self.at = at
    }
  }

  public var id: ID
  public var createdAt: Timestamp
  public var target: PredictionTarget
  /// The model that the target belongs to, where it is known.
  public var model: ModelID?
  /// What all members have in common, without secrets.
  public var input: JSONObject
  public var sweeps: [Sweep]
  public var options: PredictionOptions
  /// The names of the inputs that hold secrets, which have to be entered again after a start.
  public var secrets: Set<String>
  /// Those of them that aren't texts, and are entered as JSON.
  public var structuredSecrets: Set<String>
  /// The names of the inputs that may hold files.
  public var files: Set<String>
  /// Where files are named: names of members and indices of items that lead to a text, from the input's
  /// name, and for an input with several values from the value's number. What is on this machine is sent
  /// with each member.
  public var fileSpots: Set<[String]>
  public private(set) var members: [Member]

  /// The most runs that a group can have.
  public static let largest = 1000

  /// - Parameter members: Nil if none has been sent yet.
  public init(
    id: ID = ID(), createdAt: Timestamp, target: PredictionTarget, model: ModelID? = nil,
    input: JSONObject, sweeps: [Sweep], options: PredictionOptions = PredictionOptions(),
    secrets: Set<String> = [], structuredSecrets: Set<String> = [], files: Set<String> = [],
    fileSpots: Set<[String]> = [], members: [Member]? = nil
  ) {
    self.id = id
    self.createdAt = createdAt
    self.target = target
    self.model = model
    self.input = input
    self.sweeps = sweeps
    self.options = options
    self.secrets = secrets
    self.structuredSecrets = structuredSecrets
    self.files = files
    self.fileSpots = fileSpots
    let count = min(Self.count(of: sweeps), Self.largest)
    self.members = members ?? Array(repeating: .waiting, count: count)
  }

  /// A group of the runs of a batch.
  public init(_ batch: RunBatch, createdAt: Timestamp) {
    let plan = batch.plan
    let sweeps = batch.sweeps
    let request = plan.request
    let secrets = request.secretInputs
    let swept = Set(sweeps.map(\.name))
    var options = plan.options
    // Creates go one after another, so none waits for its run.
    options.wait = nil
    self.init(
      createdAt: createdAt, target: plan.target, model: plan.model,
      input: plan.input.filter { !secrets.contains($0.key) && !swept.contains($0.key) },
      sweeps: sweeps, options: options,
      secrets: secrets.filter { plan.input[$0] != nil },
      structuredSecrets: secrets.filter { plan.input[$0].map { $0.string == nil } ?? false },
      files: request.fileInputs, fileSpots: Set(batch.files.map(\.path)))
  }

  /// How many runs these sweeps would be; `Int.max` if there are more.
  public static func count(of sweeps: [Sweep]) -> Int {
    sweeps.reduce(1) { count, sweep in
      let (product, overflows) = count.multipliedReportingOverflow(by: sweep.values.count)
      return overflows ? .max : product
    }
  }
}

// MARK: Members

extension PredictionGroup {
  public subscript(index: Int) -> Member {
    get { members[index] }
    set { members[index] = newValue }
  }

  /// The values that a member has of its own. The last sweep changes from one member to the next.
  public func values(at index: Int) -> JSONObject {
    let numbers = valueNumbers(at: index)
    let values = sweeps.compactMap { sweep in
      numbers[sweep.name].map { (sweep.name, sweep.values[$0]) }
    }
    return JSONObject(values, uniquingKeysWith: { $1 })
  }

  /// Which value of each sweep a member has.
  private func valueNumbers(at index: Int) -> [String: Int] {
    var numbers: [String: Int] = [:]
    var rest = index
    for sweep in sweeps.reversed() where !sweep.values.isEmpty {
      numbers[sweep.name] = rest % sweep.values.count
      rest /= sweep.values.count
    }
    return numbers
  }

  /// The whole input of a member.
  func input(at index: Int, secrets: JSONObject) -> JSONObject {
    var input = input
    for (name, value) in secrets where self.secrets.contains(name) { input[name] = value }
    for (name, value) in values(at: index) { input[name] = value }
    return input
  }

  /// The files in the input of a member.
  func files(in input: JSONObject, at index: Int) -> [FileReference] {
    guard !fileSpots.isEmpty else { return [] }
    let numbers = valueNumbers(at: index)
    return fileSpots.compactMap { spot in
      guard let name = spot.first else { return nil }
      var path = spot
      if let number = numbers[name] {
        guard spot.count > 1, spot[1] == "\(number)" else { return nil }
        path.remove(at: 1)
      }
      return input[name]?.text(at: path[1...]).map { FileReference(path: path, text: $0) }
    }
  }

  /// The texts that name files.
  public var fileTexts: Set<String> {
    Set(
      fileSpots.compactMap { spot in
        guard let name = spot.first else { return nil }
        guard let sweep = sweeps.first(where: { $0.name == name }) else {
          return input[name]?.text(at: spot[1...])
        }
        guard spot.count > 1, let number = Int(spot[1]), sweep.values.indices.contains(number)
        else { return nil }
        return sweep.values[number].text(at: spot[2...])
      })
  }

  /// What is sent for a member whose files are prepared.
  func request(_ input: JSONObject) -> PredictionRequest {
    var request = PredictionRequest(
      target, of: model, input: input, options: options,
      privateInputs: secrets.union(files), fileInputs: files)
    request.secretInputs = secrets
    return request
  }

  /// For each member, how many members the service couldn't tell from it, itself included: files and
  /// secrets aren't compared.
  func lookalikes() -> [Int] {
    let keys = members.indices.map { index in
      values(at: index).filter { !files.contains($0.key) }
    }
    let counts = keys.reduce(into: [JSONObject: Int]()) { $0[$1, default: 0] += 1 }
    return keys.map { counts[$0] ?? 1 }
  }

  /// How many members have the same input as another one.
  public var repeatedCount: Int {
    let keys = members.indices.map { values(at: $0) }
    let counts = keys.reduce(into: [JSONObject: Int]()) { $0[$1, default: 0] += 1 }
    return keys.count { counts[$0] ?? 1 > 1 }
  }

  var nextWaiting: Int? { members.firstIndex(of: .waiting) }

  /// Whether nothing is left to be sent or to be found out.
  public var isSettled: Bool {
    !members.contains { member in
      switch member {
      case .waiting, .sending, .doubtful: true
      case .created, .refused, .dropped: false
      }
    }
  }

  /// Whether all that was created has ended as well.
  public var isOver: Bool {
    isSettled && !members.contains { if case .created(_, nil) = $0 { true } else { false } }
  }
}

// MARK: Progress

extension PredictionGroup {
  /// How many members there are in each state.
  public struct Progress: Sendable, Hashable {
    public var succeeded = 0
    /// Failed, or refused.
    public var failed = 0
    /// Canceled, or ended before they had started.
    public var canceled = 0
    public var running = 0
    /// Not sent yet.
    public var waiting = 0
    public var doubtful = 0
    public var dropped = 0

    public init() {}

    public var total: Int { succeeded + failed + canceled + running + waiting + doubtful + dropped }
    /// Those that were made and have ended.
    public var ended: Int { succeeded + failed + canceled }
  }

  public var progress: Progress {
    var progress = Progress()
    for member in members {
      switch member {
      case .waiting: progress.waiting += 1
      case .sending, .created(_, nil): progress.running += 1
      case .created(_, .succeeded?): progress.succeeded += 1
      case .created(_, .canceled?), .created(_, .aborted?): progress.canceled += 1
      case .created, .refused: progress.failed += 1
      case .doubtful: progress.doubtful += 1
      case .dropped: progress.dropped += 1
      }
    }
    return progress
  }
}
