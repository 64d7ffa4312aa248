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
    guard let keyBytes else { throw .unusableSecret }
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
        code, authenticating: signed, using: SymmetricKey(data: keyBytes))
    }
    guard isOurs else { throw .wrongSignature }
  }

  /// The value of the header `webhook-signature` for a delivery. Nil if the secret is unusable.
  ///
  /// - Parameters:
  ///   - id: The header `webhook-id`, which is the same each time that a delivery is sent.
  ///   - timestamp: The header `webhook-timestamp`: seconds since 1970.
  ///   - body: The bytes exactly as they are sent.
  public func sign(id: String, timestamp: Int, body: [UInt8]) -> String? {
    code(id: id, timestamp: String(timestamp), body: body).map {
      "v1," + Data($0).base64EncodedString()
    }
  }
}

// The secret's own form.
extension WebhookSecret {
  private static let prefix = "whsec_"

  /// The decoded key; nil if the secret is unusable.
  private var keyBytes: Data? {
    guard key.hasPrefix(Self.prefix),
      let bytes = Data(base64Encoded: String(key.dropFirst(Self.prefix.count))), !bytes.isEmpty
    else { return nil }
    return bytes
  }

  /// The length of the decoded key, in bytes. Zero if the secret is unusable.
  var keyLength: Int { keyBytes?.count ?? 0 }

  /// The code that the signatures of a delivery are compared with. Nil if the secret is unusable.
  func code(id: String, timestamp: String, body: [UInt8]) -> HMAC<SHA256>.MAC? {
    guard let keyBytes else { return nil }
    var code = HMAC<SHA256>(key: SymmetricKey(data: keyBytes))
    code.update(data: Array("\(id).\(timestamp).".utf8))
    code.update(data: body)
    return code.finalize()
  }

  /// What is wrong with the form of the secret, as a sentence. Nil if it can be used.
  public var problem: String? {
    if keyBytes != nil { return nil }
    if key.isEmpty { return "There is no webhook secret." }
    let bare = key.drop { $0.isWhitespace || "\"'“”‘’".contains($0) }
    if bare.hasPrefix(Self.prefix), bare.count != key.count || key.last?.isWhitespace == true {
      return "The webhook secret has blanks or quotation marks around it."
    }
    if key.hasPrefix("whsk_") || key.hasPrefix("whpk_") {
      return "This is a key for v1a signatures. Replicate’s secret begins with whsec_."
    }
    if !key.hasPrefix(Self.prefix) { return "The webhook secret doesn’t begin with whsec_." }
    if key == Self.prefix { return "The webhook secret ends after whsec_." }
    return "The part of the webhook secret after whsec_ isn’t base64."
  }

  /// The secret as it may be shown: `whsec_…` and its last four characters, or none of a short one.
  public var masked: String {
    let start = key.hasPrefix(Self.prefix) ? Self.prefix : ""
    let rest = key.dropFirst(start.count)
    return start + "…" + (rest.count < 16 ? "" : rest.suffix(4))
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
