/// When cells are born and when they survive, such as `B3/S23`.
struct LifeRule: Sendable, Equatable {
  var born: Set<Int> = []
  var survives: Set<Int> = []

  init(_ text: String) {
    let parts = text.uppercased().split(separator: "/")
    for part in parts {
      let counts = Set(part.dropFirst().compactMap(\.wholeNumberValue))
      if part.first == "B" { born = counts }
      if part.first == "S" { survives = counts }
    }
  }
}
