import OrderedCollections
import ReplicateAPI
import Running
import Testing

@testable import ViewModels

@MainActor @Suite struct FormTests {
  static let inputs: [InputField] = [
    InputField(name: "prompt", kind: .text(), isRequired: true),
    InputField(
      name: "aspect_ratio", kind: .enumeration(["1:1", "16:9", "9:16"]), defaultValue: "1:1"),
    InputField(
      name: "num_outputs", kind: .integer(NumberRules(minimum: 1, maximum: 4)), defaultValue: 1),
    InputField(
      name: "guidance", kind: .number(NumberRules(minimum: 0, maximum: 10)), defaultValue: 3.5),
    InputField(name: "go_fast", kind: .boolean, defaultValue: true),
    InputField(name: "seed", kind: .integer()),
    InputField(name: "image", kind: .file()),
    InputField(name: "api_key", kind: .secret()),
    InputField(name: "old", kind: .text(), isDeprecated: true),
    InputField(name: "options", kind: .json),
  ]

  private func form(
    _ inputs: [InputField] = inputs, prefill: JSONObject = [:],
    random: @escaping @MainActor (ClosedRange<Int>) -> Int = { $0.upperBound }
  ) -> InputForm {
    InputForm(
      model: ModelID(owner: "acme", name: "painter"), version: nil,
      schema: ModelSchema(inputs: inputs), prefill: prefill, random: random)
  }

  private func go(_ form: InputForm, to name: String) {
    guard let index = form.fields.firstIndex(where: { $0.name == name }) else { return }
    form.perform(.focus(index))
  }

  private func type(_ text: String, into name: String, _ form: InputForm) {
    go(form, to: name)
    form.perform(.edit(.insert(text)))
  }

  // MARK: From field to field

  @Test func `fields come in the schema's order, deprecated ones last`() {
    #expect(form().fields.last?.name == "old")
    #expect(form().fields.map(\.name).prefix(3) == ["prompt", "aspect_ratio", "num_outputs"])
  }

  @Test func `the focus steps, pages and stays within the fields`() {
    let form = form()
    form.typesetting.fieldsPerPage = 4
    form.perform(.previous)
    #expect(form.focus == 0)
    form.perform(.next)
    #expect(form.focus == 1)
    form.perform(.pageDown)
    #expect(form.focus == 4)
    form.perform(.pageUp)
    #expect(form.focus == 1)
    form.perform(.last)
    #expect(form.focus == 9)
    form.perform(.next)
    #expect(form.focus == 9)
    form.perform(.first)
    #expect(form.focus == 0)
  }

  @Test func `only some controls take printable keys`() {
    let form = form()
    let typed = form.fields.indices.map { index in
      form.perform(.focus(index))
      return form.isTyping
    }
    #expect(typed == [true, false, true, true, false, true, true, true, true, true])
  }

  @Test func `a form without inputs asks nothing and answers nothing`() {
    let form = form([])
    #expect(!form.isTyping)
    #expect(form.focusedField == nil)
    for command in [FormCommand.next, .activate, .toggle, .stepUp, .unset, .edit(.insert("x"))] {
      #expect(!form.perform(command))
    }
    #expect(form.validate())
    #expect(form.payload.isEmpty)
  }

  // MARK: The payload

  @Test func `required and changed fields alone are sent, in order`() {
    let form = form()
    type("a cat", into: "prompt", form)
    type("4", into: "num_outputs", form)
    #expect(Array(form.payload.keys) == ["prompt", "num_outputs"])
    #expect(form.payload == ["prompt": "a cat", "num_outputs": 4])
    #expect(form.changedCount == 2)
    #expect(form.hasChanges)
  }

  @Test func `secrets are sent and left out of what is kept`() {
    let form = form()
    type("hunter2", into: "api_key", form)
    #expect(form.payload["api_key"] == "hunter2")
    #expect(form.payloadWithoutSecrets["api_key"] == nil)
  }

  @Test func `one command unsets a field, one resets all`() {
    let form = form()
    type("a cat", into: "prompt", form)
    type("4", into: "num_outputs", form)
    form.perform(.unset)
    #expect(form.payload == ["prompt": "a cat"])
    form.perform(.resetAll)
    #expect(form.payload.isEmpty)
    #expect(!form.hasChanges)
    #expect(form.missingCount == 1)
  }

  @Test func `what is typed after unsetting replaces the default that came back`() {
    let form = form()
    type("4", into: "num_outputs", form)
    form.perform(.unset)
    form.perform(.edit(.insert("2")))
    #expect(form.focusedField?.control.buffer?.text == "2")
  }

