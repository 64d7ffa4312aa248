import Synchronization

/// Keeps the compressed form of large answers that never change.
final class GzipCache: Sendable {
  private let packed = Mutex<[String: [UInt8]]>([:])

  func compressed(_ bytes: [UInt8], key: String?) -> [UInt8]? {
    if let key, let known = packed.withLock({ $0[key] }) { return known }
    guard let bytes = Gzip.compressed(bytes) else { return nil }
    if let key { packed.withLock { $0[key] = bytes } }
    return bytes
  }
}
