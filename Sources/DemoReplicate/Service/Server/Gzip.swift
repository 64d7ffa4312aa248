/// Compresses answers as Replicate's edge does.
enum Gzip {
  /// Bodies below this size, in bytes, aren't worth compressing.
  static let minSize = 1024

  /// Whether an `Accept-Encoding` header allows gzip.
  static func isAccepted(_ header: String?) -> Bool {
    for coding in (header ?? "").split(separator: ",") {
      let words = coding.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
      guard let name = words.first, name == "gzip" || name == "*" else { continue }
      let quality = words.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
      return quality.flatMap { Double($0) } ?? 1 > 0
    }
    return false
  }

  /// The bytes as a gzip member; nil if that fails.
  static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    Zlib.compressed(bytes, as: .gzip)
  }
}