  @Test func `a text that was emptied doesn't look like its default`() {
    let field = InputField(name: "prompt", kind: .text(), defaultValue: "a lighthouse")
    let form = InputForm(
      model: ModelID(owner: "a", name: "b"), version: nil,
      schema: ModelSchema(inputs: [field], output: .none))
    form.perform(.edit(.deleteBackward))
    #expect(form.payload == ["prompt": ""])
    #expect(form.fields[0].placeholder == "(empty)")
    form.perform(.unset)
    #expect(form.fields[0].placeholder == "a lighthouse")
  }

  // MARK: Typing

  @Test func `typing replaces a default that was just arrived at`() {
    let form = form()
    type("3", into: "num_outputs", form)
    form.perform(.edit(.insert("2")))
    #expect(form.focusedField?.control.buffer?.text == "32")
    #expect(form.focusedField?.mark == .invalid)
    form.perform(.edit(.deleteBackward))
    #expect(form.focusedField?.payload == 3)
  }

  @Test func `a step into a selected value lets it be edited`() {
    let form = form()
    go(form, to: "guidance")
    #expect(form.isValueSelected)
    form.perform(.edit(.right))
    #expect(!form.isValueSelected)
    form.perform(.edit(.insert("5")))
    #expect(form.focusedField?.payload == 3.55)
    go(form, to: "num_outputs")
    form.perform(.edit(.deleteBackward))
    #expect(form.focusedField?.control.buffer?.text == "")
  }

  @Test func `a text that a person wrote is edited, not replaced`() {
    let form = form()
    type("a cat", into: "prompt", form)
    form.perform(.next)
    form.perform(.previous)
    form.perform(.edit(.insert("!")))
    #expect(form.payload["prompt"] == "a cat!")
  }

  @Test func `a paste is literal and triggers nothing`() {
    let form = form()
    type("q\n/ r\u{3}\r\n:wq", into: "prompt", form)
    #expect(form.payload["prompt"] == "q\n/ r\n:wq")
    #expect(form.focusedField?.name == "prompt")
    type("https://a.example/\nx\n", into: "image", form)
    #expect(form.focusedField?.control.buffer?.text == "https://a.example/ x")
  }

  @Test func `a paste of 20,000 characters is there at once`() {
    let form = form()
    let paste = String(repeating: "a quick brown fox. ", count: 1053)
    let time = ContinuousClock().measure {
      type(paste, into: "prompt", form)
      form.perform(.edit(.up))
      form.perform(.edit(.insert("x")))
    }
    #expect(form.payload["prompt"]?.string?.count == paste.count + 1)
    #expect(time < .seconds(2))
  }

  @Test func `a paste onto a choice or a switch takes what fits`() {
    let form = form()
    type(" 9:16\n", into: "aspect_ratio", form)
    #expect(form.payload["aspect_ratio"] == "9:16")
    type("false", into: "go_fast", form)
    #expect(form.payload["go_fast"] == false)
    form.perform(.edit(.insert("maybe")))
    #expect(form.payload["go_fast"] == false)
    #expect(form.focusedField?.name == "go_fast")
  }

  @Test func `up and down follow the wrapped rows, then leave the field`() {
    let form = form()
    form.typesetting.textColumns = 10
    type("one two three four five", into: "prompt", form)
    form.perform(.edit(.up))
    form.perform(.edit(.insert("|")))
    #expect(form.payload["prompt"] == "one two thre|e four five")
    form.perform(.edit(.up))
    form.perform(.edit(.up))
    #expect(form.focusedField?.name == "prompt")
    form.perform(.edit(.down))
    form.perform(.edit(.down))
    form.perform(.edit(.down))
    #expect(form.focusedField?.name == "aspect_ratio")
    form.perform(.edit(.up))
    #expect(form.focusedField?.name == "prompt")
  }

  @Test func `a click puts the cursor into a text`() {
    let form = form()
    type("a cat", into: "prompt", form)
    form.perform(.next)
    form.perform(.place(0, offset: 1))
    form.perform(.edit(.insert(" big")))
    #expect(form.payload["prompt"] == "a big cat")
    form.perform(.place(0, offset: 9999))
    #expect(form.focusedField?.control.buffer?.cursor == "a big cat".endIndex)
  }

  // MARK: Enter, Space and steps

