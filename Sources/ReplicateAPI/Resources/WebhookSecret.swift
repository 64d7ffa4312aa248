import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The key that webhooks are signed with, and how a signature is checked (Standard Webhooks).
public struct WebhookSecret: Sendable, Hashable {
  /// `whsec_` and the key in base64.
  public var key: String

  public init(_ key: String) {
    self.key = key
  }

  /// What came in with a webhook.
  public struct Delivery: Sendable, Hashable {
    /// The header `webhook-id`.
    public var id: String
    /// The header `webhook-timestamp`: seconds since 1970.
    public var timestamp: String
    /// The header `webhook-signature`: one or more of `v1,…`, between blanks.
    public var signatures: String
    /// The body's bytes as they came, before anything has read them.
    public var body: [UInt8]

    public init(id: String, timestamp: String, signatures: String, body: [UInt8]) {
      self.id = id
      self.timestamp = timestamp
      self.signatures = signatures
      self.body = body
    }

    /// From a request's headers, whatever the case of their names; nil where one is missing.
    public init?(headers: some Sequence<(name: String, value: String)>, body: [UInt8]) {
      var found: [String: String] = [:]
      for header in headers { found[header.name.lowercased()] = header.value }
      guard let id = found["webhook-id"], let timestamp = found["webhook-timestamp"],
        let signatures = found["webhook-signature"]
      else { return nil }
      self.init(id: id, timestamp: timestamp, signatures: signatures, body: body)
    }
  }

  /// Why a webhook isn't to be believed.
  public enum Mistrust: Error, Sendable, Hashable, CustomStringConvertible {
    /// The secret isn't `whsec_` with base64 after it.
    case unusableSecret
    /// The time stamp is no number.
    case unreadableTimestamp
    /// Sent longer ago than is tolerated, or it claims to be of the future: perhaps a replay.
    case wrongTime(seconds: Double)
    /// None of the signatures is this body's under this secret.
    case wrongSignature

    public var description: String {
      switch self {
      case .unusableSecret: "The webhook secret isn't whsec_ with base64 after it."
      case .unreadableTimestamp: "The webhook's time stamp is no number."
      case .wrongTime(let seconds):
        seconds > 0
          ? "The webhook was signed \(Int(seconds)) seconds ago, which is too long."
          : "The webhook was signed \(Int(-seconds)) seconds in the future."
      case .wrongSignature: "The webhook's signature isn't Replicate's."
      }
    }
  }

  /// Checks that a webhook was sent by the service, and lately.
  ///
  /// - Parameters:
  ///   - delivery: What came in.
  ///   - now: Seconds since 1970.
  ///   - tolerance: How old, and how far ahead, the time stamp may be, in seconds.
  public func verify(
    _ delivery: Delivery, now: Double, tolerance: Double = 300
  ) throws(Mistrust) {
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
      // In constant time.
      return HMAC<SHA256>.isValidAuthenticationCode(
        code, authenticating: signed, using: SymmetricKey(data: bytes))
    }
    guard isOurs else { throw .wrongSignature }
  }
}

/// The secret shows in no description.
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
    if key.isEmpty { throw reader.mistake("a webhook secret without its key") }
  }
}
