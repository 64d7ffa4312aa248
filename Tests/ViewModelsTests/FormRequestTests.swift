import ReplicateAPI
import Running
import Testing

@testable import ViewModels

/// A form's input as JSON that is edited and taken back.
@MainActor @Suite struct FormRequestTests {
  private static let inputs = [
    InputField(name: "prompt", isRequired: true),
    InputField(name: "negative", kind: .text()),
    InputField(name: "style", kind: .text(), defaultValue: "ink"),
    InputField(
      name: "steps", kind: .integer(NumberRules(minimum: 1, maximum: 50)), defaultValue: 28),
    InputField(name: "scale", kind: .number()),
    InputField(name: "fast", kind: .boolean, defaultValue: true),
    InputField(name: "format", kind: .enumeration(["png", "jpg"]), defaultValue: "png"),
    InputField(name: "image", kind: .file()),
    InputField(name: "images", kind: .array(.file())),
    InputField(name: "extra", kind: .object()),
    InputField(name: "api_key", kind: .secret()),
    InputField(name: "mask", kind: .text(), isRequired: true, isNullable: true),
  ]

  private func form(_ prefill: JSONObject = ["prompt": "a fox"]) -> InputForm {
    InputForm(
      model: ModelID(owner: "acme", name: "painter"), version: nil,
      schema: ModelSchema(inputs: Self.inputs), prefill: prefill)
  }

  /// Edits the whole JSON.
  private func edit(_ form: InputForm, _ json: JSONObject) -> [String] {
    form.apply(json, over: form.requestJSON)
  }

  private func field(_ form: InputForm, _ name: String) throws -> FormField {
    try #require(form.fields.first { $0.name == name })
  }

  @Test func `the JSON is what is sent`() throws {
    let form = form(["prompt": "a fox", "steps": 30, "images": ["https://a.example/1.png"]])
    #expect(try JSONValue(parsing: form.requestJSON.text) == .object(form.payload))
    #expect(form.plan.input == form.payload)
  }

