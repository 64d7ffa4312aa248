import Crypto
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

      The output repeats the input, with the type of each value, and the size and the SHA-256 \
      checksum of each file. The secret is left out.
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
      if let address = job.address("file"), let facts = await Self.facts(of: address, job),
        let plain = output["file"]?.object
      {
        output["file"] = .object(plain.merging(facts) { $1 })
      }
      if let files = job.input["files"]?.array?.compactMap(\.string), !files.isEmpty {
        var contents: [JSONValue] = []
        for address in files {
          contents.append(await Self.facts(of: address, job).map(JSONValue.object) ?? .null)
        }
        output["files"] = ["type": "list", "contents": .array(contents)]
      }
      await job.log("\(job.input.count) inputs received\n")
      await job.output(.object(output))
    })

  /// What has arrived of a file; nil if it can't be read, as one of another service.
  private static func facts(of address: String, _ job: some DemoJob) async -> JSONObject? {
    guard let bytes = try? await job.read(address) else { return nil }
    await job.log("Read a file of \(bytes.count) bytes\n")
    return [
      "value": .string(ReplicateAPI.DataURI.shortened(in: address)),
      "size": .number(JSONNumber(bytes.count)),
      "sha256": .string(SHA256.hash(data: bytes).hexadecimal),
    ]
  }

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
