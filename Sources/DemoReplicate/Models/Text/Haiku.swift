import ReplicateAPI

extension DemoModel {
  static let haiku = DemoModel(
    id: ModelID(owner: "glacier", name: "haiku"),
    description: "Boots slowly, then writes three lines of five, seven and five syllables",
    runCount: 233_019,
    readme: """
      # Haiku

      This model shuts down when nobody uses it. The first thing you will see is a long \
      *starting*: it takes twelve seconds to boot, like any model that hasn't been used for a \
      while. After that, it is fast.

      It composes haiku from handwritten lines, and prefers lines that contain one of your words. \
      Every line has been counted: five, seven, five.
      """,
    versions: .history(
      of: ModelID(owner: "glacier", name: "haiku"), cog: "0.10.0-alpha3+dev",
      "2025-11-21T04:04:04.0404Z", "2025-02-02T02:02:02.2Z"),
    schema: .openAPI(
      [
        .text("about", "Words to look for in the lines.", default: "rain"),
        .integer("count", "How many haiku to write.", default: 1, 1...5),
        .integer("seed", "The same seed gives the same haiku.").nullable(),
      ], .text),
    exampleInput: ["about": "snow and tea", "count": 2, "seed": 5],
    coldStart: 12,
    run: { job in
      await job.log("Model loaded.\n")
      let seed = await job.chosenSeed()
      var random = SeededRandom(job.text("about"), seed)
      var verses: [String] = []
      var lines = HaikuLines(words: Set(Scene.words(of: job.text("about"))))
      for _ in 0..<job.integer("count", or: 1) {
        try await job.work(0.5)
        verses.append(lines.verse(&random))
      }
      await job.output(.string(verses.joined(separator: "\n\n")))
    })
}

private struct HaikuLines {
  var words: Set<String>
  private var left = [Self.first, Self.second, Self.third]

  init(words: Set<String>) {
    self.words = words
  }

  mutating func verse(_ random: inout SeededRandom) -> String {
    left.indices.map { index in
      let fitting = left[index].filter { !words.isDisjoint(with: Scene.words(of: $0)) }
      let line = random.pick(fitting.isEmpty ? left[index] : fitting)
      left[index].removeAll { $0 == line }
      return line
    }.joined(separator: "\n")
  }

  private static let first = [
    "First frost on the pond", "An old stone bridge waits", "Rain on the tin roof",
    "Late train, no one waves", "The kettle is cold", "Snow without a sound",
    "Morning fog lifting", "One lamp in the hills", "The moon on wet slate",
  ]
  private static let second = [
    "a heron studies its feet", "somebody has swept the steps", "the cat considers the moon",
    "between two thoughts, a cricket", "the postman's bicycle gleams",
    "all the clocks agree at last", "a leaf signs for the parcel", "the river keeps its own time",
    "the snow has no opinion",
  ]
  private static let third = [
    "nobody is late", "then the door opens", "how loud the stars are", "I fold up the map",
    "the tea is still warm", "even stones listen", "spring was here, then gone",
    "my coat smells of smoke", "rain, and then more rain",
  ]
}