  @Test func `Enter goes to the next field, and opens the list of a choice`() {
    let form = form()
    type("one", into: "prompt", form)
    #expect(form.perform(.activate))
    #expect(form.focusedField?.name == "aspect_ratio")
    #expect(form.payload == ["prompt": "one"])
    form.perform(.activate)
    #expect(form.picker != nil)
    form.perform(.activate)
    #expect(form.picker == nil)
    #expect(form.focusedField?.name == "num_outputs")
    go(form, to: "go_fast")
    form.perform(.activate)
    #expect(form.payload["go_fast"] == nil)
    #expect(form.focusedField?.name == "seed")
  }

  @Test func `Enter on a default leaves it as it is`() {
    let field = InputField(name: "prompt", kind: .text(), defaultValue: "a lighthouse")
    let form = form([field, InputField(name: "seed", kind: .integer())])
    #expect(form.isValueSelected)
    form.perform(.activate)
    form.perform(.previous)
    form.perform(.activate)
    #expect(form.payload.isEmpty)
    #expect(form.fields[0].control.buffer?.text == "a lighthouse")
  }

  @Test func `Enter on the last field means nothing, so that its owner can say how to run`() {
    let form = form()
    form.perform(.last)
    #expect(!form.perform(.activate))
    #expect(form.focusedField?.name == "old")
    let choice = self.form([InputField(name: "style", kind: .enumeration(["ink", "oil"]))])
    choice.perform(.activate)
    #expect(!choice.perform(.activate))
    #expect(choice.payload["style"] == "ink")
  }

  @Test func `a line break is a step of its own`() {
    let form = form()
    type("one", into: "prompt", form)
    form.perform(.edit(.newline))
    form.perform(.edit(.insert("two")))
    #expect(form.payload["prompt"] == "one\ntwo")
  }

  @Test func `a letter on a choice opens its list and narrows it`() {
    let form = form()
    go(form, to: "aspect_ratio")
    form.perform(.edit(.insert("9")))
    #expect(form.picker?.filter.text == "9")
    #expect(form.picker?.matches.count == 2)
    form.perform(.edit(.insert(":")))
    form.perform(.activate)
    #expect(form.payload["aspect_ratio"] == "9:16")
    #expect(form.focusedField?.name == "num_outputs")
  }

  @Test func `a letter on a switch turns it or does nothing`() {
    let form = form()
    go(form, to: "go_fast")
    form.perform(.edit(.insert("n")))
    #expect(form.payload["go_fast"] == false)
    form.perform(.edit(.insert("y")))
    #expect(form.payload["go_fast"] == nil)
    #expect(form.perform(.edit(.insert("q"))))
    #expect(form.payload["go_fast"] == nil)
    #expect(form.focusedField?.name == "go_fast")
  }

  @Test func `what is typed in full is what is chosen`() {
    let form = form([
      InputField(
        name: "scheduler",
        kind: .enumeration(["K_EULER_ANCESTRAL", "DPM_K_EULER", "K_EULER", "DDIM"]))
    ])
    for letter in "k_euler" { form.perform(.edit(.insert(String(letter)))) }
    form.perform(.activate)
    #expect(form.payload["scheduler"] == "K_EULER")
    form.perform(.edit(.insert("k_euler_")))
    form.perform(.activate)
    #expect(form.payload["scheduler"] == "K_EULER_ANCESTRAL")
  }

  @Test func `Space switches, and is a blank in text`() {
    let form = form()
    go(form, to: "go_fast")
    form.perform(.toggle)
    form.perform(.toggle)
    #expect(form.payload["go_fast"] == nil)
    type("a", into: "prompt", form)
    form.perform(.toggle)
    #expect(form.payload["prompt"] == "a ")
  }

  @Test func `numbers step and go to their bounds`() {
    let form = form()
    go(form, to: "num_outputs")
    form.perform(.stepUp)
    #expect(form.payload["num_outputs"] == 2)
    form.perform(.toMaximum)
    form.perform(.stepUp)
    #expect(form.payload["num_outputs"] == 4)
    form.perform(.toMinimum)
    form.perform(.stepDown)
    #expect(form.payload["num_outputs"] == nil)
    go(form, to: "guidance")
    form.perform(.stepDown)
    #expect(form.payload["guidance"] == 3.4)
    form.perform(.edit(.insert("")))
    form.perform(.cycleForward)
    #expect(form.payload["guidance"] == nil)
    go(form, to: "seed")
    form.perform(.stepUp)
    #expect(form.payload["seed"] == 0)
  }

  @Test func `choices cycle in place, around the ends`() {
    let form = form()
    go(form, to: "aspect_ratio")
    form.perform(.cycleBackward)
    #expect(form.payload["aspect_ratio"] == "9:16")
    form.perform(.cycleForward)
    form.perform(.cycleForward)
    #expect(form.payload["aspect_ratio"] == "16:9")
    form.perform(.toMaximum)
    #expect(form.payload["aspect_ratio"] == "9:16")
    #expect(!form.perform(.deleteAnything))
  }

