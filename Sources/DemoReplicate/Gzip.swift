import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPCompression
import Synchronization

/// Packs answers as the edge in front of the service does.
enum Gzip {
  /// Shorter bodies aren't worth it.
  static let shortest = 1024

  /// Whether an `Accept-Encoding` header takes gzip.
  static func isAccepted(_ header: String?) -> Bool {
    for coding in (header ?? "").split(separator: ",") {
      let words = coding.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
      guard let name = words.first, name == "gzip" || name == "*" else { continue }
      let quality = words.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
      return quality.flatMap { Double($0) } ?? 1 > 0
    }
    return false
  }

  /// The bytes as a gzip member; nil where that fails.
  ///
  /// The compressor is one of NIO's channel handlers, so it gets a channel of its own that leads
  /// nowhere.
  static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    let channel = EmbeddedChannel(handler: HTTPResponseCompressor())
    do {
      let request = HTTPRequestHead(
        version: .http1_1, method: .GET, uri: "/", headers: ["accept-encoding": "gzip"])
      try channel.writeInbound(HTTPServerRequestPart.head(request))
      let parts: [HTTPServerResponsePart] = [
        .head(HTTPResponseHead(version: .http1_1, status: .ok)),
        .body(.byteBuffer(ByteBuffer(bytes: bytes))), .end(nil),
      ]
      for part in parts { channel.write(part, promise: nil) }
      channel.flush()
      var packed: [UInt8] = []
      while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
        if case .body(.byteBuffer(let buffer)) = part { packed += buffer.readableBytesView }
      }
      _ = try channel.finish(acceptAlreadyClosed: true)
      return packed.isEmpty ? nil : packed
    } catch {
      return nil
    }
  }
}

/// Big answers that never change, packed once.
final class GzipCache: Sendable {
  private let packed = Mutex<[String: [UInt8]]>([:])

  func compressed(_ bytes: [UInt8], key: String?) -> [UInt8]? {
    if let key, let known = packed.withLock({ $0[key] }) { return known }
    guard let bytes = Gzip.compressed(bytes) else { return nil }
    if let key { packed.withLock { $0[key] = bytes } }
    return bytes
  }
}
