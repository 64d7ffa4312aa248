import ReplicateAPI

/// The built-in models of the demo service.
enum DemoModels {
  static func all() -> [DemoModel] {
    [
      .painter, .storyteller, .endless, .slowExposure, .nebula, .tunesmith, .noteTranscriber,
      .monochrome, .contactSheet, .paletteFinder, .mural, .sentenceVectors, .nearest, .eliza,
      .haiku, .pi, .textStatistics, .letterCase, .nameMaker, .barChart, .palindrome, .gameOfLife,
      .maze, .primeFactors, .sealedNote, .everyInput, .pictureTrainer,
    ]
  }

  /// A stand-in for a model of which only the schema is known.
  static func echo(
    id: ModelID, description: String, runCount: Int, schema: JSONValue?
  ) -> DemoModel {
    Echo.model(id: id, description: description, runCount: runCount, schema: schema)
  }

  static func collections() -> [DemoCollection] {
    [
      collection(
        "try-these-first", "Try these first",
        "A picture, a story, a tune and a maze: a good tour of what a run can do",
        """
        New here? These models cover most of what a run can do. Painter logs its steps and \
        outputs a picture; Storyteller streams its text as it writes; Slow exposure outputs one \
        plate after another; Endless runs until you cancel it.
        """,
        [.painter, .storyteller, .slowExposure, .tunesmith, .maze, .endless]),
      collection(
        "generate-images", "Generate images", "Models that paint pictures from a short prompt",
        """
        All of these paint from a prompt and a seed; the same prompt and seed give the same \
        picture. They compute real PNG files on your own machine.
        """,
        [.painter, .slowExposure, .nebula, .mural, .gameOfLife]),
      collection(
        "language-models", "Language models",
        "Models that tell stories, reply, count and invent, some of them streaming",
        """
        Grammars, rules and Markov chains rather than neural networks, but they stream, they take \
        a temperature, and they stop at a stop sequence.
        """,
        [.storyteller, .eliza, .haiku, .nameMaker, .pi]),
      collection(
        "examine-images", "Edit and examine images",
        "Models that turn your pictures into prints, contact sheets and palettes",
        """
        They read PNG files: your own, or those of the painting models. Paste a file's URL. Files \
        of the demo service only exist while it is running.
        """,
        [.monochrome, .contactSheet, .paletteFinder]),
      collection(
        "audio", "Audio", "Models that play music, and one that listens",
        """
        Turn a text into a tune, then have the transcriber write down its notes, in any of about \
        two hundred languages.
        """,
        [.tunesmith, .noteTranscriber]),
      collection(
        "embeddings", "Embeddings", "Models that turn texts into vectors and compare them",
        """
        Vectors of hashed words: simple, fast, and good enough to show what embeddings are for.
        """,
        [.sentenceVectors, .nearest]),
      collection(
        "utilities", "Utilities", "Small models with exact answers",
        """
        Counting, factoring, drawing, rewriting. Most of them finish within a second or two, and \
        their answers are exact.
        """,
        [
          .textStatistics, .barChart, .primeFactors, .palindrome, .letterCase, .maze, .gameOfLife,
          .sealedNote,
        ]),
      collection(
        "train-a-model", "Train a model of your own",
        "Trainers that turn your pictures into a version of your own model",
        """
        A training takes a zip file of pictures and a model of yours as its destination. When it \
        is done, the model has a new version, which can be run and deployed like any other.
        """,
        [.pictureTrainer]),
      collection(
        "when-things-go-wrong", "When things go wrong",
        "A slow start, a failure, a run that never ends, and a very long form",
        """
        Haiku takes twelve seconds to boot. Mural XL fails halfway. Endless runs until you cancel \
        it. Sealed note has a secret input, and Every input has an input of every kind.
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