  @Test func `the dice throws a seed within its bounds`() {
    var inputs = Self.inputs
    let form = form(random: { $0.upperBound - 7 })
    #expect(form.perform(.randomSeed))
    #expect(form.focusedField?.name == "seed")
    #expect(form.payload["seed"] == 2_147_483_640)
    inputs[5].kind = .integer(NumberRules(minimum: 10, maximum: 20))
    let bounded = self.form(inputs, random: { $0.lowerBound })
    bounded.perform(.randomSeed)
    #expect(bounded.payload["seed"] == 10)
    #expect(!self.form(Array(Self.inputs.prefix(3))).perform(.randomSeed))
  }

  // MARK: The list of a choice

  private static let languages = InputField(
    name: "language", kind: .enumeration((0..<213).map { .string("lang \($0)") }))

  @Test func `a long list is narrowed by typing and chosen from`() {
    let form = form([Self.languages])
    #expect(!form.isTyping)
    form.perform(.activate)
    #expect(form.isTyping)
    #expect(form.picker?.matches.count == 213)
    form.perform(.edit(.insert("LANG 20")))
    #expect(form.picker?.matches.count == 12)
    form.perform(.edit(.down))
    form.perform(.next)
    form.perform(.activate)
    #expect(form.picker == nil)
    #expect(form.payload["language"] == "lang 201")
  }

  @Test func `the list opens at the present choice and Esc leaves it`() {
    let form = form([Self.languages], prefill: ["language": "lang 100"])
    form.perform(.activate)
    #expect(form.picker?.selectedChoice == 100)
    form.perform(.pageDown)
    form.perform(.last)
    #expect(form.picker?.selectedChoice == 212)
    #expect(form.perform(.escape))
    #expect(form.picker == nil)
    #expect(form.payload["language"] == "lang 100")
    #expect(!form.perform(.escape))
  }

  @Test func `a filter without matches chooses nothing`() {
    let form = form([Self.languages])
    form.perform(.activate)
    form.perform(.edit(.insert("zzz")))
    form.perform(.activate)
    #expect(form.picker != nil)
    form.perform(.edit(.deleteToStart))
    #expect(form.picker?.matches.count == 213)
  }

  @Test func `a click chooses a row`() {
    let form = form([Self.languages])
    form.perform(.activate)
    form.perform(.edit(.insert("21")))
    form.perform(.pickerRow(2))
    #expect(form.payload["language"] == "lang 210")
    form.perform(.press(0))
    #expect(form.picker != nil)
    form.perform(.pickerRow(9999))
    #expect(form.picker != nil)
  }

  @Test func `choices that are numbers are sent as numbers`() {
    let form = form([InputField(name: "width", kind: .enumeration([512, 768, 1024]))])
    form.perform(.cycleForward)
    form.perform(.cycleForward)
    #expect(form.payload == ["width": 768])
  }

  // MARK: The filter of fields

  @Test func `a filter shows the fields of that name and Esc shows all`() {
    let form = form()
    form.perform(.startFilter)
    #expect(form.isTyping)
    form.perform(.edit(.insert("o")))
    form.perform(.edit(.insert("u")))
    #expect(form.visible.map { form.fields[$0].name } == ["num_outputs"])
    #expect(form.focusedField?.name == "num_outputs")
    form.perform(.activate)
    #expect(!form.isFiltering)
    form.perform(.edit(.insert("2")))
    #expect(form.payload["num_outputs"] == 2)
    #expect(form.perform(.escape))
    #expect(form.visible.count == 10)
    #expect(form.focusedField?.name == "num_outputs")
    #expect(!form.perform(.escape))
  }

  @Test func `a filter that fits nothing leaves nothing in focus`() {
    let form = form()
    form.perform(.startFilter)
    form.perform(.edit(.insert("zzz")))
    #expect(form.focusedField == nil)
    #expect(form.isTyping)
    // What is typed next goes to no field.
    form.perform(.activate)
    #expect(form.isFiltering && form.takeRefusal() != nil)
    form.perform(.escape)
    #expect(form.visible.count == 10)
    form.perform(.startFilter)
    form.perform(.edit(.insert("seed")))
    form.perform(.activate)
    form.perform(.startFilter)
    #expect(form.filter?.isEmpty == true)
  }

