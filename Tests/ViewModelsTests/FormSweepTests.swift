import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// Fields that take several values, one run each.
@MainActor
@Suite struct `Sweeps in the form` {
  private let form = InputForm(
    model: ModelID(owner: "acme", name: "painter"), version: nil,
    schema: ModelSchema(inputs: [
      InputField(name: "prompt", kind: .text(), isRequired: true),
      InputField(
        name: "steps", kind: .integer(NumberRules(minimum: 1, maximum: 50)), defaultValue: 28),
      InputField(name: "scale", kind: .number(NumberRules(minimum: 0, maximum: 10))),
      InputField(name: "style", kind: .enumeration(["ink", "oil", "chalk"]), defaultValue: "ink"),
      InputField(name: "fast", kind: .boolean, defaultValue: true),
      InputField(name: "key", kind: .secret()),
      InputField(name: "sizes", kind: .array(.integer())),
    ]))

  private func sweep(_ name: String, _ rows: String...) {
    go(to: name)
    form.perform(.sweep)
    for row in rows {
      form.perform(.edit(.insert(row)))
      form.perform(.activate)
    }
  }

  private func go(to name: String) {
    if let index = form.fields.firstIndex(where: { $0.name == name }) {
      form.perform(.focus(index))
    }
  }

  private func field(_ name: String) throws -> FormField {
    try #require(form.fields.first { $0.name == name })
  }

  @Test func `a key turns a field into a list of values, and back into what it was`() throws {
    go(to: "prompt")
    form.perform(.edit(.insert("a fox")))
    form.perform(.sweep)
    #expect(try field("prompt").isSwept)
    #expect(form.sweeps == ["prompt": ["a fox"]])
    form.perform(.edit(.insert("a hen")))
    #expect(form.sweeps == ["prompt": ["a fox", "a hen"]])
    #expect(form.runCount == 2)
    #expect(form.payload["prompt"] == nil)
    form.perform(.sweep)
    #expect(form.runCount == nil)
    #expect(form.payload["prompt"] == "a fox")
    form.perform(.undo)
    #expect(form.sweeps == ["prompt": ["a fox", "a hen"]])
  }

  @Test func `the product of all values is the number of runs`() {
    sweep("prompt", "a fox", "a hen")
    sweep("steps", "1..10")
    #expect(form.runCount == 2 * 10)
    #expect(form.validSweeps.map(\.name) == ["prompt", "steps"])
    #expect(form.sweepWords == "prompt takes 2 values and steps 10")
  }

  @Test func `ranges are read in a sweep, and nowhere else`() throws {
    go(to: "steps")
    form.perform(.edit(.insert("1..3")))
    #expect(try field("steps").isInvalid)
    form.perform(.unset)
    go(to: "prompt")
    form.perform(.edit(.insert("1..3")))
    #expect(form.payload["prompt"] == "1..3")
    #expect(!form.isSwept)

    sweep("scale", "0..1 step 0.25")
    #expect(form.validSweeps.first?.values == [0, 0.25, 0.5, 0.75, 1])
    #expect(form.sweeps["scale"] == ["0..1 step 0.25"])
  }

  @Test func `a range in a text is a text`() {
    sweep("prompt", "1..3")
    #expect(form.validSweeps.first?.values == ["1..3"])
  }

  @Test(arguments: [
    ("steps", "0..3", "must be 1 to 50"), ("steps", "45..55", "must be 1 to 50"),
    ("steps", "1..2 step 0.5", "has numbers that aren’t whole"),
    ("steps", "x", "must be a whole number"),
    ("scale", "1..1000000000000", "a group has at most 1,000"),
    ("steps", "1..5, 7", "each has a row of its own"),
    ("scale", "1..9 step 0", "no range such as 1..10"), ("scale", "0..20", "must be 0 to 10"),
  ])
  func `each row is checked`(name: String, row: String, problem: String) throws {
    sweep(name, row)
    #expect(try field(name).isInvalid)
    #expect(try field(name).problem?.contains(problem) == true)
    #expect(form.runCount == nil)
    #expect(!form.validate())
  }

