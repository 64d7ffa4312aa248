extension SeededRandom {
  /// Letters and digits, like Replicate's IDs.
  mutating func identifier(_ length: Int = 26) -> String {
    letters(of: "abcdefghijkmnpqrstvwxyz0123456789", length)
  }

  mutating func hex(_ length: Int) -> String {
    letters(of: "0123456789abcdef", length)
  }

  private mutating func letters(of alphabet: String, _ length: Int) -> String {
    let alphabet = Array(alphabet)
    return String((0..<length).map { _ in alphabet[integer(0...(alphabet.count - 1))] })
  }
}
