/// Finds an API token in what people copy: a line of a shell script or a config file, a header.
public enum TokenText {
  /// The token in a text, without the blanks, quotes, `export`, `NAME=` and `Bearer` around it. Nil
  /// if what is left can't be a token, which has only ASCII letters, digits and `-._~+/=`.
  public static func token(in text: String) -> String? {
    var rest = Substring(text)
    while let inner = unwrapped(rest) { rest = inner }
    guard !rest.isEmpty, rest.utf8.allSatisfy(isTokenByte) else { return nil }
    return String(rest)
  }

  /// The text without what is outermost around it. Nil if nothing is.
  private static func unwrapped(_ text: Substring) -> Substring? {
    guard let first = text.first, let last = text.last else { return nil }
    if first.isWhitespace { return text.dropFirst() }
    if last.isWhitespace || last == ";" || last == "," { return text.dropLast() }
    for (opening, closing) in quotes where first == opening && last == closing && text.count > 1 {
      let inner = text.dropFirst().dropLast()
      // Otherwise these are two pairs of quotes, around a name and its value.
      if !inner.contains(opening) { return inner }
    }
    for word in ["export", "bearer", "token"] {
      let rest = text.dropFirst(word.count)
      if rest.first?.isWhitespace == true, text.prefix(word.count).lowercased() == word {
        return rest
      }
    }
    return value(in: text)
  }

  private static let quotes: [(Character, Character)] = [
    ("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("‘", "’"),
  ]

  /// The value of `NAME=value` or `name: value`, where the name may be in quotes.
  private static func value(in text: Substring) -> Substring? {
    guard let separator = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
    var name = text[..<separator]
    while let last = name.last, last.isWhitespace { name.removeLast() }
    for (opening, closing) in quotes where name.first == opening && name.last == closing {
      name = name.dropFirst().dropLast()
    }
    let value = text[text.index(after: separator)...]
    // A token may end in "=", and what follows a web address's colon isn't one.
    let isName =
      name.first?.isLetter == true
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    return isName && value.contains { $0 != "=" } && !value.hasPrefix("//") ? value : nil
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~+/=".utf8.contains(byte)
    }
  }
}
