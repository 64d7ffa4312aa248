/// The numeric parameters of a control sequence, with their subparameters: `97:65;5`.
///
/// Parameters are read in place, so that a key press allocates nothing. The bytes must outlive this
/// value.
struct ControlParameters {
  private let text: UnsafeBufferPointer<UInt8>
  let count: Int

  private static let most = 99_999_999

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    count = text.isEmpty ? 0 : text.count { $0 == 0x3B } + 1
  }

  var values: [Int] { (0..<count).map { self[$0] } }

  subscript(index: Int) -> Int { number(of: index, part: 0) }

  /// The first subparameter of a parameter, or 0 if there is none.
  func sub(_ index: Int) -> Int { number(of: index, part: 1) }

  private func number(of index: Int, part: Int) -> Int {
    var (index, part, value) = (index, part, 0)
    for byte in text {
      switch byte {
      case 0x3B:
        if index == 0 { return part == 0 ? value : 0 }
        index -= 1
      case 0x3A where index == 0:
        if part == 0 { return value }
        part -= 1
      case 0x30..<0x3A where index == 0 && part == 0:
        value = min(value * 10 + Int(byte) - 0x30, Self.most)
      default: break
      }
    }
    return index == 0 && part == 0 ? value : 0
  }

  /// A modifiers parameter, which is 1 plus one bit per modifier. Nil for keys held with Super or
  /// Hyper, which belong to the desktop and must not be mistaken for the plain key.
  func modifiers(at index: Int) -> Key.Modifiers? {
    let bits = self[index] - 1
    guard bits > 0 else { return [] }
    if bits & 0b11000 != 0 { return nil }
    var modifiers: Key.Modifiers = []
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & 2 != 0 || bits & 32 != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.control) }
    return modifiers
  }
}
