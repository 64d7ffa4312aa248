#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Proxies, and which certificates are trusted.
public struct NetworkSettings: Sendable, Hashable {
  /// An HTTP proxy. For https addresses it makes a tunnel with `CONNECT`, so it sees neither the
  /// token nor the content.
  public struct Proxy: Sendable, Hashable {
    public var host: String
    public var port: Int
    /// Nil if the proxy requires none.
    public var user: String?
    public var password: String

    public init(host: String, port: Int, user: String? = nil, password: String = "") {
      self.host = host
      self.port = port
      self.user = user
      self.password = password
    }
  }

  /// For https addresses.
  public var secureProxy: Proxy?
  /// For http addresses.
  public var plainProxy: Proxy?
  /// Why the proxy for https addresses can't be used. Calls that need it fail with this reason.
  public var secureProxyProblem: String?
  /// Why the proxy for http addresses can't be used.
  public var plainProxyProblem: String?
  /// Hosts that are reached without a proxy: names, which include subdomains (`example.com`,
  /// `.example.com`), addresses, and blocks of addresses (`10.0.0.0/8`), each optionally with a
  /// port. `*` is every host.
  public var exceptions: [String]
  /// A file of trusted certificates (PEM), instead of the system's.
  public var certificateFile: String?
  /// Folders of trusted certificates (PEM, named by their hashes), separated by colons. They are
  /// used in addition to the file, or instead of the system's.
  public var certificateFolder: String?

  public init(
    secureProxy: Proxy? = nil, plainProxy: Proxy? = nil, exceptions: [String] = [],
    certificateFile: String? = nil, certificateFolder: String? = nil
  ) {
    self.secureProxy = secureProxy
    self.plainProxy = plainProxy
    self.exceptions = exceptions
    self.certificateFile = certificateFile
    self.certificateFolder = certificateFolder
  }

  /// Reads `HTTPS_PROXY`, `ALL_PROXY`, and `NO_PROXY` in upper or lower case, `http_proxy` only in
  /// lower case (on servers, a request header can set the other one), `SSL_CERT_FILE`, and
  /// `SSL_CERT_DIR`. A proxy that can't be used matters only to the calls that need it.
  public static func fromEnvironment(_ environment: [String: String]) -> Self {
    func value(_ names: String...) -> (name: String, text: String)? {
      for name in names {
        if let text = environment[name], !text.isEmpty { return (name, text) }
      }
      return nil
    }
    var settings = Self()
    let all = value("ALL_PROXY", "all_proxy")
    (settings.secureProxy, settings.secureProxyProblem) = proxy(
      value("HTTPS_PROXY", "https_proxy") ?? all)
    (settings.plainProxy, settings.plainProxyProblem) = proxy(value("http_proxy") ?? all)
    settings.exceptions = (value("NO_PROXY", "no_proxy")?.text ?? "")
      .split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { $0.lowercased() }
    settings.certificateFile = value("SSL_CERT_FILE")?.text
    settings.certificateFolder = value("SSL_CERT_DIR")?.text
    return settings
  }

  /// The proxy for an address; nil if there is none, or if it can't be used.
  public func proxy(for address: String) -> Proxy? {
    guard let place = Origin(address), needsProxy(place) else { return nil }
    return place.isSecure ? secureProxy : plainProxy
  }

  /// Why an address can't be reached through its proxy, if it can't.
  public func proxyProblem(for address: String) -> String? {
    guard let place = Origin(address), needsProxy(place) else { return nil }
    return place.isSecure ? secureProxyProblem : plainProxyProblem
  }

  /// Whether a place may be reached through a proxy. A proxy couldn't reach what is on this machine.
  private func needsProxy(_ place: Origin) -> Bool {
    !place.isOnThisMachine && !exceptions.contains { Self.covers($0, place) }
  }

