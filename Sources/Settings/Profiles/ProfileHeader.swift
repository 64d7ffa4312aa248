extension Settings.Profile {
  /// A header that the profile's server wants with every call, such as a gateway's key.
  public struct Header: Hashable, Sendable {
    public enum Value: Hashable, Sendable {
      case text(String)
      /// The value of an environment variable.
      case variable(String)
    }

    /// As written.
    public var name: String
    public var value: Value

    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Why a profile can't be used, in words to act on.
  public struct Failure: Error, Hashable, Sendable {
    public let message: String
  }

  /// The headers with their values, those of environment variables included.
  public func headers(
    _ environment: [String: String]
  ) throws(Failure) -> [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    for header in headers {
      switch header.value {
      case .text(let text): result.append((header.name, text))
      case .variable(let variable):
        guard let value = environment[variable], !value.isEmpty else {
          throw Failure(
            message: "The environment variable \(variable), for the header \(header.name), "
              + "isn’t set.")
        }
        guard Header.isValue(value) else {
          throw Failure(
            message: "The environment variable \(variable) can’t be the header \(header.name), "
              + "because it has a line break or other characters that no header can have.")
        }
        result.append((header.name, value))
      }
    }
    return result
  }
}

extension Settings.Profile.Header {
  /// Headers that every call sets itself.
  private static let reserved: Set<String> = [
    "accept", "accept-encoding", "authorization", "cancel-after", "connection", "content-encoding",
    "content-length", "content-type", "expect", "host", "keep-alive", "prefer",
    "proxy-authorization", "proxy-connection", "range", "te", "trailer", "transfer-encoding",
    "upgrade", "user-agent",
  ]

  /// Takes an entry of the config file, or returns what is wrong with it.
  static func taken(_ entry: TOMLTable.Entry) -> (header: Self?, problem: String?) {
    let name = entry.key
    guard isName(name) else {
      return (nil, "\(TOMLText.quoted(name)) can’t be the name of a header")
    }
    guard !reserved.contains(name.lowercased()) else {
      let advice = name.lowercased() == "authorization" ? "; use token-env or token-file" : ""
      return (nil, "the header \(name) can’t be set, because each call sets it\(advice)")
    }
    // The value may be a secret, so it isn't quoted.
    guard let text = entry.value.string else {
      return (nil, "the value of the header \(name) must be text in quotes")
    }
    if let variable = variable(in: text) {
      return (Self(name: name, value: .variable(variable)), nil)
    }
    guard isValue(text) else {
      return (
        nil,
        "the value of the header \(name) must have only printable ASCII characters, without blanks "
          + "around them"
      )
    }
    return (Self(name: name, value: .text(text)), nil)
  }

  /// A token as RFC 9110, section 5.6.2, has it.
  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  fileprivate static func isValue(_ text: String) -> Bool {
    let blank = UInt8(ascii: " ")
    return !text.isEmpty && text.utf8.count <= 4096 && text.utf8.first != blank
      && text.utf8.last != blank && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// The name in a value that is nothing but `$NAME` or `${NAME}`.
  private static func variable(in text: String) -> String? {
    guard text.hasPrefix("$") else { return nil }
    var name = text.dropFirst()
    if name.hasPrefix("{"), name.hasSuffix("}") { name = name.dropFirst().dropLast() }
    return Settings.SecretSource.isVariable(name) ? String(name) : nil
  }
}
