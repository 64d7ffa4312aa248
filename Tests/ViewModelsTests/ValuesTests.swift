import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

@MainActor @Suite struct ValuesTests {
  private func opened(
    _ inputs: any SavedInputStore = MemorySavedInputStore(), examples: [String]? = nil
  ) async throws -> (Stage, InputForm) {
    let stage = Stage(inputs: inputs)
    if let examples {
      stage.transport.answer("GET /models/acme/painter/examples", Stage.page(examples))
    }
    await stage.started()
    await stage.openPainter()
    stage.navigator.perform(.run)
    await stage.navigator.settled()
    return (stage, try #require(stage.form))
  }

  private func chooser(_ stage: Stage) -> ChooserViewModel? {
    if case .chooser(let chooser) = stage.navigator.overlay { chooser } else { nil }
  }

  private func perform(_ stage: Stage, _ commands: Command...) async {
    for command in commands {
      stage.navigator.perform(command)
      await stage.navigator.settled()
    }
  }

  private static let example = #"""
    {"id":"ex1","model":"acme/painter","status":"succeeded",
    "input":{"prompt":"a castle","steps":40,"style":"oil","gone":true}}
    """#

  @Test func `examples, presets and earlier inputs are in one list`() async throws {
    let inputs = MemorySavedInputStore()
    await inputs.keep(
      SavedInput(
        kind: .preset(name: "Foxes"), model: Stage.painterID,
        fields: ["prompt": KeptValue(value: "foxes")],
        savedAt: Timestamp(secondsSince1970: 1_795_000_000)))
    let (stage, _) = try await opened(inputs, examples: [Self.example, Self.example])
    await perform(stage, .values(.choose))
    let rows = try #require(chooser(stage)).rows
    // The three predictions have the same input.
    #expect(rows.map(\.kind) == ["preset", "example", "earlier"])
    #expect(rows.map(\.title) == ["Foxes", "a castle", "a fox"])
  }

  @Test func `a model without examples has none, and that is no error`() async throws {
    let (stage, _) = try await opened()
    await perform(stage, .values(.choose))
    let list = try #require(chooser(stage))
    #expect(list.problem == nil && !list.isLoading)
    #expect(list.rows.map(\.kind) == ["earlier"])
  }

  @Test func `the list shows while the examples load, and says when they can't be`() async throws {
    let (stage, _) = try await opened()
    stage.transport.hold("GET /models/acme/painter/examples")
    stage.transport.answer("GET /models/acme/painter/examples", status: 403, #"{"detail":"No."}"#)
    stage.navigator.perform(.values(.choose))
    await stage.transport.sent("GET /models/acme/painter/examples")
    let list = try #require(chooser(stage))
    #expect(list.isLoading && list.rows.map(\.kind) == ["earlier"])
    stage.transport.release("GET /models/acme/painter/examples")
    await stage.navigator.settled()
    #expect(list.problem != nil && !list.isLoading)
  }

  @Test func `choosing fills the form in, lists what doesn't fit, and can be undone`() async throws
  {
    let (stage, form) = try await opened(examples: [Self.example])
    stage.navigator.perform(.form(.edit(.insert("mine"))))
    await perform(stage, .values(.choose), .edit(.insert("castle")))
    let list = try #require(chooser(stage))
    #expect(
      list.preview == [
        .warning("One earlier input wasn’t carried over:"),
        .warning("  gone true: isn’t an input of this version"),
        .change(name: "prompt", old: "mine", new: "a castle"),
        .change(name: "steps", old: "28", new: "40"),
        .change(name: "style", old: "ink", new: "oil"),
      ])
    await perform(stage, .accept)
    #expect(stage.navigator.overlay == nil)
    #expect(form.payload == ["prompt": "a castle", "steps": 40, "style": "oil"])
    #expect(form.notes.items.map(\.name) == ["gone"])
    // What was there is in the list from now on, and one key away.
    await perform(stage, .values(.choose))
    #expect(
      try #require(chooser(stage)).rows.contains { $0.kind == "replaced" && $0.title == "mine" })
    await perform(stage, .back, .form(.undo))
    #expect(form.payload == ["prompt": "mine"])
    #expect(form.notes.isEmpty)
  }

  @Test func `nothing is sent by choosing`() async throws {
    let (stage, _) = try await opened(examples: [Self.example])
    await perform(stage, .values(.choose), .accept)
    #expect(!stage.transport.sent.contains { $0.hasPrefix("POST") })
  }

  // MARK: Presets

  @Test func `a preset is saved under a name, and fills in another form`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, _) = try await opened(inputs)
    stage.navigator.perform(.form(.edit(.insert("a fox at dawn"))))
    await perform(stage, .values(.choose), .values(.savePreset))
    let list = try #require(chooser(stage))
    #expect(list.question?.label == "Name")
    await perform(stage, .accept)
    #expect(list.question?.problem == "Type a name.")
    await perform(stage, .edit(.insert("Dawn")), .accept)
    #expect(list.question == nil)
    #expect(list.rows.first?.title == "Dawn")
    #expect(stage.navigator.notice?.text == "Saved as “Dawn”.")

    let (again, form) = try await opened(inputs)
    // The draft isn't what is looked for here.
    again.navigator.perform(.form(.resetAll))
    await perform(again, .values(.choose), .edit(.insert("preset dawn")), .accept)
    #expect(form.payload == ["prompt": "a fox at dawn"])
    #expect(form.notes.lines == ["Filled in from the preset “Dawn”."])
  }

  @Test func `a name that is taken is replaced only after asking`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, _) = try await opened(inputs)
    func save(_ name: String) async {
      await perform(stage, .values(.choose), .values(.savePreset), .edit(.insert(name)), .accept)
    }
    stage.navigator.perform(.form(.edit(.insert("one"))))
    await save("Dawn")
    await perform(stage, .back, .form(.edit(.insert(" two"))))
    await save("Dawn")
    func prompts() async -> [JSONValue?] {
      await inputs.saved(of: Stage.painterID).filter { $0.kind == .preset(name: "Dawn") }
        .map { $0.fields["prompt"]?.value }
    }
    guard case .question(let question) = stage.navigator.overlay else {
      Issue.record("no question")
      return
    }
    #expect(question.choices[0].command == .values(.reopen))
    await perform(stage, .accept)
    #expect(await prompts() == ["one"])
    #expect(chooser(stage) != nil)
    await perform(stage, .back)
    await save("Dawn")
    await perform(stage, .choose(1))
    #expect(await prompts() == ["one two"])
    #expect(chooser(stage)?.rows.count { $0.title == "Dawn" } == 1)
  }

  @Test func `a preset is renamed, and deleted after asking`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, _) = try await opened(inputs)
    stage.navigator.perform(.form(.edit(.insert("one"))))
    await perform(
      stage, .values(.choose), .values(.savePreset), .edit(.insert("Dawn")), .accept)
    let list = try #require(chooser(stage))
    await perform(stage, .move(.start), .values(.renamePreset), .edit(.insert(" 2")), .accept)
    #expect(list.rows.first?.title == "Dawn 2")
    await perform(stage, .values(.deletePreset), .accept)
    #expect(list.rows.first?.title == "Dawn 2")
    await perform(stage, .values(.deletePreset), .choose(1))
    #expect(!list.rows.contains { $0.kind == "preset" })
    #expect(await inputs.saved(of: Stage.painterID).allSatisfy { $0.kind == .draft })
    // Only presets are.
    await perform(stage, .move(.end), .values(.deletePreset))
    #expect(list.problem == "Only presets can be deleted.")
  }

  @Test func `what loses a preset isn't done after a burst`() {
    #expect(Command.values(.deleteNow).isRisky && Command.values(.replaceNow).isRisky)
    #expect(!Command.values(.choose).isRisky)
  }

  // MARK: Run options

  @Test func `run options are sent, shown, and kept with the draft`() async throws {
    let inputs = MemorySavedInputStore()
    let (stage, form) = try await opened(inputs)
    stage.transport.answer(
      "POST /predictions", #"{"id":"new1","model":"acme/painter","status":"starting"}"#)
    stage.navigator.perform(.form(.edit(.insert("a fox"))))
    await perform(stage, .values(.options))
    let options = try #require(stage.model.optionsForm)
    func type(_ text: String, into name: String) async {
      guard let index = options.form.fields.firstIndex(where: { $0.name == name }) else { return }
      await perform(stage, .form(.focus(index)), .form(.edit(.insert(text))))
    }
    await type("https://example.com/hook", into: "webhook")
    await type("false", into: "at logs")
    await type("5m", into: "deadline")
    await perform(stage, .back)
    #expect(stage.model.optionsForm == nil && stage.form === form)
    #expect(form.plan.options.cancelAfter == .seconds(300))
    #expect(
      form.runOptions?.options.words == ["webhook (start, output, completed)", "deadline 5m"])
    await stage.navigator.session.drafts.finish()
    let (_, back) = try await opened(inputs)
    #expect(back.plan.options == form.plan.options)
    await perform(stage, .run)
    let body = try JSONValue(parsing: try #require(stage.transport.body(of: "POST /predictions")))
    #expect(body["webhook"] == "https://example.com/hook")
    #expect(body["webhook_events_filter"] == ["start", "output", "completed"])
  }

  @Test func `mistakes in the run options are marked, and nothing is sent with them`() async throws
  {
    let (stage, form) = try await opened()
    stage.navigator.perform(.form(.edit(.insert("a fox"))))
    await perform(stage, .values(.options))
    let options = try #require(stage.model.optionsForm)
    func type(_ text: String, into name: String) async {
      guard let index = options.form.fields.firstIndex(where: { $0.name == name }) else { return }
      await perform(
        stage, .form(.focus(index)), .form(.unset), .form(.edit(.insert(text))))
    }
    func problem(_ name: String) -> String? {
      options.form.fields.first { $0.name == name }?.problem
    }
    await type("http://example.com", into: "webhook")
    await type("3", into: "deadline")
    await type("61", into: "wait")
    #expect(problem("webhook") == "must begin with https://")
    #expect(problem("deadline") == "must be at least 5 seconds")
    #expect(problem("wait") == "must be 1 to 60")
    await perform(stage, .back, .run)
    #expect(stage.model.optionsForm === options)
    #expect(!stage.transport.sent.contains { $0.hasPrefix("POST") })
    await type("https://example.com", into: "webhook")
    await type("30", into: "deadline")
    await type("60", into: "wait")
    #expect(options.isValid)
    #expect(form.plan.options.wait == .seconds(60))
  }

  @Test func `a run can go to a deployment of the model`() async throws {
    let (stage, form) = try await opened()
    stage.transport.answer(
      "GET /deployments",
      Stage.page([
        #"{"owner":"acme","name":"prod","current_release":{"model":"acme/painter","version":"5c"}}"#,
        #"{"owner":"acme","name":"else","current_release":{"model":"acme/other","version":"5c"}}"#,
      ]))
    stage.transport.answer(
      "POST /deployments/acme/prod/predictions",
      #"{"id":"new1","model":"acme/painter","status":"starting"}"#)
    stage.navigator.perform(.form(.edit(.insert("a fox"))))
    await perform(stage, .values(.options))
    let options = try #require(stage.model.optionsForm)
    guard case .enumeration(let choices, _) = options.form.fields[0].control else {
      Issue.record("no choice")
      return
    }
    #expect(choices == ["this version", "deployment acme/prod", "another deployment"])
    await perform(stage, .form(.cycleForward))
    #expect(form.plan.target == .deployment(ModelID(owner: "acme", name: "prod")))
    await perform(stage, .run)
    #expect(stage.transport.sent.contains("POST /deployments/acme/prod/predictions"))
  }

  @Test func `naming a deployment means it`() async throws {
    let (stage, form) = try await opened()
    await perform(
      stage, .values(.options), .form(.focus(1)), .form(.edit(.insert("acme/pro"))))
    #expect(form.plan.target == .deployment(ModelID(owner: "acme", name: "pro")))
    await perform(stage, .form(.unset))
    #expect(stage.model.optionsForm?.isValid == false)
  }

  @Test func `a run with other options isn't identical`() async throws {
    let (stage, form) = try await opened()
    stage.transport.answer(
      "POST /predictions", #"{"id":"new1","model":"acme/painter","status":"succeeded"}"#)
    stage.navigator.perform(.form(.edit(.insert("a fox"))))
    await perform(stage, .run, .openAddress(.model(Stage.painterID, version: nil)), .run)
    #expect(stage.form === form)
    form.restoreOptions(["deadline": KeptValue(value: "5m")])
    await perform(stage, .run)
    #expect(stage.navigator.overlay == nil)
    await perform(stage, .openAddress(.model(Stage.painterID, version: nil)), .run, .run)
    guard case .question(let question) = stage.navigator.overlay else {
      Issue.record("no question")
      return
    }
    #expect(question.title == "Run again?")
  }

  // MARK: Versions

  private static let oldID = String(repeating: "01234567", count: 8)

  private static let oldVersion = """
    {"id":"\(oldID)","created_at":"2026-01-01T10:00:00Z","cog_version":"0.9.0",\
    "openapi_schema":{"components":{"schemas":{"Input":{"type":"object","required":["prompt"],\
    "properties":{"prompt":{"type":"string","x-order":0},\
    "steps":{"type":"integer","x-order":1,"default":20,"minimum":1,"maximum":30},\
    "width":{"type":"integer","x-order":2,"default":512}}},\
    "Output":{"type":"string","format":"uri"}}}}}
    """

  private func withVersions() async throws -> (Stage, InputForm) {
    let (stage, form) = try await opened()
    stage.transport.answer(
      "GET /models/acme/painter/versions", Stage.page([Stage.version, Self.oldVersion]))
    return (stage, form)
  }

  @Test func `a form moves to another version with what fits`() async throws {
    let (stage, form) = try await withVersions()
    stage.navigator.perform(.form(.edit(.insert("a fox"))))
    form.fill(FormSnapshot(input: ["prompt": "a fox", "steps": 45, "style": "oil"]))
    await perform(stage, .values(.version))
    let list = try #require(chooser(stage))
    #expect(list.rows.map(\.kind) == ["latest", ""])
    #expect(list.rows.map(\.isCurrent) == [true, false])
    await perform(stage, .move(.down))
    let preview = try #require(list.preview)
    #expect(preview.contains(.warning("  style \"oil\": isn’t an input of this version")))
    #expect(preview.contains(.text("Inputs: 2 removed, 1 added, 3 changed")))
    await perform(stage, .accept)
    let moved = try #require(stage.form)
    #expect(moved !== form && moved.version?.rawValue == Self.oldID)
    #expect(moved.target == .version(ModelVersion.ID(rawValue: Self.oldID)))
    #expect(moved.payload == ["prompt": "a fox"])
    #expect(moved.fields.first { $0.name == "steps" }?.problem == "must be 1 to 30")
    #expect(moved.notes.lines.first == "This is version 01234567.")
    #expect(moved.notes.items.map(\.name) == ["style"])
    #expect(!stage.transport.sent.contains { $0.hasPrefix("POST") })
    // What was dropped isn't lost.
    moved.perform(.edit(.insert("!")))
    await stage.navigator.session.drafts.finish()
    await perform(stage, .values(.choose))
    #expect(try #require(chooser(stage)).rows.contains { $0.kind == "replaced" })
  }

  @Test func `two versions are compared, from the form and from Versions`() async throws {
    let (stage, _) = try await withVersions()
    await perform(stage, .values(.version), .move(.down), .values(.compare))
    let table = try #require(chooser(stage))
    #expect(
      table.rows.map { [$0.kind, $0.title] + $0.columns }.contains(
        ["changed", "steps: bounds", "1…50", "1…30"]))
    await perform(stage, .back)
    #expect(chooser(stage)?.rows.count == 2)
    await perform(
      stage, .back, .back, .selectTab(.model, ModelViewModel.Tab.versions.rawValue), .move(.down),
      .values(.compare))
    let other = try #require(chooser(stage))
    // The latest version is on the right.
    #expect(
      other.rows.map { [$0.kind, $0.title] + $0.columns }.contains(
        ["changed", "steps: bounds", "1…30", "1…50"]))
    #expect(other.columnTitles == ["01234567", "5c7d1a9b (latest)"])
    await perform(stage, .accept)
    #expect(stage.navigator.overlay == nil)
  }

  @Test func `a draft of another version is carried over with a note`() async throws {
    let inputs = MemorySavedInputStore()
    await inputs.keep(
      SavedInput(
        kind: .draft, model: Stage.painterID, version: ModelVersion.ID(rawValue: Self.oldID),
        fields: ["prompt": KeptValue(value: "a fox"), "width": KeptValue(value: 1024)],
        savedAt: Timestamp(secondsSince1970: 1_795_489_200 - 7300)))
    let (stage, form) = try await opened(inputs)
    #expect(form.payload == ["prompt": "a fox"])
    #expect(
      form.notes.lines == [
        "This is your draft from 2 hours ago. It was for another version. Alt-U starts over.",
        "One earlier input wasn’t carried over:",
        "  width 1024: isn’t an input of this version",
      ])
    // A run asks, because it isn't what was in the draft.
    await perform(stage, .run)
    guard case .question = stage.navigator.overlay else {
      Issue.record("no question")
      return
    }
  }
}
