/// A long list of languages by English name and by code, as in speech models.
enum Languages {
  /// All names, then all codes, both sorted.
  static var all: [String] {
    (codes.map { String($0.name) } + others).sorted() + codes.map { String($0.code) }.sorted()
  }

  /// The name for a code; names are returned as they are.
  static func name(_ language: String) -> String {
    codes.first { $0.code == language }.map { String($0.name) } ?? language
  }

  private static let others = [
    "Burmese", "Castilian", "Flemish", "Haitian", "Letzeburgesch", "Mandarin", "Moldavian",
    "Moldovan", "Panjabi", "Pushto", "Sinhalese", "Valencian",
  ]

  private static let codes = list.split(whereSeparator: \.isNewline)
    .flatMap { $0.split(separator: ",") }
    .map { entry in
      let parts = entry.split(separator: " ", maxSplits: 1)
      return (code: parts[0], name: parts[1])
    }

  private static let list = """
    af Afrikaans,am Amharic,ar Arabic,as Assamese,az Azerbaijani,ba Bashkir,be Belarusian
    bg Bulgarian,bn Bengali,bo Tibetan,br Breton,bs Bosnian,ca Catalan,cs Czech,cy Welsh
    da Danish,de German,el Greek,en English,es Spanish,et Estonian,eu Basque,fa Persian
    fi Finnish,fo Faroese,fr French,gl Galician,gu Gujarati,ha Hausa,haw Hawaiian,he Hebrew
    hi Hindi,hr Croatian,ht Haitian Creole,hu Hungarian,hy Armenian,id Indonesian,is Icelandic
    it Italian,ja Japanese,jw Javanese,ka Georgian,kk Kazakh,km Khmer,kn Kannada,ko Korean
    la Latin,lb Luxembourgish,ln Lingala,lo Lao,lt Lithuanian,lv Latvian,mg Malagasy,mi Maori
    mk Macedonian,ml Malayalam,mn Mongolian,mr Marathi,ms Malay,mt Maltese,my Myanmar,ne Nepali
    nl Dutch,nn Nynorsk,no Norwegian,oc Occitan,pa Punjabi,pl Polish,ps Pashto,pt Portuguese
    ro Romanian,ru Russian,sa Sanskrit,sd Sindhi,si Sinhala,sk Slovak,sl Slovenian,sn Shona
    so Somali,sq Albanian,sr Serbian,su Sundanese,sv Swedish,sw Swahili,ta Tamil,te Telugu
    tg Tajik,th Thai,tk Turkmen,tl Tagalog,tr Turkish,tt Tatar,uk Ukrainian,ur Urdu,uz Uzbek
    vi Vietnamese,yi Yiddish,yo Yoruba,yue Cantonese,zh Chinese
    """
}
