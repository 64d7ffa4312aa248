import ReplicateAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An address that deliveries can be sent to, and how far away it is.
///
/// What is sent contains a prediction’s input and output, so that every address that isn’t certainly
/// on this machine needs a question first. Nothing is resolved to find that out.
public struct WebhookAddress: Sendable, Hashable {
  public enum Reach: Sendable, Hashable {
    case thisMachine
    /// An address or a name that is only known within a network.
    case privateNetwork
    case elsewhere
  }

  /// What is wrong with an address, in words that follow its name.
  public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
  }

  public let url: String
  /// In lower case, without the brackets of an IPv6 address and the period at the end of a name.
  public let host: String
  public let port: Int
  public let isSecure: Bool
  public let reach: Reach
  /// Whether the host is a number in another form than usual, such as `2130706433` or `127.1`.
  public let isOddlyWritten: Bool

  /// Whether to ask before anything is sent there.
  public var needsQuestion: Bool { reach != .thisMachine }

  /// The host, with the port if it isn’t the usual one.
  public var place: String {
    let host = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
  }

  /// What is wrong with an address, in words that follow its name. Nil if it can be used.
  public static func problem(of text: String) -> String? {
    do throws(Problem) {
      _ = try WebhookAddress(text)
      return nil
    } catch {
      return error.description
    }
  }

  /// - Parameters:
  ///   - text: What is typed; blanks around it don’t count.
  ///   - hostName: The name of this machine.
  public init(
    _ text: String, hostName: String = WebhookAddress.hostName
  ) throws(Problem) {
    let text = String(text.trimmingBlanks())
    guard let mark = text.firstRange(of: "://") else {
      throw Problem(description: "must begin with http:// or https://")
    }
    switch text[..<mark.lowerBound].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: throw Problem(description: "must begin with http:// or https://")
    }
    guard text.utf8.count <= 4096 else { throw Problem(description: "is too long") }
    let scalars = text.unicodeScalars
    if scalars.contains(where: \.properties.isWhitespace) {
      throw Problem(description: "must not contain blanks")
    }
    guard scalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
      throw Problem(
        description: "must be plain ASCII: other characters are written as %… or xn--…")
    }
    let authority = text[mark.upperBound...].prefix { !"/?#".contains($0) }
    if authority.contains("@") {
      throw Problem(description: "must not contain a user name or a password")
    }
    let parts = try Self.parts(of: authority)
    port = parts.port ?? (isSecure ? 443 : 80)
    let kind = try HostKind(parts.host, isBracketed: parts.isBracketed, hostName: hostName)
    host = kind.host
    reach = kind.reach
    isOddlyWritten = kind.isOdd
    url = text
  }

  private static func parts(
    of authority: Substring
  ) throws(Problem) -> (host: Substring, isBracketed: Bool, port: Int?) {
    var host = authority
    var portText: Substring?
    let isBracketed = authority.hasPrefix("[")
    if isBracketed {
      guard let end = authority.firstIndex(of: "]") else {
        throw Problem(description: "has a bracket that isn’t closed")
      }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      if let first = rest.first {
        guard first == ":" else { throw Problem(description: "has something after its bracket") }
        portText = rest.dropFirst()
      }
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      portText = authority[authority.index(after: colon)...]
    }
    guard !host.isEmpty else { throw Problem(description: "lacks the host") }
    guard let portText else { return (host, isBracketed, nil) }
    guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
      (1...65_535).contains(port)
    else { throw Problem(description: "must have a port from 1 to 65535, or none") }
    return (host, isBracketed, port)
  }

  /// The name of this machine, as the system gives it; empty if it doesn’t.
  public static let hostName: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    // The last byte stays zero: a longer name is cut without one.
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }()
}

/// What a host is by its form.
private struct HostKind {
  var host: String
  var reach = WebhookAddress.Reach.elsewhere
  var isOdd = false

  init(
    _ text: Substring, isBracketed: Bool, hostName: String
  ) throws(WebhookAddress.Problem) {
    host = text.lowercased()
    if isBracketed {
      guard let bytes = Self.address(ofIPv6: host) else {
        throw WebhookAddress.Problem(description: "has an IPv6 address that can’t be read")
      }
      reach = Self.reach(ofIPv6: bytes)
      return
    }
    if host.hasSuffix(".") { host.removeLast() }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    guard host.utf8.count <= 253,
      labels.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 63 && $0.utf8.allSatisfy(Self.isOfName) })
    else { throw WebhookAddress.Problem(description: "has a host that isn’t a name or an address") }
    if let bytes = Self.address(ofIPv4: labels) {
      reach = Self.reach(ofIPv4: bytes)
    } else if let last = labels.last, Self.isNumber(last) {
      // Resolvers read these in different ways.
      isOdd = true
    } else if host == "localhost" || Self.isName(host, of: hostName) {
      reach = .thisMachine
    } else if labels.count == 1 || Self.privateEndings.contains(where: host.hasSuffix) {
      reach = .privateNetwork
    }
  }

  private static let privateEndings = [
    ".local", ".localhost", ".localdomain", ".lan", ".internal", ".intranet", ".home.arpa",
  ]

  private static func isName(_ host: String, of hostName: String) -> Bool {
    let name = hostName.lowercased()
    return !name.isEmpty && (host == name || host == name + ".local" && !name.contains("."))
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }

  /// Whether the last label makes the host an address in some form (WHATWG URL, “ends in a number”).
  private static func isNumber(_ label: Substring) -> Bool {
    label.utf8.allSatisfy { (0x30...0x39).contains($0) }
      || label.hasPrefix("0x")
        && label.dropFirst(2).utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
        }
  }

  /// Four decimal numbers without zeros before them, which may mean octal numbers.
  private static func address(ofIPv4 labels: [Substring]) -> [UInt8]? {
    guard labels.count == 4 else { return nil }
    let bytes = labels.compactMap { label in
      UInt8(label).flatMap { String($0) == label ? $0 : nil }
    }
    return bytes.count == 4 ? bytes : nil
  }

  private static func reach(ofIPv4 bytes: [UInt8]) -> WebhookAddress.Reach {
    switch (bytes[0], bytes[1]) {
    case (127, _): .thisMachine
    case (10, _), (172, 16...31), (192, 168), (169, 254), (100, 64...127): .privateNetwork
    default: .elsewhere
    }
  }

  private static func address(ofIPv6 text: String) -> [UInt8]? {
    var address = in6_addr()
    guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return withUnsafeBytes(of: &address) { Array($0) }
  }

  private static func reach(ofIPv6 bytes: [UInt8]) -> WebhookAddress.Reach {
    if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes.last == 1 { return .thisMachine }
    // fc00::/7 and fe80::/10
    if bytes[0] & 0xFE == 0xFC || bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 {
      return .privateNetwork
    }
    return .elsewhere
  }
}
