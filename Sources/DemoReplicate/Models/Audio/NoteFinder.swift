/// Finds the notes in a recording of a single voice.
struct NoteFinder: Sendable {
  struct Note: Sendable {
    var start: Double
    var end: Double
    var frequency: Double
    var pitch: Int
  }

  var sound: WAV

  /// The notes. A new one starts where the sound gets louder or the pitch changes.
  func notes() -> [Note] {
    let hop = max(1, sound.rate / 40)
    let frames = sound.samples.count / hop
    let loudness = (0..<frames).map { frame in
      let window = sound.samples[(frame * hop)..<((frame + 1) * hop)]
      return (window.reduce(0) { $0 + $1 * $1 } / Float(hop)).squareRoot()
    }
    let threshold = max(0.01, (loudness.max() ?? 0) * 0.08)
    var found: [Note] = []
    for frame in loudness.indices where loudness[frame] > threshold {
      guard let frequency = frequency(at: frame * hop) else { continue }
      let pitch = Pitch.number(frequency)
      let start = Double(frame * hop) / Double(sound.rate)
      let end = Double((frame + 1) * hop) / Double(sound.rate)
      let isNewNote = frame > 0 && loudness[frame] > loudness[frame - 1] * 1.6
      if let last = found.last, last.pitch == pitch, start - last.end < 0.03, !isNewNote {
        found[found.count - 1].end = end
      } else {
        found.append(Note(start: start, end: end, frequency: frequency, pitch: pitch))
      }
    }
    // Anything below 60 ms is a transition between two notes.
    return found.filter { $0.end - $0.start >= 0.06 }
  }

  /// The frequency at a sample, by autocorrelation.
  private func frequency(at place: Int) -> Double? {
    let shortest = sound.rate / 1200
    let longest = sound.rate / 70
    let window = longest + sound.rate / 80
    guard shortest > 1, place + window + longest < sound.samples.count else { return nil }
    // Every other sample is enough for a comparison.
    func similarity(_ lag: Int) -> Float {
      var (product, one, other): (Float, Float, Float) = (0, 0.000_01, 0.000_01)
      var index = place
      while index < place + window {
        let (a, b) = (sound.samples[index], sound.samples[index + lag])
        product += a * b
        one += a * a
        other += b * b
        index += 2
      }
      return product / (one * other).squareRoot()
    }
    let similarities = (shortest...longest).map(similarity)
    guard let best = similarities.max(), best > 0.5 else { return nil }
    // The first peak that is nearly as good as the best; the best may be an octave too low.
    for index in similarities.indices.dropFirst().dropLast()
    where similarities[index] > best * 0.93 && similarities[index] >= similarities[index - 1]
      && similarities[index] >= similarities[index + 1]
    {
      let (left, middle, right) = (
        similarities[index - 1], similarities[index], similarities[index + 1]
      )
      let bend = left - 2 * middle + right
      let shift = bend == 0 ? 0 : 0.5 * (left - right) / bend
      return Double(sound.rate) / (Double(shortest + index) + Double(shift))
    }
    return nil
  }
}
