import ReplicateAPI

/// The models that the demo service has of its own.
enum DemoModels {
  static func all() -> [DemoModel] {
    [
      .painter, .storyteller, .endless, .slowExposure, .nebula, .tunesmith, .noteTranscriber,
      .monochrome, .contactSheet, .paletteFinder, .mural, .sentenceVectors, .nearest, .couch,
      .haiku, .pi, .textStatistics, .letterCase, .nameMaker, .barChart, .palindrome, .gameOfLife,
      .maze, .primeFactors, .sealedNote, .everyInput,
    ]
  }

  /// A model that stands in for one that is known by its schema alone.
  static func echo(
    id: ModelID, description: String, runCount: Int, schema: JSONValue?
  ) -> DemoModel {
    Echo.model(id: id, description: description, runCount: runCount, schema: schema)
  }

  static func collections() -> [DemoCollection] {
    [
      collection(
        "try-these-first", "Try these first",
        "A picture, a story, a tune and a maze: a good tour of what a run can look like",
        """
        New here? These models show most of what a run can do. Painter logs its steps and gives \
        back a picture; Storyteller streams its text while it writes; Slow exposure hands out one \
        plate after another; Endless has to be canceled.
        """,
        [.painter, .storyteller, .slowExposure, .tunesmith, .maze, .endless]),
      collection(
        "generate-images", "Generate images", "Models that paint pictures from a few words",
        """
        All of these paint from words and a seed, and paint the same picture for the same words \
        and seed. They compute real PNG files on your own machine.
        """,
        [.painter, .slowExposure, .nebula, .mural, .gameOfLife]),
      collection(
        "language-models", "Language models",
        "Models that tell, answer, count and invent, some of them while you watch",
        """
        Grammars, rules and chains of letters rather than neural networks, but they stream, they \
        take a temperature, and they stop when they are told to.
        """,
        [.storyteller, .couch, .haiku, .nameMaker, .pi]),
      collection(
        "examine-images", "Edit and examine images",
        "Models that take pictures in, and give prints, sheets and colors back",
        """
        They read PNG files: your own, or those of the painters. Paste a file's address, and mind \
        that files of the demo service live no longer than the service itself.
        """,
        [.monochrome, .contactSheet, .paletteFinder]),
      collection(
        "audio", "Audio", "Models that play, and one that listens",
        """
        Play a text as a tune, then let the transcriber write the notes down, in any of two \
        hundred languages.
        """,
        [.tunesmith, .noteTranscriber]),
      collection(
        "embeddings", "Embeddings", "Models that turn texts into numbers and compare them",
        """
        Vectors of hashed words: simple, quick, and good enough to see what an embedding is for.
        """,
        [.sentenceVectors, .nearest]),
      collection(
        "utilities", "Utilities", "Small models with exact answers",
        """
        Counting, factoring, drawing, rewriting. Most of them answer within a second or two, and \
        all of them are right.
        """,
        [
          .textStatistics, .barChart, .primeFactors, .palindrome, .letterCase, .maze, .gameOfLife,
          .sealedNote,
        ]),
      collection(
        "when-things-go-wrong", "When things go wrong",
        "A slow start, an early end, no end at all, and a very long form",
        """
        Haiku takes twelve seconds to boot. Mural XL fails half-way. Endless runs until it is \
        canceled. Sealed note has a secret, and Every input has an input of every kind.
        """,
        [.haiku, .mural, .endless, .sealedNote, .everyInput]),
    ]
  }

  private static func collection(
    _ slug: String, _ name: String, _ description: String, _ fullDescription: String,
    _ models: [DemoModel]
  ) -> DemoCollection {
    DemoCollection(
      slug: slug, name: name, description: description, fullDescription: fullDescription,
      models: models.map(\.id))
  }
}
