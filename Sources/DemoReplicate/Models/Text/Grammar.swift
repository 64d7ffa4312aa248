/// Chooses sentences and fills in their placeholders.
struct Grammar: Sendable {
  /// The values of the placeholders `{name}`, `{place}` and so on.
  var fills: [String: String] = [:]
  /// With 0, the first choice is always taken; with 1, any of them.
  var freedom: Double
  private(set) var random: SeededRandom

  init(seed: String, number: UInt64, freedom: Double) {
    self.freedom = freedom.clamped(to: 0...1)
    random = SeededRandom(seed, number)
  }

  /// One of the choices.
  mutating func choose(_ choices: [String]) -> String {
    guard !choices.isEmpty else { return "" }
    let reach = Int((Double(choices.count) * freedom).rounded(.up)).clamped(to: 1...choices.count)
    let throwing = random.next()
    return choices[Int(throwing % UInt64(reach))]
  }

  /// Several different choices, in order if there is no freedom.
  mutating func several(_ count: Int, of choices: [String]) -> [String] {
    var left = choices
    var taken: [String] = []
    while taken.count < count, !left.isEmpty {
      let choice = choose(left)
      left.removeAll { $0 == choice }
      taken.append(choice)
    }
    return taken
  }

  /// One of the sentences, with its placeholders filled in.
  mutating func say(_ sentences: [String]) -> String {
    filled(choose(sentences))
  }

  /// Fills in the placeholders; `{Name}` is capitalized.
  func filled(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      let key = String(rest[rest.index(after: open)..<close])
      if let fill = fills[key] {
        result += fill
      } else if let fill = fills[key.prefix(1).lowercased() + key.dropFirst()] {
        result += fill.capitalizedFirst
      }
      rest = rest[rest.index(after: close)...]
    }
    // A quoted question keeps its question mark, without a comma after it.
    return (result + rest).split(separator: "?’,", omittingEmptySubsequences: false)
      .joined(separator: "?’")
  }
}
