/// Measures an English text.
struct TextMeasures: Sendable {
  let words: [String]
  let sentences: Int
  let syllables: Int
  let characters: Int
  let paragraphs: Int

  init(_ text: String) {
    words = text.split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }
      .map { String($0).lowercased().trimmed(of: "'’") }.filter { !$0.isEmpty }
    characters = text.count
    let marks = text.split(whereSeparator: { ".!?…".contains($0) })
    sentences = max(words.isEmpty ? 0 : 1, marks.filter { $0.contains(where: \.isLetter) }.count)
    syllables = words.reduce(0) { $0 + Self.syllables($1) }
    var (count, isInside) = (0, false)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isEmpty = line.allSatisfy(\.isWhitespace)
      if !isEmpty, !isInside { count += 1 }
      isInside = !isEmpty
    }
    paragraphs = count
  }

  /// The Flesch reading ease: 100 is very easy, 0 very hard.
  var readingEase: Double {
    guard !words.isEmpty, sentences > 0 else { return 0 }
    return 206.835 - 1.015 * Double(words.count) / Double(sentences) - 84.6
      * Double(syllables) / Double(words.count)
  }

  /// Minutes to read it at 230 words per minute.
  var minutes: Double {
    Double(words.count) / 230
  }

  /// The most common words with more than three letters, and their counts.
  func mostCommon(_ count: Int) -> [(word: String, count: Int)] {
    var counts: [String: Int] = [:]
    for word in words where word.count > 3 { counts[word, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count)
      .map { (word: $0.key, count: $0.value) }
  }

  /// Counts groups of vowels, except a silent e at the end. Right for most English words.
  static func syllables(_ word: String) -> Int {
    var (count, isInside) = (0, false)
    for letter in word {
      let isVowel = "aeiouyäöüéèê".contains(letter)
      if isVowel, !isInside { count += 1 }
      isInside = isVowel
    }
    if count > 1, word.hasSuffix("e"), !word.hasSuffix("le") { count -= 1 }
    return max(1, count)
  }
}
