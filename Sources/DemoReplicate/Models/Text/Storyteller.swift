import ReplicateAPI

extension DemoModel {
  static let storyteller = DemoModel(
    id: ModelID(owner: "lumen-lab", name: "storyteller"),
    description: "Tells a short story, a poem or a letter about anything, one word at a time",
    runCount: 96_420_118,
    isOfficial: true,
    licenseURL: "https://choosealicense.com/licenses/mit/",
    readme: """
      # Storyteller

      Give it a subject and it writes something about it, streaming the text as it goes.

      Storyteller is a grammar, not a neural network: a few hundred handwritten sentences with \
      placeholders for names, weather, objects and your subject. It knows nothing about the \
      world, and it never refuses a subject. Its output is a good test for a program that shows \
      text as it arrives.

      ## Forms

      Leave `form` at *auto* and it looks for words such as *poem*, *verse* or *letter* in your \
      prompt and in the system prompt. If there are none, it tells a story.

      ## Temperature

      At 0, it always takes the first sentence that fits, so every story starts the same way. At \
      1, it takes any sentence that fits.

      ## Length

      `max_tokens` cuts the text off, even in the middle of a sentence. A token is a short word, a \
      piece of a longer one, or a punctuation mark.
      """,
    versions: .hidden("2026-09-08T10:15:30.000Z", cog: "0.16.8"),
    schema: .openAPI(
      [
        .text("prompt", "What the text should be about.").required(),
        .text(
          "system_prompt",
          "How to write it. Words such as poem, letter and wistful make a difference.",
          default: "You are a patient storyteller."),
        .choice(
          "form", "What to write.", ["auto", "story", "poem", "letter"], default: "auto"),
        .integer("max_tokens", "The maximum number of tokens.", default: 512, 1...1024),
        .number(
          "temperature", "How freely to choose among sentences. At 0, always the first that fits.",
          default: 0.8, 0...1),
        .text("stop_sequence", "Stop before the first occurrence of this text.").nullable(),
        .integer("seed", "The same seed gives the same story.").nullable(),
      ], .textStream),
    exampleInput: [
      "prompt": "Tell me a story about a lighthouse keeper who collects lost umbrellas",
      "temperature": 0.8, "seed": 7,
    ],
    run: { job in
      let seed = job.givenSeed ?? job.seed
      let writer = StoryWriter(
        prompt: job.text("prompt"), systemPrompt: job.text("system_prompt"),
        form: job.text("form"), temperature: job.number("temperature", or: 0.8), seed: seed)
      var text = writer.text()
      let stop = job.text("stop_sequence")
      if !stop.isEmpty, let end = text.firstRange(of: stop) {
        text = String(text[..<end.lowerBound])
      }
      let tokens = Tokens.split(text).prefix(job.integer("max_tokens", or: 512))
      let promptTokens = Tokens.split(job.text("prompt") + job.text("system_prompt")).count

      try await job.work(0.4)
      try await job.stream(tokens)
      await job.metric("input_token_count", .number(JSONNumber(promptTokens)))
      await job.metric("output_token_count", .number(JSONNumber(tokens.count)))
      await job.metric("time_to_first_token", 0.4)
    })
}

extension DemoJob {
  /// Streams text token by token, about 70 per second.
  func stream(_ tokens: some Sequence<String>) async throws {
    var random = SeededRandom(seed)
    for token in tokens {
      try await work(Double(random.number(0.008...0.02)))
      await self.token(token)
    }
  }
}
