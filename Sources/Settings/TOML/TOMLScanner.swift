/// Walks over the bytes of a TOML document and reads what has no other values in it.
struct TOMLScanner {
  typealias Mistake = TOMLDocument.Mistake

  private let text: [UInt8]
  private var index = 0
  private(set) var line = 1
  private var lineStart = 0
  /// Whether the last `skipToContent()` went on to another line.
  private(set) var hasNewLine = false
  /// The quotes of a string over several lines whose end was looked for in vain.
  private var unclosedQuotes: Set<UInt8> = []

  init(_ text: String) {
    self.text = Array(text.utf8)
    // Some editors begin a file with a byte order mark.
    if self.text.starts(with: [0xEF, 0xBB, 0xBF]) {
      index = 3
      lineStart = 3
    }
  }

  var next: UInt8? { index < text.count ? text[index] : nil }

  private func at(_ offset: Int) -> UInt8? {
    index + offset < text.count ? text[index + offset] : nil
  }

  // MARK: Moving on

  mutating func advance() {
    guard index < text.count else { return }
    index += 1
    if text[index - 1] == Self.newLine {
      line += 1
      lineStart = index
    }
  }

  mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: sign) else { return false }
    advance()
    return true
  }

  mutating func skipBlanks() {
    while let next, Self.isBlank(next) { advance() }
  }

  private mutating func skipLine() {
    while let next, next != Self.newLine { advance() }
  }

  /// Skips blanks, empty lines and comments; false at the end of the document.
  mutating func skipToContent() -> Bool {
    let start = line
    while let next {
      if next == UInt8(ascii: "#") {
        skipLine()
      } else if next == Self.newLine || Self.isBlank(next) {
        advance()
      } else {
        break
      }
    }
    hasNewLine = line > start
    return next != nil
  }

  /// Requires that nothing but a comment follows on the line.
  mutating func endLine() throws(Mistake) {
    skipBlanks()
    if next == UInt8(ascii: "#") { skipLine() }
    guard next == nil || next == Self.newLine else {
      throw mistake("unexpected text at the end of the line; comments begin with #")
    }
  }

  // MARK: Mistakes

  func mistake(_ message: String) -> Mistake {
    // Columns are counted in Unicode scalars.
    let column = text[lineStart..<index].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    return Mistake(line: line, column: column, message: message)
  }

  var tooDeep: Mistake {
    mistake("this is nested too deeply; \(TOMLDocument.depthLimit) levels are the limit")
  }

  /// Goes to the next line from which reading can continue, after a mistake in a statement.
  mutating func recover(from start: Int, isInBrackets: Bool) {
    guard isInBrackets else { return skipLine() }
    if line > start {
      // A forgotten bracket shows only where the next statement begins.
      var beginning = self
      beginning.index = lineStart
      beginning.skipBlanks()
      if beginning.isAtStatement(.any) {
        self = beginning
        return
      }
    }
    while let next, next != Self.newLine {
      if Self.isClosing(next) { return skipLine() }
      advance()
    }
    while skipToContent(), !isAtStatement(.any) {
      let isEnd = next.map(Self.isClosing) ?? false
      skipLine()
      if isEnd { return }
    }
  }

  enum Statement { case any, header }

  /// Whether what follows looks like a header or, unless only those are asked for, like `key =`.
  func isAtStatement(_ kind: Statement) -> Bool {
    var ahead = self
    if ahead.take("[") {
      _ = ahead.take("[")
      guard let first = ahead.next, Self.isLetter(first) else { return false }
      let start = ahead.index
      while let next = ahead.next, Self.isBare(next) || next == UInt8(ascii: ".") {
        ahead.advance()
      }
      let name = String(decoding: text[start..<ahead.index], as: UTF8.self)
      guard !["true", "false", "inf", "nan"].contains(name), ahead.take("]") else { return false }
      _ = ahead.take("]")
      ahead.skipBlanks()
      return [nil, Self.newLine, UInt8(ascii: "#")].contains(ahead.next)
    }
    guard kind == .any else { return false }
    while let next = ahead.next, next != Self.newLine {
      if next == UInt8(ascii: "=") { return ahead.index > index }
      if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
        ahead.advance()
        while let other = ahead.next, other != next, other != Self.newLine { ahead.advance() }
        guard ahead.next == next else { return false }
      } else if !Self.isBare(next), next != UInt8(ascii: "."), !Self.isBlank(next) {
        return false
      }
      ahead.advance()
    }
    return false
  }

  // MARK: Keys and values

  /// One part of a key, bare or quoted.
  mutating func keyPart() throws(Mistake) -> String {
    if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
      guard let quote = next, at(1) != quote || at(2) != quote else {
        throw mistake("a key can’t be a string over several lines")
      }
      return try singleLineString()
    }
    let start = index
    while let next, Self.isBare(next) { advance() }
    guard index > start else {
      throw mistake(
        "expected a name, such as theme; names with other signs than letters, digits, - and _ "
          + "need quotes")
    }
    return String(decoding: text[start..<index], as: UTF8.self)
  }

  /// Any value but a list or a table.
  mutating func scalar() throws(Mistake) -> TOMLValue.Content {
    if let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let isLong = at(1) == quote && at(2) == quote
      return .string(try isLong ? multiLineString() : singleLineString())
    }
    let start = self
    var word = self.word()
    if TOMLScalar.isDate(word), next == UInt8(ascii: " "), let digit = at(1),
      (UInt8(ascii: "0")...UInt8(ascii: "2")).contains(digit)
    {
      // A date and its time may have a blank between them.
      advance()
      word += [UInt8(ascii: " ")] + self.word()
    }
    guard !word.isEmpty else {
      throw start.mistake("expected a value: text in quotes, a number, true, false or a list")
    }
    if let value = TOMLScalar.value(of: word) { return value }
    let text = String(decoding: word, as: UTF8.self)
    throw start.mistake("\(TOMLText.quoted(text)) isn’t a value\(TOMLScalar.hint(for: word))")
  }

  private mutating func word() -> [UInt8] {
    let start = index
    while let next, !Self.isBlank(next), next != Self.newLine, !Self.endsWord(next) { advance() }
    return Array(text[start..<index])
  }

  // MARK: Strings

  private mutating func singleLineString() throws(Mistake) -> String {
    let start = self
    let quote = next
    advance()
    var content: [UInt8] = []
    while let byte = next, byte != Self.newLine {
      if byte == quote {
        advance()
        return String(decoding: content, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        let start = self
        do throws(EscapeMistake) {
          content += try escape()
        } catch {
          throw start.mistake(error.message)
        }
      } else {
        if Self.isControl(byte) { break }
        content.append(byte)
        advance()
      }
    }
    if let byte = next, byte != Self.newLine, byte != UInt8(ascii: "\r") {
      throw mistake("a control character isn’t allowed in a string; write it as \\u00XX")
    }
    throw start.mistake("the string isn’t closed on its line")
  }

  /// A string between three quotes.
  private mutating func multiLineString() throws(Mistake) -> String {
    let start = self
    let quote = next ?? 0
    var content: [UInt8] = []
    var firstMistake: Mistake?
    for _ in 0..<3 { advance() }
    // A line break right after the quotes isn't part of the string.
    if next == UInt8(ascii: "\r"), at(1) == Self.newLine { advance() }
    if next == Self.newLine { advance() }
    while !unclosedQuotes.contains(quote), let byte = next {
      if byte == quote, at(1) == quote, at(2) == quote {
        for _ in 0..<3 { advance() }
        // Up to two quotes may stand before those at the end.
        for _ in 0..<2 where next == quote {
          content.append(quote)
          advance()
        }
        if let firstMistake { throw firstMistake }
        return String(decoding: content, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        if skipEscapedLineEnd() { continue }
        let start = self
        do throws(EscapeMistake) {
          content += try escape()
        } catch {
          firstMistake = firstMistake ?? start.mistake(error.message)
        }
        continue
      }
      if Self.isControl(byte), byte != Self.newLine {
        if byte != UInt8(ascii: "\r") || at(1) != Self.newLine {
          firstMistake =
            firstMistake
            ?? mistake("a control character isn’t allowed in a string; write it as \\u00XX")
        }
      } else {
        content.append(byte)
      }
      advance()
    }
    // Nothing that follows has been read yet.
    let quotes = unclosedQuotes.union([quote])
    self = start
    unclosedQuotes = quotes
    throw start.mistake(
      "the string isn’t closed with \(String(repeating: Character(.init(quote)), count: 3))")
  }

  /// A backslash at the end of a line takes the line's end and the next blanks away.
  private mutating func skipEscapedLineEnd() -> Bool {
    var ahead = self
    ahead.advance()
    ahead.skipBlanks()
    guard ahead.next == Self.newLine else { return false }
    while let next = ahead.next, next == Self.newLine || Self.isBlank(next) { ahead.advance() }
    self = ahead
    return true
  }

  /// A mistake without its place: finding the column takes time, and a string may have many.
  private struct EscapeMistake: Error {
    let message: String
  }

  /// A backslash and what it stands for; one that isn't known is passed over.
  private mutating func escape() throws(EscapeMistake) -> [UInt8] {
    advance()
    guard let letter = next, letter != Self.newLine else {
      throw EscapeMistake(message: "a backslash itself is written \\\\")
    }
    advance()
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "e"): return [0x1B]
    case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
      let count = letter == UInt8(ascii: "x") ? 2 : letter == UInt8(ascii: "u") ? 4 : 8
      var value: UInt32 = 0
      for _ in 0..<count {
        guard let next, let digit = Character(.init(next)).hexDigitValue, next < 0x80 else {
          throw EscapeMistake(message: "expected \(count) hexadecimal digits after this")
        }
        value = value << 4 | UInt32(digit)
        advance()
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw EscapeMistake(message: "there is no character with this number")
      }
      return Array(String(Character(scalar)).utf8)
    default:
      throw EscapeMistake(message: "unknown escape; a backslash itself is written \\\\")
    }
  }

  // MARK: Kinds of bytes

  private static let newLine: UInt8 = 0x0A

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D].contains(byte) }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && byte != 0x09 || byte == 0x7F
  }

  private static func isClosing(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte >= 0x40
  }

  /// Whether a byte may be part of a bare key.
  private static func isBare(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  private static func endsWord(_ byte: UInt8) -> Bool { ",]}#=\"'[{".utf8.contains(byte) }
}
