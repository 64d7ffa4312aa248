import ReplicateAPI

extension DemoModel {
  static let eliza = DemoModel(
    id: ModelID(owner: "lumen-lab", name: "eliza-1966"),
    description: "Listens and replies with a question, in the style of the oldest chat program",
    runCount: 1_966_000,
    isOfficial: true,
    paperURL: "https://dl.acm.org/doi/10.1145/365153.365168",
    readme: """
      # ELIZA 1966

      In 1966 Joseph Weizenbaum described ELIZA, a program that kept a conversation going by \
      turning statements into questions. This model does the same with a few dozen rules: it \
      looks for a phrase it knows, swaps *I* and *you*, and asks.

      It understands nothing and remembers nothing, and it is surprising how far that goes.
      """,
    versions: .history(
      of: ModelID(owner: "lumen-lab", name: "eliza-1966"), cog: "0.15.1",
      "2026-01-01T00:00:00.001Z", "2025-05-05T15:55:00.5Z"),
    schema: .openAPI(
      [
        .text("prompt", "What is on your mind?").required(),
        .integer("seed", "The same seed gives the same reply.").nullable(),
      ], .textStream),
    exampleInput: ["prompt": "I feel that my computer doesn't listen to me.", "seed": 4],
    coldStart: 0.2,
    run: { job in
      var random = SeededRandom(
        job.givenSeed ?? job.seed)
      let answer = Eliza.answer(to: job.text("prompt"), &random)
      try await job.work(0.8)
      for token in Tokens.split(answer) {
        try await job.work(0.09)
        await job.token(token)
      }
    })
}