  @Test func `a sweep without values is an error`() throws {
    sweep("scale")
    #expect(try field("scale").problem == "has no values yet")
    #expect(!form.validate())
  }

  @Test func `the request shows the first of several runs, and editing it keeps the values`() throws
  {
    go(to: "prompt")
    form.perform(.edit(.insert("a fox")))
    sweep("scale", "0..2")
    let shown = form.requestJSON
    #expect(shown.input == ["prompt": "a fox", "scale": 0])
    #expect(form.sweepRemark == "This is the first of 3 runs: scale takes 3 values.")
    #expect(form.apply(["prompt": "an owl", "scale": 0], over: shown).isEmpty)
    #expect(try field("scale").isSwept && form.runCount == 3)
    #expect(form.payload == ["prompt": "an owl"])

    // Another value is the only one, as is none.
    let again = form.requestJSON
    #expect(form.apply(["prompt": "an owl", "scale": 1.5], over: again).isEmpty)
    #expect(try !field("scale").isSwept)
    #expect(form.payload == ["prompt": "an owl", "scale": 1.5] && form.sweepRemark == nil)
    form.perform(.undo)
    #expect(form.runCount == 3)
    #expect(form.apply(["prompt": "an owl"], over: form.requestJSON).isEmpty)
    #expect(try !field("scale").isSwept)
    #expect(form.payload == ["prompt": "an owl"])
  }

  @Test func `values that can't be read yet aren't in the request, and stay in the form`() throws {
    sweep("steps", "7", "99")
    let shown = form.requestJSON
    #expect(shown.input.isEmpty)
    #expect(form.apply(["prompt": "a fox"], over: shown).isEmpty)
    #expect(form.sweeps["steps"] != nil)
  }

