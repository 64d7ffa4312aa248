#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The address of a profile's server, as `base-url` has it.
struct ServerAddress {
  /// Without slashes at the end.
  let text: String
  /// Whether what is sent there can't be read on the way: by TLS, or because it stays on this
  /// machine.
  let isPrivate: Bool

  /// Nil unless it is an http or https address that a path can be added to.
  init?(_ written: String) {
    var text = written[...]
    while text.hasSuffix("/") { text.removeLast() }
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      !text.contains(where: { "?#\\".contains($0) }),
      let mark = text.firstIndex(of: ":"), text[mark...].hasPrefix("://")
    else { return nil }
    let isSecure: Bool
    switch text[..<mark].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: return nil
    }
    let rest = text[mark...].dropFirst(3)
    guard let host = Self.host(in: rest.prefix { $0 != "/" }) else { return nil }
    self.text = String(text)
    isPrivate = isSecure || Self.isOnThisMachine(host)
  }

  /// The host of `host`, `host:port`, or `[::1]:port`; nil if it is none of these.
  private static func host(in place: Substring) -> String? {
    guard !place.contains("@") else { return nil }
    var host = place
    let end = place.lastIndex(of: "]") ?? place.startIndex
    if let colon = place[end...].lastIndex(of: ":") {
      let digits = place[place.index(after: colon)...]
      guard digits.allSatisfy(\.isNumber), let number = Int(digits), (1...65_535).contains(number)
      else { return nil }
      host = place[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    return host.isEmpty ? nil : host.lowercased()
  }

  /// `localhost` and the names below it, 127.0.0.0/8, and ::1.
  private static func isOnThisMachine(_ host: String) -> Bool {
    if host == "localhost" || host.hasSuffix(".localhost") { return true }
    var four = in_addr()
    if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
    return withUnsafeBytes(of: &six) { bytes in
      bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
  }
}
