/// Splits a command as written in $EDITOR into words: `code --wait`, `"$HOME/my editor/e" -f`.
///
/// `~` at the beginning of a word and variables (`$HOME`, `${HOME}`) are expanded as a shell does,
/// but what they stand for isn't split again. Single quotes and backslashes prevent it.
package enum CommandWords {
  /// The words; nil if a quote isn't closed or the text ends with a backslash.
  package static func split(_ text: String, _ environment: [String: String]) -> [String]? {
    var words: [String] = []
    var word = ""
    var isInWord = false
    var quote: Character?
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "\\" where quote != "'":
        guard let next = rest.popFirst() else { return nil }
        word.append(next)
        isInWord = true
      case "\"", "'":
        if quote == character {
          quote = nil
        } else if quote == nil {
          quote = character
        } else {
          word.append(character)
        }
        isInWord = true
      case "~" where quote == nil && !isInWord && isAlone(rest):
        word += environment["HOME"] ?? "~"
        isInWord = true
      case "$" where quote != "'":
        if let name = takeName(&rest) {
          let value = environment[name] ?? ""
          word += value
          // Like a shell's, an empty variable is a word only within quotes.
          isInWord = isInWord || !value.isEmpty
        } else {
          word.append(character)
          isInWord = true
        }
      case _ where quote == nil && character.isWhitespace:
        if isInWord { words.append(word) }
        word = ""
        isInWord = false
      default:
        word.append(character)
        isInWord = true
      }
    }
    guard quote == nil else { return nil }
    if isInWord { words.append(word) }
    return words
  }

  /// Expands `~` and variables in a word that needn't be split.
  package static func expanded(_ word: String, _ environment: [String: String]) -> String {
    var result = ""
    var rest = word[...]
    if rest.first == "~", isAlone(rest.dropFirst()), let home = environment["HOME"] {
      result = home
      rest.removeFirst()
    }
    while let character = rest.popFirst() {
      if character == "$", let name = takeName(&rest) {
        result += environment[name] ?? ""
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// Whether a `~` before this is the user's own home folder, and not another user's.
  private static func isAlone(_ rest: Substring) -> Bool {
    rest.first.map { $0 == "/" || $0.isWhitespace } ?? true
  }

  /// Takes a variable's name from what follows a `$`.
  private static func takeName(_ rest: inout Substring) -> String? {
    let isBraced = rest.first == "{"
    let start = isBraced ? rest.dropFirst() : rest
    let name = start.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let after = start.dropFirst(name.count)
    guard let first = name.first, !first.isNumber, !isBraced || after.first == "}" else {
      return nil
    }
    rest = isBraced ? after.dropFirst() : after
    return String(name)
  }
}
