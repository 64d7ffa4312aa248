import Crypto
import ReplicateAPI
import Settings

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Stores intents on disk, in one file for all programs and accounts of this user, so that no create
/// is lost or doubled when a program is killed.
///
/// An account is known by the base URL and the SHA-256 of its token, and by its name as soon as that
/// is known. The file is private and has no secrets in it: only keyed digests of them. It isn't part
/// of any database, and nothing else has to work for it to work.
public actor IntentFile: PredictionIntentStore {
  private let path: String
  private let baseURL: String
  private let account: String
  private var file: SharedFile?

  /// The version of the format. A file of a later version is left alone.
  private static let version = 1
  /// How long it matters which prediction belongs to which intent, in seconds.
  private static let ownersAge = 7 * 86_400.0

  /// The file is opened when it is first needed.
  ///
  /// - Parameter environment: Says where the state folder is.
  public init(environment: [String: String], baseURL: String, token: String) {
    let folder = PrivateFile.folder("XDG_STATE_HOME", or: ".local/state", environment)
    self.init(path: "\(folder)/intents.json", baseURL: baseURL, token: token)
  }

  init(path: String, baseURL: String, token: String) {
    self.path = path
    self.baseURL = baseURL
    account = Self.key(baseURL, token)
  }

  private static func key(_ parts: String...) -> String {
    SHA256.hash(data: Array(parts.joined(separator: "\n").utf8)).hexadecimal
  }

  // MARK: PredictionIntentStore

  public func record(_ intent: PredictionIntent) throws {
    try change { content, file in
      content.records.append(IntentRecord(intent: intent, account: account, seat: file.seat))
    }
  }

  public func resolve(_ id: PredictionIntent.ID, as state: PredictionIntent.State) throws -> Bool {
    try change { content, file in
      if case .created(let prediction) = state {
        if let owner = content.owners[prediction], owner.intent != id { return false }
        content.owners[prediction] = Content.Owner(intent: id, time: Self.now)
      }
      guard let index = content.records.firstIndex(where: { $0.intent.id == id }) else {
        return true
      }
      if state.isUnsettled {
        content.records[index].intent.state = state
        content.records[index].seat = file.seat
      } else {
        content.records.remove(at: index)
      }
      return true
    }
  }

  public func claimed(
    _ predictions: [Prediction.ID], byOthersThan id: PredictionIntent.ID
  ) throws -> Set<Prediction.ID> {
    let owners = try look { content, _ in content.owners }
    return Set(predictions.filter { owners[$0].map { $0.intent != id } ?? false })
  }

  public func unsettled() throws -> [PredictionIntent] {
    try look { content, file in
      content.records.filter { content.isSame($0.account, account) }.map { record in
        var intent = record.intent
        // Digests are keyed by the token, so those of another token can't be compared.
        if record.account != account { intent.digests = [:] }
        if intent.state.isOpen, !file.isTaken(record.seat) {
          intent.state = .unknown(candidates: [])
        }
        return intent
      }.sorted { $0.notedAt < $1.notedAt }
    }
  }

  public func takeOverAbandoned() throws -> [PredictionIntent] {
    let isWorthIt = try look { content, file in
      content.records.contains { isAbandoned($0, content, file) }
    }
    guard isWorthIt else { return [] }
    return try change { content, file in
      var taken: [PredictionIntent] = []
      for index in content.records.indices
      where isAbandoned(content.records[index], content, file) {
        content.records[index].seat = file.seat
        content.records[index].intent.state = .sought
        taken.append(content.records[index].intent)
      }
      return taken.sorted { $0.notedAt < $1.notedAt }
    }
  }

  private func isAbandoned(
    _ record: IntentRecord, _ content: Content, _ file: SharedFile
  ) -> Bool {
    record.intent.state.isOpen && content.isSame(record.account, account)
      && !file.isTaken(record.seat)
  }

  public func outcomes(of intents: Set<PredictionIntent.ID>) throws -> IntentOutcomes {
    let known = try look { content, file in
      content.isStored ? self.outcomes(of: intents, in: content, file) : nil
    }
    // The record's name has to be on the disk before anyone relies on it.
    return try known ?? change { content, file in self.outcomes(of: intents, in: content, file) }
  }

  private func outcomes(
    of intents: Set<PredictionIntent.ID>, in content: Content, _ file: SharedFile
  ) -> IntentOutcomes {
    var outcomes = IntentOutcomes(record: content.name)
    for record in content.records where intents.contains(record.intent.id) {
      let isLeft = record.intent.state.isOpen && !file.isTaken(record.seat)
      outcomes.states[record.intent.id] = isLeft ? .unknown(candidates: []) : record.intent.state
    }
    for (prediction, owner) in content.owners where intents.contains(owner.intent) {
      outcomes.states[owner.intent] = .created(prediction)
    }
    return outcomes
  }

  public func identify(as name: String) throws {
    let key = Self.key(baseURL, "account", name)
    let isKnown = try look { content, _ in content.names[account] == key }
    guard !isKnown else { return }
    try change { content, _ in content.names[account] = key }
  }

  // MARK: The file

  private func opened() throws(ArchiveFailure) -> SharedFile {
    if let file { return file }
    let opened = try SharedFile(path)
    file = opened
    return opened
  }

  private func look<Result>(_ body: (Content, SharedFile) -> Result) throws(ArchiveFailure)
    -> Result
  {
    let file = try opened()
    return try file.locked { () throws(ArchiveFailure) in body(try content(of: file), file) }
  }

  private func change<Result>(
    _ body: (inout Content, SharedFile) -> Result
  ) throws(ArchiveFailure) -> Result {
    let file = try opened()
    return try file.locked { () throws(ArchiveFailure) in
      var content = try content(of: file)
      let result = body(&content, file)
      content.prune(before: Self.now - Self.ownersAge)
      try file.write(content.json(version: Self.version).serialized() + "\n")
      return result
    }
  }

  private func content(of file: SharedFile) throws(ArchiveFailure) -> Content {
    guard let bytes = try file.read() else { return Content() }
    guard let json = try? JSONValue(parsing: bytes), json.object != nil else {
      let kept = try file.setAside()
      throw ArchiveFailure(
        "\(path) couldn’t be read, so runs that may have started were forgotten; it is kept as \(kept)"
      )
    }
    if let version = json["version"]?.int, version > Self.version {
      throw ArchiveFailure("\(path) was written by a newer version of Replicant")
    }
    return Content(json)
  }

  private static var now: Double { Double(time(nil)) }
}