  @Test func `values are taken into their fields, and what is gone is unset`() throws {
    let form = form(["prompt": "a fox", "scale": 2.5])
    let problems = edit(
      form, ["prompt": "an owl", "mask": .null, "steps": 12, "fast": false, "format": "jpg"])
    #expect(problems.isEmpty)
    #expect(
      form.payload == [
        "prompt": "an owl", "steps": 12, "fast": false, "format": "jpg", "mask": .null,
      ])
    #expect(try field(form, "scale").state == .unset)
  }

  /// Values that no key can type.
  @Test(
    arguments: [
      ["negative": ""], ["style": ""], ["images": []], ["extra": [:]], ["steps": 28],
      ["fast": true], ["format": "png"], ["prompt": ""], ["negative": "a\u{0}b"], ["mask": ""],
      ["mask": .null], ["style": "ink"],
    ] as [JSONObject])
  func `an explicit value survives, even an empty one or the default`(input: JSONObject) throws {
    let form = form()
    var wanted: JSONObject = ["prompt": "a fox", "mask": .null]
    wanted.merge(input) { $1 }
    #expect(edit(form, wanted).isEmpty)
    #expect(form.payload.hasSameMembers(as: wanted))
    // And once more, unchanged.
    #expect(edit(form, form.requestJSON.input).isEmpty)
    #expect(form.payload.hasSameMembers(as: wanted))
  }

  @Test func `an explicit value ends when its field is changed or unset`() throws {
    let form = form()
    _ = edit(form, ["prompt": "a fox", "negative": ""])
    form.perform(.focus(1))
    form.perform(.edit(.insert("x")))
    form.perform(.edit(.deleteBackward))
    #expect(form.payload["negative"] == nil)
    _ = edit(form, ["prompt": "a fox", "negative": ""])
    form.perform(.unset)
    #expect(form.payload["negative"] == nil)
  }

  @Test func `null for an optional input leaves it out, and says so`() {
    let form = form(["prompt": "a fox", "scale": 2])
    let problems = edit(form, ["prompt": "a fox", "mask": .null, "scale": .null])
    #expect(problems == ["scale can’t be null, so it’s left out."])
    #expect(form.payload["scale"] == nil)
  }

  @Test func `a value of another type stays as the field's text, and is invalid`() throws {
    let form = form()
    let problems = edit(
      form, ["prompt": 5, "steps": "many", "scale": [1], "extra": "{", "mask": .null])
    #expect(problems.isEmpty)
    #expect(form.invalidCount == 4)
    #expect(try field(form, "prompt").control.buffer?.text == "5")
    #expect(try field(form, "prompt").problem == "must be a text in quotes")
    #expect(try field(form, "steps").control.buffer?.text == "many")
    #expect(!form.validate())
    // It is still there when the JSON is shown again.
    let json = form.requestJSON
    #expect(json.input["steps"] == "many" && json.input["extra"] == "{")
    #expect(json.invalid == ["prompt", "steps", "scale", "extra"])
    #expect(form.apply(json.input, over: json).isEmpty)
    #expect(form.invalidCount == 4)
    #expect(json.input["prompt"] == 5)
    var edited = json.input
    edited["prompt"] = "5"
    #expect(edit(form, edited).isEmpty)
    #expect(form.payload["prompt"] == "5" && form.invalidCount == 3)
  }

  @Test func `a number out of its bounds is taken, and is invalid`() throws {
    let form = form()
    #expect(edit(form, ["prompt": "a fox", "steps": 99]).isEmpty)
    #expect(try field(form, "steps").problem == "must be 1 to 50")
    #expect(form.requestJSON.input["steps"] == 99)
  }

  @Test func `what no field can hold is told, and the field stays as it was`() throws {
    let form = form(["prompt": "a fox", "fast": false])
    let problems = edit(
      form, ["prompt": "a fox", "fast": "no way", "format": "gif", "mask": .null])
    #expect(
      problems == ["fast must be true or false.", #"format must be one of "png", "jpg"."#])
    #expect(form.payload["fast"] == false)
  }

  @Test
  func `what stands for a secret or for data can't be moved or edited, and is copied in full`()
    throws
  {
    let data = DataURI.text(of: Array(repeating: 7, count: 2000), mediaType: "image/png")
    let long = String(repeating: "abc ", count: 10_000)
    let form = form(["prompt": "a fox", "image": .string(data), "negative": .string(long)])
    form.perform(.focus(10))
    form.perform(.edit(.insert("hush")))
    let json = form.requestJSON
    let secret = try #require(json.input["api_key"])
    let image = try #require(json.input["image"]?.string)
    let text = try #require(json.input["negative"]?.string)
    #expect(image.utf8.count < 100 && text.utf8.count < 400)
    // Under another name, and changed.
    var edited = json.input
    edited["note"] = secret
    edited["image"] = .string(image + "x")
    edited["negative"] = .string("More: " + text)
    let problems = json.problems(in: edited)
    #expect(problems.count == 3, "\(problems)")
    #expect(edit(form, edited).count == 3)
    #expect(form.extras.isEmpty)
    #expect(form.payload["image"] == .string(data) && form.payload["negative"] == .string(long))
    // A text that only looks like one is a text.
    edited = json.input
    edited["style"] = "data: image/png, 5 bytes"
    #expect(json.problems(in: edited).isEmpty)
    #expect(json.wholeText.contains(data) && json.wholeText.contains(long))
    #expect(!json.wholeText.contains("hush"))
  }

  @Test func `what a field can't hold is said before anything is taken`() {
    let form = form()
    var edited = form.requestJSON.input
    edited["format"] = "gif"
    edited["fast"] = "maybe"
    edited["steps"] = "many"
    let problems = form.problems(of: edited, over: form.requestJSON)
    #expect(problems.count == 2, "\(problems)")
  }

  @Test func `a secret is shown as a placeholder that stands for it`() throws {
    let form = form()
    form.perform(.focus(10))
    form.perform(.edit(.insert("sk-12345")))
    let json = form.requestJSON
    #expect(!json.text.contains("sk-"))
    var edited = json.input
    edited["prompt"] = "an owl"
    #expect(form.apply(edited, over: json).isEmpty)
    #expect(form.payload["api_key"] == "sk-12345")
    // Another one replaces it, and without its key it is unset.
    edited["api_key"] = "sk-new"
    #expect(edit(form, edited).isEmpty)
    #expect(form.payload["api_key"] == "sk-new")
    edited["api_key"] = nil
    #expect(edit(form, edited).isEmpty)
    #expect(form.payload["api_key"] == nil)
    // Without a secret it stands for nothing, and it's never sent.
    edited["api_key"] = .string(FormJSON.secret)
    #expect(edit(form, edited) == ["api_key: no secret has been typed that could stand there."])
    #expect(form.payload["api_key"] == nil)
  }

  @Test func `long data is shown by its kind and size, wherever it stands`() {
    let data = "data:image/png;base64," + String(repeating: "AAAA", count: 1000)
    let other = "data:image/png;base64," + String(repeating: "BBBB", count: 1000)
    let form = form(["prompt": "a fox", "image": .string(data)])
    _ = edit(
      form,
      ["prompt": "a fox", "image": .string(data), "images": [.string(data), .string(other)]])
    let json = form.requestJSON
    #expect(json.text.utf8.count < 400)
    #expect(json.input["image"] == "data: image/png, 3,000 bytes")
    #expect(
      json.input["images"] == ["data: image/png, 3,000 bytes", "data: image/png, 3,000 bytes (2)"])
    var edited = json.input
    edited["images"] = .array(
      (json.input["images"]?.array ?? []).reversed() + ["https://a.example"])
    #expect(form.apply(edited, over: json).isEmpty)
    #expect(form.payload["images"] == [.string(other), .string(data), "https://a.example"])
    #expect(form.payload["image"] == .string(data))
  }

  @Test func `keys that the model has no field for are kept, marked and named`() {
    let form = form()
    let wanted: JSONObject = [
      "prompt": "a fox", "mask": .null, "promt": "a typo", "config": ["a": [1]],
    ]
    #expect(edit(form, wanted).isEmpty)
    #expect(form.payload.hasSameMembers(as: wanted))
    #expect(form.requestJSON.unknown == ["promt", "config"])
    #expect(form.plan.problems.map(\.field).contains("promt"))
    #expect(
      form.extrasProblem == "This model has no inputs “promt”, “config”, so Replicate ignores them."
    )
    form.perform(.resetAll)
    #expect(form.extras.isEmpty)
  }

  @Test func `64-bit integers and all digits survive`() throws {
    let form = form()
    let scale = try JSONValue(parsing: "0.1000000000000000055511151231257827")
    #expect(edit(form, ["prompt": "a fox", "scale": scale]).isEmpty)
    #expect(form.requestJSON.text.contains("0.1000000000000000055511151231257827"))
    let big = try JSONValue(parsing: #"{"a": 18446744073709551615}"#)
    #expect(edit(form, ["prompt": "a fox", "extra": big]).isEmpty)
    #expect(form.requestJSON.text.contains("18446744073709551615"))
  }

  @Test func `what was taken can be undone as one`() throws {
    let form = form(["prompt": "a fox", "scale": 2.5])
    let before = form.payload
    _ = edit(form, ["prompt": "an owl", "mask": "a text", "steps": 3, "promt": "a typo"])
    #expect(form.perform(.undo))
    #expect(form.payload == before)
    #expect(form.extras.isEmpty)
    #expect(form.perform(.redo))
    #expect(form.payload["promt"] == "a typo" && form.payload["steps"] == 3)
  }

  @Test func `an example's path isn't the user's own, even if the JSON around it is edited`() throws
  {
    let form = form(["prompt": "a fox", "image": "/etc/passwd"])
    guard let index = form.fields.firstIndex(where: { $0.name == "image" }) else { return }
    form.fields[index].distrust("/etc/passwd")
    #expect(form.fields[index].isInvalid)
    let json = form.requestJSON
    var edited = json.input
    edited["prompt"] = "an owl"
    #expect(form.apply(edited, over: json).isEmpty)
    #expect(form.fields[index].isInvalid)
    edited["image"] = "/tmp/mine.png"
    #expect(edit(form, edited).isEmpty)
    #expect(!form.fields[index].isInvalid)
  }

  /// Fields with a path that an example named, and something else that is done to them.
  nonisolated private static let foreign:
    [(name: String, value: JSONValue, commands: [FormCommand])] = [
      ("images", ["https://a.example/1.png", "/etc/passwd"], [.sweep, .sweep]),
      ("images", ["/etc/passwd"], [.addRow, .edit(.insert("https://a.example/2.png"))]),
      ("images", ["/etc/passwd", "https://a.example/1.png"], [.edit(.down), .removeRow]),
      ("image", "/etc/passwd", [.sweep]), ("image", "/etc/passwd", [.sweep, .sweep]),
    ]

  @Test(arguments: foreign)
  func `an example's path stays somebody else's, whatever is done around it`(
    name: String, value: JSONValue, commands: [FormCommand]
  ) throws {
    let form = form(["prompt": "a fox", name: value])
    let index = try #require(form.fields.firstIndex { $0.name == name })
    #expect(form.fields[index].isInvalid)
    form.perform(.focus(index))
    for command in commands { form.perform(command) }
    #expect(form.fields[index].isInvalid)
    #expect(!form.validate())
    let copy = self.form()
    copy.fill(form.snapshot)
    #expect(copy.fields[index].isInvalid)
    form.perform(.focus(index))
    form.perform(.unset)
    #expect(!form.fields[index].isInvalid)
  }

  @Test func `a path is the user's own once it was chosen, or typed anew`() throws {
    let form = form(["prompt": "a fox", "image": "/etc/passwd"])
    let index = try #require(form.fields.firstIndex { $0.name == "image" })
    form.perform(.focus(index))
    form.perform(.edit(.deleteBackward))
    #expect(!form.fields[index].isInvalid)
    form.perform(.edit(.insert("d")))
    #expect(!form.fields[index].isInvalid)
    let other = self.form(["prompt": "a fox", "image": "/etc/passwd"])
    other.perform(.focus(index))
    other.setFile("/etc/passwd")
    #expect(!other.fields[index].isInvalid)
  }

  @Test func `a list keeps what can't be sent`() throws {
    let form = form()
    _ = edit(form, ["prompt": "a fox", "images": ["https://a.example/1.png", 5], "mask": .null])
    #expect(try field(form, "images").isInvalid)
    #expect(form.requestJSON.input["images"] == ["https://a.example/1.png", 5])
  }
}
