/// Text in the small pieces in which a language model gives it.
enum Tokens {
  /// Words with the space before them, long ones in two pieces, and marks of punctuation; joined
  /// again they are the text.
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
        // A line end stands alone, a space goes with the word that follows.
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
