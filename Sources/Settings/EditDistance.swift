/// How different two words are, to guess which one was meant.
package enum EditDistance {
  /// The number of letters to add, remove or change to turn one word into the other.
  package static func between(_ one: String, _ other: String) -> Int {
    let other = Array(other)
    // A long word is close to none of ours.
    guard one.count <= 64 else { return one.count }
    var above = Array(0...other.count)
    for (row, letter) in one.enumerated() {
      var current = [row + 1]
      for (column, second) in other.enumerated() {
        let changed = above[column] + (letter == second ? 0 : 1)
        current.append(min(changed, above[column + 1] + 1, current[column] + 1))
      }
      above = current
    }
    return above[other.count]
  }

  /// The word that was probably meant, if one of them is close enough.
  package static func closest(to word: String, among words: [String]) -> String? {
    let distances = words.map { ($0, between(word.lowercased(), $0)) }
    guard let nearest = distances.min(by: { $0.1 < $1.1 }), nearest.1 <= 2 else { return nil }
    return nearest.0
  }
}
