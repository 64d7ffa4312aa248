import Crypto
import OrderedCollections
import ReplicateAPI

/// The files that were uploaded; each is kept for a (scaled) day.
actor FileStore {
  struct File: Sendable {
    var id: String
    var name: String
    var type: String
    var bytes: [UInt8]
    var metadata: JSONObject
    var createdAt: Double
    var lifetime: Double

    func json(_ base: String) -> JSONValue {
      let sha = SHA256.hash(data: bytes)
      let md5 = Insecure.MD5.hash(data: bytes)
      return [
        "id": .string(id), "name": .string(name), "content_type": .string(type),
        "size": .number(JSONNumber(bytes.count)),
        "etag": .string(Self.hex(md5)),
        "checksums": ["sha256": .string(Self.hex(sha)), "md5": .string(Self.hex(md5))],
        "metadata": .object(metadata), "created_at": .string(Stamps.director(createdAt)),
        "expires_at": .string(Stamps.director(createdAt + lifetime)),
        "urls": ["get": .string("\(base)/files/\(id)")],
      ]
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  private var files: OrderedDictionary<String, File> = [:]
  private var dice: Dice
  private let lifetime: Double

  /// 100 MiB.
  static let largest = 100 << 20

  init(seed: UInt64, speed: Double) {
    dice = Dice("files", seed)
    lifetime = 86_400 / speed
  }

  func keep(_ bytes: [UInt8], name: String, type: String, metadata: JSONObject) -> File {
    let file = File(
      id: dice.identifier(48), name: name, type: type, bytes: bytes, metadata: metadata,
      createdAt: Stamps.now, lifetime: lifetime)
    files[file.id] = file
    return file
  }

  /// Sorted by id, as the service's list is.
  func all() -> [File] {
    expire()
    return files.values.sorted { $0.id < $1.id }
  }

  func file(_ id: String) -> File? {
    expire()
    return files[id]
  }

  func bytes(of id: String) -> [UInt8]? { file(id)?.bytes }

  func remove(_ id: String) -> Bool {
    files.removeValue(forKey: id) != nil
  }

  private func expire() {
    let now = Stamps.now
    files.removeAll { $0.value.createdAt + lifetime <= now }
  }
}
