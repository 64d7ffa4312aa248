/// What a prompt asks for, as far as the painters understand it: a mood, and things to leave in or
/// out, told from single words.
struct Scene: Sendable {
  var palette: Palette
  var words: [String]
  var avoided: Set<String>
  var seed: UInt64

  init(prompt: String, negativePrompt: String = "", seed: UInt64) {
    var dice = Dice(prompt.lowercased(), seed)
    words = Self.words(of: prompt)
    avoided = Set(Self.words(of: negativePrompt))
    palette = Palette.matching(words, without: avoided, &dice)
    self.seed = dice.next()
  }

  /// Dice for one part of the picture, so that each part is the same whatever the others do.
  func dice(_ part: String) -> Dice {
    Dice(part, seed)
  }

  func noise(_ part: String) -> Noise {
    var dice = dice(part)
    return Noise(dice.next())
  }

  /// Whether the prompt names one of some things, and the negative prompt none.
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

/// The manners in which the painters can paint.
enum PaintingStyle: String, CaseIterable, Sendable {
  case landscape
  case aurora
  case flowField = "flow field"
  case circles
  case stainedGlass = "stained glass"
  case paperCut = "paper cut"

  func paint(_ scene: Scene, _ size: PictureSize) -> Picture {
    switch self {
    case .landscape: Landscape(scene, size).painted()
    case .aurora: Aurora(scene, size).painted()
    case .flowField: FlowField.painted(scene, size)
    case .circles: CirclePacking.painted(scene, size)
    case .stainedGlass: StainedGlass.painted(scene, size)
    case .paperCut: PaperCut.painted(scene, size)
    }
  }
}
