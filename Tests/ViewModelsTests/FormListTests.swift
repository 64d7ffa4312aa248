import ReplicateAPI
import Running
import Testing

@testable import ViewModels

extension FormField {
  /// Enters a text as a person would: into the control, or as JSON where the control is a list.
  mutating func enter(_ text: String) {
    if control.list != nil, let value = try? JSONValue(parsing: text), set(value) { return }
    update { $0.buffer?.text = text }
  }
}

/// Lists are edited as rows.
@MainActor @Suite struct FormListTests {
  private func form(_ fields: InputField..., prefill: JSONObject = [:]) -> InputForm {
    InputForm(
      model: ModelID(owner: "acme", name: "painter"), version: nil,
      schema: ModelSchema(inputs: fields), prefill: prefill)
  }

  private func list(
    _ element: InputKind, minItems: Int? = nil, maxItems: Int? = nil, required: Bool = false,
    default value: JSONValue? = nil
  ) -> InputField {
    InputField(
      name: "list", kind: .array(element, minItems: minItems, maxItems: maxItems),
      isRequired: required, defaultValue: value)
  }

  private let after = InputField(name: "after", kind: .text())

  private func type(_ text: String, _ form: InputForm) {
    for letter in text { form.perform(.edit(.insert(String(letter)))) }
  }

  private func rows(_ form: InputForm) -> [String] {
    form.fields[0].control.list?.rows.map { $0.buffer?.text ?? "" } ?? []
  }

  // MARK: Rows

  @Test func `rows are typed one after another, and an empty one leads to the next field`() {
    let form = form(list(.text()), after)
    #expect(form.payload.isEmpty && form.isTyping)
    type("a fox", form)
    form.perform(.activate)
    type("a hen", form)
    #expect(form.payload == ["list": ["a fox", "a hen"]])
    form.perform(.activate)
    #expect(form.focusedField?.name == "list")
    form.perform(.activate)
    #expect(form.focusedField?.name == "after")
    #expect(form.payload == ["list": ["a fox", "a hen"]])
  }

  @Test func `the arrows go through the rows, and on to the fields around the list`() {
    let form = form(after, list(.text()), InputField(name: "last", kind: .text()))
    form.perform(.focus(1))
    type("a", form)
    form.perform(.activate)
    type("b", form)
    form.perform(.edit(.up))
    type("!", form)
    #expect(form.payload["list"] == ["a!", "b"])
    form.perform(.edit(.up))
    #expect(form.focusedField?.name == "after")
    form.perform(.edit(.down))
    #expect(form.fields[1].control.list?.selected == 0)
    for _ in 0..<3 { form.perform(.edit(.down)) }
    #expect(form.focusedField?.name == "last")
    form.perform(.edit(.up))
    #expect(form.fields[1].control.list?.isAtNewRow == true)
    form.perform(.next)
    form.perform(.previous)
    #expect(form.focusedField?.name == "list")
  }

  @Test func `rows are added, removed and moved, and a removal can be undone`() {
    let form = form(list(.text()), prefill: ["list": ["a", "b", "c"]])
    form.perform(.stepDown)
    #expect(rows(form) == ["b", "a", "c"])
    form.perform(.addRow)
    type("new", form)
    #expect(rows(form) == ["b", "a", "new", "c"])
    form.perform(.removeRow)
    #expect(rows(form) == ["b", "a", "c"])
    form.perform(.undo)
    #expect(rows(form) == ["b", "a", "new", "c"])
    form.perform(.redo)
    #expect(rows(form) == ["b", "a", "c"])
    form.perform(.stepUp)
    #expect(rows(form) == ["b", "c", "a"] && form.payload["list"] == ["b", "c", "a"])
  }

  @Test func `Backspace in an empty row removes it`() {
    let form = form(list(.text()), prefill: ["list": ["a", "b"]])
    form.perform(.row(0, row: 1))
    form.perform(.edit(.deleteBackward))
    #expect(form.payload["list"] == ["a", ""])
    form.perform(.edit(.deleteBackward))
    #expect(form.payload["list"] == ["a"])
    #expect(form.fields[0].control.list?.selected == 0)
    form.perform(.edit(.down))
    form.perform(.edit(.deleteBackward))
    #expect(form.fields[0].control.list?.selected == 0 && form.payload["list"] == ["a"])
  }

