/// Picks among sentences and fills their open places.
struct Grammar: Sendable {
  /// What stands for `{name}`, `{place}` and so on.
  var fills: [String: String] = [:]
  /// 0 takes always the first choice, 1 any.
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

  /// Some of the choices in their order or, with freedom, in another; none twice.
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

  /// One of the sentences, filled.
  mutating func say(_ sentences: [String]) -> String {
    filled(choose(sentences))
  }

  /// The text with its open places filled; `{Name}` begins with a capital.
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
    // A question that is quoted keeps its mark, and takes no comma after it.
    return (result + rest).split(separator: "?’,", omittingEmptySubsequences: false)
      .joined(separator: "?’")
  }
}
