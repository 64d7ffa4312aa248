/// The numbers of a control sequence, with their sub-parameters: `97:65;5`.
struct ControlParameters {
  private(set) var values: [Int] = []
  private var subs: [Int] = []

  init(_ text: UnsafeBufferPointer<UInt8>) {
    guard !text.isEmpty else { return }
    var value = 0
    var parts: [Int] = []
    func ended(_ parts: [Int], _ value: Int) -> (Int, Int) {
      let all = parts + [value]
      return (all[0], all.count > 1 ? all[1] : 0)
    }
    for byte in text {
      switch byte {
      case 0x30..<0x3A: value = min(value * 10 + Int(byte) - 0x30, 99_999_999)
      case 0x3A:
        parts.append(value)
        value = 0
      case 0x3B:
        let (main, sub) = ended(parts, value)
        values.append(main)
        subs.append(sub)
        parts = []
        value = 0
      default: break
      }
    }
    let (main, sub) = ended(parts, value)
    values.append(main)
    subs.append(sub)
  }

  var count: Int { values.count }

  subscript(index: Int) -> Int { index < values.count ? values[index] : 0 }

  /// The first sub-parameter of a parameter, 0 where there is none.
  func sub(_ index: Int) -> Int { index < subs.count ? subs[index] : 0 }

  /// A modifiers parameter: 1 plus a bit each. Nil for keys held with Super or Hyper: they are the
  /// desktop's, and must not pass for the plain key.
  func modifiers(at index: Int) -> Key.Modifiers? {
    guard index < values.count, values[index] > 1 else { return [] }
    let bits = values[index] - 1
    if bits & 0b11000 != 0 { return nil }
    var modifiers: Key.Modifiers = []
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & 2 != 0 || bits & 32 != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.control) }
    return modifiers
  }
}
