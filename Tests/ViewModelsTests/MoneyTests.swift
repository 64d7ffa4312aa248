import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// What may cost money asks first, and what has cost money isn't forgotten.
@MainActor
@Suite struct `What costs money` {
  let stage = Stage()
  private var navigator: Navigator { stage.navigator }
  private var transport: ScriptedTransport { stage.transport }
  private var creates: Int { transport.sent.count { $0 == "POST /predictions" } }

  private func openForm(_ prompt: String = "a fox") async {
    await stage.started()
    await stage.openPainter()
    navigator.perform(.run)
    navigator.perform(.form(.edit(.insert(prompt))))
  }

  private func question() throws -> ViewModels.Confirmation {
    guard case .question(let question) = navigator.overlay else {
      Issue.record("nothing is asked: \(navigator.notice?.text ?? "")")
      throw NoQuestion()
    }
    return question
  }

  private struct NoQuestion: Error {}

  private static let created = #"{"id":"new1","model":"acme/painter","status":"starting"}"#

  // MARK: While a create is under way

  @Test func `leaving while a run is being sent says so, and may be canceled with it`() async throws
  {
    await openForm()
    transport.answer("POST /predictions", Self.created)
    transport.answer(
      "POST /predictions/new1/cancel", #"{"id":"new1","model":"acme/painter","status":"canceled"}"#)
    transport.hold("POST /predictions")
    navigator.perform(.run)
    await transport.sent("POST /predictions")
    #expect(try await stage.intents.unsettled().map(\.state) == [.underWay])
    navigator.perform(.quit)
    let question = try question()
    #expect(question.message.contains("being sent"))
    #expect(question.choices.map(\.command) == [nil, .leave, .cancelAllAndLeave])
    navigator.perform(.choose(2))
    #expect(!navigator.isFinished)
    transport.release("POST /predictions")
    await navigator.settled()
    #expect(navigator.isFinished)
    #expect(transport.sent.contains("POST /predictions/new1/cancel"))
  }

  @Test func `a run that can't be canceled keeps the program`() async throws {
    await openForm()
    transport.answer("POST /predictions", Self.created)
    transport.answer("POST /predictions/new1/cancel", status: 500, "{}")
    transport.hold("POST /predictions")
    navigator.perform(.run)
    await transport.sent("POST /predictions")
    navigator.perform(.quit)
    navigator.perform(.choose(2))
    transport.release("POST /predictions")
    await stage.passing { navigator.notice?.kind == .failed }
    #expect(!navigator.isFinished)
    #expect(navigator.notice?.text.contains("couldn’t be canceled") == true)
  }

  @Test func `switching accounts asks while a run is being sent`() async throws {
    await openForm()
    transport.hold("POST /predictions")
    navigator.perform(.run)
    await transport.sent("POST /predictions")
    let session = navigator.session
    navigator.makeClient = { [transport] in Client($0, transport: transport) }
    navigator.perform(.enterToken)
    navigator.perform(.edit(.insert("r8_other")))
    navigator.perform(.accept)
    #expect(try question().message.contains("being sent"))
    #expect(navigator.session === session)
    navigator.perform(.choose(1))
    #expect(navigator.session !== session)
    transport.answer("POST /predictions", Self.created)
    transport.release("POST /predictions")
    await navigator.settled()
    await session.runs.creates.settle()
    // The old account's intent is settled, and nothing of it shows here.
    #expect(try await stage.intents.unsettled().isEmpty)
    #expect(stage.predictions.predictions.rows.allSatisfy { $0.id.rawValue != "new1" })
  }

  // MARK: Doubt

  @Test func `an identical run asks first when one may have started`() async throws {
    await openForm()
    transport.fail(.timedOut)
    navigator.perform(.run)
    await stage.passing { navigator.overlay != nil }
    #expect(try question().title == "It may have started")
    navigator.perform(.accept)
    transport.fail(nil)
    transport.answer("POST /predictions", Self.created)
    let sent = creates
    stage.pass(3600)
    navigator.perform(.run)
    await stage.passing { navigator.overlay != nil }
    #expect(creates == sent)
    let question = try question()
    #expect(question.message.contains("may have started"))
    navigator.perform(.accept)
    await navigator.settled()
    #expect(creates == sent)
    navigator.perform(.run)
    await stage.passing { navigator.overlay != nil }
    navigator.perform(.choose(1))
    await navigator.settled()
    #expect(creates == sent + 1)
    #expect(try await stage.intents.unsettled().isEmpty)
  }

  @Test func `a doubt ends when Predictions shows the run`() async throws {
    await openForm()
    transport.fail(.timedOut)
    navigator.perform(.run)
    await stage.passing { navigator.overlay != nil }
    navigator.perform(.accept)
    transport.fail(nil)
    let intent = try #require(try await stage.intents.unsettled().first)
    transport.answer(
      "GET /predictions",
      Stage.page([Stage.prediction("late", "processing", intent.notedAt.text, #""source":"api""#)]))
    navigator.reloadRuns()
    await navigator.settled()
    await navigator.settled()
    #expect(try await stage.intents.unsettled().isEmpty)
    #expect(navigator.session.runs.ownUnderWay.map(\.id.rawValue) == ["late"])
  }

  @Test func `what an earlier start left open is found and said`() async throws {
    let store = LeftOpen(intent(at: "2026-11-24T02:55:00Z"))
    let stage = Stage(intents: store)
    stage.transport.answer(
      "GET /predictions",
      Stage.page([
        Stage.prediction("found1", "processing", "2026-11-24T02:55:01Z", #""source":"api""#)
      ]))
    await stage.started()
    await stage.navigator.settled()
    #expect(stage.navigator.session.runs.ownUnderWay.map(\.id.rawValue) == ["found1"])
    #expect(stage.navigator.notice?.text.contains("was started") == true)
    #expect(await store.account == "acme")
    #expect(await store.unsettled().isEmpty)
  }

  private func intent(at time: String) -> PredictionIntent {
    PredictionIntent(
      target: .version(ModelVersion.ID(rawValue: Stage.versionID)), model: Stage.painterID,
      input: ["prompt": "a fox"], serverTime: Timestamp(time), notedAt: Timestamp(time))
  }

  // MARK: Inputs that can't be carried over

  @Test func `a rerun lists what it can't carry over, and running asks once`() async throws {
    await stage.started()
    transport.answer("POST /predictions", Self.created)
    let input: JSONObject = ["prompt": "a fox", "steps": 7.5, "fast": "false", "mood": "sad"]
    navigator.perform(
      .openAddress(.form(FormRequest(model: Stage.painterID, input: input))))
    await navigator.settled()
    let form = try #require(stage.form)
    #expect(form.notes.items.map(\.name) == ["steps", "mood"])
    #expect(form.payload == ["prompt": "a fox", "fast": false])
    navigator.perform(.run)
    #expect(try question().message.contains("steps, mood"))
    #expect(creates == 0)
    navigator.perform(.choose(1))
    await navigator.settled()
    #expect(creates == 1)
    #expect(form.notes.isEmpty)
  }

  @Test func `a prediction whose data was removed doesn't run defaults unasked`() async throws {
    await stage.started()
    transport.answer(
      "GET /predictions",
      Stage.page([
        Stage.prediction(
          "gone1", "succeeded", "2026-11-24T01:00:00Z", #""data_removed":true,"input":{}"#)
      ]))
    navigator.reloadRuns()
    await navigator.settled()
    navigator.perform(.focus(.predictions))
    navigator.perform(.rerun)
    await navigator.settled()
    let form = try #require(stage.form)
    #expect(form.notes.remark?.contains("deleted") == true)
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    #expect(try question().message.contains("deleted"))
    #expect(creates == 0)
  }

  @Test func `a yes is for what the question was about`() async throws {
    await stage.started()
    transport.answer("POST /predictions", Self.created)
    navigator.perform(
      .openAddress(
        .form(FormRequest(model: Stage.painterID, input: ["prompt": "a fox", "mood": "sad"]))))
    await navigator.settled()
    navigator.perform(.run)
    let question = try question()
    navigator.perform(.back)
    navigator.perform(.form(.edit(.insert(" at dawn"))))
    navigator.perform(try #require(question.choices[1].command))
    #expect(creates == 0)
    #expect(navigator.overlay != nil)
  }

  @Test func `a yes runs no other form than the one that the question was about`() async throws {
    await stage.started()
    transport.answer("POST /predictions", Self.created)
    let request = FormRequest(model: Stage.painterID, input: ["prompt": "a fox", "mood": "sad"])
    navigator.perform(.openAddress(.form(request)))
    await navigator.settled()
    navigator.perform(.run)
    let command = try #require(question().choices[1].command)
    navigator.perform(.back)
    navigator.perform(
      .openAddress(.form(FormRequest(model: Stage.painterID, input: ["prompt": "an owl"]))))
    await navigator.settled()
    navigator.perform(command)
    await navigator.settled()
    #expect(creates == 0)
    #expect(navigator.notice?.text.contains("isn’t open anymore") == true)
  }

  @Test func `a version that is gone opens the latest one's form, and says so`() async throws {
    await stage.started()
    let gone = ModelVersion.ID(rawValue: String(repeating: "0123abcd", count: 8))
    navigator.perform(
      .openAddress(
        .form(FormRequest(model: Stage.painterID, version: gone, input: ["prompt": "a fox"]))))
    await navigator.settled()
    let form = try #require(stage.form)
    #expect(form.version == nil)
    #expect(form.payload == ["prompt": "a fox"])
    #expect(form.notes.remark?.contains("0123abcd of acme/painter no longer exists") == true)
    navigator.perform(.run)
    #expect(try question().message.contains("no longer exists"))
    #expect(creates == 0)
  }

  @Test func `a form runs the version that it was made for, whatever is refreshed`() async throws {
    let old = ModelVersion.ID(rawValue: String(repeating: "0123abcd", count: 8))
    transport.answer(
      "GET /models/acme/painter/versions/\(old.rawValue)",
      Stage.version.replacing(Stage.versionID, with: old.rawValue))
    await stage.started()
    transport.answer("POST /predictions", Self.created)
    navigator.perform(.openAddress(.model(Stage.painterID, version: old)))
    await navigator.settled()
    navigator.perform(.run)
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.refresh)
    await navigator.settled()
    #expect(stage.model.pinned?.id == old)
    navigator.perform(.run)
    await navigator.settled()
    #expect(transport.body(of: "POST /predictions")?.contains(old.rawValue) == true)
  }

  // MARK: Notices

  @Test func `what needs a person stays until a key, and the rest waits its turn`() async {
    await stage.started()
    navigator.notify(Notice(.failed, "Nothing was sent."))
    navigator.notify(Notice(.done, "painter succeeded."))
    navigator.notify(Notice(.working, "Sending…"))
    navigator.endWorkNotice()
    #expect(navigator.notice?.text == "Nothing was sent.")
    navigator.perform(.move(.down))
    #expect(navigator.notice?.text == "painter succeeded.")
    navigator.notify(Notice(.done, "painter was canceled."))
    #expect(navigator.notice?.text == "painter was canceled.")
    navigator.perform(.move(.down))
    #expect(navigator.notice == nil)
  }
}

/// A store in which another program has left something open.
private actor LeftOpen: PredictionIntentStore {
  private let store = MemoryIntentStore()
  private var left: [PredictionIntent]
  private(set) var account: String?

  init(_ intent: PredictionIntent) { left = [intent] }

  func record(_ intent: PredictionIntent) async { await store.record(intent) }
  func resolve(_ id: PredictionIntent.ID, as state: PredictionIntent.State) async -> Bool {
    await store.resolve(id, as: state)
  }
  func claimed(
    _ predictions: [Prediction.ID], byOthersThan id: PredictionIntent.ID
  ) async -> Set<Prediction.ID> { await store.claimed(predictions, byOthersThan: id) }
  func unsettled() async -> [PredictionIntent] { await store.unsettled() }
  func outcomes(of intents: Set<PredictionIntent.ID>) async -> IntentOutcomes {
    await store.outcomes(of: intents)
  }
  func identify(as account: String) { self.account = account }

  func takeOverAbandoned() async -> [PredictionIntent] {
    defer { left = [] }
    for intent in left { await store.record(intent) }
    return left
  }
}
