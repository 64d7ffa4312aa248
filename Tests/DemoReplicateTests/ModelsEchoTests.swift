import ReplicateAPI
import Testing

@testable import DemoReplicate

@Suite struct ModelsEchoTests {
  func echo(
    _ output: SchemaOutput, _ input: JSONObject = ["prompt": "three wise owls"]
  ) async throws -> RecordingJob.Record {
    let schema = JSONValue.openAPI(
      [.text("prompt", "What to say."), .integer("num_outputs", "How many.")], output)
    let model = DemoModels.echo(
      id: ModelID(owner: "some", name: "one"), description: "One of many", runCount: 12,
      schema: schema)
    return try await model.recorded(input)
  }

  @Test func `a text is echoed whole or word by word`() async throws {
    #expect(try await echo(.text).output == "three wise owls")
    #expect(try await echo(.textStream).text == "three wise owls")
  }

  @Test func `files are pictures`() async throws {
    let one = try await echo(.file)
    #expect(one.output?.string != nil)
    #expect(try PNG.decoded(one.files[0].bytes).width == 320)
    let several = try await echo(.files, ["prompt": "owls", "num_outputs": 3])
    #expect(several.items.count == 3)
    #expect(try await echo(.fileStream).items.count == 2)
  }

  @Test func `objects, lists and nested lists have the shape of the schema`() async throws {
    let object = try await echo(
      .object([
        ("audio", SchemaOutput.uri), ("score", ["type": "number"]), ("done", ["type": "boolean"]),
        ("kind", ["enum": ["a", "b"], "type": "string"]),
        ("rows", ["type": "array", "items": ["type": "array", "items": ["type": "number"]]]),
        ("maybe", ["anyOf": [["type": "null"], ["type": "string"]]]),
      ]))
    let output = try #require(object.output)
    #expect(output["audio"]?.string?.hasPrefix("http") == true)
    #expect(output["score"]?.double != nil)
    #expect(output["done"] == true)
    #expect(output["kind"] == "a")
    #expect(output["rows"]?[1]?[15]?.double != nil)
    #expect(output["maybe"] == "three wise owls")

    let objects = try await echo(.objects([("text", ["type": "string"])]))
    #expect(objects.output?[1]?["text"] == "three wise owls")
  }

  @Test func `without an output schema, the input is echoed`() async throws {
    let any = try await echo(.other([:]))
    #expect(any.output?["prompt"] == "three wise owls")
    let model = DemoModels.echo(
      id: ModelID(owner: "some", name: "one"), description: "", runCount: 0, schema: nil)
    #expect(model.inputs.map(\.name) == ["prompt"])
    #expect(try await model.recorded(["prompt": "hm"]).output == "hm")
    let bare = DemoModels.echo(
      id: ModelID(owner: "some", name: "one"), description: "", runCount: 0,
      schema: ["components": ["schemas": [:]]])
    #expect(try await bare.recorded(["a": 1]).output == ["a": 1])
  }

  @Test func `a recursive schema gives a finite output`() async throws {
    let looping = try await echo(
      .other(["type": "array", "items": ["$ref": "#/components/schemas/Output"]]))
    #expect(looping.output?.array?.count == 2)
  }
}
