/// The headers and the body in a curl command, as browsers, request bins, and people write it for a
/// POSIX shell.
struct CurlCommand {
  private(set) var headers: [[UInt8]] = []
  private(set) var body: [UInt8] = []
  private var hasBody = false

  /// Whether a text is a curl command, perhaps after a prompt.
  static func isStart(of text: ArraySlice<UInt8>) -> Bool {
    let text = withoutPrompt(text)
    guard text.starts(with: "curl".utf8) else { return false }
    return text.dropFirst(4).first.map { ASCII.isBlank($0) || ASCII.isBreak($0) || $0 == 0x5C }
      ?? true
  }

  private static func withoutPrompt(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = text.first, first == UInt8(ascii: "$") || first == UInt8(ascii: "%"),
      text.dropFirst().first == 0x20
    else { return text }
    return text.dropFirst(2).drop(while: ASCII.isBlank)
  }

  init(_ text: ArraySlice<UInt8>) throws(PastedDelivery.Failure) {
    var words = try ShellCommand.words(in: Self.withoutPrompt(text)).dropFirst()
    while let word = words.popFirst() {
      if word.starts(with: "--".utf8) {
        try read(long: word.dropFirst(2), &words)
      } else if word.first == UInt8(ascii: "-"), word.count > 1 {
        try read(short: word.dropFirst(), &words)
      }
    }
  }

  private mutating func read(
    long option: ArraySlice<UInt8>, _ words: inout ArraySlice<[UInt8]>
  ) throws(PastedDelivery.Failure) {
    let mark = option.firstIndex(of: UInt8(ascii: "="))
    let name = ASCII.text(option[..<(mark ?? option.endIndex)])
    guard Self.longOptions.contains(name) else { return }
    guard let value = mark.map({ Array(option[($0 + 1)...]) }) ?? words.popFirst() else {
      throw PastedDelivery.Failure("The command ends after --\(name).")
    }
    switch name {
    case "header": try append(header: value)
    case "data-raw": append(body: value)
    case "json":
      try append(data: value, name)
      headers.append(Array("content-type: application/json".utf8))
    case "data", "data-ascii", "data-binary", "data-urlencode": try append(data: value, name)
    default: break
    }
  }

  /// Reads one word of short options, such as `-sXPOST` or `-H`.
  private mutating func read(
    short options: ArraySlice<UInt8>, _ words: inout ArraySlice<[UInt8]>
  ) throws(PastedDelivery.Failure) {
    var rest = options
    while let letter = rest.popFirst() {
      guard Self.shortOptions.contains(letter) else { continue }
      guard let value = rest.isEmpty ? words.popFirst() : Array(rest) else {
        throw PastedDelivery.Failure("The command ends after -\(ASCII.text([letter])).")
      }
      switch letter {
      case UInt8(ascii: "H"): try append(header: value)
      case UInt8(ascii: "d"): try append(data: value, "data")
      default: break
      }
      return
    }
  }

  private mutating func append(header: [UInt8]) throws(PastedDelivery.Failure) {
    if header.first == UInt8(ascii: "@") {
      throw PastedDelivery.Failure(
        "The headers are in a file that the command only names: \(ASCII.excerpt(header[...]))")
    }
    // `Name;` sends an empty header.
    if header.last == UInt8(ascii: ";"), !header.contains(UInt8(ascii: ":")) {
      headers.append(header.dropLast() + [UInt8(ascii: ":")])
    } else {
      headers.append(header)
    }
  }

  private mutating func append(data: [UInt8], _ option: String) throws(PastedDelivery.Failure) {
    if option == "data-urlencode" {
      throw PastedDelivery.Failure("The body of a webhook isn’t a form: --data-urlencode is one.")
    }
    if data.first == UInt8(ascii: "@") {
      throw PastedDelivery.Failure(
        "The body is in a file that the command only names: \(ASCII.excerpt(data[...])). "
          + "Paste the body itself.")
    }
    append(body: data)
  }

  private mutating func append(body data: [UInt8]) {
    if hasBody { body.append(UInt8(ascii: "&")) }
    body += data
    hasBody = true
  }

  /// The options with a value that are likely to be in such a command, so that no value is taken for
  /// an option.
  private static let longOptions: Set<String> = [
    "header", "data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json", "request",
    "url", "user", "user-agent", "output", "cookie", "referer", "max-time", "connect-timeout",
    "proxy", "form", "write-out", "retry", "cacert", "cert", "key", "resolve",
  ]
  private static let shortOptions = Set("HdXuAobeFmxwTcKErUYyzCDtQP".utf8)
}

