import Crypto
import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Stores uploaded files, each for a day of service time.
actor FileStore {
  struct File: Sendable {
    var id: String
    var name: String
    var type: String
    var bytes: [UInt8]
    var metadata: JSONObject
    /// As reported by the service clock.
    var createdAt: Double
    /// By the system clock.
    var keptAt: Double
    var lifetime: Double
    private let sha: String
    private let md5: String

    init(
      id: String, name: String, type: String, bytes: [UInt8], metadata: JSONObject,
      createdAt: Double, keptAt: Double = ServiceClock.systemTime, lifetime: Double
    ) {
      self.id = id
      self.name = name
      self.type = type
      self.bytes = bytes
      self.metadata = metadata
      self.createdAt = createdAt
      self.keptAt = keptAt
      self.lifetime = lifetime
      sha = Self.hex(SHA256.hash(data: bytes))
      md5 = Self.hex(Insecure.MD5.hash(data: bytes))
    }

    func json(_ base: String) -> JSONValue {
      [
        "id": .string(id), "name": .string(name), "content_type": .string(type),
        "size": .number(JSONNumber(bytes.count)), "etag": .string(md5),
        "checksums": ["sha256": .string(sha), "md5": .string(md5)],
        "metadata": .object(metadata), "created_at": .string(TimestampFormat.files(createdAt)),
        "expires_at": .string(TimestampFormat.files(createdAt + lifetime)),
        "urls": ["get": .string("\(base)/files/\(id)")],
      ]
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  private var files: OrderedDictionary<String, File> = [:]
  private var random: SeededRandom
  private let lifetime: Double
  private let clock: ServiceClock
  private let seed: UInt64
  private let agingSpeed: Double
  /// By the system clock.
  private let startedAt = ServiceClock.systemTime
  private var hasHistory = false

  /// 100 MiB.
  static let maxSize = 100 << 20

  init(seed: UInt64, agingSpeed: Double, clock: ServiceClock) {
    self.clock = clock
    self.seed = seed
    self.agingSpeed = agingSpeed
    random = SeededRandom("files", seed)
    lifetime = 86_400 / agingSpeed
  }

  func keep(_ bytes: [UInt8], name: String, type: String, metadata: JSONObject) -> File {
    let file = File(
      id: Self.identifier(&random), name: name, type: type, bytes: bytes, metadata: metadata,
      createdAt: clock.now, lifetime: lifetime)
    files[file.id] = file
    return file
  }

  /// Sorted by ID, like Replicate's list.
  func all() -> [File] {
    fillHistory()
    expire()
    return files.values.sorted { $0.id < $1.id }
  }

  func file(_ id: String) -> File? {
    if files[id] == nil { fillHistory() }
    expire()
    return files[id]
  }

  /// A UUID in base64, like Replicate's file IDs.
  static func identifier(_ random: inout SeededRandom) -> String {
    let digits = Array(random.hex(32))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return Data(groups.joined(separator: "-").utf8).base64EncodedString()
  }

  func bytes(of id: String) -> [UInt8]? { file(id)?.bytes }

  func remove(_ id: String) -> Bool {
    if files[id] == nil { fillHistory() }
    return files.removeValue(forKey: id) != nil
  }

  /// Adds the files that were uploaded before the start.
  private func fillHistory() {
    guard !hasHistory else { return }
    hasHistory = true
    for draft in EarlierFiles.drafts {
      let age = draft.age / agingSpeed
      let id = EarlierFiles.id(of: draft.name, seed: seed)
      guard startedAt - age + lifetime > ServiceClock.systemTime else { continue }
      files[id] = File(
        id: id, name: draft.name, type: draft.type, bytes: draft.bytes(),
        metadata: draft.metadata, createdAt: startedAt + clock.shift - age,
        keptAt: startedAt - age, lifetime: lifetime)
    }
  }

  private func expire() {
    let now = ServiceClock.systemTime
    files.removeAll { $0.value.keptAt + lifetime <= now }
  }
}
