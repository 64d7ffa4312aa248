import ReplicateAPI
import Running
import Support
import Testing
import ViewModels

@MainActor
struct NavigatorTests {
  let stage = Stage()
  var navigator: Navigator { stage.navigator }
  var transport: ScriptedTransport { stage.transport }

  private func type(_ text: String) {
    for letter in text { navigator.perform(.edit(.insert(String(letter)))) }
  }

  // MARK: Lists

  @Test func `the start asks for what the panes show`() async {
    stage.layOut()
    await stage.started()
    #expect(
      Set(transport.sent) == [
        "GET /account", "GET /collections", "GET /collections/text-to-image", "GET /models",
        "GET /predictions",
      ])
    #expect(navigator.session.account.value?.username == "acme")
    #expect(stage.collections.collections.visible.count == 3)
    #expect(stage.models.models.rows.count == 30)
    #expect(stage.predictions.predictions.rows.count == 3)
  }

  @Test func `without a token nothing is sent, and one is asked for`() async {
    let stage = Stage(token: nil)
    await stage.started()
    #expect(stage.transport.sent.isEmpty)
    guard case .token = stage.navigator.overlay else {
      Issue.record("no prompt")
      return
    }
    stage.navigator.perform(.edit(.insert("two words")))
    stage.navigator.perform(.accept)
    #expect(stage.transport.sent.isEmpty)
    #expect(stage.navigator.overlay != nil)
  }

  @Test func `opening a collection lists its models, and back leads to all of them`() async {
    await stage.started()
    navigator.perform(.open)
    await navigator.settled()
    #expect(navigator.focus == .models)
    #expect(stage.models.models.rows.map(\.id.name) == ["painter", "sketcher"])
    navigator.perform(.back)
    await navigator.settled()
    #expect(navigator.focus == .collections)
    #expect(stage.models.source == .everything)
    #expect(stage.models.models.rows.count == 30)
  }

  @Test func `typing asks the service once it rests`() async {
    await stage.started()
    navigator.perform(.focus(.models))
    navigator.perform(.filter)
    type("paint")
    await stage.clock.sleeps(1)
    #expect(!transport.sent.contains { $0.hasPrefix("GET /search") })
    stage.clock.advance(by: .milliseconds(200))
    await navigator.settled()
    #expect(transport.sent.filter { $0.hasPrefix("GET /search") }.count == 1)
    #expect(stage.models.models.rows.count == 1)
    #expect(stage.models.source == .search("paint"))
  }

  @Test func `the model under a resting cursor is shown beside the list`() async {
    stage.layOut()
    await stage.started()
    navigator.perform(.focus(.models))
    await stage.clock.sleeps(1)
    stage.clock.advance(by: .milliseconds(300))
    await transport.sent("GET /models/acme/painter")
    await navigator.settled()
    navigator.perform(.move(.down))
    await stage.clock.sleeps(2)
    navigator.perform(.move(.down))
    stage.clock.advance(by: .milliseconds(300))
    await stage.clock.sleeps(3)
    #expect(stage.model.shown?.name == "painter")
    stage.clock.advance(by: .milliseconds(300))
    await transport.sent("GET /models/acme/model-2")
    await navigator.settled()
    #expect(stage.model.shown?.name == "model-2")
    #expect(!transport.sent.contains("GET /models/acme/model-1"))
    #expect(navigator.focus == .models)
  }

  @Test func `what can't be seen isn't asked for`() async {
    navigator.perform(
      .laidOut(
        ScreenLayout(
          visible: [.collections: Extent(rows: 8, columns: 38)], hasRoomForHalf: false,
          overlayRows: 4)))
    await stage.started()
    navigator.perform(.move(.down))
    await navigator.settled()
    #expect(!transport.sent.contains { $0.hasPrefix("GET /collections/") })
  }

  @Test func `the answer to a question no longer asked is dropped`() async {
    await stage.started()
    let slow = "GET /collections/text-to-image"
    transport.hold(slow)
    navigator.perform(.open)
    await transport.sent(slow)
    navigator.perform(.back)
    transport.release(slow)
    await navigator.settled()
    #expect(stage.models.source == .everything)
    #expect(stage.models.models.rows.count == 30)
  }

  @Test func `a filter finds what is loaded, and Esc takes it away`() async {
    await stage.started()
    navigator.perform(.filter)
    type("画像")
    #expect(stage.collections.collections.visible.map(\.slug) == ["restore"])
    navigator.perform(.back)
    #expect(stage.collections.collections.visible.count == 3)
  }

  @Test func `predictions load on as one scrolls, and G goes to the end of all`() async {
    let first = (1...100).map { number in
      Stage.prediction("a\(number)", "succeeded", "2026-11-23T12:00:\(number % 50 + 10)Z")
    }
    transport.answer(
      "GET /predictions",
      Stage.page(first, next: "https://api.replicate.com/v1/predictions?cursor=cD0y&source=web"))
    transport.answer(
      "GET /predictions?cursor=cD0y&source=web",
      Stage.page([Stage.prediction("last", "succeeded", "2026-11-01T12:00:00Z")]))
    await stage.started()
    navigator.perform(.focus(.predictions))
    navigator.perform(.move(.end))
    await navigator.settled()
    #expect(stage.predictions.predictions.rows.count == 101)
    #expect(stage.predictions.predictions.selected?.id == "last")
    #expect(!stage.predictions.predictions.isLoadingOn)
  }

  @Test func `a failed list keeps what was there`() async {
    await stage.started()
    transport.answer("GET /collections", status: 400, #"{"detail":"No."}"#)
    navigator.perform(.refresh)
    await navigator.settled()
    #expect(stage.collections.collections.failure != nil)
    #expect(stage.collections.collections.visible.count == 3)
  }

  // MARK: Going back

  private static let second = "https://api.replicate.com/v1/models?cursor=two"

  private func answerTwoPagesOfModels() {
    transport.answer(
      "GET /models",
      Stage.page((1...30).map { Stage.summary("acme", "a\($0)", $0) }, next: Self.second))
    transport.answer(
      "GET /models?cursor=two",
      Stage.page((1...30).map { Stage.summary("acme", "b\($0)", $0) }, next: Self.second + "b"))
    transport.answer(
      "GET /models?cursor=twob", Stage.page((1...5).map { Stage.summary("acme", "c\($0)", $0) }))
  }

  @Test func `after a search Models loads on from where it was`() async {
    answerTwoPagesOfModels()
    stage.layOut()
    await stage.started()
    navigator.perform(.focus(.models))
    for _ in 0..<4 { navigator.perform(.move(.pageDown)) }
    await navigator.settled()
    let models = stage.models.models
    #expect(models.rows.count == 60)
    let selected = models.selected?.id.name
    let top = models.cursor.top
    let sleeps = stage.clock.sleepCount
    navigator.perform(.filter)
    type("paint")
    await stage.clock.sleeps(sleeps + 1)
    stage.clock.advance(by: .milliseconds(200))
    await stage.passing { models.rows.count == 1 }
    navigator.perform(.back)
    #expect(models.rows.count == 60 && models.hasMore)
    #expect(models.selected?.id.name == selected)
    #expect(models.cursor.top == top)
    navigator.perform(.move(.end))
    await navigator.settled()
    #expect(models.rows.count == 65 && !models.hasMore)
  }

  @Test func `going back from a collection restores the row, the page and the scrolling`() async {
    answerTwoPagesOfModels()
    stage.layOut()
    await stage.started()
    navigator.perform(.focus(.models))
    for _ in 0..<4 { navigator.perform(.move(.pageDown)) }
    await navigator.settled()
    let cursor = stage.models.models.cursor
    navigator.perform(.focus(.collections))
    navigator.perform(.open)
    await navigator.settled()
    #expect(stage.models.models.rows.count == 2)
    navigator.perform(.back)
    #expect(navigator.focus == .collections)
    #expect(stage.models.models.cursor == cursor)
    #expect(stage.models.models.rows.count == 60 && stage.models.models.hasMore)
  }

  // MARK: Running

  private func openForm() async {
    await stage.started()
    await stage.openPainter()
    navigator.perform(.run)
  }

  private let created =
    #"{"id":"new1","model":"acme/painter","version":"v","input":{},"#
    + #""status":"succeeded","output":[],"created_at":"2026-11-24T03:00:00Z","urls":{}}"#

  @Test func `a form with something wrong sends nothing`() async {
    await openForm()
    #expect(stage.form != nil)
    navigator.perform(.run)
    await navigator.settled()
    #expect(!transport.sent.contains("POST /predictions"))
    #expect(stage.form?.missingCount == 1)
    #expect(navigator.notice?.kind == .failed)
  }

  @Test func `a run sends what was filled in, is shown live and stands in the history`() async {
    transport.answer("POST /predictions", status: 201, created)
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    await navigator.settled()
    await navigator.session.runs.settled()
    #expect(
      transport.body(of: "POST /predictions")
        == #"{"version":"\#(Stage.versionID)","input":{"prompt":"a fox"}}"#)
    #expect(navigator.focus == .live)
    #expect(stage.live.shown?.id == "new1")
    #expect(stage.predictions.predictions.rows.first?.id == "new1")
  }

  @Test func `someone who types on while a run is sent keeps the keys`() async {
    transport.answer("POST /predictions", status: 201, created)
    transport.hold("POST /predictions")
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    await transport.sent("POST /predictions")
    navigator.perform(.form(.edit(.insert("y"))))
    transport.release("POST /predictions")
    await navigator.settled()
    #expect(navigator.focus == .model)
    #expect(navigator.notice?.kind == .done)
    #expect(stage.live.shown?.id == "new1")
  }

  @Test(arguments: [
    (402, #"{"title":"Insufficient credit","detail":"Go to the billing page.","status":402}"#),
    (502, "<html>"),
  ])
  func `what is about money is said in full`(status: Int, body: String) async {
    transport.answer("POST /predictions", status: status, body)
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    // A lost answer is looked for several times.
    await stage.passing { navigator.overlay != nil }
    guard case .question(let box) = navigator.overlay else {
      Issue.record("nothing was said: \(String(describing: navigator.notice))")
      return
    }
    #expect(
      box.message.contains(status == 402 ? "Go to the billing page." : "the run may have started"))
    #expect(transport.sent.filter { $0 == "POST /predictions" }.count == 1)
  }

  @Test func `a run that the service doesn't know any more isn't under way`() async {
    transport.answer(
      "POST /predictions", status: 201,
      #"{"id":"gone1","model":"acme/painter","status":"processing","input":{}}"#)
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    await navigator.settled()
    await stage.passing { stage.live.shown?.isLost == true }
    await navigator.session.runs.settled()
    #expect(navigator.session.runs.underWay == 0)
  }

  @Test func `while a create is under way the run key does nothing`() async {
    transport.answer("POST /predictions", status: 201, created)
    transport.hold("POST /predictions")
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    await transport.sent("POST /predictions")
    navigator.perform(.run)
    navigator.perform(.run)
    #expect(navigator.overlay == nil)
    transport.release("POST /predictions")
    await navigator.settled()
    #expect(transport.sent.filter { $0 == "POST /predictions" }.count == 1)
  }

  @Test func `the very same run within two seconds asks, and later doesn't`() async {
    transport.answer("POST /predictions", status: 201, created)
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    await navigator.settled()
    navigator.perform(.back)
    stage.pass(1)
    navigator.perform(.run)
    await navigator.settled()
    #expect(transport.sent.filter { $0 == "POST /predictions" }.count == 1)
    guard case .question(let question) = navigator.overlay else {
      Issue.record("it didn't ask")
      return
    }
    #expect(question.choices[question.focused].command == nil)
    navigator.perform(.back)
    stage.pass(3)
    navigator.perform(.run)
    await navigator.settled()
    #expect(transport.sent.filter { $0 == "POST /predictions" }.count == 2)
  }

  @Test func `what the service refuses is marked at its field`() async {
    transport.answer(
      "POST /predictions", status: 422,
      #"{"detail":"- input.steps: Must be less than or equal to 50\n","status":422,"#
        + #""title":"Input validation failed","invalid_fields":[{"type":"number_lte","#
        + #""field":"input.steps","description":"Must be less than or equal to 50"}]}"#)
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    await navigator.settled()
    #expect(navigator.focus == .model)
    #expect(stage.form?.invalidCount == 1)
    #expect(navigator.notice?.kind == .failed)
  }

  @Test func `a form that was left is found again as it was`() async {
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.back)
    #expect(stage.form == nil)
    navigator.perform(.run)
    #expect(stage.form?.payload["prompt"] == "a fox")
  }

  @Test func `opening another model puts the form away`() async {
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    let other = ModelID(owner: "acme", name: "sketcher")
    navigator.perform(.openAddress(.model(other, version: nil)))
    await navigator.settled()
    #expect(stage.model.shown == other)
    #expect(stage.form == nil)
    navigator.perform(.run)
    await navigator.settled()
    #expect(!transport.sent.contains("POST /predictions"))
  }

  @Test func `running again fills the form with the earlier input`() async {
    await stage.started()
    navigator.perform(.focus(.predictions))
    navigator.perform(.rerun)
    await navigator.settled()
    #expect(navigator.focus == .model)
    #expect(stage.form?.payload["prompt"] == "a fox")
  }

  private static let older = String(repeating: "0f3e", count: 16)

  private func showVersions() async {
    transport.answer(
      "GET /models/acme/painter/versions",
      Stage.page([
        Stage.version, Stage.version.replacing(Stage.versionID, with: Self.older),
      ]))
    await stage.started()
    await stage.openPainter()
    navigator.perform(.selectTab(.model, ModelViewModel.Tab.versions.rawValue))
    await navigator.settled()
    #expect(stage.model.versions?.rows.count == 2)
  }

  @Test func `the version under the cursor is the one that runs`() async {
    transport.answer("POST /predictions", status: 201, created)
    await showVersions()
    navigator.perform(.move(.down))
    navigator.perform(.run)
    await navigator.settled()
    #expect(stage.form?.version?.rawValue == Self.older)
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    await navigator.settled()
    #expect(
      transport.body(of: "POST /predictions")
        == #"{"version":"\#(Self.older)","input":{"prompt":"a fox"}}"#)
  }

  @Test func `Enter on a version keeps it through a refresh`() async {
    await showVersions()
    transport.answer(
      "GET /models/acme/painter/versions/\(Self.older)",
      Stage.version.replacing(Stage.versionID, with: Self.older))
    navigator.perform(.move(.down))
    navigator.perform(.open)
    await navigator.settled()
    #expect(stage.model.pinned?.id.rawValue == Self.older)
    navigator.perform(.refresh)
    await navigator.settled()
    #expect(stage.model.pinned?.id.rawValue == Self.older)
    navigator.perform(.run)
    await navigator.settled()
    #expect(stage.form?.version?.rawValue == Self.older)
  }

  @Test func `the latest version under the cursor is no other than the model's own`() async {
    await showVersions()
    navigator.perform(.run)
    await navigator.settled()
    #expect(stage.form?.version == nil)
  }

  // MARK: Canceling and leaving

  private func showRunning() async {
    transport.answer(
      "GET /predictions",
      Stage.page([Stage.prediction("run1", "processing", "2026-11-24T02:59:00Z")]))
    transport.answer(
      "GET /predictions/run1", Stage.prediction("run1", "processing", "2026-11-24T02:59:00Z"))
    transport.answer(
      "POST /predictions/run1/cancel",
      Stage.prediction("run1", "canceled", "2026-11-24T02:59:00Z"))
    await stage.started()
    navigator.perform(.focus(.predictions))
    await navigator.settled()
    navigator.perform(.open)
  }

  @Test func `cancel asks, and the harmless answer is the one Enter gives`() async {
    await showRunning()
    navigator.perform(.cancel)
    guard case .question = navigator.overlay else {
      Issue.record("it didn't ask")
      return
    }
    navigator.perform(.accept)
    await navigator.settled()
    #expect(!transport.sent.contains("POST /predictions/run1/cancel"))
    navigator.perform(.cancel)
    navigator.perform(.nextChoice)
    navigator.perform(.accept)
    await navigator.settled()
    #expect(transport.sent.contains("POST /predictions/run1/cancel"))
    #expect(stage.live.shown?.prediction.status == .canceled)
  }

  @Test func `q quits at once with nothing under way; Esc at home only says so`() async {
    await stage.started()
    navigator.perform(.back)
    #expect(navigator.overlay == nil)
    #expect(navigator.notice?.text.contains("q to quit") == true)
    navigator.perform(.back)
    #expect(!navigator.isFinished)
    navigator.perform(.quit)
    #expect(navigator.isFinished)
  }

  @Test func `leaving asks while a run of one's own is under way`() async {
    transport.answer(
      "POST /predictions", status: 201,
      Stage.prediction("own1", "processing", "2026-11-24T02:59:00Z"))
    transport.answer(
      "GET /predictions/own1", Stage.prediction("own1", "processing", "2026-11-24T02:59:00Z"))
    await openForm()
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.run)
    await navigator.settled()
    navigator.perform(.quit)
    guard case .question(let question) = navigator.overlay else {
      Issue.record("it didn't ask")
      return
    }
    #expect(question.choices[question.focused].command == nil)
    #expect(question.choices.map(\.command) == [nil, .leave, .cancelAllAndLeave])
    navigator.perform(.accept)
    #expect(!navigator.isFinished)
    navigator.perform(.quit)
    navigator.perform(.choose(1))
    #expect(navigator.isFinished)
    #expect(!transport.sent.contains { $0.hasSuffix("/cancel") })
  }

  @Test(arguments: ["r8_other", "export REPLICATE_API_TOKEN=\"r8_other\""])
  func `a saved token goes only to the desktop, without what was copied with it`(
    typed: String
  ) async {
    await stage.started()
    navigator.perform(.enterToken)
    navigator.makeClient = { [transport] in Client($0, transport: transport) }
    navigator.perform(.edit(.insert(typed)))
    navigator.perform(.saveToken)
    #expect(stage.desktop.savedTokens == ["r8_other"])
    #expect(navigator.session.client.configuration.token == "r8_other")
  }

  // MARK: The palette

  @Test func `a long text pasted into the palette finds nothing but an address`() async {
    await stage.started()
    navigator.perform(.palette)
    guard case .palette(let palette) = navigator.overlay else {
      Issue.record("no palette")
      return
    }
    navigator.perform(.edit(.insert(String(repeating: "go to ", count: 5000))))
    #expect(palette.rows.isEmpty)
    navigator.perform(.edit(.insert("x")))
    #expect(palette.text.text.utf8.count == 30_001)
  }

  @Test func `opening a collection whose page is shown asks only once`() async {
    stage.layOut()
    await stage.started()
    transport.answer(
      "GET /collections/text-to-image",
      #"{"name":"Text to image","slug":"text-to-image","models":[]}"#)
    let call = "GET /collections/text-to-image"
    #expect(transport.sent.filter { $0 == call }.count == 1)
    navigator.perform(.open)
    await navigator.settled()
    #expect(transport.sent.filter { $0 == call }.count == 1)
    navigator.perform(.refresh)
    await navigator.settled()
    #expect(transport.sent.filter { $0 == call }.count == 2)
    #expect(stage.models.models.rows.isEmpty)
  }

  @Test func `a late answer for one collection isn't shown as another's`() async {
    let page = { (slug: String) in
      #"{"name":"\#(slug)","slug":"\#(slug)","models":[]}"#
    }
    transport.answer("GET /collections/first", page("first"))
    transport.answer("GET /collections/second", page("second"))
    let place = stage.collection
    _ = place.preview(.collection("second"))
    await place.settled()
    transport.hold("GET /collections/first")
    _ = place.preview(.collection("first"))
    await transport.sent("GET /collections/first")
    _ = place.preview(.collection("second"))
    transport.release("GET /collections/first")
    await place.settled()
    #expect(place.collection.value?.slug == "second")
  }

  @Test func `the places of another account know the layout they're in`() async {
    stage.layOut()
    await stage.started()
    navigator.makeClient = { [transport] in Client($0, transport: transport) }
    navigator.perform(.enterToken)
    navigator.perform(.edit(.insert("r8_other")))
    navigator.perform(.accept)
    #expect(stage.collections.collections.cursor.height == 10)
    #expect(stage.predictions.predictions.cursor.height == 10)
  }
}
