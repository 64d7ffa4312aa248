import ReplicateAPI

extension DemoModel {
  static let letterCase = DemoModel(
    id: ModelID(owner: "inkwell", name: "letter-case"),
    description: "Rewrites a text file in UPPERCASE, lowercase or Title Case",
    runCount: 76_401,
    readme: """
      # Letter case

      Takes a text file and outputs a copy in uppercase, lowercase or title case. Any UTF-8 text \
      will do; non-English letters are converted by the rules of Unicode.
      """,
    versions: .history(
      of: ModelID(owner: "inkwell", name: "letter-case"), cog: "0.8.6",
      "2025-04-25T22:10:00.25Z"),
    schema: .openAPI(
      [
        .file("document", "A text file.").required(),
        .inlineChoice(
          "letters", "The case to convert to.", ["upper", "lower", "title"], default: "upper"),
      ], .file),
    exampleInput: [
      "document": .string(DataURI.text("The quick brown fox jumps over the lazy dog.\n")),
      "letters": "upper",
    ],
    run: { job in
      let bytes = try await job.read(job.text("document"))
      let text = String(decoding: bytes, as: UTF8.self)
      await job.log("Read \(bytes.count.grouped) bytes\n")
      try await job.steps(5, label: "Rewriting", seconds: 1)
      let rewritten =
        switch job.text("letters") {
        case "lower": text.lowercased()
        case "title": Self.titleCase(text)
        default: text.uppercased()
        }
      let address = await job.file(
        Array(rewritten.utf8), name: "document.txt", type: "text/plain; charset=utf-8")
      await job.output(.string(address))
    })

  private static func titleCase(_ text: String) -> String {
    var result = ""
    var isInside = false
    for character in text {
      let isLetter = character.isLetter || character == "'" || character == "’"
      result += isInside ? character.lowercased() : character.uppercased()
      isInside = isLetter
    }
    return result
  }
}
