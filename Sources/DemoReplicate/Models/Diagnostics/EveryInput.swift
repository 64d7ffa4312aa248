import ReplicateAPI

extension DemoModel {
  static let everyInput = DemoModel(
    id: ModelID(owner: "demo", name: "every-input"),
    description: "Has one input of every kind, and outputs what it received",
    runCount: 14_142,
    readme: """
      # Every input

      A form with everything in it: plain text, text with a pattern and in a format, a secret, \
      integers and other numbers with every kind of bound, a switch, enumerations with and without \
      titles, files, lists, objects, unions of types, any value, nullable inputs, some that are \
      declared as old or careless builders did, and a deprecated one.

      The output repeats the input, with the type of each value. The secret is left out.
      """,
    versions: .history(
      of: ModelID(owner: "demo", name: "every-input"), cog: "0.16.9",
      "2026-10-20T20:10:20.1Z", "2026-08-08T18:08:18.81Z"),
    schema: .openAPI(
      texts + numbers + choices + files + values + broken, .other(["title": "Output"])),
    exampleInput: ["text": "Hello", "required_choice": "yes", "required_or_null": .null],
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
