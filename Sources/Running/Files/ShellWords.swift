/// Splits what a terminal types when files are dropped on it: paths quoted as for a shell.
package enum ShellWords {
  package struct Word: Hashable, Sendable {
    package var text: String
    /// Whether the word is the whole text.
    package var isWhole = false
  }

  /// The words without their quotes and backslashes; nil if a quote isn't closed.
  package static func split(_ text: String) -> [Word]? {
    var words: [Word] = []
    // Grown in place: what is pasted can be megabytes long.
    var word = ""
    var hasWord = false
    var quote: Character?
    var rest = text[...]
    while let character = rest.popFirst() {
      switch (quote, character) {
      case (nil, "'"), (nil, "\""):
        quote = character
        hasWord = true
      case ("'", "'"), ("\"", "\""): quote = nil
      case (nil, "\\"), ("\"", "\\"):
        hasWord = true
        guard let next = rest.popFirst() else {
          word.append("\\")
          break
        }
        if quote != nil, !"\"\\$`".contains(next) { word.append("\\") }
        word.append(next)
      case (nil, _) where character.isWhitespace:
        if hasWord { words.append(Word(text: word)) }
        (word, hasWord) = ("", false)
      default:
        word.append(character)
        hasWord = true
      }
    }
    guard quote == nil else { return nil }
    if hasWord { words.append(Word(text: word)) }
    if words.count == 1 { words[0].isWhole = true }
    return words
  }

  /// The files in a text that was pasted or dropped, as texts for fields.
  ///
  /// Several are told apart by lines, or by blanks, if all are absolute paths or addresses. Anything
  /// else is one text, which is returned without the quotes around it.
  package static func files(in pasted: String, _ place: FilePlace = .current) -> [String] {
    let lines = pasted.split(whereSeparator: \.isNewline).map { String($0.trimmingBlanks()) }
      .filter { !$0.isEmpty }
    if lines.count > 1 {
      // A list of addresses may have comments (RFC 2483).
      let files = lines.filter { !$0.hasPrefix("#") }
      guard files.allSatisfy({ startsLikeFile(split($0)?.first?.text ?? $0) }) else {
        return [pasted]
      }
      return files.flatMap { self.files(in: $0, place) }
    }
    guard let line = lines.first else { return [] }
    guard !isAddress(line), let words = split(line) else { return [line] }
    if words.count > 1, words.allSatisfy({ startsLikeFile($0.text) }) {
      return words.map { plain($0.text, place) }
    }
    guard words.count == 1, line.contains(where: { "'\"\\".contains($0) }) else {
      return [plain(line, place)]
    }
    return [plain(words[0].text, place)]
  }

  private static func isAddress(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    return start.hasPrefix("http://") || start.hasPrefix("https://") || start.hasPrefix("data:")
  }

  private static func startsLikeFile(_ text: String) -> Bool {
    text.hasPrefix("/") || text.hasPrefix("~/") || LocalPath.bytes(ofFileURL: text) != nil
      || isAddress(text)
  }

  /// A file's URL as a path, where that is the same file.
  private static func plain(_ text: String, _ place: FilePlace) -> String {
    LocalPath.bytes(ofFileURL: text).map { LocalPath(bytes: $0).text(in: place) } ?? text
  }
}