  @Test
  func `a key in several lines can be pasted as a secret, and a line break after a token can't`()
    throws
  {
    let form = InputForm(
      model: ModelID(owner: "acme", name: "x"), version: nil,
      schema: ModelSchema(inputs: [
        InputField(name: "private_key", kind: .secret()),
        InputField(name: "code", kind: .text(TextRules(maxLength: 5))),
        InputField(name: "text", kind: .text()),
      ]))
    form.perform(.edit(.insert("-----BEGIN KEY-----\nabc\n-----END KEY-----\n")))
    #expect(form.payload["private_key"] == "-----BEGIN KEY-----\nabc\n-----END KEY-----\n")
    form.perform(.unset)
    form.perform(.edit(.insert("r8_abc\n")))
    #expect(form.payload["private_key"] == "r8_abc")
    form.perform(.focus(1))
    form.perform(.edit(.insert("AB123\n")))
    #expect(form.payload["code"] == "AB123")
    form.perform(.focus(2))
    form.perform(.edit(.insert("a line\n")))
    #expect(form.payload["text"] == "a line\n")
  }

  // MARK: What is wrong

  @Test func `validation marks all that is wrong and goes to the first`() {
    let form = form()
    type("9", into: "num_outputs", form)
    form.perform(.startFilter)
    form.perform(.edit(.insert("seed")))
    #expect(!form.validate())
    #expect(form.focusedField?.name == "prompt")
    #expect(form.focusedField?.problem == "is required")
    #expect(form.filter == nil)
    #expect(form.missingCount == 1)
    #expect(form.invalidCount == 1)
    type("a cat", into: "prompt", form)
    #expect(!form.validate())
    #expect(form.focusedField?.name == "num_outputs")
    form.perform(.unset)
    #expect(form.validate())
  }

  @Test func `the service's answer marks its fields and returns what fits none`() {
    let form = form()
    form.perform(.last)
    let left = form.apply([
      InvalidField(field: "guidance", type: "number_lte", description: "Must be less than 4"),
      InvalidField(field: "num_outputs", type: "invalid_type", description: "Invalid type"),
      InvalidField(field: "", type: "required", description: "version is required"),
      InvalidField(field: "nope", type: "x", description: "y"),
    ])
    #expect(left.map(\.field) == ["", "nope"])
    #expect(form.focusedField?.name == "num_outputs")
    #expect(form.focusedField?.problem == "Invalid type")
    #expect(form.invalidCount == 2)
    form.perform(.stepUp)
    #expect(form.focusedField?.problem == nil)
    #expect(form.invalidCount == 1)
  }

  @Test func `an answer about an element marks its list`() {
    let form = form([InputField(name: "images", kind: .array(.file()))])
    let error = InvalidField(field: "images.0", type: "format", description: "bad")
    #expect(form.apply([error]).isEmpty)
    #expect(form.fields[0].mark == .invalid)
  }

  // MARK: Prefill

  @Test func `an earlier input fills the form, and what doesn't fit is listed`() {
    let form = form(prefill: [
      "prompt": "a cat", "guidance": 3.5, "num_outputs": "two", "gone": 1, "image": .null,
      "api_key": "[REDACTED]", "options": ["a": [1]],
    ])
    #expect(form.payload == ["prompt": "a cat", "options": ["a": [1]]])
    #expect(form.notes.items.map(\.name) == ["num_outputs", "gone", "api_key"])
    #expect(form.notes.items.map(\.value) == [#""two""#, "1", ""])
    #expect(!form.hasChanges)
    form.perform(.edit(.insert("s")))
    #expect(form.payload["prompt"] == "a cats")
    #expect(form.hasChanges)
  }

  @Test func `random commands never harm`() {
    let commands: [FormCommand] = [
      .next, .previous, .pageDown, .pageUp, .first, .last, .focus(3), .focus(99), .press(1),
      .press(4), .place(0, offset: 3), .activate, .toggle, .stepUp, .stepDown, .toMinimum,
      .toMaximum, .cycleForward, .cycleBackward, .unset, .resetAll, .randomSeed, .startFilter,
      .escape, .pickerRow(1), .pickerRow(-1), .edit(.insert("a1")), .edit(.insert("\n")),
      .edit(.deleteBackward), .edit(.up), .edit(.down), .edit(.left), .edit(.newline),
    ]
    let form = form()
    form.typesetting.textColumns = 3
    for _ in 0..<5000 {
      guard let command = commands.randomElement() else { continue }
      form.perform(command)
      #expect(form.visible.isEmpty || form.visible.indices.contains(form.focus))
      _ = form.payload
    }
  }
}

extension FormCommand {
  fileprivate static let deleteAnything = FormCommand.edit(.deleteWordBackward)
}
