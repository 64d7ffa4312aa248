/// Replies in the style of Weizenbaum's ELIZA of 1966: the first rule with a matching phrase wins.
enum Eliza {
  static func answer(to text: String, _ random: inout SeededRandom) -> String {
    let flat = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .split { ".!?;".contains($0) }.map { String($0).trimmed(of: " ,\"'") }
      .filter { !$0.isEmpty }
    for sentence in flat.reversed() {
      for rule in rules {
        guard let range = (" " + sentence + " ").firstRange(of: " " + rule.phrase + " ") else {
          continue
        }
        let rest = String((" " + sentence + " ")[range.upperBound...])
        let turned = reflected(rest.trimmed(of: " ,:"))
        let answers = rule.answers.filter { !turned.isEmpty || !$0.contains("*") }
        guard !answers.isEmpty else { continue }
        return random.pick(answers).split(separator: "*", omittingEmptySubsequences: false)
          .joined(separator: turned)
      }
    }
    return random.pick(otherwise)
  }

  /// The text with first and second person swapped.
  private static func reflected(_ text: String) -> String {
    text.split(separator: " ").map { word in
      let bare = String(word).trimmed(of: ",")
      guard let other = swaps[bare] else { return String(word) }
      return other + (word.hasSuffix(",") ? "," : "")
    }.joined(separator: " ")
  }

  private static let swaps = [
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "am": "are",
    "i'm": "you are", "i've": "you have", "i'd": "you would", "i'll": "you will", "you": "I",
    "your": "my", "yours": "mine", "yourself": "myself", "was": "were", "you're": "I am",
  ]

  private static let rules: [(phrase: String, answers: [String])] = [
    ("i need", ["What would it mean to you to get *?", "Are you sure that you need *?"]),
    ("i want", ["Suppose that you had *: what then?", "Why do you want *?"]),
    ("i can't", ["How do you know that you can't *?", "Perhaps you could * if you tried."]),
    ("i feel that", ["What makes you feel that *?", "Who else might feel that *?"]),
    ("i feel", ["Do you often feel *?", "When did you begin to feel *?"]),
    ("i am", ["How long have you been *?", "Do you enjoy being *?"]),
    ("i'm", ["How long have you been *?", "Do you believe that it is usual to be *?"]),
    ("i remember", ["Do you often think of *?", "Why do you think of * just now?"]),
    ("i think", ["Do you really think so?", "But you aren't sure that *?"]),
    ("i dreamt", ["Have you ever imagined * while you were awake?"]),
    ("because", ["Is that the real reason?", "What other reasons come to mind?"]),
    ("are you", ["Would you prefer it if I weren't *?", "What if I were *?"]),
    ("can you", ["You believe that I can *, don't you?", "Would you like me to be able to *?"]),
    ("why don't you", ["Do you really think that I don't *?", "Perhaps in time I will *."]),
    ("why can't i", ["Do you think that you should be able to *?"]),
    ("you are", ["What makes you think that I am *?", "Does it please you to believe so?"]),
    ("you", ["We were speaking of you, not of me.", "Why do you bring me into this?"]),
    ("my mother", ["Tell me more about your family."]),
    ("my father", ["Who else in your family comes to mind?"]),
    ("my", ["Your *, you say?", "Why do you say your *?"]),
    ("computer", ["Do machines worry you?", "What do you think machines have to do with it?"]),
    ("sorry", ["Please don't apologize.", "There is no need for that."]),
    ("hello", ["Hello. What is on your mind?", "Good day. How have you been?"]),
    ("always", ["Can you think of one example?", "Always, without exception?"]),
    ("yes", ["You seem quite sure.", "I see. Go on."]),
    ("no", ["Are you saying no just to be contrary?", "Why not?"]),
    ("what", ["Why do you ask?", "What would you like the answer to be?"]),
    ("how", ["How would you answer that yourself?", "What makes you ask?"]),
  ]

  private static let otherwise = [
    "Please go on.", "I see. And what does that tell you?", "How do you feel about that?",
    "Let us look at that more closely. Can you say more?", "That is interesting. Continue.",
  ]
}
