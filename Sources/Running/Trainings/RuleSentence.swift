import Pictures

/// A sentence of a trainer's description, in words of lower case.
struct RuleSentence: Sendable {
  /// Without the punctuation around them: `a`, `10-20`, `1024x1024`, `my-photo.jpg`, `images/`.
  let words: [String]

  /// What a number of pictures is.
  enum Qualifier: Hashable, Sendable {
    case fewest, most, between
  }

  /// Splits a text at line breaks and at the ends of sentences.
  static func sentences(of text: String) -> [RuleSentence] {
    var sentences: [RuleSentence] = []
    var words: [String] = []
    func end() {
      if !words.isEmpty { sentences.append(RuleSentence(words: words)) }
      words = []
    }
    for line in text.lowercased().split(whereSeparator: \.isNewline) {
      for part in line.split(whereSeparator: { $0.isWhitespace || ",;()[]{}\"`“”*|".contains($0) })
      {
        // A slash at the end is part of the name of a folder; one between words separates them.
        let bare = part.trimming { ".:!?'’‘".contains($0) }
        let isName = bare.contains(".") && !part.hasPrefix(".") || bare.hasSuffix("/")
        for piece in isName ? [bare] : bare.split(separator: "/") {
          let word = piece.trimming { ".'’‘".contains($0) }
          if !word.isEmpty { words.append(String(word.map { $0 == "’" ? "'" : $0 })) }
        }
        if let last = part.last, ".!?".contains(last), part != "e.g.", part != "i.e." { end() }
      }
      end()
    }
    return sentences
  }

  private init(words: [String]) { self.words = words }

  /// Whether these words follow each other.
  func has(_ sought: String...) -> Bool {
    words.indices.contains { words[$0...].starts(with: sought) }
  }

  var isNegative: Bool {
    words.indices.contains { index in
      if words[index].hasSuffix("n't") { return true }
      guard Self.negations.contains(words[index]) else { return false }
      // "no more than 50 images"
      return !(["more", "fewer", "less"].contains(word(index + 1)) && word(index + 2) == "than")
    }
  }

  /// Whether it is about pictures that aren't the training's, or about other numbers of them.
  var isAboutOthers: Bool {
    words.contains { word in Self.others.contains { word.hasPrefix($0) } }
  }

  var isAdvice: Bool {
    words.contains { word in Self.advice.contains { word.hasPrefix($0) } }
  }

  var isDemand: Bool {
    !isAdvice
      && words.contains { ["must", "required", "requires", "require", "need"].contains($0) }
  }

  /// Whether a size is the least one.
  var hasLeast: Bool {
    has("at", "least") || has("or", "larger") || has("or", "higher") || has("or", "bigger")
      || words.contains { ["minimum", "min"].contains($0) }
  }

  /// The formats that are named, not those of examples of files.
  var formats: Set<PictureHeader.Format> { Set(words.compactMap { Self.formats[$0] }) }

  /// A size in pixels: 1024x1024, or 512 px for both sides.
  var size: PictureHeader.Size? {
    for (index, word) in words.enumerated() {
      let parts = word.split { "x×".contains($0) }
      if parts.count == 2, let width = Self.side(parts[0]), let height = Self.side(parts[1]) {
        return PictureHeader.Size(width: width, height: height)
      }
      let next = index + 1 < words.count ? words[index + 1] : ""
      let isPixels = ["px", "pixels", "pixel"].contains(next)
      if isPixels || word.hasSuffix("px"), let side = Self.side(word.prefix { $0 != "p" }) {
        return PictureHeader.Size(width: side, height: side)
      }
    }
    return nil
  }

  private static func side(_ text: some StringProtocol) -> Int? {
    text.utf8.count <= 5 ? Int(text).flatMap { (16...16_384).contains($0) ? $0 : nil } : nil
  }

