/// The subject of a prompt, as a phrase that fits into a sentence: "a keeper of lost umbrellas".
struct Subject: Sendable {
  var phrase: String
  /// The meaningful words in it, lowercased.
  var words: [String]

  init(_ prompt: String) {
    let flat = prompt.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    phrase = Self.phrase(flat)
    words = phrase.lowercased().split { !$0.isLetter }.map(String.init)
      .filter { $0.count > 2 && !Self.small.contains($0) }
  }

  private static func phrase(_ prompt: String) -> String {
    guard !prompt.isEmpty else { return "nothing in particular" }
    let lower = prompt.lowercased()
    if prompt.hasSuffix("?") { return "the question ‘\(prompt)’" }
    var rest = prompt
    for lead in leads where lower.contains(lead) {
      if let range = lower.firstRange(of: lead) {
        let offset = lower.distance(from: lower.startIndex, to: range.upperBound)
        rest = String(prompt.dropFirst(offset))
        break
      }
    }
    if rest == prompt, verbs.contains(String(lower.prefix { $0.isLetter })) {
      return "the words ‘\(shortened(prompt))’"
    }
    rest = shortened(String(rest.prefix { !".!;\n".contains($0) }))
    guard let first = rest.first else { return "nothing in particular" }
    // Articles lose their capital, as they move into the middle of a sentence.
    let word = rest.prefix { $0.isLetter }
    if articles.contains(word.lowercased()) {
      return first.lowercased() + rest.dropFirst()
    }
    return rest
  }

  /// At most 16 words.
  private static func shortened(_ text: String) -> String {
    let words = text.split(separator: " ")
    let kept = words.prefix(16).joined(separator: " ")
    let trimmed = kept.trimmed(of: " ,:.!\"")
    return words.count > 16 ? trimmed + " …" : trimmed
  }

  private static let leads = [" about ", "about ", " describing ", " on the subject of "]
  private static let articles: Set = [
    "a", "an", "the", "my", "our", "some", "two", "three", "how", "why", "when", "where",
  ]
  private static let verbs: Set = [
    "write", "tell", "explain", "describe", "give", "make", "list", "translate", "summarise",
    "summarize", "say", "sing", "continue", "finish", "please", "can", "could", "help",
  ]
  private static let small: Set = [
    "the", "and", "who", "whose", "that", "with", "for", "from", "into", "his", "her", "its",
    "their", "about", "question", "words", "what", "which", "when", "where", "how", "why", "has",
    "have", "are", "was", "were", "not", "but", "you", "your", "very", "some", "nothing",
    "particular", "does", "this",
  ]
}

extension String {
  /// Without these characters at either end.
  func trimmed(of characters: String) -> String {
    var rest = self[...]
    while let first = rest.first, characters.contains(first) { rest.removeFirst() }
    while let last = rest.last, characters.contains(last) { rest.removeLast() }
    return String(rest)
  }

  /// With the first letter capitalized.
  var capitalizedFirst: String {
    prefix(1).uppercased() + dropFirst()
  }
}
