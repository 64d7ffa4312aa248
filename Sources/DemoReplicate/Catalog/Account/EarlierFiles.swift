import ReplicateAPI

/// The files that the account has uploaded in the last day: real pictures and sounds, small ones.
enum EarlierFiles {
  struct Draft: Sendable {
    var name: String
    var type: String
    /// In seconds of service time.
    var age: Double
    var metadata: JSONObject = [:]
    var bytes: @Sendable () -> [UInt8]
  }

  static let foxesName = "paper-foxes.zip"

  /// Newest first.
  static let drafts = [
    Draft(name: "neon-street.png", type: PNG.type, age: 140) {
      picture("a neon street at night in the rain", .landscape)
    },
    Draft(
      name: "minutes.txt", type: "text/plain", age: 1260, metadata: ["project": "ferry club"]
    ) { Array(minutes.utf8) },
    Draft(
      name: foxesName, type: ZipArchive.type, age: 4380,
      metadata: [
        "purpose": "training", "pictures": .number(JSONNumber(foxes.count)), "trigger": "PAPERFOX",
      ]
    ) { archive() },
    Draft(name: "lighthouse.png", type: PNG.type, age: 11_520) {
      picture("a lighthouse by the sea at sunset", .landscape)
    },
    Draft(
      name: "row-your-boat.wav", type: WAV.type, age: 20_760,
      metadata: ["instrument": "bell", "tempo": 132]
    ) { Instrument.bell.play(tune, tempo: 132, rate: 8000).file },
    Draft(name: "palettes.json", type: "application/json", age: 33_300) { Array(palettes.utf8) },
    Draft(name: "rose window.png", type: PNG.type, age: 55_080) {
      picture("a rose window at noon", .stainedGlass)
    },
    // It expires within a few minutes.
    Draft(name: "winter-forest.png", type: PNG.type, age: 86_400 - 260) {
      picture("a winter forest under stars", .paperCut)
    },
  ]

  /// The ID of a file, a UUID in base64 like Replicate's.
  static func id(of name: String, seed: UInt64) -> String {
    var random = SeededRandom("earlier file \(name)", seed)
    return FileStore.identifier(&random)
  }

  /// The captions of the pictures in the archive.
  static let foxes = [
    "a paper cut of PAPERFOX in a forest", "a paper cut of PAPERFOX by a river at dusk",
    "a paper cut of PAPERFOX under the moon", "a paper cut of PAPERFOX in the snow",
    "a paper cut of PAPERFOX on a hill in autumn", "a paper cut of PAPERFOX among birches",
    "a paper cut of PAPERFOX at sunrise", "a paper cut of PAPERFOX in a meadow",
    "a paper cut of PAPERFOX by the sea", "a paper cut of PAPERFOX in the mist",
    "a paper cut of PAPERFOX in a town at night", "a paper cut of PAPERFOX asleep",
  ]

  private static func archive() -> [UInt8] {
    var files: [(name: String, bytes: [UInt8])] = []
    for (index, caption) in foxes.enumerated() {
      let name = "fox-\(index < 9 ? "0" : "")\(index + 1)"
      files.append((name + ".png", picture(caption, .paperCut, width: 64, height: 64)))
      files.append((name + ".txt", Array(caption.utf8)))
    }
    return ZipArchive.file(files)
  }

  private static func picture(
    _ prompt: String, _ style: PaintingStyle, width: Int = 216, height: Int = 144
  ) -> [UInt8] {
    let scene = Scene(prompt: prompt, seed: 4)
    return PNG.encoded(
      style.paint(scene, PictureSize(width: width, height: height)), isDithered: false)
  }

  private static let tune = Tune(text: "Row, row, row your boat", scale: "pentatonic")
    .cut(to: 12)

  private static let minutes = """
    Minutes of the ferry club, 14 March

    Present: Okafor, Lindqvist, the two Haugens, and the dog.

    1. The ferry leaves at seven. Bring bread, a lamp and the blue umbrella; the others will bring
       the rest. If there is fog we wait, and if there is none we go.
    2. The lighthouse needs paint. Lindqvist knows somebody who has some, in white.
    3. Nobody has found the second oar.

    Closed at nine. Next time: the same, but with cake.

    """

  private static let palettes = """
    {
      "harbor at dusk": ["#1b2a41", "#324a5f", "#ccc9dc", "#f2a65a", "#772f1a"],
      "first snow": ["#f8f9fa", "#dee2e6", "#adb5bd", "#6c757d"],
      "neon": ["#0b0221", "#ff2a6d", "#05d9e8", "#d1f7ff"]
    }

    """
}
