/// The values of a settings file: the part of TOML that ours need, `key = value` with a string, a
/// number, a boolean or a list of strings, and comments.
///
/// Reading never stops at a mistake: it goes on with the next line.
struct SettingsText {
  enum Value: Hashable, Sendable {
    case string(String)
    case number(Double)
    case boolean(Bool)
    case list([String])

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var boolean: Bool? { if case .boolean(let isOn) = self { isOn } else { nil } }
  }

  /// What can't be read, and where: lines and columns count from 1.
  struct Mistake: Error, Hashable, Sendable {
    var line: Int
    var column: Int
    var message: String
  }

  /// The values in their order, with the lines that they begin in.
  private(set) var values: [(key: String, value: Value, line: Int)] = []
  private(set) var mistakes: [Mistake] = []

  init(_ text: String) {
    var scanner = SettingsScanner(text)
    while scanner.skipToSetting() {
      let line = scanner.line
      do throws(Mistake) {
        let (key, value) = try scanner.setting()
        if values.contains(where: { $0.key == key }) {
          let message = "\(key) stands there twice; the first one is used"
          mistakes.append(Mistake(line: line, column: 1, message: message))
        } else {
          values.append((key, value, line))
        }
      } catch {
        mistakes.append(error)
        scanner.skipLine()
      }
    }
  }

  subscript(key: String) -> Value? { values.first { $0.key == key }?.value }
}

/// Walks over the characters of a settings file, and knows the line and the column.
private struct SettingsScanner {
  typealias Mistake = SettingsText.Mistake

  private let text: [Unicode.Scalar]
  private var index = 0
  private(set) var line = 1
  private var column = 1

  init(_ text: String) {
    self.text = Array(text.unicodeScalars)
    // Some editors begin a file with a mark of its encoding.
    if self.text.first == "\u{FEFF}" { index = 1 }
  }

  private var next: Unicode.Scalar? { index < text.count ? text[index] : nil }

  private mutating func advance() {
    guard let next else { return }
    if next == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
    index += 1
  }

  private mutating func skip(while isSkipped: (Unicode.Scalar) -> Bool) {
    while let scalar = next, isSkipped(scalar) { advance() }
  }

  private mutating func skipBlanks() { skip { $0 == " " || $0 == "\t" || $0 == "\r" } }

  mutating func skipLine() { skip { $0 != "\n" } }

  /// Skips empty lines and comments; false at the end of the file.
  mutating func skipToSetting() -> Bool {
    skip(while: \.properties.isPatternWhitespace)
    while next == "#" {
      skipLine()
      skip(while: \.properties.isPatternWhitespace)
    }
    return next != nil
  }

  private func mistake(_ message: String) -> Mistake {
    Mistake(line: line, column: column, message: message)
  }

  mutating func setting() throws(Mistake) -> (String, SettingsText.Value) {
    if next == "[" { throw mistake("there are no sections here; leave the line out") }
    let key = try key()
    skipBlanks()
    guard next == "=" else { throw mistake("expected a line like theme = \"dark\"") }
    advance()
    skipBlanks()
    let value = next == "[" ? SettingsText.Value.list(try list()) : try single(of: key)
    skipBlanks()
    if next == "#" { skipLine() }
    guard next == nil || next == "\n" else {
      throw mistake("something stands behind the value of \(key)")
    }
    return (key, value)
  }

  private mutating func key() throws(Mistake) -> String {
    if next == "\"" || next == "'" { return try string() }
    let word = word { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" }
    guard !word.isEmpty else { throw mistake("expected a line like theme = \"dark\"") }
    return word
  }

  /// What goes on in one piece: the characters that are allowed, and what numbers and keys have.
  private mutating func word(_ isAllowed: (Unicode.Scalar) -> Bool) -> String {
    let start = index
    skip { isAllowed($0) || "+-.:".unicodeScalars.contains($0) }
    return String(String.UnicodeScalarView(text[start..<index]))
  }

  private mutating func single(of key: String) throws(Mistake) -> SettingsText.Value {
    if next == "\"" || next == "'" { return .string(try string()) }
    let start = self
    let word = word { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" }
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default: break
    }
    let digits = word.filter { $0 != "_" }
    if digits.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(digits),
      number.isFinite
    {
      return .number(number)
    }
    let hint = word.isEmpty ? "" : "; words stand in quotes"
    throw start.mistake(
      "the value of \(key) isn’t a string in quotes, a number, true, false or a list\(hint)")
  }

  /// Strings between brackets, on one line or several.
  private mutating func list() throws(Mistake) -> [String] {
    let start = self
    var strings: [String] = []
    var needsComma = false
    advance()
    while skipToSetting(), let next {
      // Where the next setting begins, only the list's first line is lost.
      if line != start.line, next.properties.isAlphabetic { break }
      switch next {
      case "]":
        advance()
        return strings
      case ",":
        guard needsComma else { throw mistake("expected a string in quotes") }
        advance()
        needsComma = false
      case "\"", "'":
        guard !needsComma else { throw mistake("expected a comma or the list’s end") }
        strings.append(try string())
        needsComma = true
      default:
        throw mistake(
          needsComma ? "expected a comma or the list’s end" : "expected a string in quotes")
      }
    }
    self = start
    throw mistake("the list isn’t closed with ]")
  }

  private mutating func string() throws(Mistake) -> String {
    let start = self
    let quote = next
    advance()
    var content = String.UnicodeScalarView()
    while let scalar = next, scalar != "\n" {
      if scalar == quote {
        advance()
        if content.isEmpty, next == quote {
          throw start.mistake("strings of several lines aren’t read here")
        }
        return String(content)
      }
      if scalar == "\\", quote == "\"" {
        content.append(try escape())
        continue
      }
      if scalar != "\t", scalar.value < 0x20 || scalar.value == 0x7F { break }
      content.append(scalar)
      advance()
    }
    throw start.mistake("the string isn’t closed on its line")
  }

  private mutating func escape() throws(Mistake) -> Unicode.Scalar {
    let start = self
    advance()
    let letter = next
    advance()
    switch letter {
    case "\"", "\\": return letter ?? "\\"
    case "t": return "\t"
    case "n": return "\n"
    case "u", "U":
      let first = index
      let length = letter == "u" ? 4 : 8
      while let digit = next, digit.properties.isASCIIHexDigit, index < first + length { advance() }
      let digits = String(String.UnicodeScalarView(text[first..<index]))
      if digits.unicodeScalars.count == length, let value = UInt32(digits, radix: 16),
        value >= 0x20,
        value != 0x7F, let scalar = Unicode.Scalar(value)
      {
        return scalar
      }
    default: break
    }
    throw start.mistake("an unknown escape; a backslash itself is written \\\\")
  }
}