  @Test func `a list without rows is empty, and an unset one isn't sent`() {
    let form = form(list(.text(), default: ["x"]))
    #expect(form.payload.isEmpty && form.fields[0].value == ["x"])
    form.perform(.removeRow)
    #expect(form.payload == ["list": []])
    #expect(form.fields[0].placeholder == "(empty list)")
    form.perform(.unset)
    #expect(form.payload.isEmpty && form.fields[0].value == ["x"])
    form.perform(.undo)
    #expect(form.payload == ["list": []])
    let required = self.form(list(.text(), required: true))
    #expect(required.missingCount == 1)
    #expect(!required.validate() && required.focusedField?.problem == "is required")
  }

  // MARK: Kinds of rows

  private nonisolated static let kinds: [(InputKind, JSONValue)] = [
    (.text(), "a"), (.secret(), "s"), (.file(), "https://a.example/1"), (.integer(), 7),
    (.number(), 0.5), (.boolean, true), (.enumeration(["a", 2]), 2), (.object(), ["a": 1]),
    (.array(.integer()), [1]), (.union([.integer(), .boolean]), true), (.json, .null),
  ]

  @Test(arguments: kinds)
  func `a list of any kind takes its values, and sends them`(kind: InputKind, value: JSONValue) {
    let form = form(list(kind), prefill: ["list": .array([value, value])])
    #expect(form.payload == ["list": .array([value, value])])
    #expect(form.notes.isEmpty && form.invalidCount == 0)
  }

  @Test func `switches and choices are rows as well`() {
    let switches = form(list(.boolean), after)
    #expect(!switches.isTyping)
    switches.perform(.toggle)
    switches.perform(.toggle)
    #expect(switches.payload == ["list": [false]])
    switches.perform(.activate)
    switches.perform(.edit(.insert("y")))
    #expect(switches.payload == ["list": [false, true]])
    let choices = form(list(.enumeration(["ink", "oil", "chalk"])), after)
    choices.perform(.edit(.insert("o")))
    #expect(choices.picker != nil && choices.payload.isEmpty)
    choices.perform(.activate)
    #expect(choices.payload == ["list": ["oil"]])
    #expect(choices.fields[0].control.list?.isAtNewRow == true)
    choices.perform(.activate)
    choices.perform(.next)
    choices.perform(.activate)
    #expect(choices.payload == ["list": ["oil", "oil"]])
    choices.perform(.edit(.up))
    choices.perform(.cycleForward)
    #expect(choices.payload == ["list": ["oil", "chalk"]])
    choices.perform(.edit(.deleteBackward))
    #expect(choices.payload == ["list": ["oil"]])
  }

  @Test func `a value of another type stays in its row, marked`() {
    let form = form(list(.integer()), prefill: ["list": [1, "two", .null]])
    #expect(form.invalidCount == 1 && form.payload.isEmpty)
    #expect(form.fields[0].problem == "item 2 must be a whole number")
    #expect(rows(form) == ["1", "\"two\"", "null"])
    #expect(!FormField(list(.text())).accepts("text") && !FormField(list(.text())).accepts(7))
  }

  // MARK: Limits

  @Test func `a full list takes no more rows, and says so`() {
    let form = form(list(.text(), minItems: 1, maxItems: 2), after, prefill: ["list": ["a", "b"]])
    form.perform(.addRow)
    #expect(form.takeRefusal()?.contains("at most 2 items") == true)
    form.perform(.edit(.down))
    form.perform(.edit(.down))
    #expect(form.focusedField?.name == "after")
    let over = self.form(list(.text(), maxItems: 1), prefill: ["list": ["a", "b"]])
    #expect(over.fields[0].problem == "must have at most 1 item; it has 2")
    over.perform(.removeRow)
    #expect(over.payload["list"] == ["b"])
  }

  @Test func `what stands empty in a list of numbers is told by its row`() {
    let form = form(list(.integer()), prefill: ["list": [1, 2]])
    form.perform(.row(0, row: 1))
    form.perform(.edit(.deleteBackward))
    #expect(form.fields[0].problem == "item 2 is empty" && form.payload.isEmpty)
  }

