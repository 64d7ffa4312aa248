/// Synthesizes the sound of an instrument.
enum Instrument: String, CaseIterable, Sendable {
  case pluck
  case bell
  case flute
  case organ

  /// Plays a tune.
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
      // The partials of a bell aren't integer multiples.
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

  /// The Karplus–Strong algorithm: a burst of noise in a loop that decays.
  private func plucked(_ frequency: Double, seconds: Double, rate: Int) -> [Float] {
    var random = SeededRandom(UInt64(frequency * 100))
    let length = max(2, Int((Double(rate) / frequency).rounded()))
    var string = (0..<length).map { _ in random.number(-0.7...0.7) }
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
