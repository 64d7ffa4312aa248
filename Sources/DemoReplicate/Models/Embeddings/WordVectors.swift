/// Maps texts to vectors, so that texts with words in common are close to each other.
enum WordVectors {
  /// Hashes words and their trigrams to a few dimensions each.
  static func vector(_ text: String, dimensions: Int, isNormalized: Bool = true) -> [Double] {
    var vector = [Double](repeating: 0, count: dimensions)
    for word in Scene.words(of: text) where !small.contains(word) {
      add(word, weight: 1, to: &vector)
      let letters = Array("<" + word + ">")
      guard letters.count > 3 else { continue }
      for begin in 0...(letters.count - 3) {
        add(String(letters[begin..<(begin + 3)]), weight: 0.4, to: &vector)
      }
    }
    guard isNormalized else { return vector }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }

  /// The cosine similarity of two normalized vectors, from -1 to 1.
  static func similarity(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func add(_ piece: String, weight: Double, to vector: inout [Double]) {
    var random = SeededRandom(piece)
    // Several dimensions each, so that two pieces rarely share all of theirs.
    for _ in 0..<4 {
      let throwing = random.next()
      let place = Int(throwing % UInt64(vector.count))
      vector[place] += throwing >> 63 == 0 ? weight : -weight
    }
  }

  private static let small: Set = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on",
    "or", "that", "the", "to", "was", "were", "with",
  ]
}