  /// Reads a proxy's address.
  ///
  /// - Returns: The proxy, or why it can't be used.
  private static func proxy(
    _ variable: (name: String, text: String)?
  ) -> (Proxy?, problem: String?) {
    guard let variable else { return (nil, nil) }
    var text = variable.text[...]
    // The text may hold a password, so it isn't quoted.
    let unusable: (Proxy?, String?) = (
      nil, "\(variable.name) isn't a URL like http://proxy:3128."
    )
    if let scheme = text.firstRange(of: "://") {
      switch text[..<scheme.lowerBound].lowercased() {
      case "http": text = text[scheme.upperBound...]
      case let name where name.hasPrefix("socks"):
        return (
          nil,
          "\(variable.name) names a SOCKS proxy, which isn't supported. Unset it, or set "
            + "HTTPS_PROXY to an HTTP proxy."
        )
      default: return unusable
      }
    }
    text = text.prefix { $0 != "/" }
    var user: [Substring] = []
    if let at = text.lastIndex(of: "@") {
      user = text[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      text = text[text.index(after: at)...]
    }
    guard let place = Origin("http://\(text)") else { return unusable }
    let proxy = Proxy(
      host: place.host, port: text.hasSuffix(":\(place.port)") ? place.port : 3128,
      user: user.first.map(PercentEncoding.decoded),
      password: user.count > 1 ? PercentEncoding.decoded(user[1]) : "")
    return (proxy, nil)
  }

  private static func covers(_ exception: String, _ place: Origin) -> Bool {
    if exception == "*" { return true }
    var name = exception[...]
    if let colon = name.lastIndex(of: ":"), let port = Int(name[name.index(after: colon)...]),
      !name[..<colon].contains(":") || name.hasPrefix("[")
    {
      guard port == place.port else { return false }
      name = name[..<colon]
    }
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    if let slash = name.firstIndex(of: "/"),
      let block = IPv4.number(name[..<slash]), let host = IPv4.number(place.host[...]),
      let bits = Int(name[name.index(after: slash)...]), (0...32).contains(bits)
    {
      return bits == 0 || (block ^ host) >> UInt32(32 - bits) == 0
    }
    if name.hasPrefix("*.") { name = name.dropFirst() }
    if name.hasPrefix(".") { name = name.dropFirst() }
    return !name.isEmpty && (place.host == name || place.host.hasSuffix(".\(name)"))
  }
}

/// Descriptions never show the proxy's password.
extension NetworkSettings.Proxy: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(host):\(port)" }
  public var customMirror: Mirror { Mirror(self, children: ["host": host, "port": port]) }
}

/// The scheme, host, and port of an address, which decide whether the token is sent.
struct Origin: Hashable, Sendable {
  var isSecure: Bool
  /// In lower case, without the brackets of an IPv6 address.
  var host: String
  var port: Int

  /// Nil unless it is an http or https address with a host and without a user name.
  init?(_ address: String) {
    guard let mark = address.firstRange(of: "://") else { return nil }
    switch address[..<mark.lowerBound].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: return nil
    }
    var place = address[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !place.contains("@"), place.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    port = isSecure ? 443 : 80
    let end = place.lastIndex(of: "]") ?? place.startIndex
    if let colon = place[end...].lastIndex(of: ":") {
      let digits = place[place.index(after: colon)...]
      guard let number = Int(digits), (1...65_535).contains(number) else { return nil }
      port = number
      place = place[..<colon]
    }
    if place.hasPrefix("["), place.hasSuffix("]") { place = place.dropFirst().dropLast() }
    guard !place.isEmpty else { return nil }
    host = place.lowercased()
  }
}

extension Origin {
  /// Whether the host is this machine: `localhost` and the names below it, 127.0.0.0/8, ::1, and
  /// other ways to write them.
  var isOnThisMachine: Bool {
    let name = host.hasSuffix(".") ? host.dropLast() : host[...]
    if name == "localhost" || name.hasSuffix(".localhost") { return true }
    // inet_aton takes 127.1, too.
    var four = in_addr()
    if inet_aton(String(name), &four) != 0 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
    let bytes = withUnsafeBytes(of: &six) { Array($0) }
    let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    return bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1 || isMapped && bytes[12] == 127
  }
}

enum IPv4 {
  static func number(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard let part else { return nil }
      number = number << 8 | UInt32(part)
    }
    return number
  }
}
