import ReplicateAPI

extension DemoModel {
  static let sealedNote = DemoModel(
    id: ModelID(owner: "cipher", name: "sealed-note"),
    description: "Encrypts a note with a secret key, and decrypts it with the same key",
    runCount: 9_870,
    readme: """
      # Sealed note

      Enter a note and a key, and you get a string of hexadecimal digits. Enter the digits and the \
      same key, choose *open*, and you get the note back.

      The key is a secret input. It is masked while you type, it never appears in the log, and the \
      API redacts it whenever it returns the prediction.

      **Don't trust it with anything.** The cipher is a toy: a stream of pseudorandom numbers \
      seeded with a hash of your key.
      """,
    versions: .history(
      of: ModelID(owner: "cipher", name: "sealed-note"), cog: "0.16.9",
      "2026-09-30T21:09:00.42Z", "2026-09-01T07:00:00Z"),
    schema: .openAPI(
      [
        .secret("api_key", "The key. The API never returns it.").required(),
        .text("note", "The note to seal, or the digits to open.").required(),
        .choice("action", "What to do with the note.", ["seal", "open"], default: "seal"),
      ], .text),
    exampleInput: ["api_key": "a demo key", "note": "The spare key is under the third flowerpot."],
    run: { job in
      let key = job.text("api_key")
      guard !key.isEmpty else { throw DemoFailure(message: "The key is empty.") }
      await job.log("Key received. It doesn't appear in this log.\n")
      try await job.steps(12, label: "Turning the lock", seconds: 1.5)
      let note = job.text("note")
      if job.text("action") == "open" {
        guard let text = NoteCipher(key).opened(note) else {
          await job.log("The checksum doesn't match.\n")
          throw DemoFailure(message: "The key doesn't match the note.")
        }
        await job.output(.string(text))
      } else {
        await job.output(.string(NoteCipher(key).sealed(note)))
      }
    })
}
