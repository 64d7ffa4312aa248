import ReplicateAPI

extension DemoModel {
  static let sealedNote = DemoModel(
    id: ModelID(owner: "cipher", name: "sealed-note"),
    description: "Seals a note with a secret key, and opens it again with the same one",
    runCount: 9_870,
    readme: """
      # Sealed note

      Type a note and a key: you get back a row of digits that reads as nonsense. Give it the \
      digits and the same key, choose *open*, and the note is there again.

      The key is a secret input. It is masked while you type, it never appears in the log, and the \
      service hides it in everything that it shows of the prediction afterwards.

      **Don't trust it with anything.** The cipher is a toy: a stream of pseudo-random numbers \
      that begins with a hash of your key.
      """,
    versions: .history(
      of: ModelID(owner: "cipher", name: "sealed-note"), cog: "0.16.9",
      "2026-09-30T21:09:00.42Z", "2026-09-01T07:00:00Z"),
    schema: .openAPI(
      [
        .secret("api_key", "The key. It is hidden in all answers.").required(),
        .text("note", "What to seal, or the digits to open.").required(),
        .choice("action", "What to do with the note.", ["seal", "open"], default: "seal"),
      ], .text),
    exampleInput: ["api_key": "a demo key", "note": "The spare key is under the third flowerpot."],
    run: { job in
      let key = job.text("api_key")
      guard !key.isEmpty else { throw DemoFailure(message: "The key is empty.") }
      await job.log("Key received; it is kept out of this log.\n")
      try await job.steps(12, label: "Turning the lock", seconds: 1.5)
      let note = job.text("note")
      if job.text("action") == "open" {
        guard let text = NoteCipher(key).opened(note) else {
          await job.log("The check digits don't match.\n")
          throw DemoFailure(message: "This key doesn't open this note.")
        }
        await job.output(.string(text))
      } else {
        await job.output(.string(NoteCipher(key).sealed(note)))
      }
    })
}
