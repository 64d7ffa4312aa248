import ReplicateAPI

extension DemoModel {
  static let palindrome = DemoModel(
    id: ModelID(owner: "inkwell", name: "is-it-a-palindrome"),
    description: "Checks whether a text reads the same backward, almost instantly",
    runCount: 1_001,
    readme: """
      # Is it a palindrome?

      The fastest model here. It looks at the letters and digits of a text, ignoring case, spaces \
      and punctuation, and outputs *true* if they read the same in both directions.
      """,
    versions: .history(
      of: ModelID(owner: "inkwell", name: "is-it-a-palindrome"), cog: "0.3.8",
      "2024-12-21T12:21:12.21Z"),
    schema: .openAPI(
      [
        .text("text", "The text to check.").required(),
        .boolean("strict", "Don't ignore case, spaces and punctuation.", default: false),
      ], .boolean),
    exampleInput: ["text": "A man, a plan, a canal: Panama!"],
    coldStart: 0,
    run: { job in
      let text = job.text("text")
      let letters =
        job.flag("strict")
        ? Array(text)
        : Array(text.lowercased().filter { $0.isLetter || $0.isNumber })
      try await job.work(0.1)
      await job.output(.bool(letters.elementsEqual(letters.reversed())))
    })
}