/// Splits a command as a POSIX shell would, with the `$'…'` of bash.
///
/// Variables and substitutions stay as they are written. The first of several commands counts.
enum ShellCommand {
  static func words(in text: ArraySlice<UInt8>) throws(PastedDelivery.Failure) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    var hasWord = false
    var rest = text
    func isNext(_ byte: UInt8) -> Bool { rest.first == byte }
    reading: while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "'"):
        hasWord = true
        word += try plain(&rest)
      case UInt8(ascii: "\""):
        hasWord = true
        try readDouble(&rest, &word)
      case UInt8(ascii: "$") where isNext(UInt8(ascii: "'")):
        hasWord = true
        rest = rest.dropFirst()
        try readEscaped(&rest, &word)
      case UInt8(ascii: "\\"):
        if skipBreak(&rest) { continue }
        hasWord = true
        word.append(rest.popFirst() ?? byte)
      case 0x20, 0x09, 0x0D:
        if hasWord { words.append(word) }
        (word, hasWord) = ([], false)
      case 0x0A:
        if hasWord { words.append(word) }
        (word, hasWord) = ([], false)
        // Backslashes at the ends of lines are easily lost.
        let next = rest.first { !ASCII.isBlank($0) && $0 != 0x0D }
        if next != UInt8(ascii: "-") { break reading }
      case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: ">"),
        UInt8(ascii: "<"):
        break reading
      default:
        hasWord = true
        word.append(byte)
      }
    }
    if hasWord { words.append(word) }
    return words
  }

  private static let unclosed = PastedDelivery.Failure("A quotation mark isn’t closed.")

  /// Between single quotes, nothing has a meaning.
  private static func plain(
    _ rest: inout ArraySlice<UInt8>
  ) throws(PastedDelivery.Failure) -> ArraySlice<UInt8> {
    guard let end = rest.firstIndex(of: UInt8(ascii: "'")) else { throw unclosed }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }

  private static func readDouble(
    _ rest: inout ArraySlice<UInt8>, _ word: inout [UInt8]
  ) throws(PastedDelivery.Failure) {
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return
      case UInt8(ascii: "\\"):
        if skipBreak(&rest) { continue }
        guard let next = rest.popFirst() else { throw unclosed }
        if !"\"\\$`".utf8.contains(next) { word.append(byte) }
        word.append(next)
      default: word.append(byte)
      }
    }
    throw unclosed
  }

  private static func readEscaped(
    _ rest: inout ArraySlice<UInt8>, _ word: inout [UInt8]
  ) throws(PastedDelivery.Failure) {
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "'") { return }
      guard byte == UInt8(ascii: "\\") else {
        word.append(byte)
        continue
      }
      guard let next = rest.popFirst() else { throw unclosed }
      switch next {
      case UInt8(ascii: "n"): word.append(0x0A)
      case UInt8(ascii: "r"): word.append(0x0D)
      case UInt8(ascii: "t"): word.append(0x09)
      case UInt8(ascii: "a"): word.append(0x07)
      case UInt8(ascii: "b"): word.append(0x08)
      case UInt8(ascii: "f"): word.append(0x0C)
      case UInt8(ascii: "v"): word.append(0x0B)
      case UInt8(ascii: "e"), UInt8(ascii: "E"): word.append(0x1B)
      case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "?"):
        word.append(next)
      case UInt8(ascii: "x"): append(number(&rest, atMost: 2), asByte: true, next, &word)
      case UInt8(ascii: "u"): append(number(&rest, atMost: 4), asByte: false, next, &word)
      case UInt8(ascii: "U"): append(number(&rest, atMost: 8), asByte: false, next, &word)
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        let others = rest.prefix(2).prefix { (0x30...0x37).contains($0) }
        rest = rest.dropFirst(others.count)
        append(UInt32(ASCII.text([next] + others), radix: 8), asByte: true, next, &word)
      default: word += [byte, next]
      }
    }
    throw unclosed
  }

  /// The hexadecimal digits that follow, as a number. Nil if there are none.
  private static func number(_ rest: inout ArraySlice<UInt8>, atMost limit: Int) -> UInt32? {
    let digits = rest.prefix(limit).prefix {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
    }
    rest = rest.dropFirst(digits.count)
    return UInt32(ASCII.text(digits), radix: 16)
  }

  private static func append(
    _ number: UInt32?, asByte: Bool, _ letter: UInt8, _ word: inout [UInt8]
  ) {
    guard let number else {
      word += [UInt8(ascii: "\\"), letter]
      return
    }
    if asByte {
      word.append(UInt8(truncatingIfNeeded: number))
    } else {
      // Half of a pair has no text of its own.
      word += String(Unicode.Scalar(number) ?? "\u{FFFD}").utf8
    }
  }

  /// Skips a line break, which a backslash before it takes back.
  private static func skipBreak(_ rest: inout ArraySlice<UInt8>) -> Bool {
    if rest.first == 0x0A {
      rest = rest.dropFirst()
      return true
    }
    guard rest.starts(with: [0x0D, 0x0A]) else { return false }
    rest = rest.dropFirst(2)
    return true
  }
}
