/// A melody, made of the letters of a text.
struct Tune: Sendable {
  struct Note: Sendable, Equatable {
    /// As MIDI counts, 69 for the A of 440 Hz; nil for a rest.
    var pitch: Int?
    /// In beats.
    var length: Double
  }

  var notes: [Note]

  static let scales: [(name: String, steps: [Int])] = [
    ("major", [0, 2, 4, 5, 7, 9, 11]), ("minor", [0, 2, 3, 5, 7, 8, 10]),
    ("pentatonic", [0, 2, 4, 7, 9]), ("dorian", [0, 2, 3, 5, 7, 9, 10]),
    ("whole tone", [0, 2, 4, 6, 8, 10]),
  ]

  /// Letters are notes of a scale, capitals are long, spaces let the last note ring, and marks of
  /// punctuation are rests. The last note is the scale's first.
  init(text: String, scale: String) {
    let steps = Self.scales.first { $0.name == scale }?.steps ?? Self.scales[0].steps
    notes = []
    for character in text {
      if let letter = character.lowercased().unicodeScalars.first, character.isLetter {
        let degree = Int(letter.value % UInt32(steps.count * 2))
        let pitch = 57 + 12 * (degree / steps.count) + steps[degree % steps.count]
        notes.append(Note(pitch: pitch, length: character.isUppercase ? 1 : 0.5))
      } else if character == " ", !notes.isEmpty {
        notes[notes.count - 1].length += 0.5
      } else if character.isPunctuation {
        notes.append(Note(pitch: nil, length: 0.5))
      }
    }
    notes.append(Note(pitch: 57, length: 2))
  }

  /// What the tune lasts, in beats.
  var length: Double {
    notes.reduce(0) { $0 + $1.length }
  }

  /// The same tune, no longer than so many beats.
  func cut(to beats: Double) -> Tune {
    var tune = self
    while tune.notes.count > 1, tune.length > beats { tune.notes.removeLast() }
    return tune
  }
}