  @Test func `the lines of a file are read as they would be typed`() throws {
    let form = InputForm(
      model: ModelID(owner: "acme", name: "painter"), version: nil,
      schema: ModelSchema(inputs: [
        InputField(name: "any", kind: .json), InputField(name: "object", kind: .object()),
        InputField(name: "either", kind: .union([.text(), .integer()])),
      ]))
    for (name, lines, wanted) in [
      ("any", [#"{"a":1}"#, "5"], [["a": 1], 5] as JSONValue),
      ("object", [#"{"a":1}"#], [["a": 1]]), ("either", ["5", "five"], [5, "five"]),
    ] {
      form.perform(.focus(form.fields.firstIndex { $0.name == name } ?? 0))
      form.perform(.sweep)
      #expect(form.addSweepValues(lines, to: name) == nil)
      #expect(form.fields.first { $0.name == name }?.value == wanted, "\(name)")
    }
  }

  @Test(arguments: [("1...5", 5), ("1…5", 5), ("1..5", 5), ("0..18446744073709551615", nil)])
  func `a range is read with two dots or three`(text: String, count: Int?) {
    #expect(NumberRange(text)?.numbers(atMost: 100)?.count == count)
    #expect(NumberRange(text).map { $0.count > 0 } == true)
  }

  @Test func `a swept field can be required, and is then filled in`() {
    sweep("prompt", "a fox")
    #expect(form.missingCount == 0)
    #expect(form.validate())
  }

  @Test func `choices and switches can be swept`() throws {
    go(to: "style")
    form.perform(.sweep)
    #expect(form.sweeps["style"] == ["ink"])
    #expect(form.addSweepValues(["oil", "Chalk"], to: "style") == nil)
    #expect(form.validSweeps.first?.values == ["ink", "oil", "chalk"])
    go(to: "fast")
    form.perform(.sweep)
    #expect(form.addSweepValues(["false"], to: "fast") == nil)
    #expect(form.runCount == 6)
    #expect(form.addSweepValues(["maybe"], to: "fast")?.contains("choices") == true)
    #expect(form.runCount == 6)
  }

  @Test func `a list is swept as JSON`() throws {
    sweep("sizes", "[1, 2]", "[3]")
    #expect(form.validSweeps.first?.values == [[1, 2], [3]])
    form.perform(.edit(.insert("[\"x\"]")))
    #expect(try field("sizes").isInvalid)
  }

  @Test func `a secret can't be swept`() throws {
    go(to: "key")
    form.perform(.sweep)
    #expect(try !field("key").isSwept)
    #expect(form.takeRefusal() == "A secret can’t take several values.")
  }

  @Test func `lines of a file become rows, ranges among them`() {
    go(to: "steps")
    form.perform(.sweep)
    #expect(form.addSweepValues(["1..3", "7"], to: "steps") == nil)
    #expect(form.validSweeps.first?.values == [1, 2, 3, 7])
    let many = (0..<1000).map(String.init)
    #expect(form.addSweepValues(many, to: "steps")?.contains("more than 1,000") == true)
  }

  @Test func `sweeps can be stored and set`() throws {
    sweep("prompt", "a fox", "a hen")
    sweep("scale", "0..1 step 0.5", "7", "oops")
    let stored = form.sweeps
    #expect(stored["scale"] == ["0..1 step 0.5", 7, "oops"])
    form.perform(.resetAll)
    #expect(!form.isSwept)
    form.take(FormRequest(model: form.model, sweeps: stored))
    #expect(form.sweeps == stored)
  }

  @Test func `drafts and presets keep sweeps`() throws {
    sweep("prompt", "a fox", "a hen")
    sweep("scale", "0..1 step 0.5")
    let saved = SavedInput(
      kind: .draft, model: form.model, sweep: form.snapshot.keptSweep,
      savedAt: "2026-11-24T03:00:00Z")
    #expect(form.snapshot.fields.isEmpty)
    form.perform(.resetAll)
    form.fill(FormSnapshot(saved))
    #expect(form.runCount == 6)
    #expect(form.sweeps["scale"] == ["0..1 step 0.5"])
    form.perform(.undo)
    #expect(!form.isSwept)
  }

  @Test func `the request that is shown is the first of the runs`() {
    sweep("prompt", "a fox", "a hen")
    #expect(form.firstPlan.input["prompt"] == "a fox")
    #expect(form.plan.input["prompt"] == nil)
  }

  @Test
  func `a file that an example has named stays somebody else's in a sweep, also when it is kept`()
    throws
  {
    let input = InputField(name: "image", kind: .file())
    func form(_ prefill: JSONObject = [:]) -> InputForm {
      InputForm(
        model: ModelID(owner: "acme", name: "x"), version: nil,
        schema: ModelSchema(inputs: [input]), prefill: prefill)
    }
    let first = form(["image": "/home/me/.ssh/id_rsa"])
    first.perform(.sweep)
    #expect(first.fields[0].isInvalid)
    let kept = first.snapshot
    let second = form()
    second.fill(kept)
    #expect(second.sweeps["image"] == ["/home/me/.ssh/id_rsa"])
    #expect(second.fields[0].isInvalid && !second.validate())
    // One's own is.
    let third = form()
    third.take(
      FormRequest(
        model: third.model, sweeps: ["image": ["/tmp/a.png", "/tmp/b.png"]],
        ownFiles: ["/tmp/a.png", "/tmp/b.png"]))
    #expect(third.runCount == 2 && third.validate())
  }

  @Test func `an empty text and an exact value come back after a sweep`() throws {
    let form = InputForm(
      model: ModelID(owner: "acme", name: "x"), version: nil,
      schema: ModelSchema(inputs: [
        InputField(name: "text", kind: .text(), defaultValue: "a fox")
      ]), prefill: ["text": ""])
    #expect(form.payload == ["text": ""])
    form.perform(.sweep)
    form.perform(.sweep)
    #expect(form.payload == ["text": ""])
  }

  @Test func `a secret is never among what is stored`() {
    form.take(FormRequest(model: form.model, sweeps: ["key": ["hush"]]))
    #expect(form.sweeps.isEmpty)
  }

  @Test func `values that don't fit are told`() {
    form.take(
      FormRequest(
        model: form.model,
        sweeps: ["gone": [1, 2], "steps": [28, .null, ["a": 1]], "prompt": ["a fox", 7]]))
    #expect(form.notes.items.map(\.name) == ["gone"])
    #expect(form.sweeps["steps"] == [28, "null", #"{"a":1}"#])
    #expect(form.runCount == nil)
    #expect(!form.validate())
  }
}
