import ReplicateAPI
import Support
import Testing
import ViewModels

@MainActor
struct BrowserTests {
  let stage = Stage()
  var browser: Browser { stage.browser }
  var transport: ScriptedTransport { stage.transport }

  private func type(_ text: String) {
    for letter in text { browser.perform(.edit(.insert(String(letter)))) }
  }

  // MARK: Lists

  @Test func `the start asks for what the panes show`() async {
    await stage.started()
    #expect(
      Set(transport.sent) == [
        "GET /account", "GET /collections", "GET /models", "GET /models/acme/painter",
        "GET /predictions",
      ])
    #expect(browser.account.value?.username == "acme")
    #expect(browser.collections.visible.count == 3)
    #expect(browser.models.models.value?.count == 30)
    #expect(browser.history.rows.count == 3)
  }

  @Test func `without a token nothing is sent, and one is asked for`() async {
    let stage = Stage(token: nil)
    await stage.started()
    #expect(stage.transport.sent.isEmpty)
    guard case .token = stage.browser.overlay else {
      Issue.record("no prompt")
      return
    }
    stage.browser.perform(.edit(.insert("two words")))
    stage.browser.perform(.accept)
    #expect(stage.transport.sent.isEmpty)
    #expect(stage.browser.overlay != nil)
  }

  @Test func `opening a collection lists its models, and back leads to all of them`() async {
    await stage.started()
    browser.perform(.open)
    await browser.settled()
    #expect(browser.focus == .models)
    #expect(browser.models.models.value?.map(\.id.name) == ["painter", "sketcher"])
    browser.perform(.back)
    await browser.settled()
    #expect(browser.focus == .collections)
    #expect(browser.models.source == .everything)
    #expect(browser.models.models.value?.count == 30)
  }

  @Test func `typing asks the service once it rests`() async {
    await stage.started()
    browser.perform(.focus(.models))
    browser.perform(.filter)
    type("paint")
    await stage.clock.sleeps(5)
    #expect(!transport.sent.contains { $0.hasPrefix("GET /search") })
    stage.clock.advance(by: .milliseconds(200))
    await browser.settled()
    #expect(transport.sent.filter { $0.hasPrefix("GET /search") }.count == 1)
    #expect(browser.models.models.value?.count == 1)
    #expect(browser.models.source == .search("paint"))
  }

  @Test func `the model under a resting cursor is shown beside the list`() async {
    await stage.started()
    browser.perform(.focus(.models))
    browser.perform(.move(.down))
    await stage.clock.sleeps(1)
    browser.perform(.move(.down))
    stage.clock.advance(by: .milliseconds(300))
    await stage.clock.sleeps(2)
    #expect(browser.detail.shown?.name == "painter")
    stage.clock.advance(by: .milliseconds(300))
    await transport.sent("GET /models/acme/model-2")
    await browser.settled()
    #expect(browser.detail.shown?.name == "model-2")
    #expect(!transport.sent.contains("GET /models/acme/model-1"))
    #expect(browser.focus == .models)
  }

  @Test func `the answer to a question no longer asked is dropped`() async {
    await stage.started()
    let slow = "GET /collections/text-to-image"
    transport.hold(slow)
    browser.perform(.open)
    await transport.sent(slow)
    browser.perform(.back)
    transport.release(slow)
    await browser.settled()
    #expect(browser.models.source == .everything)
    #expect(browser.models.models.value?.count == 30)
  }

  @Test func `a filter finds what is loaded, and Esc takes it away`() async {
    await stage.started()
    browser.perform(.filter)
    type("画像")
    #expect(browser.collections.visible.map(\.slug) == ["restore"])
    browser.perform(.back)
    #expect(browser.collections.visible.count == 3)
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
    browser.perform(.focus(.predictions))
    browser.perform(.move(.end))
    await browser.settled()
    #expect(browser.history.rows.count == 101)
    #expect(browser.history.selected?.id == "last")
    #expect(!browser.history.isLoadingOn)
  }

  @Test func `a failed list keeps what was there`() async {
    await stage.started()
    transport.answer("GET /collections", status: 400, #"{"detail":"No."}"#)
    browser.perform(.refresh)
    await browser.settled()
    #expect(browser.collections.collections.failure != nil)
    #expect(browser.collections.visible.count == 3)
  }

  // MARK: Running

  private func openForm() async {
    await stage.started()
    browser.perform(.openAddress(.model(ModelID(owner: "acme", name: "painter"), version: nil)))
    await browser.settled()
    browser.perform(.run)
  }

  /// Lets the time go on until something is so.
  private func passing(until isSo: () -> Bool) async {
    while !isSo() {
      stage.clock.advance(by: .seconds(5))
      await Task.yield()
    }
  }

  private let created =
    #"{"id":"new1","model":"acme/painter","version":"v","input":{},"#
    + #""status":"succeeded","output":[],"created_at":"2026-11-24T03:00:00Z","urls":{}}"#

  @Test func `a form with something wrong sends nothing`() async {
    await openForm()
    #expect(browser.form != nil)
    browser.perform(.run)
    await browser.settled()
    #expect(!transport.sent.contains("POST /predictions"))
    #expect(browser.form?.missingCount == 1)
    #expect(browser.notice?.kind == .failed)
  }

  @Test func `a run sends what was filled in, is shown live and stands in the history`() async {
    transport.answer("POST /predictions", status: 201, created)
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    browser.perform(.run)
    await browser.settled()
    await browser.runs.settled()
    #expect(
      transport.body(of: "POST /predictions")
        == #"{"version":"\#(Stage.versionID)","input":{"prompt":"a fox"}}"#)
    #expect(browser.focus == .live)
    #expect(browser.live.shown?.id == "new1")
    #expect(browser.history.rows.first?.id == "new1")
  }

  @Test func `who types on while a run is sent keeps the keys`() async {
    transport.answer("POST /predictions", status: 201, created)
    transport.hold("POST /predictions")
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    browser.perform(.run)
    await transport.sent("POST /predictions")
    browser.perform(.form(.edit(.insert("y"))))
    transport.release("POST /predictions")
    await browser.settled()
    #expect(browser.focus == .detail)
    #expect(browser.notice?.kind == .done)
    #expect(browser.live.shown?.id == "new1")
  }

  @Test(arguments: [
    (402, #"{"title":"Insufficient credit","detail":"Go to the billing page.","status":402}"#),
    (502, "<html>"),
  ])
  func `what is about money is told in full`(status: Int, body: String) async {
    transport.answer("POST /predictions", status: status, body)
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    browser.perform(.run)
    // A lost answer is looked for several times.
    await passing { browser.overlay != nil }
    guard case .confirmation(let box) = browser.overlay else {
      Issue.record("nothing was told: \(String(describing: browser.notice))")
      return
    }
    #expect(box.message.contains(status == 402 ? "Go to the billing page." : "may have started"))
    #expect(transport.sent.filter { $0 == "POST /predictions" }.count == 1)
  }

  @Test func `a run that the service doesn't know any more isn't under way`() async {
    transport.answer(
      "POST /predictions", status: 201,
      #"{"id":"gone1","model":"acme/painter","status":"processing","input":{}}"#)
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    browser.perform(.run)
    await browser.settled()
    await passing { browser.live.shown?.isLost == true }
    await browser.runs.settled()
    #expect(browser.runs.underWay == 0)
  }

  @Test func `while a create is under way the run key does nothing`() async {
    transport.answer("POST /predictions", status: 201, created)
    transport.hold("POST /predictions")
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    browser.perform(.run)
    await transport.sent("POST /predictions")
    browser.perform(.run)
    browser.perform(.run)
    #expect(browser.overlay == nil)
    transport.release("POST /predictions")
    await browser.settled()
    #expect(transport.sent.filter { $0 == "POST /predictions" }.count == 1)
  }

  @Test func `the very same run within two seconds asks, and later doesn't`() async {
    transport.answer("POST /predictions", status: 201, created)
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    browser.perform(.run)
    await browser.settled()
    browser.perform(.back)
    stage.pass(1)
    browser.perform(.run)
    await browser.settled()
    #expect(transport.sent.filter { $0 == "POST /predictions" }.count == 1)
    guard case .confirmation(let question) = browser.overlay else {
      Issue.record("it didn't ask")
      return
    }
    #expect(question.choices[question.focused].action == .nothing)
    browser.perform(.back)
    stage.pass(3)
    browser.perform(.run)
    await browser.settled()
    #expect(transport.sent.filter { $0 == "POST /predictions" }.count == 2)
  }

  @Test func `what the service refuses is marked at its field`() async {
    transport.answer(
      "POST /predictions", status: 422,
      #"{"detail":"- input.steps: Must be less than or equal to 50\n","status":422,"#
        + #""title":"Input validation failed","invalid_fields":[{"type":"number_lte","#
        + #""field":"input.steps","description":"Must be less than or equal to 50"}]}"#)
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    browser.perform(.run)
    await browser.settled()
    #expect(browser.focus == .detail)
    #expect(browser.form?.invalidCount == 1)
    #expect(browser.notice?.kind == .failed)
  }

  @Test func `a form that was left is found again as it was`() async {
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    browser.perform(.back)
    #expect(browser.form == nil)
    browser.perform(.run)
    #expect(browser.form?.payload["prompt"] == "a fox")
  }

  @Test func `opening another model puts the form away`() async {
    await openForm()
    browser.perform(.form(.edit(.insert("a fox"))))
    let other = ModelID(owner: "acme", name: "sketcher")
    browser.perform(.openAddress(.model(other, version: nil)))
    await browser.settled()
    #expect(browser.detail.shown == other)
    #expect(browser.form == nil)
    browser.perform(.run)
    await browser.settled()
    #expect(!transport.sent.contains("POST /predictions"))
  }

  @Test func `running again fills the form with the earlier input`() async {
    await stage.started()
    browser.perform(.focus(.predictions))
    browser.perform(.rerun)
    await browser.settled()
    #expect(browser.focus == .detail)
    #expect(browser.form?.payload["prompt"] == "a fox")
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
    browser.perform(.focus(.predictions))
    await browser.settled()
    browser.perform(.open)
  }

  @Test func `cancel asks, and the harmless answer is the one Enter gives`() async {
    await showRunning()
    browser.perform(.cancelPrediction)
    guard case .confirmation = browser.overlay else {
      Issue.record("it didn't ask")
      return
    }
    browser.perform(.accept)
    await browser.settled()
    #expect(!transport.sent.contains("POST /predictions/run1/cancel"))
    browser.perform(.cancelPrediction)
    browser.perform(.nextChoice)
    browser.perform(.accept)
    await browser.settled()
    #expect(transport.sent.contains("POST /predictions/run1/cancel"))
    #expect(browser.live.shown?.prediction.status == .canceled)
  }

  @Test func `q leaves at once with nothing under way, Esc at home asks`() async {
    await stage.started()
    browser.perform(.back)
    #expect(browser.overlay != nil)
    browser.perform(.back)
    #expect(!browser.isFinished)
    browser.perform(.quit)
    #expect(browser.isFinished)
  }

  @Test func `a saved token goes to the desktop alone`() async {
    await stage.started()
    browser.perform(.enterToken)
    browser.perform(.edit(.insert("r8_other")))
    browser.perform(.run)
    #expect(stage.desktop.savedTokens == ["r8_other"])
  }
}
