import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Every kind of input, from its schema to what is sent. See also `Kinds of inputs at the service`.
@MainActor @Suite struct `Kinds of inputs` {
  private func draw(_ form: InputForm, _ width: Int = 100, _ height: Int = 20) -> String {
    var canvas = Canvas(size: Size(width: width, height: height))
    _ = FormPane().draw(form, on: &canvas, in: canvas.bounds, .test())
    return canvas.text()
  }

  private func press(_ keys: [FormCommand], _ form: InputForm) {
    for key in keys { form.perform(key) }
  }

  @Test(arguments: InputExample.all)
  func `each is drawn with its value`(example: InputExample) {
    let form = example.form()
    #expect(draw(form).contains(" x"))
    press(example.keys, form)
    #expect(draw(form).contains(example.drawn), "\(draw(form))")
    for size in [(40, 12), (20, 5), (1, 1)] { _ = draw(form, size.0, size.1) }
  }

  @Test(arguments: InputExample.all)
  func `each is edited by keys, and sent as it was typed`(example: InputExample) {
    let form = example.form()
    press(example.keys, form)
    #expect(form.fields[0].problem == nil)
    #expect(form.payload["x"]?.serialized() == example.sent.serialized())
    #expect(form.validate())
  }

  @Test(arguments: InputExample.all)
  func `each can be unset again, and is then left out`(example: InputExample) {
    let form = example.form()
    press(example.keys, form)
    form.perform(.unset)
    #expect(form.payload.isEmpty || example.isRequired)
    #expect(form.validate())
  }

  @Test(arguments: InputExample.all.filter { $0.mistake != nil })
  func `each says what is wrong with a value, and isn't sent then`(example: InputExample) throws {
    let mistake = try #require(example.mistake)
    let form = example.form()
    press(mistake.keys, form)
    let problem = form.fields[0].problem ?? ""
    #expect(problem.hasPrefix(mistake.problem), "\(problem)")
    #expect(form.fields[0].mark == .invalid)
    #expect(form.payload["x"] == nil)
    #expect(!form.validate())
    #expect(draw(form).contains(problem.prefix(20)))
  }

  @Test(arguments: InputExample.all)
  func `each takes its value over from an earlier input`(example: InputExample) {
    let form = InputForm(
      model: ModelID(owner: "acme", name: "example"), version: nil, schema: example.modelSchema,
      prefill: ["x": example.sent])
    if example.kind == "secret" {
      #expect(form.payload.isEmpty && form.notes.items.count == 1)
    } else {
      #expect(form.payload["x"]?.serialized() == example.sent.serialized())
      #expect(form.notes.isEmpty)
    }
  }

  @Test(arguments: InputExample.all)
  func `each is shown as JSON, and takes its value back from there`(example: InputExample) throws {
    let form = example.form()
    press(example.keys, form)
    let shown = form.requestJSON
    #expect(shown.invalid.isEmpty && shown.unknown.isEmpty)
    let words: JSONValue = example.kind == "secret" ? "(the secret you typed)" : example.sent
    #expect(shown.input["x"]?.serialized() == words.serialized())

    let other = example.form()
    let text = RequestCode.json(["x": example.sent])
    let edited = try #require(JSONValue(parsing: text).object)
    #expect(other.apply(edited, over: other.requestJSON) == [])
    #expect(other.payload["x"]?.serialized() == example.sent.serialized())
    #expect(other.validate())
    // JSON is written without spaces.
    let drawn = draw(other).filter { $0 != " " }
    #expect(drawn.contains(example.drawn.filter { $0 != " " }), "\(drawn)")

    // What is taken out of the JSON is unset.
    #expect(other.apply([:], over: other.requestJSON) == [])
    #expect(other.payload["x"] == nil || example.isRequired)
  }

  /// A text in a file's place is a path, which is looked at when it is sent.
  @Test(arguments: InputExample.all.filter { $0.rejected != nil && !$0.kind.contains("file") })
  func `each says of JSON what the service would refuse`(example: InputExample) throws {
    let rejected = try #require(example.rejected).value
    let form = example.form()
    let problems = form.apply(["x": rejected], over: form.requestJSON)
    #expect(!problems.isEmpty || form.fields[0].problem != nil)
    #expect(form.payload["x"] == nil || !form.validate())
  }

  @Test func `no kind that a schema can have is without an example`() {
    var missing: Set = [
      "text", "secret", "file", "integer", "number", "boolean", "enumeration", "array", "object",
      "union", "json",
    ]
    for example in InputExample.all {
      for input in example.modelSchema.inputs { missing.remove(name(of: input.kind)) }
    }
    #expect(missing.isEmpty)
    #expect(Set(InputExample.all.map(\.kind)).count == InputExample.all.count)
  }

  /// A new kind doesn't compile here until it has a name, and then needs an example.
  private func name(of kind: InputKind) -> String {
    switch kind {
    case .text: "text"
    case .secret: "secret"
    case .file: "file"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .enumeration: "enumeration"
    case .array: "array"
    case .object: "object"
    case .union: "union"
    case .json: "json"
    }
  }
}
