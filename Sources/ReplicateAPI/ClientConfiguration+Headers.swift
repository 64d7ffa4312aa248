extension Client.Configuration {
  /// A header that is sent with every call, such as a gateway's key. Its value is a secret.
  public struct Header: Sendable, Hashable {
    public var name: String
    /// Printable ASCII.
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// Headers that the client or its transport sets.
    private static let reserved: Set<String> = [
      "accept", "accept-encoding", "authorization", "cancel-after", "connection",
      "content-encoding",
      "content-length", "content-type", "expect", "host", "keep-alive", "prefer",
      "proxy-authorization", "proxy-connection", "range", "te", "trailer", "transfer-encoding",
      "upgrade", "user-agent",
    ]

    /// Why it can't be sent, if it can't.
    var problem: String? {
      // RFC 9110, section 5.6.2.
      let isToken =
        !name.isEmpty
        && name.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
          default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
          }
        }
      guard isToken else { return "An extra header's name contains invalid characters." }
      guard !Self.reserved.contains(name.lowercased()) else {
        return "The header \(name) can't be set, because each call sets it."
      }
      guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        return "The value of the header \(name) contains invalid characters."
      }
      return nil
    }
  }

  /// The headers that let a call in: the token, and the extra ones. Names are in lower case.
  var credentials: [(name: String, value: String)] {
    let token = token.map { [(name: "authorization", value: "Bearer \($0)")] } ?? []
    return token + extraHeaders.map { (name: $0.name.lowercased(), value: $0.value) }
  }

  /// The names of headers whose values are never shown, in lower case.
  var secretHeaders: Set<String> { Set(extraHeaders.map { $0.name.lowercased() }) }
}

/// Descriptions never show the value.
extension Client.Configuration.Header: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(name): \(Secrets.mask)" }
  public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