  /// Numbers of pictures, and what they are. A number that is nothing in particular isn't among
  /// them.
  func counts() -> [(count: ClosedRange<Int>, qualifier: Qualifier)] {
    var counts: [(count: ClosedRange<Int>, qualifier: Qualifier)] = []
    for index in words.indices {
      guard var number = Number(words[index]), var end = noun(after: index) else { continue }
      var start = index
      // "10 to 20 images", and "between 10 and 20 images".
      if start >= 2, number.isSingle, let low = Number(words[start - 2]), low.isSingle,
        low.range.lowerBound <= number.range.upperBound,
        words[start - 1] == "to" || (words[start - 1] == "and" && word(start - 3) == "between")
      {
        number.range = low.range.lowerBound...number.range.upperBound
        number.isSingle = false
        start -= 2
      }
      if word(end + 1) == "or" { end += 1 }
      if let qualifier = qualifier(of: number, from: start, to: end) {
        counts.append((number.range, qualifier))
      }
    }
    return counts
  }

  private func qualifier(of number: Number, from start: Int, to end: Int) -> Qualifier? {
    if !number.isSingle { return .between }
    if number.isOpen { return .fewest }
    let before = words[..<start].suffix(3).joined(separator: " ")
    let isFewest = ["at least", "minimum of", "minimum", "min", "no fewer than", "no less than"]
      .contains { before == $0 || before.hasSuffix(" " + $0) }
    if isFewest { return .fewest }
    let isMost = [
      "at most", "maximum of", "maximum", "max", "no more than", "not more than", "up to",
    ].contains { before == $0 || before.hasSuffix(" " + $0) }
    if isMost { return .most }
    switch word(end + 1) {
    case "more", "minimum", "min": return .fewest
    case "fewer", "less", "maximum", "max": return .most
    default: return nil
    }
  }

  /// Where the pictures stand that a number counts: "10 images", "12 high quality training images".
  private func noun(after index: Int) -> Int? {
    words.indices.dropFirst(index + 1).prefix(4).first { place in
      Self.nouns.contains(words[place])
        && words[(index + 1)..<place].allSatisfy { Self.isAdjective($0) }
    }
  }

  private func word(_ index: Int) -> String? { words.indices.contains(index) ? words[index] : nil }

  private static func isAdjective(_ word: String) -> Bool {
    !["per", "of", "or", "and", "for", "to", "steps", "in", "with", "times", "x"].contains(word)
      && Number(word) == nil
  }

  /// A count of pictures: 10, 10-20, or 10+.
  private struct Number {
    var range: ClosedRange<Int>
    var isSingle = true
    var isOpen = false

    init?(_ word: String) {
      var body = word[...]
      if body.last == "+" {
        isOpen = true
        body = body.dropLast()
      }
      let parts = body.split(omittingEmptySubsequences: false) { "-–—~".contains($0) }
      guard (1...2).contains(parts.count), let first = Self.count(parts[0]),
        let last = Self.count(parts[parts.count - 1]), first <= last
      else { return nil }
      range = first...last
      isSingle = parts.count == 1
    }

    private static func count(_ text: Substring) -> Int? {
      guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      return Int(text).flatMap { $0 > 0 ? $0 : nil }
    }
  }

  private static let nouns: Set<String> = ["images", "pictures", "photos", "photographs"]
  private static let negations: Set<String> = ["not", "no", "never", "without", "except", "cannot"]
  private static let others = [
    "generat", "output", "sampl", "validation", "regulari", "batch", "step", "epoch", "predict",
    "augment", "repeat",
  ]
  private static let advice = [
    "recommend", "suggest", "ideal", "best", "better", "prefer", "should", "typical", "usual",
    "advis", "good", "well", "optimal", "can",
  ]
  private static let formats: [String: PictureHeader.Format] = [
    "jpg": .jpeg, "jpeg": .jpeg, "jpgs": .jpeg, "jpegs": .jpeg, "png": .png, "pngs": .png,
    "webp": .webp, "gif": .gif, "bmp": .bmp, "tif": .tiff, "tiff": .tiff, "heic": .heic,
    "avif": .avif,
  ]
}
