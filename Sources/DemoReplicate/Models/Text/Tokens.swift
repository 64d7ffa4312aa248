/// Splits text into small pieces, like the tokens of a language model.
enum Tokens {
  /// Words with their leading space, long ones in two pieces, and punctuation marks. Joined, they
  /// are the original text.
  static func split(_ text: String) -> [String] {
    var tokens: [String] = []
    var current = ""
    func flush() {
      guard current.count > 9 else {
        if !current.isEmpty { tokens.append(current) }
        current = ""
        return
      }
      let middle = current.index(current.startIndex, offsetBy: current.count / 2 + 1)
      tokens.append(String(current[..<middle]))
      tokens.append(String(current[middle...]))
      current = ""
    }
    for character in text {
      if character.isWhitespace {
        flush()
        current.append(character)
        // A line break is a token of its own; a space belongs to the next word.
        if character != " " { flush() }
      } else if character.isLetter || character.isNumber || character == "'" || character == "’" {
        current.append(character)
      } else {
        flush()
        tokens.append(String(character))
      }
    }
    flush()
    return tokens
  }
}
