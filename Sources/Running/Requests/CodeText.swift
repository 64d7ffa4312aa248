import ReplicateAPI

/// Texts and numbers as the literals of a language.
enum CodeText {
  /// How a language writes a scalar by its number.
  enum ScalarEscape {
    /// `\u00e9`, and two of them for a scalar beyond the basic plane, as in JSON and JavaScript.
    case utf16
    /// `\u00e9`, `\U0001f600`, as in Python.
    case python
    /// `\u{e9}`, as in Swift.
    case braces
  }

  /// A text between double quotes. All that can't be seen is escaped, so that the code reads as it
  /// runs, and stays whole on its way through a terminal and a clipboard.
  static func quoted(_ text: String, _ escape: ScalarEscape = .utf16) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += #"\""#
      case "\\": result += #"\\"#
      case "\n": result += #"\n"#
      case "\r": result += #"\r"#
      case "\t": result += #"\t"#
      case _ where isInvisible(scalar): result += escaped(scalar, escape)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar, _ escape: ScalarEscape) -> String {
    switch escape {
    case .utf16: String(scalar).utf16.map { #"\u"# + hex(UInt32($0), 4) }.joined()
    case .python where scalar.value > 0xFFFF: #"\U"# + hex(scalar.value, 8)
    case .python: #"\u"# + hex(scalar.value, 4)
    case .braces: #"\u{"# + hex(scalar.value, 1) + "}"
    }
  }

  private static func hex(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// Controls, marks of direction, and other scalars without a shape. Joiners and variation
  /// selectors belong to emoji.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F: false
    case 0x200C, 0x200D, 0xFE00...0xFE0F: false
    case 0..<0xA0, 0xAD, 0x2028, 0x2029, 0xE0000...0xE0FFF: true
    default: scalar.properties.generalCategory == .format
    }
  }

  /// Whether a program that reads the number as a 64-bit float writes the same number again.
  static func isExactInDouble(_ number: JSONNumber) -> Bool {
    let double = number.double
    guard double.isFinite else { return false }
    let kept = JSONNumber(double)
    return !kept.isLess(than: number) && !number.isLess(than: kept)
  }

  /// A word of a shell command. Nothing between single quotes has a meaning.
  static func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: ":"),
        UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "%"):
        true
      default: false
      }
    }
    if isPlain, !text.isEmpty { return text }
    return "'\(text.replacing(scalar: "'", with: #"'\''"#))'"
  }
}

extension String {
  /// The text with a scalar replaced wherever it is, also where an accent follows, which makes both
  /// one character.
  package func replacing(scalar: Unicode.Scalar, with new: String) -> String {
    guard unicodeScalars.contains(scalar) else { return self }
    var scalars = String.UnicodeScalarView()
    for own in unicodeScalars {
      if own == scalar { scalars += new.unicodeScalars } else { scalars.append(own) }
    }
    return String(scalars)
  }
}

/// The parts in which languages differ when they write down a value.
protocol CodeSyntax {
  var indent: Int { get }
  /// The longest line on which a list or an object is kept in one piece.
  var lineLength: Int { get }
  var hasTrailingComma: Bool { get }
  var objectBrackets: (open: String, close: String, empty: String) { get }
  func scalar(_ value: CodeValue) -> String
  /// A member's name with its colon.
  func name(_ name: String) -> String
}

extension CodeSyntax {
  var indent: Int { 2 }
  var lineLength: Int { 80 }
  var hasTrailingComma: Bool { true }
  var objectBrackets: (open: String, close: String, empty: String) { ("{", "}", "{}") }

  /// A value as it is written after `column` columns of a line that is indented by `depth` spaces.
  ///
  /// - Parameter breaks: Whether its members, and those of the input in it, get lines of their own
  ///   even if they are short.
  func text(
    _ value: CodeValue, depth: Int = 0, column: Int = 0, breaks: Bool = false
  ) -> String {
    switch value {
    case .list(let elements):
      return block(
        elements.map { ("", $0) }, ("[", "]", "[]"), depth: depth, column: column, breaks: breaks)
    case .object(let members):
      return block(
        members.map { ("\(name($0.name)) ", $0.value) }, objectBrackets, depth: depth,
        column: column, breaks: breaks)
    default: return scalar(value)
    }
  }

  private func block(
    _ items: [(label: String, value: CodeValue)],
    _ brackets: (open: String, close: String, empty: String), depth: Int, column: Int,
    breaks: Bool
  ) -> String {
    if items.isEmpty { return brackets.empty }
    if !breaks, items.allSatisfy({ $0.value.isScalar }) {
      let pad = brackets.open == "{" ? " " : ""
      var line = brackets.open + pad
      var isShort = true
      for (index, item) in items.enumerated() {
        line += (index > 0 ? ", " : "") + item.label + scalar(item.value)
        isShort = column + line.utf8.count < lineLength
        if !isShort { break }
      }
      if isShort { return line + pad + brackets.close }
    }
    let inner = depth + indent
    let margin = String(repeating: " ", count: inner)
    var text = brackets.open
    for (index, item) in items.enumerated() {
      let isLast = index == items.count - 1
      text += "\n\(margin)\(item.label)"
      let isInput = breaks && item.label == "\(name("input")) "
      text += self.text(
        item.value, depth: inner, column: inner + item.label.utf8.count + 1, breaks: isInput)
      if !isLast || hasTrailingComma { text += "," }
    }
    return text + "\n" + String(repeating: " ", count: depth) + brackets.close
  }
}

extension CodeValue {
  var isScalar: Bool {
    switch self {
    case .list(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    case .file: false
    default: true
    }
  }
}