/// What the file has.
private struct Content {
  struct Owner {
    var intent: PredictionIntent.ID
    /// When it was made known, in seconds since 1970.
    var time: Double
  }

  var records: [IntentRecord] = []
  /// Records that this version can't read, which a newer one may.
  private var unreadable: [JSONValue] = []
  /// Which intent a prediction belongs to.
  var owners: [Prediction.ID: Owner] = [:]
  /// The key of an account's name, by the key of a token.
  var names: [String: String] = [:]
  /// Tells this record from one that was lost.
  let name: String
  /// Whether this is what the file has.
  let isStored: Bool

  init() {
    name = PredictionIntent.ID().rawValue
    isStored = false
  }

  init(_ json: JSONValue) {
    name = json["name"]?.string ?? ""
    isStored = true
    for element in json["intents"]?.array ?? [] {
      if let record = IntentRecord(element) {
        records.append(record)
      } else {
        unreadable.append(element)
      }
    }
    for element in json["owners"]?.array ?? [] {
      guard let prediction = element["prediction"]?.string, let intent = element["intent"]?.string
      else { continue }
      owners[Prediction.ID(rawValue: prediction)] = Owner(
        intent: PredictionIntent.ID(rawValue: intent), time: element["time"]?.double ?? 0)
    }
    for (token, name) in json["accounts"]?.object ?? [:] { names[token] = name.string }
  }

  func json(version: Int) -> JSONValue {
    let owners = owners.sorted {
      ($0.value.time, $0.key.rawValue) < ($1.value.time, $1.key.rawValue)
    }
    return [
      "version": .number(JSONNumber(version)), "name": .string(name),
      "accounts": .object(
        JSONObject(
          uniqueKeysWithValues: names.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
      "intents": .array(records.map(\.json) + unreadable),
      "owners": .array(
        owners.map { prediction, owner in
          [
            "prediction": .string(prediction.rawValue), "intent": .string(owner.intent.rawValue),
            "time": .number(JSONNumber(owner.time.rounded())),
          ]
        }),
    ]
  }

  /// Whether two tokens are of the same account.
  func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    guard let name = names[one] else { return false }
    return name == names[other]
  }

  /// Forgets who owns what is too old to be mistaken for another intent's. Nothing that is unsettled
  /// is forgotten.
  mutating func prune(before time: Double) {
    let oldest = records.compactMap(\.intent.notedAt.secondsSince1970).min() ?? .infinity
    owners = owners.filter { $0.value.time >= min(time, oldest) }
  }
}
