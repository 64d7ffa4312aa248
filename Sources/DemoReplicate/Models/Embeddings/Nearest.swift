import ReplicateAPI

extension DemoModel {
  static let nearest = DemoModel(
    id: ModelID(owner: "meridian", name: "nearest"),
    description: "Ranks texts by their similarity to a query",
    runCount: 7_731_204,
    readme: """
      # Nearest

      Compares a query with each of your documents and lists them, most similar first, with a \
      score from -1 to 1.

      The vectors are those of meridian/sentence-vectors with 256 dimensions: words in common \
      count, even partly, but meaning doesn't.
      """,
    versions: .history(
      of: ModelID(owner: "meridian", name: "nearest"), cog: "0.16.5",
      "2026-08-03T03:33:03.3Z", "2026-05-27T17:15:00.015Z"),
    schema: .openAPI(
      [
        .text("query", "What to look for.").required(),
        .list(
          "documents", "The texts to rank. Leave it empty for a list of sayings.",
          of: ["type": "string"], default: []),
        .integer("top", "How many results to return.", default: 3, 1...50),
      ],
      .objects([("text", ["type": "string"]), ("score", ["type": "number"])])),
    exampleInput: ["query": "a ship in the harbor", "top": 3],
    run: { job in
      var documents = (job.input["documents"]?.array ?? []).compactMap(\.string)
      if documents.isEmpty { documents = Sayings.all }
      let query = WordVectors.vector(job.text("query"), dimensions: 256)
      try await job.steps(documents.count, label: "Comparing", unit: "text", seconds: 1.2)
      let ranked = documents.map { text in
        (text, WordVectors.similarity(query, WordVectors.vector(text, dimensions: 256)))
      }.sorted { $0.1 > $1.1 }
      await job.output(
        .array(
          ranked.prefix(job.integer("top", or: 3)).map { text, score in
            ["text": .string(text), "score": .number(JSONNumber(score.rounded(toDigits: 4)))]
          }))
    })
}

private enum Sayings {
  static let all = [
    "A ship in harbor is safe, but that is not what ships are for.",
    "A smooth sea never made a skilled sailor.",
    "A rolling stone gathers no moss.",
    "Still waters run deep.",
    "All that glitters is not gold.",
    "The early bird catches the worm.",
    "Birds of a feather flock together.",
    "A stitch in time saves nine.",
    "Every cloud has a silver lining.",
    "When the cat is away, the mice will play.",
    "Look before you leap.",
    "Many hands make light work.",
    "Too many cooks spoil the broth.",
    "The grass is always greener on the other side of the fence.",
  ]
}
