/// The colors of a mood, and the words that select it.
struct Palette: Sendable {
  var name: String
  var words: Set<String>
  /// From the top of the sky to the horizon.
  var sky: [Color]
  var sun: Color
  /// The color that distant things fade into, and the color of near things.
  var haze: Color
  var near: Color
  /// Colors that go well together, for circles, strokes and glass.
  var accents: [Color]
  var paper: Color
  var isNight = false
  /// Whether its words name a scene rather than a time, season or kind of weather.
  var isPlace: Bool { ["sea", "forest", "desert"].contains(name) }

  init(
    _ name: String, words: String, sky: [UInt32], sun: UInt32, haze: UInt32, near: UInt32,
    accents: [UInt32], paper: UInt32, isNight: Bool = false
  ) {
    self.name = name
    self.words = Set(words.split(separator: " ").map(String.init)).union([name])
    self.sky = sky.map { Color($0) }
    self.sun = Color(sun)
    self.haze = Color(haze)
    self.near = Color(near)
    self.accents = accents.map { Color($0) }
    self.paper = Color(paper)
    self.isNight = isNight
  }

  /// The palette that matches most of the words, or a random one if none matches.
  static func matching(
    _ words: [String], without avoided: Set<String>, _ random: inout SeededRandom
  )
    -> Palette
  {
    let allowed = all.filter { $0.words.isDisjoint(with: avoided) }
    let chance = random.pick(allowed) ?? all[0]
    let scores = allowed.map { palette in
      words.enumerated().reduce(0.0) { sum, word in
        guard palette.words.contains(word.element) else { return sum }
        // "Sunset" says more about the colors than "harbor", which is also painted as an object.
        let weight = palette.isPlace ? 0.5 : palette.name == word.element ? 1.2 : 1
        return sum + weight - Double(word.offset) * 0.01
      }
    }
    guard let best = scores.max(), best > 0, let index = scores.firstIndex(of: best) else {
      return chance
    }
    return allowed[index]
  }

