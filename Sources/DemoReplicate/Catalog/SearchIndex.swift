import ReplicateAPI

/// The searchable text of every model in one buffer, so that a hundred thousand models can be
/// searched in a few milliseconds.
struct SearchIndex: Sendable {
  private struct Span: Sendable {
    var owner: Int
    var name: Int
    var description: Int
    var end: Int
  }

  private var text: [UInt8] = []
  private var spans: [Span] = []
  private var runs: [Int] = []

  init(_ entries: [DemoCatalog.Entry]) {
    spans.reserveCapacity(entries.count)
    runs.reserveCapacity(entries.count)
    for entry in entries {
      let owner = text.count
      append(entry.id.owner)
      let name = text.count
      append(entry.id.name)
      let description = text.count
      append(entry.description ?? "")
      spans.append(Span(owner: owner, name: name, description: description, end: text.count))
      runs.append(entry.runCount)
    }
  }

  private mutating func append(_ words: String) {
    text.append(contentsOf: words.utf8.lazy.map(Self.lowered))
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }

  /// The models that contain every word. Matches in the name come first, then models with more
  /// runs.
  func search(_ query: String, limit: Int) -> [(index: Int, score: Double)] {
    let words = query.split { !$0.isLetter && !$0.isNumber }.map { $0.utf8.map(Self.lowered) }
    guard !words.isEmpty, limit > 0 else { return [] }
    var best: [(index: Int, score: Int)] = []
    text.withUnsafeBufferPointer { text in
      for (index, span) in spans.enumerated() {
        var score = 0
        for word in words {
          let points = Self.points(word, text, span)
          if points == 0 {
            score = 0
            break
          }
          score += points
        }
        guard score > 0 else { continue }
        if best.count == limit, let last = best.last, !isBetter(index, score, than: last) {
          continue
        }
        let slot = best.firstIndex { isBetter(index, score, than: $0) } ?? best.count
        best.insert((index, score), at: slot)
        if best.count > limit { best.removeLast() }
      }
    }
    let most = Double(Self.mostPoints * words.count)
    return best.map { ($0.index, Double($0.score) / most) }
  }

  private func isBetter(_ index: Int, _ score: Int, than other: (index: Int, score: Int)) -> Bool {
    (score, runs[index]) > (other.score, runs[other.index])
  }

  private static let mostPoints = 10

  private static func points(
    _ word: [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ span: Span
  ) -> Int {
    if let found = find(word, in: text, from: span.name, to: span.description) {
      if found > span.name { return 6 }
      return span.description - span.name == word.count ? mostPoints : 8
    }
    if find(word, in: text, from: span.owner, to: span.name) != nil { return 4 }
    return find(word, in: text, from: span.description, to: span.end) == nil ? 0 : 2
  }

  private static func find(
    _ word: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
  ) -> Int? {
    let first = word[0]
    var index = start
    while index + word.count <= end {
      if text[index] == first {
        var length = 1
        while length < word.count, text[index + length] == word[length] { length += 1 }
        if length == word.count { return index }
      }
      index += 1
    }
    return nil
  }
}
