import ReplicateAPI

extension DemoModel {
  static let textStatistics = DemoModel(
    id: ModelID(owner: "inkwell", name: "text-statistics"),
    description: "Counts words, sentences and syllables, and measures how easy a text is to read",
    runCount: 1_284_660,
    paperURL: "https://en.wikipedia.org/wiki/Flesch%E2%80%93Kincaid_readability_tests",
    readme: """
      # Text statistics

      Measures an English text: characters, words, sentences, paragraphs and syllables, the most \
      common words, the time it takes to read, and the Flesch reading ease, where 100 is very \
      easy and 0 very hard.

      Syllables are counted as groups of vowels, without a silent *e* at the end. That is right \
      for most English words and wrong for some.
      """,
    versions: .history(
      of: ModelID(owner: "inkwell", name: "text-statistics"), cog: "0.13.6",
      "2026-03-03T13:33:13.31Z"),
    schema: .openAPI(
      [
        .text("text", "The text to measure.", minLength: 1, maxLength: 100_000).required(),
        .integer("top_words", "How many of the most common words to list.", default: 5, 0...50),
      ],
      .object([
        ("words", ["type": "integer"]), ("sentences", ["type": "integer"]),
        ("paragraphs", ["type": "integer"]), ("syllables", ["type": "integer"]),
        ("characters", ["type": "integer"]), ("reading_ease", ["type": "number"]),
        ("reading_minutes", ["type": "number"]), ("verdict", ["type": "string"]),
        ("most_common", ["type": "object"]),
      ])),
    exampleInput: [
      "text": """
      It was a small life, and it fitted her as a glove fits. There were four chairs in the \
      kitchen, and on most evenings three of them were empty. She did not mind. An empty chair, \
      she said, is a chair that is waiting for somebody.
      """
    ],
    run: { job in
      let measures = TextMeasures(job.text("text"))
      try await job.work(0.6)
      await job.log("Counted \(measures.words.count.grouped) words\n")
      try await job.work(0.4)
      var mostCommon: JSONObject = [:]
      for (word, count) in measures.mostCommon(job.integer("top_words", or: 5)) {
        mostCommon[word] = .number(JSONNumber(count))
      }
      let ease = measures.readingEase
      let verdict =
        switch ease {
        case 80...: "easy"
        case 60..<80: "plain English"
        case 40..<60: "fairly difficult"
        default: "difficult"
        }
      await job.output([
        "words": .number(JSONNumber(measures.words.count)),
        "sentences": .number(JSONNumber(measures.sentences)),
        "paragraphs": .number(JSONNumber(measures.paragraphs)),
        "syllables": .number(JSONNumber(measures.syllables)),
        "characters": .number(JSONNumber(measures.characters)),
        "reading_ease": .number(JSONNumber(ease.rounded(toDigits: 1))),
        "reading_minutes": .number(JSONNumber(measures.minutes.rounded(toDigits: 2))),
        "verdict": .string(verdict),
        "most_common": .object(mostCommon),
      ])
    })
}
