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

/// How notes sound.
enum Instrument: String, CaseIterable, Sendable {
  case pluck
  case bell
  case flute
  case organ

  /// The tune as sound.
  func play(_ tune: Tune, tempo: Double, rate: Int = 22_050) -> WAV {
    let beat = 60 / tempo
    let count = Int((tune.length * beat + 0.6) * Double(rate))
    var samples = [Float](repeating: 0, count: count)
    var begin = 0.0
    for note in tune.notes {
      if let pitch = note.pitch {
        let frequency = Pitch.frequency(Double(pitch))
        let sound = tone(frequency, seconds: note.length * beat, rate: rate)
        let start = Int(begin * Double(rate))
        for (index, sample) in sound.enumerated() where start + index < count {
          samples[start + index] += sample * 0.55
        }
      }
      begin += note.length * beat
    }
    return WAV(rate: rate, samples: samples)
  }

  private func tone(_ frequency: Double, seconds: Double, rate: Int) -> [Float] {
    switch self {
    case .pluck: return plucked(frequency, seconds: seconds + 0.25, rate: rate)
    case .bell:
      // A bell's partials aren't whole multiples.
      return partials(
        [(1, 0.6), (2.76, 0.25), (5.4, 0.1)], frequency, seconds: seconds + 0.4, rate: rate,
        decay: 4)
    case .flute:
      return partials(
        [(1, 0.8), (2, 0.12), (3, 0.04)], frequency, seconds: seconds, rate: rate, decay: 0.4)
    case .organ:
      return partials(
        [(1, 0.5), (2, 0.25), (3, 0.12), (4, 0.08)], frequency, seconds: seconds, rate: rate,
        decay: 0)
    }
  }

  private func partials(
    _ partials: [(Double, Float)], _ frequency: Double, seconds: Double, rate: Int, decay: Double
  ) -> [Float] {
    let count = Int(seconds * Double(rate))
    return (0..<count).map { index in
      let time = Double(index) / Double(rate)
      let swell = Float(min(1, time / 0.02) * min(1, (seconds - time) / 0.04))
      let fall = Float(Numerics.exponential(-decay * time))
      var sum: Float = 0
      for (multiple, weight) in partials {
        sum += weight * Float(Numerics.sine(6.283_185_307 * frequency * multiple * time))
      }
      return sum * swell * fall
    }
  }

  /// Karplus and Strong's string: a burst of noise that goes round and grows softer.
  private func plucked(_ frequency: Double, seconds: Double, rate: Int) -> [Float] {
    var dice = Dice(UInt64(frequency * 100))
    let length = max(2, Int((Double(rate) / frequency).rounded()))
    var string = (0..<length).map { _ in dice.number(-0.7...0.7) }
    let count = Int(seconds * Double(rate))
    return (0..<count).map { index in
      let place = index % length
      let sample = string[place]
      string[place] = 0.498 * (sample + string[(place + 1) % length])
      let end = min(1, Float(count - index) / Float(rate) / 0.05)
      return sample * end
    }
  }
}
