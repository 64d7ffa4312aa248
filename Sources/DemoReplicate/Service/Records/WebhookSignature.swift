import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Signs webhook deliveries as specified by Standard Webhooks.
enum WebhookSignature {
  /// - Parameter secret: `whsec_` followed by a base64 key.
  static func header(id: String, timestamp: Int, body: [UInt8], secret: String) -> String {
    let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) ?? Data()
    let signed = Array("\(id).\(timestamp).".utf8) + body
    let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
    return "v1," + Data(code).base64EncodedString()
  }
}