  static let all = [
    Palette(
      "sunset", words: "dusk evening sundown golden orange twilight amber warm summer",
      sky: [0x2B1E4F, 0x7A2E6B, 0xD9536B, 0xF99B5C, 0xFFD58A], sun: 0xFFF1C9, haze: 0xE88B6E,
      near: 0x1D1230, accents: [0xFFD58A, 0xF99B5C, 0xD9536B, 0x7A2E6B, 0x2B1E4F],
      paper: 0xFBEBD3),
    Palette(
      "dawn", words: "sunrise morning pastel pink lavender rose soft dream gentle early",
      sky: [0x6E7FB8, 0xA79BCB, 0xE3B5C6, 0xF9D3C0, 0xFFEBCF], sun: 0xFFFBEA, haze: 0xD9BCCB,
      near: 0x3B3F63, accents: [0xF4A6A0, 0xF9D3C0, 0xA79BCB, 0x6E7FB8, 0x54638F],
      paper: 0xFDF4EC),
    Palette(
      "forest", words: "wood woods tree trees moss green jungle fern pine pines leaf fox deer",
      sky: [0x3E6B66, 0x6F9A86, 0xA9C3A0, 0xDCE3BD, 0xF4EFCF], sun: 0xFFFBDF, haze: 0xA9BFA4,
      near: 0x10241D, accents: [0x1F4A3A, 0x3F7D54, 0x8DB265, 0xD8C56A, 0xC76F3C],
      paper: 0xF3F1DF),
    Palette(
      "sea",
      words: "ocean wave waves lake harbour harbor lighthouse boat ship sailing blue water island "
        + "whale coast beach bay river",
      sky: [0x1F5D8C, 0x3F8FB5, 0x7FC0CF, 0xBFE0DA, 0xF3EFD5], sun: 0xFFFDF0, haze: 0x8CBBC4,
      near: 0x0C2A3B, accents: [0x0F4C6B, 0x1F8A9E, 0x6CC4BD, 0xF2E3BC, 0xF08A5D],
      paper: 0xEFF5EF),
    Palette(
      "desert", words: "sand dune dunes canyon mars clay ochre dry camel mesa terracotta savanna",
      sky: [0x4F7C94, 0x93AFA8, 0xE2CFA4, 0xF2B880, 0xEE9B68], sun: 0xFFF4D6, haze: 0xE0A67A,
      near: 0x4A1E1B, accents: [0x7E2F25, 0xC4553A, 0xE79A5B, 0xF2D19A, 0x3F7480],
      paper: 0xFAEEDB),
    Palette(
      "night",
      words: "midnight moon moonlight star stars starry dark indigo owl dreams space galaxy",
      sky: [0x05081C, 0x0B1437, 0x17275A, 0x2C4480, 0x52699E], sun: 0xF5F1DC, haze: 0x2E437A,
      near: 0x03050F, accents: [0xF5E6A8, 0x8FA8E0, 0x4A63B5, 0x273A80, 0x131D4B],
      paper: 0x0B1230, isNight: true),
    Palette(
      "winter", words: "snow ice icy frost arctic cold white glacier polar penguin january",
      sky: [0x7C9CC0, 0xA6BFD8, 0xCBD9E6, 0xE8E6EA, 0xFBEDE3], sun: 0xFFFFFF, haze: 0xC3D2E2,
      near: 0x2A3F5C, accents: [0x2F5D8A, 0x6C9BC4, 0xA8CBE0, 0xE3EEF4, 0xE59C8C],
      paper: 0xF5F8FA),
    Palette(
      "spring",
      words: "cherry blossom blossoms flower flowers garden meadow fresh april may tulip bloom",
      sky: [0x7EC3D8, 0xA9DAD6, 0xD3ECD0, 0xF8F0CF, 0xFDE0DC], sun: 0xFFFCE8, haze: 0xBEDBC0,
      near: 0x2F5A45, accents: [0xF28FA9, 0xF9C5CF, 0xFFE08A, 0x8CC98B, 0x3E8E7E],
      paper: 0xFCF8EC),
    Palette(
      "autumn", words: "fall october november harvest maple pumpkin rust red brown leafy crimson",
      sky: [0x5B6C7D, 0x95989A, 0xD8BE9A, 0xF0CE90, 0xF7DFA8], sun: 0xFFF3D0, haze: 0xC99A6C,
      near: 0x3A1A12, accents: [0x7B2A1A, 0xC1440E, 0xE6872C, 0xF2C14E, 0x5B6B3A],
      paper: 0xF9EFDC),
    Palette(
      "fire", words: "volcano lava ember embers flame flames dragon hot burning inferno",
      sky: [0x130710, 0x3A0D1A, 0x7C1A1C, 0xC9381C, 0xFF8A2B], sun: 0xFFE9A8, haze: 0x8F2A1E,
      near: 0x0A0306, accents: [0xFFE08A, 0xFF8A2B, 0xD9381E, 0x7C1A1C, 0x2B0A14],
      paper: 0x1B0A10, isNight: true),
    Palette(
      "rain", words: "storm fog foggy mist misty cloud clouds grey gray rainy quiet melancholy",
      sky: [0x4C5B68, 0x6F7F89, 0x98A5A9, 0xBEC5C2, 0xDAD9CF], sun: 0xF1EEE2, haze: 0xA3AFB1,
      near: 0x1E2A32, accents: [0x2F4550, 0x5A7684, 0x93AEB5, 0xD9DDD2, 0xD6A85C],
      paper: 0xF0F0EA),
    Palette(
      "neon",
      words: "city cyberpunk synthwave tokyo electric purple violet disco retro future robot "
        + "magenta",
      sky: [0x0D0630, 0x2D0B59, 0x6B1182, 0xC81D8B, 0xFF6FA3], sun: 0xFFE66D, haze: 0x7A2AA0,
      near: 0x07031C, accents: [0x00E5D4, 0xFF3CAC, 0xFFD166, 0x784BFF, 0x2B1B8F],
      paper: 0x120A36, isNight: true),
  ]
}
