import ReplicateAPI
import Running

// Random seeds.
extension InputForm {
  /// The seed that the random seed command sets: the focused field, otherwise the first seed.
  private var seedIndex: Int? {
    let seeds = visible.filter { fields[$0].isSeed }
    return seeds.first { $0 == focusedIndex } ?? seeds.first
  }

  /// Why there can't be a random seed, if there can't.
  public var seedProblem: String? {
    guard let index = seedIndex, case .integer(_, let rules) = fields[index].control else {
      return "This form has no seed."
    }
    guard NumberText.wholeBounds(rules) == nil else { return nil }
    return "No whole number is within the bounds of \(fields[index].name)."
  }

  /// Sets a random seed. Returns false if that isn't possible; see ``seedProblem``.
  func fillRandomSeed() -> Bool {
    guard let index = seedIndex, case .integer(_, let rules) = fields[index].control,
      let bounds = NumberText.wholeBounds(rules)
    else { return false }
    // Most models take 32 bits, whatever their schema says.
    let usual = Int128(0)...Int128(Int32.max)
    let range = bounds.overlaps(usual) ? bounds.clamped(to: usual) : bounds
    let seed: Int128
    if let low = Int(exactly: range.lowerBound), let high = Int(exactly: range.upperBound) {
      seed = Int128(random(low...high))
    } else {
      let width = min(range.upperBound - range.lowerBound, Int128(Int.max))
      seed = range.lowerBound + Int128(random(0...Int(clamping: width)))
    }
    _ = focusField(index)
    return fill(String(seed))
  }
}
