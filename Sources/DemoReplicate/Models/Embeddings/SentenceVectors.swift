import ReplicateAPI

extension DemoModel {
  static let sentenceVectors = DemoModel(
    id: ModelID(owner: "meridian", name: "sentence-vectors"),
    description: "Turns texts into vectors; texts with words in common are close to each other",
    runCount: 198_552_041,
    githubURL: "https://github.com/replicate/replicate-python",
    readme: """
      # Sentence vectors

      Takes a list of texts and outputs a list of vectors in the same order. The cosine of two \
      vectors measures how much two texts have in common: 1 for the same words, about 0 for none.

      Each word, and each group of three letters in it, is hashed to a few of the dimensions. So \
      *sailing boats* is close to *a boat that sails*, and both are far from *income tax*. The \
      model knows nothing about meaning: *ship* is as far from *boat* as from anything else.

      To rank texts by their similarity to a query, use meridian/nearest.
      """,
    versions: .history(
      of: ModelID(owner: "meridian", name: "sentence-vectors"), cog: "0.16.5",
      "2026-08-02T02:40:00.123Z", "2026-02-14T18:00:00.000Z", "2025-09-09T09:09:09.909Z"),
    schema: .openAPI(
      [
        .list(
          "texts", "The texts to turn into vectors.", of: ["type": "string"], count: 1...256
        ).required(),
        .choice(
          "dimensions", "The size of each vector.", [32, 64, 128, 256], default: 64),
        .boolean("normalize", "Scale each vector to length 1.", default: true),
      ],
      .other([
        "type": "array", "title": "Output",
        "items": ["type": "array", "items": ["type": "number"]],
      ])),
    exampleInput: [
      "texts": ["sailing boats", "a boat that sails", "income tax"], "dimensions": 32,
    ],
    run: { job in
      let texts = (job.input["texts"]?.array ?? []).compactMap(\.string)
      let dimensions = job.integer("dimensions", or: 64)
      await job.log("Embedding \(texts.count) texts in \(dimensions) dimensions\n")
      try await job.work(0.4)
      let vectors = texts.map {
        WordVectors.vector($0, dimensions: dimensions, isNormalized: job.flag("normalize"))
      }
      await job.metric("batch_size", .number(JSONNumber(texts.count)))
      await job.output(
        .array(
          vectors.map { vector in
            .array(vector.map { .number(JSONNumber($0.rounded(toDigits: 6))) })
          }))
    })
}
