/// A melody made from the letters of a text.
struct Tune: Sendable {
  struct Note: Sendable, Equatable {
    /// The MIDI note number, 69 for A at 440 Hz; nil for a rest.
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

  /// Letters become notes of a scale, uppercase ones longer; spaces extend the last note, and
  /// punctuation marks are rests. The last note is the first of the scale.
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

  /// The length of the tune in beats.
  var length: Double {
    notes.reduce(0) { $0 + $1.length }
  }

  /// The same tune, cut to a number of beats.
  func cut(to beats: Double) -> Tune {
    var tune = self
    var length = 0.0
    tune.notes = []
    for note in notes {
      if !tune.notes.isEmpty, length + note.length > beats { break }
      tune.notes.append(note)
      length += note.length
    }
    // Many spaces make a note as long as they are many.
    if let last = tune.notes.indices.last, length > beats {
      tune.notes[last].length = min(tune.notes[last].length, max(1, beats))
    }
    return tune
  }
}
