import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The key that signs webhooks, and the check of a signature, as specified by Standard Webhooks.
public struct WebhookSecret: Sendable, Hashable {
  /// `whsec_`, followed by the key in base64.
  public var key: String

  public init(_ key: String) {
    self.key = key
  }

  /// An incoming webhook request.
  public struct Delivery: Sendable, Hashable {
    /// The header `webhook-id`.
    public var id: String
    /// The header `webhook-timestamp`: seconds since 1970.
    public var timestamp: String
    /// The header `webhook-signature`: one or more of `v1,…`, separated by spaces.
    public var signatures: String
    /// The body's bytes exactly as received.
    public var body: [UInt8]

    public init(id: String, timestamp: String, signatures: String, body: [UInt8]) {
      self.id = id
      self.timestamp = timestamp
      self.signatures = signatures
      self.body = body
    }

    /// Reads a request's headers, ignoring the case of their names. Nil if one is missing.
    public init?(headers: some Sequence<(name: String, value: String)>, body: [UInt8]) {
      var found: [String: String] = [:]
      for header in headers { found[header.name.lowercased()] = header.value }
      guard let id = found["webhook-id"], let timestamp = found["webhook-timestamp"],
        let signatures = found["webhook-signature"]
      else { return nil }
      self.init(id: id, timestamp: timestamp, signatures: signatures, body: body)
    }
  }

  /// Why a webhook can't be trusted.
  public enum VerificationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The secret isn't `whsec_` followed by base64.
    case unusableSecret
    /// The timestamp isn't a number.
    case unreadableTimestamp
    /// The timestamp is too old or in the future, so this may be a replay. Positive if it is old.
    case wrongTime(seconds: Double)
    /// No signature matches this body and this secret.
    case wrongSignature

    public var description: String {
      switch self {
      case .unusableSecret: "The webhook secret isn't whsec_ followed by base64."
      case .unreadableTimestamp: "The webhook's timestamp isn't a number."
      case .wrongTime(let seconds):
        seconds > 0
          ? "The webhook is too old: it was signed \(Self.whole(seconds)) seconds ago."
          : "The webhook was signed \(Self.whole(-seconds)) seconds in the future."
      case .wrongSignature: "The webhook wasn't signed by Replicate."
      }
    }

    /// Rounded, whatever size it is.
    private static func whole(_ seconds: Double) -> String {
      JSONNumber(seconds.rounded()).literal
    }
  }

  /// Checks that a webhook was sent by the service, and recently.
  ///
  /// - Parameters:
  ///   - delivery: The request.
  ///   - now: The current time, in seconds since 1970.
  ///   - tolerance: How far the timestamp may be from now, in seconds.
  public func verify(
    _ delivery: Delivery, now: Double, tolerance: Double = 300
  ) throws(VerificationError) {
    let prefix = "whsec_"
    guard key.hasPrefix(prefix), let bytes = Data(base64Encoded: String(key.dropFirst(6))),
      !bytes.isEmpty
    else { throw .unusableSecret }
    guard let sentAt = Int(delivery.timestamp) else { throw .unreadableTimestamp }
    let age = now - Double(sentAt)
    guard abs(age) <= tolerance else { throw .wrongTime(seconds: age) }
    let signed = Array("\(delivery.id).\(delivery.timestamp).".utf8) + delivery.body
    let isOurs = delivery.signatures.split(separator: " ").contains { signature in
      guard signature.hasPrefix("v1,"),
        let code = Data(base64Encoded: String(signature.dropFirst(3)))
      else { return false }
      // Compares in constant time.
      return HMAC<SHA256>.isValidAuthenticationCode(
        code, authenticating: signed, using: SymmetricKey(data: bytes))
    }
    guard isOurs else { throw .wrongSignature }
  }
}

/// Descriptions never show the secret.
extension WebhookSecret: CustomStringConvertible, CustomReflectable {
  public var description: String { "a webhook secret" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension WebhookSecret: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init("")
    try reader.enterObject()
    while let name = try reader.nextKey() {
      if name == "key" { key = try reader.optionalString() ?? "" } else { try reader.skip() }
    }
    if key.isEmpty { throw reader.mistake("a webhook secret without a key") }
  }
}
