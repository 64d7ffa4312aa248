import Running

/// The tokens in a file of the replicate command, by host.
///
/// Reads as much of YAML as that program writes, and JSON. What it doesn't understand, it skips. It
/// takes time in proportion to the text, whatever the text is.
struct HostTokens {
  private(set) var tokens: [String: String] = [:]

  init(_ text: String) {
    let start = text.trimmingBlanks()
    if start.hasPrefix("{") {
      readBraces(start)
    } else {
      readLines(text)
    }
  }

  /// The host of an address, in lower case and without a port. What has no scheme is a host itself.
  static func host(of address: String) -> String {
    var place = address[...]
    if let mark = place.firstRange(of: "://") { place = place[mark.upperBound...] }
    place = place.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if let at = place.lastIndex(of: "@") { place = place[place.index(after: at)...] }
    if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
      return place[..<end].dropFirst().lowercased()
    }
    // An IPv6 address without brackets has no port.
    if let colon = place.firstIndex(of: ":"), place.lastIndex(of: ":") == colon {
      place = place[..<colon]
    }
    return place.lowercased()
  }

  private mutating func add(_ token: String, for address: String) {
    // Of two, the first counts.
    let host = Self.host(of: address)
    if !host.isEmpty, tokens[host] == nil { tokens[host] = token }
  }

  // MARK: YAML

  private mutating func readLines(_ text: String) {
    var address: String?
    for line in text.split(whereSeparator: \.isNewline) {
      let isIndented = line.first == " " || line.first == "\t"
      let content = line.trimmingBlanks()
      guard !content.isEmpty, content.first != "#", !content.hasPrefix("---"),
        let (key, value) = Self.entry(content)
      else { continue }
      if !isIndented {
        address = key
        if value.hasPrefix("{") { readBraces("{\"\(key)\": \(value)}") }
      } else if key == "token", let address {
        add(Self.scalar(value), for: address)
      }
    }
  }

  /// The two sides of `key: value`, `"key": value`, or `key:`.
  private static func entry(_ line: Substring) -> (key: String, value: Substring)? {
    var rest = line
    if let quote = line.first, quote == "\"" || quote == "'" {
      guard let end = line.dropFirst().firstIndex(of: quote) else { return nil }
      rest = line[line.index(after: end)...].trimmingBlanks()
      guard rest.first == ":" else { return nil }
      return (String(line[..<end].dropFirst()), rest.dropFirst().trimmingBlanks())
    }
    // A colon without a blank behind it is a part of the key, such as an address.
    while let colon = rest.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...]
      if value.first?.isWhitespace ?? true {
        return (String(line[..<colon].trimmingBlanks()), value.trimmingBlanks())
      }
      rest = value
    }
    return nil
  }

  /// A value without its quotes, or without the comment behind it.
  private static func scalar(_ value: Substring) -> String {
    if let quote = value.first, quote == "\"" || quote == "'",
      let end = value.dropFirst().firstIndex(of: quote)
    {
      return String(value[..<end].dropFirst())
    }
    return String(value.prefix { !$0.isWhitespace })
  }

  // MARK: JSON

  private enum Sign {
    case open, close, colon, comma
    case word(String)
  }

  /// Reads `{"host": {"token": "…"}}`. Of what is deeper, nothing counts.
  private mutating func readBraces(_ text: some StringProtocol) {
    var depth = 0
    var address = ""
    var key = ""
    var isValue = false
    for sign in Self.signs(text) {
      switch sign {
      case .open:
        if depth == 1 { address = key }
        depth += 1
        isValue = false
      case .close:
        depth -= 1
        isValue = false
      case .comma: isValue = false
      case .colon: isValue = true
      case .word(let word) where !isValue: key = word
      case .word(let word): if depth == 2, key == "token" { add(word, for: address) }
      }
    }
  }

  private static func signs(_ text: some StringProtocol) -> [Sign] {
    var signs: [Sign] = []
    var word = ""
    var quote: Unicode.Scalar?
    var isEscaped = false
    func end() {
      if !word.isEmpty { signs.append(.word(word)) }
      word = ""
    }
    for scalar in text.unicodeScalars {
      if let open = quote {
        if isEscaped {
          word.unicodeScalars.append(scalar)
          isEscaped = false
        } else if scalar == "\\", open == "\"" {
          isEscaped = true
        } else if scalar == open {
          signs.append(.word(word))
          word = ""
          quote = nil
        } else {
          word.unicodeScalars.append(scalar)
        }
        continue
      }
      switch scalar {
      case "\"", "'":
        end()
        quote = scalar
      case "{", "[":
        end()
        signs.append(.open)
      case "}", "]":
        end()
        signs.append(.close)
      case ",":
        end()
        signs.append(.comma)
      case ":":
        end()
        signs.append(.colon)
      default:
        if scalar.properties.isWhitespace { end() } else { word.unicodeScalars.append(scalar) }
      }
    }
    end()
    return signs
  }
}
