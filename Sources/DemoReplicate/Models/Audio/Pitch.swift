/// Converts between MIDI note numbers (69 is A at 440 Hz) and frequencies.
enum Pitch {
  static func frequency(_ number: Double) -> Double {
    440 * Numerics.power(2.0, (number - 69) / 12)
  }

  static func number(_ frequency: Double) -> Int {
    Int((69 + 12 * Numerics.logarithm(frequency / 440) / Numerics.logarithm(2)).rounded())
  }
}
