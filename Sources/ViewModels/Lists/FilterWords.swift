/// The words of a filter. Each must occur in some text, regardless of case. Only the first thousand
/// characters count, so that a long text pasted by mistake doesn't slow down every key after it.
struct FilterWords {
  private let words: [String]

  init(_ text: String) {
    words = text.trimmingBlanks().prefix(1000).lowercased().split(separator: " ").map(String.init)
  }

  var isEmpty: Bool { words.isEmpty }

  func match(_ texts: [String]) -> Bool {
    guard !words.isEmpty else { return true }
    let lowered = texts.map { $0.lowercased() }
    return words.allSatisfy { word in lowered.contains { $0.contains(word) } }
  }
}