  // MARK: Pasting

  private nonisolated static let pastes: [(InputKind, String, String)] = [
    (.text(), "a fox\na hen\n", #"["a fox","a hen"]"#), (.text(), #"["x", "y"]"#, #"["x","y"]"#),
    (.text(), "one line", #"["one line"]"#), (.text(), "[1, 2]", #"["[1, 2]"]"#),
    (.integer(), "1, 2;3\n18446744073709551615", "[1,2,3,18446744073709551615]"),
    (.integer(), "[4, 5]", "[4,5]"), (.number(), "0.10 2e3", "[0.10,2e3]"),
    (
      .file(), "https://a.example/1\r\nhttps://a.example/2",
      #"["https://a.example/1","https://a.example/2"]"#
    ),
  ]

  @Test(arguments: pastes)
  func `a paste where a row begins becomes rows`(kind: InputKind, text: String, sent: String) {
    let form = form(list(kind))
    form.perform(.edit(.insert(text)))
    #expect(form.payload["list"]?.serialized() == sent)
    form.perform(.unset)
    #expect(form.payload.isEmpty)
  }

  @Test func `a paste with more rows than there is room for changes nothing`() {
    let form = form(list(.text(), maxItems: 2))
    form.perform(.edit(.insert("a\nb\nc")))
    #expect(form.payload.isEmpty)
    #expect(form.takeRefusal()?.contains("room for 2 items") == true)
  }

  // MARK: Undo, empty texts, JSON in all of the pane

  @Test func `unsetting and resetting can be undone, later typing stays`() {
    let form = form(after, InputField(name: "other", kind: .text()))
    type("first", form)
    form.perform(.next)
    type("second", form)
    form.perform(.resetAll)
    #expect(form.payload.isEmpty)
    form.perform(.undo)
    #expect(form.payload == ["after": "first", "other": "second"])
    form.perform(.unset)
    form.perform(.previous)
    type("!", form)
    form.perform(.undo)
    #expect(form.payload == ["after": "first!", "other": "second"])
    #expect(form.focusedField?.name == "other")
    form.perform(.redo)
    #expect(form.payload == ["after": "first!"])
    form.perform(.redo)
    #expect(form.takeRefusal()?.contains("nothing to redo") == true)
    #expect(self.form(after).perform(.undo))
  }

  @Test func `an empty text that was set is sent, one left behind by deleting isn't`() {
    let form = form(after, prefill: ["after": ""])
    #expect(form.payload == ["after": ""])
    #expect(form.fields[0].placeholder == "(empty)")
    type("a", form)
    form.perform(.edit(.deleteBackward))
    #expect(form.payload.isEmpty && form.fields[0].state == .unset)
  }

  @Test func `Enter gives JSON all of the pane, and takes it with the second press`() {
    let form = form(InputField(name: "extra", kind: .json), after, prefill: ["extra": ["a": [1]]])
    form.perform(.activate)
    #expect(form.isExpanded)
    #expect(form.focusedField?.control.buffer?.text.contains("\n") == true)
    #expect(form.payload == ["extra": ["a": [1]]])
    form.perform(.edit(.newline))
    #expect(form.isExpanded)
    form.perform(.activate)
    #expect(!form.isExpanded && form.focusedField?.name == "after")
    form.perform(.previous)
    form.perform(.activate)
    form.perform(.escape)
    #expect(!form.isExpanded && form.focusedField?.name == "extra")
  }

  @Test(arguments: [
    ("prompt", "", "a fox", "txt"), ("readme", "in **Markdown**", "", "md"),
    ("text", "", "# Title", "md"),
  ])
  func `an editor gets a text in a file of its type`(
    name: String, words: String, text: String, type: String
  ) {
    var field = FormField(InputField(name: name, description: words, kind: .text()))
    field.enter(text)
    #expect(field.editorFileType == type)
    #expect(FormField(InputField(name: name, kind: .json)).editorFileType == "json")
  }
}

extension FormField {
  fileprivate func accepts(_ value: JSONValue) -> Bool {
    var copy = self
    return copy.set(value)
  }
}
