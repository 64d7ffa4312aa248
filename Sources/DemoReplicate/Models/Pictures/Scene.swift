/// What a prompt asks for, as far as the painting models understand it: a mood, and things to
/// include or leave out, all from single words.
struct Scene: Sendable {
  var palette: Palette
  var words: [String]
  var avoided: Set<String>
  var seed: UInt64

  init(prompt: String, negativePrompt: String = "", seed: UInt64) {
    var random = SeededRandom(prompt.lowercased(), seed)
    words = Self.words(of: prompt)
    avoided = Set(Self.words(of: negativePrompt))
    palette = Palette.matching(words, without: avoided, &random)
    self.seed = random.next()
  }

  /// A generator for one part of the picture, so that each part is independent of the others.
  func random(_ part: String) -> SeededRandom {
    SeededRandom(part, seed)
  }

  func noise(_ part: String) -> Noise {
    var random = random(part)
    return Noise(random.next())
  }

  /// Whether the prompt mentions one of these things and the negative prompt mentions none.
  func wants(_ things: Set<String>) -> Bool {
    !refuses(things) && words.contains { things.contains($0) }
  }

  func refuses(_ things: Set<String>) -> Bool {
    !avoided.isDisjoint(with: things)
  }

  static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter }.map(String.init)
  }
}
