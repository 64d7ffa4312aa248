/// The names of notes in a language: letters or syllables, with H for B in some countries.
struct NoteNames: Sendable {
  /// The natural notes from C to B.
  private var plain: [String]
  private var sharp: String
  private var isSharpInFront = false
  /// The name of B flat where B natural is called H.
  private var flatSeventh: String?

  /// The name of a MIDI note, such as `Sol♯4`.
  func name(_ pitch: Int) -> String {
    let place = ((pitch % 12) + 12) % 12
    let octave = String(pitch / 12 - 1)
    if place == 10, let flatSeventh { return flatSeventh + octave }
    let steps = [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 6]
    let isRaised = [1, 3, 6, 8, 10].contains(place)
    let name = plain[steps[place]]
    guard isRaised else { return name + octave }
    return (isSharpInFront ? sharp + name : name + sharp) + octave
  }

  /// The names in a language, given by English name or code. Other languages use letters.
  static func of(_ language: String) -> NoteNames {
    let name = Languages.name(language)
    return byLanguage[name] ?? letters
  }

  private static let letters = NoteNames(plain: ["C", "D", "E", "F", "G", "A", "B"], sharp: "♯")
  private static let german = NoteNames(
    plain: ["C", "D", "E", "F", "G", "A", "H"], sharp: "is", flatSeventh: "B")

  private static func syllables(_ names: String) -> NoteNames {
    NoteNames(plain: names.split(separator: " ").map(String.init), sharp: "♯")
  }

  private static let byLanguage: [String: NoteNames] = {
    var names: [String: NoteNames] = [
      "French": syllables("Do Ré Mi Fa Sol La Si"),
      "Portuguese": syllables("Dó Ré Mi Fá Sol Lá Si"),
      "Greek": syllables("Ντο Ρε Μι Φα Σολ Λα Σι"),
      "Russian": syllables("До Ре Ми Фа Соль Ля Си"),
      "Ukrainian": syllables("До Ре Мі Фа Соль Ля Сі"),
      "Belarusian": syllables("До Рэ Мі Фа Соль Ля Сі"),
      "Bulgarian": syllables("До Ре Ми Фа Сол Ла Си"),
      "Macedonian": syllables("До Ре Ми Фа Сол Ла Си"),
      "Hebrew": syllables("דו רה מי פה סול לה סי"),
      "Arabic": syllables("دو ري مي فا صول لا سي"),
      "Persian": syllables("دو ر می فا سل لا سی"),
      "Vietnamese": syllables("Đô Rê Mi Fa Sol La Si"),
      "Japanese": NoteNames(
        plain: ["ハ", "ニ", "ホ", "ヘ", "ト", "イ", "ロ"], sharp: "嬰", isSharpInFront: true),
      "Korean": NoteNames(
        plain: ["다", "라", "마", "바", "사", "가", "나"], sharp: "올림", isSharpInFront: true),
    ]
    for language in [
      "Italian", "Spanish", "Castilian", "Catalan", "Valencian", "Galician", "Romanian",
      "Moldavian", "Moldovan", "Turkish", "Basque", "Occitan", "Albanian", "Maltese",
    ] {
      names[language] = syllables("Do Re Mi Fa Sol La Si")
    }
    for language in [
      "German", "Danish", "Norwegian", "Nynorsk", "Finnish", "Polish", "Czech", "Slovak",
      "Hungarian", "Croatian", "Serbian", "Slovenian", "Bosnian", "Estonian", "Latvian",
      "Lithuanian", "Yiddish", "Luxembourgish", "Letzeburgesch",
    ] {
      names[language] = german
    }
    return names
  }()
}
