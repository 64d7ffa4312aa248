/// JSON Schema's format `uri` as Replicate checks it: gojsonschema accepts what Go's `url.Parse`
/// does, if it has a scheme and no backslash.
enum URIFormat {
  static func matches(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard !bytes.contains(UInt8(ascii: "\\")) else { return false }
    let hash = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
    return isURL(bytes[..<hash]) && isEscaped(bytes[hash...].dropFirst())
  }

  /// Whether a URL without its fragment can be parsed and has a scheme.
  private static func isURL(_ url: ArraySlice<UInt8>) -> Bool {
    guard url.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
      let colon = url.firstIndex(of: UInt8(ascii: ":")), isScheme(url[..<colon])
    else { return false }
    var rest = url[(colon + 1)...]
    // The query may be anything.
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) { rest = rest[..<mark] }
    let slash = UInt8(ascii: "/")
    // Anything may follow a scheme without a slash, as in data: and mailto:.
    guard rest.first == slash else { return true }
    guard rest.starts(with: [slash, slash]) else { return isEscaped(rest) }
    let authority = rest.dropFirst(2)
    let path = authority.firstIndex(of: slash) ?? authority.endIndex
    return isAuthority(authority[..<path]) && isEscaped(authority[path...])
  }

  private static func isScheme(_ scheme: ArraySlice<UInt8>) -> Bool {
    guard let first = scheme.first, isLetter(first) else { return false }
    return scheme.allSatisfy { isLetter($0) || isDigit($0) || contains("+-.", $0) }
  }

  private static func isAuthority(_ authority: ArraySlice<UInt8>) -> Bool {
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return isHost(authority) }
    let user = authority[..<at]
    return isHost(authority[(at + 1)...]) && isEscaped(user)
      && user.allSatisfy { isLetter($0) || isDigit($0) || contains("-._:~!$&'()*+,;=%@", $0) }
  }

  private static func isHost(_ host: ArraySlice<UInt8>) -> Bool {
    guard host.first == UInt8(ascii: "[") else {
      let port = host.lastIndex(of: UInt8(ascii: ":")) ?? host.endIndex
      return isPort(host[port...]) && isName(host)
    }
    guard let end = host.lastIndex(of: UInt8(ascii: "]")), isPort(host[(end + 1)...]) else {
      return false
    }
    // A zone, as in [fe80::1%25en0], has rules of its own.
    guard let zone = host[..<end].firstRange(of: Array("%25".utf8))?.lowerBound else {
      return isName(host)
    }
    return isName(host[..<zone]) && isZone(host[zone..<end]) && isName(host[end...])
  }

  /// A colon and digits, or nothing.
  private static func isPort(_ port: ArraySlice<UInt8>) -> Bool {
    port.isEmpty || port.first == UInt8(ascii: ":") && port.dropFirst().allSatisfy(isDigit)
  }

  /// In a name only bytes beyond ASCII may be escaped, and a percent sign.
  private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
    isEscaped(name, byte: isHostByte) { $0 >= 0x80 || $0 == UInt8(ascii: "%") }
  }

  private static func isZone(_ zone: ArraySlice<UInt8>) -> Bool {
    isEscaped(zone, byte: isHostByte) {
      contains("% ", $0) || $0 < 0x80 && isHostByte($0)
    }
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || isLetter(byte) || isDigit(byte) || contains("-_.~!$&'()*+,;=:[]<>\"", byte)
  }

  /// Whether two hexadecimal digits follow every percent sign.
  ///
  /// - Parameters:
  ///   - byte: Which bytes may stand for themselves.
  ///   - escape: Which bytes may be escaped.
  private static func isEscaped(
    _ text: ArraySlice<UInt8>, byte: (UInt8) -> Bool = { _ in true },
    escape: (UInt8) -> Bool = { _ in true }
  ) -> Bool {
    var rest = text
    while let first = rest.popFirst() {
      guard first == UInt8(ascii: "%") else {
        if byte(first) { continue } else { return false }
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit),
        escape(high << 4 | low)
      else { return false }
    }
    return true
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func contains(_ letters: StaticString, _ byte: UInt8) -> Bool {
    letters.withUTF8Buffer { $0.contains(byte) }
  }
}
