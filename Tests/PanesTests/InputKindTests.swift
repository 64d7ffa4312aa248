import ReplicateAPI
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
