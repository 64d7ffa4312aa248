/// A generator whose numbers are the same for the same seed on every machine (SplitMix64).
package struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) {
    state = seed
  }

  /// A generator that is seeded with a text and a number.
  package init(_ text: String, _ seed: UInt64 = 0) {
    state = Self.hash(text) ^ (seed &* 0x9E37_79B9_7F4A_7C15)
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// From 0 up to, but not including, 1.
  package mutating func unit() -> Float {
    Float(next() >> 40) / 16_777_216
  }

  package mutating func number(_ bounds: ClosedRange<Float>) -> Float {
    bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) * unit()
  }

  package mutating func integer(_ bounds: ClosedRange<Int>) -> Int {
    bounds.lowerBound + Int(next() % UInt64(bounds.upperBound - bounds.lowerBound + 1))
  }

  /// One of the values; nil only if there are none.
  package mutating func pick<Value>(_ values: [Value]) -> Value? {
    values.isEmpty ? nil : values[integer(0...(values.count - 1))]
  }

  package mutating func pick(_ texts: [String]) -> String {
    texts.isEmpty ? "" : texts[integer(0...(texts.count - 1))]
  }

  static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// FNV-1a with extra mixing; Swift's own hashes differ from run to run.
  static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return mixed(hash)
  }
}
