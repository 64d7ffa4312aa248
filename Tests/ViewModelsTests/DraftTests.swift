import OrderedCollections
import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

@MainActor @Suite struct DraftTests {
  /// The form of the painter on a stage, with what was kept before.
  private func stage(_ inputs: any SavedInputStore) async -> Stage {
    let stage = Stage(inputs: inputs)
    await stage.started()
    await stage.openPainter()
    return stage
  }

  private func opened(_ inputs: any SavedInputStore) async throws -> (Stage, InputForm) {
    let stage = await stage(inputs)
    stage.navigator.perform(.run)
    await stage.navigator.settled()
    return (stage, try #require(stage.form))
  }

  private func type(_ text: String, into name: String, _ form: InputForm) {
    guard let index = form.fields.firstIndex(where: { $0.name == name }) else { return }
    form.perform(.focus(index))
    form.perform(.edit(.insert(text)))
  }

  private func value(_ name: String, _ form: InputForm) -> JSONValue? {
    form.fields.first { $0.name == name }?.value
  }

  private func text(_ name: String, _ form: InputForm) -> String? {
    form.fields.first { $0.name == name }?.control.buffer?.text
  }

  private static let inputs: [InputField] = [
    InputField(name: "prompt", kind: .text(), isRequired: true),
    InputField(name: "count", kind: .integer(NumberRules(minimum: 1, maximum: 4)), defaultValue: 1),
    InputField(name: "seed", kind: .integer()),
    InputField(name: "fast", kind: .boolean, defaultValue: true),
    InputField(name: "style", kind: .enumeration(["ink", "oil"]), defaultValue: "ink"),
    InputField(name: "extra", kind: .json),
    InputField(name: "sizes", kind: .array(.integer())),
    InputField(name: "key", kind: .secret()),
    InputField(name: "keys", kind: .array(.secret())),
    InputField(name: "caption", kind: .text(), defaultValue: "a"),
  ]

  private func form(_ inputs: [InputField] = inputs) -> InputForm {
    InputForm(
      model: Stage.painterID, version: nil, schema: ModelSchema(inputs: inputs))
  }

  // MARK: What is kept of a form

  @Test func `a form is put back as it was typed, mistakes and all`() {
    let one = form()
    type("a fox\nin the snow", into: "prompt", one)
    type("99", into: "count", one)
    type("18446744073709551615", into: "seed", one)
    type("false", into: "fast", one)
    type("oil", into: "style", one)
    type("{\"a\": [1, ", into: "extra", one)
    type("12", into: "sizes", one)
    one.perform(.activate)
    type("x", into: "sizes", one)
    type("", into: "caption", one)
    one.perform(.edit(.deleteBackward))
    let kept = one.snapshot
    let two = form()
    two.fill(kept)
    #expect(two.notes.isEmpty)
    #expect(two.snapshot == kept)
    for (old, new) in zip(one.fields, two.fields) {
      #expect(old.value == new.value && old.problem == new.problem, "\(old.name)")
      #expect(old.payload == new.payload && old.state == new.state, "\(old.name)")
    }
    #expect(text("extra", two) == "{\"a\": [1, ")
    #expect(text("count", two) == "99")
    #expect(value("seed", two)?.serialized() == "18446744073709551615")
  }

  @Test func `only what was changed is kept, and never a secret`() {
    let one = form()
    #expect(one.snapshot.isEmpty)
    type("r8_secret", into: "key", one)
    type("r8_other", into: "keys", one)
    #expect(one.snapshot.fields.isEmpty)
    #expect(one.snapshot.omitted == ["key", "keys"])
    let two = form()
    two.fill(one.snapshot)
    #expect(two.notes.items.map(\.name) == ["key", "keys"])
    #expect(!"\(one.snapshot)".contains("r8_"))
  }

  @Test func `keys without a field are kept, and go into the field of a version that has it`() {
    let one = form()
    let edited: JSONObject = [
      "promt": "a fox", "steps": 12, "hf_token": "r8_secret", "login": ["password": "r8_other"],
    ]
    #expect(one.apply(edited, over: one.requestJSON).isEmpty)
    #expect(one.hasChanges)
    let kept = one.snapshot
    #expect(kept.extras == ["promt": "a fox", "steps": 12])
    #expect(kept.omitted == ["hf_token", "login"] && !"\(kept)".contains("r8_"))
    let two = form(Self.inputs + [InputField(name: "steps", kind: .integer())])
    two.fill(kept)
    #expect(two.payload == ["steps": 12, "promt": "a fox"])
    #expect(two.extras == ["promt": "a fox"])
    #expect(value("steps", two) == 12)
    two.perform(.undo)
    #expect(two.snapshot.isEmpty)
  }

  @Test func `what was typed as a secret stays when a form is filled in`() {
    let one = form()
    type("r8_secret", into: "key", one)
    one.fill(FormSnapshot(input: ["prompt": "a cat", "key": "[redacted]"]))
    #expect(value("key", one) == "r8_secret")
    #expect(value("prompt", one) == "a cat")
  }

  @Test func `filling in can be undone, with the notes and the run options`() {
    let one = form()
    type("a fox", into: "prompt", one)
    var values = FormSnapshot(input: ["prompt": "a cat", "gone": 7])
    values.options = ["deadline": KeptValue(value: "5m")]
    one.fill(values, origin: "From a preset.")
    #expect(value("prompt", one) == "a cat")
    #expect(one.notes.items.map(\.name) == ["gone"])
    #expect(one.plan.options.cancelAfter == .seconds(300))
    one.perform(.undo)
    #expect(value("prompt", one) == "a fox")
    #expect(one.notes.isEmpty)
    #expect(one.plan.options.cancelAfter == nil)
    one.perform(.redo)
    #expect(value("prompt", one) == "a cat")
    #expect(one.plan.options.cancelAfter == .seconds(300))
    #expect(one.notes.origin == "From a preset.")
  }

  @Test func `a draft of another version keeps what fits and lists the rest`() {
    let one = form()
    type("a fox", into: "prompt", one)
    type("4", into: "count", one)
    type("oil", into: "style", one)
    let two = form([
      InputField(name: "prompt", kind: .text()),
      InputField(name: "count", kind: .text()),
      InputField(name: "style", kind: .enumeration(["ink", "chalk"])),
    ])
    two.fill(one.snapshot)
    #expect(value("prompt", two) == "a fox")
    #expect(value("count", two) == "4")
    #expect(two.notes.items.map(\.name) == ["style"])
  }

  // MARK: Coming back

  @Test func `what was typed is there again, with a note that says so`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, form) = try await opened(inputs)
    type("a fox", into: "prompt", form)
    type("99", into: "steps", form)
    await stage.navigator.session.drafts.finish()
    let (again, back) = try await opened(inputs)
    #expect(back !== form)
    #expect(value("prompt", back) == "a fox")
    #expect(text("steps", back) == "99")
    #expect(
      back.notes.lines == ["This is your draft from less than a minute ago. Alt-U starts over."])
    #expect(back.notes.isComplete)
    // Begun anew, it is gone, but not quite.
    again.navigator.perform(.form(.resetAll))
    #expect(back.notes.isEmpty)
    await again.navigator.session.drafts.finish()
    #expect(await inputs.saved(of: Stage.painterID).map(\.kind) == [.replaced])
  }

  @Test func `the first change is written at once, and later ones twice a second`() async throws {
    let inputs = CountingStore()
    let (stage, form) = try await opened(inputs)
    let sleeps = stage.clock.sleepCount
    type("a", into: "prompt", form)
    await stage.clock.sleeps(sleeps + 1)
    #expect(await inputs.kept == ["a"])
    for letter in [" ", "f", "o", "x"] { form.perform(.edit(.insert(letter))) }
    stage.clock.advance(by: Drafts.pause)
    await stage.clock.sleeps(sleeps + 2)
    #expect(await inputs.kept == ["a", "a fox"])
    // Nothing has changed, so nothing goes on.
    stage.clock.advance(by: Drafts.pause)
    await stage.navigator.session.drafts.finish()
    #expect(await inputs.kept == ["a", "a fox"])
  }

  @Test func `what wasn't written when the program ends is written then`() async throws {
    let inputs = CountingStore()
    let (stage, form) = try await opened(inputs)
    type("a fox", into: "prompt", form)
    let writes = stage.navigator.lastWrites()
    #expect(writes.count == 1)
    for write in writes { #expect(await write() == nil) }
    #expect(await inputs.kept.last == "a fox")
  }

  @Test func `moving the cursor writes nothing`() async throws {
    let inputs = CountingStore()
    let (stage, form) = try await opened(inputs)
    form.perform(.next)
    form.perform(.next)
    form.perform(.startFilter)
    await stage.navigator.session.drafts.finish()
    #expect(await inputs.kept == [])
  }

  @Test func `a run that was sent ends the draft`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, form) = try await opened(inputs)
    stage.transport.answer(
      "POST /predictions", #"{"id":"new1","model":"acme/painter","status":"succeeded"}"#)
    type("a fox", into: "prompt", form)
    await stage.navigator.session.drafts.finish()
    #expect(await inputs.saved(of: Stage.painterID).count == 1)
    stage.navigator.perform(.run)
    await stage.navigator.settled()
    await stage.navigator.session.drafts.finish()
    #expect(await inputs.saved(of: Stage.painterID).isEmpty)
    #expect(stage.navigator.lastWrites().isEmpty)
    // What is changed after that is a draft again.
    type(" in the snow", into: "prompt", form)
    await stage.navigator.session.drafts.finish()
    #expect(await inputs.saved(of: Stage.painterID).map(\.kind) == [.draft])
  }

  @Test func `a run that was refused keeps it`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, form) = try await opened(inputs)
    stage.transport.answer(
      "POST /predictions", status: 402,
      #"{"title":"Insufficient credit","detail":"No","status":402}"#)
    type("a fox", into: "prompt", form)
    stage.navigator.perform(.run)
    await stage.navigator.settled()
    await stage.navigator.session.drafts.finish()
    #expect(await inputs.saved(of: Stage.painterID).map(\.kind) == [.draft])
  }

  @Test func `a form filled in with an earlier run is no draft until it is changed`() async throws {
    let inputs = MemorySavedInputStore()
    let stage = await stage(inputs)
    stage.navigator.perform(
      .openAddress(.form(FormRequest(model: Stage.painterID, input: ["prompt": "a cat"]))))
    await stage.navigator.settled()
    await stage.navigator.session.drafts.finish()
    #expect(await inputs.saved(of: Stage.painterID).isEmpty)
    let form = try #require(stage.form)
    type("!", into: "prompt", form)
    await stage.navigator.session.drafts.finish()
    #expect(await inputs.saved(of: Stage.painterID).first?.fields["prompt"]?.value == "a cat!")
  }

  @Test func `a draft that a rerun takes the place of is kept as a replaced one`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, form) = try await opened(inputs)
    type("a fox", into: "prompt", form)
    stage.navigator.perform(
      .openAddress(.form(FormRequest(model: Stage.painterID, input: ["prompt": "a cat"]))))
    await stage.navigator.settled()
    await stage.navigator.session.drafts.finish()
    let saved = await inputs.saved(of: Stage.painterID)
    #expect(saved.map(\.kind) == [.replaced])
    #expect(saved.first?.fields["prompt"]?.value == "a fox")
  }

  // MARK: Quitting

  @Test func `what is typed while a run is being sent is a draft of its own`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, form) = try await opened(inputs)
    type("a fox", into: "prompt", form)
    let sent = form.sending
    form.perform(.edit(.insert(" in the snow")))
    form.markSent(sent)
    stage.navigator.session.drafts.end(form, sent)
    #expect(form.hasChanges)
    await stage.navigator.session.drafts.finish()
    let saved = await inputs.saved(of: Stage.painterID)
    #expect(saved.map(\.kind) == [.draft])
    #expect(saved.first?.fields["prompt"]?.value == "a fox in the snow")
  }

  @Test func `quitting doesn't warn about what is kept`() async throws {
    let (stage, form) = try await opened(MemorySavedInputStore())
    type("a fox", into: "prompt", form)
    stage.navigator.perform(.quit)
    #expect(stage.navigator.overlay == nil && stage.navigator.isFinished)
  }

  @Test func `where nothing can be kept, that is said once, and quitting warns`() async throws {
    let (stage, form) = try await opened(BrokenStore())
    let words = try #require(stage.navigator.notice?.text)
    #expect(words.contains("can’t be kept on this machine") && words.contains("no room"))
    stage.navigator.perform(.dismiss)
    type("a fox", into: "prompt", form)
    await stage.navigator.session.drafts.finish()
    #expect(stage.navigator.notice == nil)
    stage.navigator.perform(.quit)
    guard case .question(let question) = stage.navigator.overlay else {
      Issue.record("no question")
      return
    }
    #expect(question.message.contains("They’ll be lost"))
  }
}

/// Keeps what it is given, and in which order.
private actor CountingStore: SavedInputStore {
  private(set) var kept: [String] = []

  func saved(of model: ModelID) -> [SavedInput] { [] }
  func keep(_ input: SavedInput) { kept.append(input.fields["prompt"]?.value?.string ?? "") }
  func remove(_ id: SavedInput.ID, of model: ModelID) {}
  func identify(as account: String) {}
}

private actor BrokenStore: SavedInputStore {
  struct Failure: Error, CustomStringConvertible {
    var description: String { "no room" }
  }

  func saved(of model: ModelID) throws -> [SavedInput] { throw Failure() }
  func keep(_ input: SavedInput) throws { throw Failure() }
  func remove(_ id: SavedInput.ID, of model: ModelID) throws { throw Failure() }
  func identify(as account: String) throws { throw Failure() }
}
