import ReplicateAPI

extension DemoModel {
  static let everyInput = DemoModel(
    id: ModelID(owner: "demo", name: "every-input"),
    description: "Has one input of every kind, and outputs what it received",
    runCount: 14_142,
    readme: """
      # Every input

      A form with everything in it: plain text and text with a pattern, a secret, integers and \
      other numbers, with and without bounds, a switch, enumerations in three forms, a file, \
      lists, an object, a union of types, a nullable input and a deprecated one.

      The output repeats the input, with the type of each value. The secret is left out.
      """,
    versions: .history(
      of: ModelID(owner: "demo", name: "every-input"), cog: "0.16.9",
      "2026-10-20T20:10:20.1Z", "2026-08-08T18:08:18.81Z"),
    schema: .openAPI(
      [
        .text("text", "Any text. This input is required.").required(),
        .text(
          "code", "Two capital letters and three digits, such as AB123.", default: "AB123",
          minLength: 5,
          maxLength: 5, pattern: "^[A-Z]{2}[0-9]{3}$"),
        .secret("secret", "Hidden while you type it, and in everything the API returns.")
          .nullable(),
        .integer("integer", "An integer from 1 to 10.", default: 3, 1...10),
        .integer("any_integer", "Any integer, even a large one.").nullable(),
        .number("fraction", "A number from 0 to 1.", default: 0.5, 0...1),
        .boolean("switch", "On or off.", default: true),
        .choice("color", "One of a few words.", ["red", "green", "blue"], default: "green"),
        .inlineChoice("weight", "One of a few numbers.", [100, 400, 700], default: 400),
        .choice("required_choice", "One of these. There is no default.", ["yes", "no"]).required(),
        .file("file", "The URL of a file.").nullable(),
        .list("numbers", "Some integers.", of: ["type": "integer"], default: [1, 2, 3]),
        .list(
          "words", "One to four words.", of: ["type": "string"], default: ["one"], count: 1...4),
        .list("files", "URLs of files.", of: SchemaOutput.uri, default: []),
        .object("settings", "Any JSON object.", default: ["depth": 2]),
        .union(
          "text_or_number", "Text, a number, or null.", of: ["string", "number", "null"]),
        .union("optional_text", "Text or null.", of: ["string", "null"]),
        .text("old_name", "Use text instead.").deprecated().nullable(),
      ], .other(["title": "Output"])),
    exampleInput: ["text": "Hello", "required_choice": "yes"],
    coldStart: 0.1,
    run: { job in
      try await job.work(0.5)
      var output: JSONObject = [:]
      for (name, value) in job.input where name != "secret" {
        output[name] = ["type": .string(Self.kind(of: value)), "value": value]
      }
      await job.log("\(job.input.count) inputs received\n")
      await job.output(.object(output))
    })

  private static func kind(of value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .number(let number): number.int == nil ? "number" : "integer"
    case .string: "string"
    case .array(let items): "list of \(items.count)"
    case .object: "object"
    }
  }
}
