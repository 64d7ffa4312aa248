import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

@MainActor
struct ScreenTests {
  let stage = Stage()

  @Test(arguments: [(160, 48), (120, 40), (80, 24), (40, 12)])
  func `home shows the panes that fit`(width: Int, height: Int) async {
    let (screen, _) = await stage.started(width, height)
    expectSnapshot(screen.frame().text(), "Screen/home-\(width)x\(height)")
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 12)])
  func `a model shows its overview, its inputs and its versions`(width: Int, height: Int) async {
    let (screen, _) = await stage.started(width, height)
    await stage.openPainter()
    expectSnapshot(screen.frame().text(), "Screen/model-\(width)x\(height)")
    await stage.press(screen, .right)
    expectSnapshot(screen.frame().text(), "Screen/inputs-\(width)x\(height)")
    // Between them are the README and the examples.
    await stage.press(screen, .right, .right, .right)
    expectSnapshot(screen.frame().text(), "Screen/versions-\(width)x\(height)")
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 12)])
  func `the form stands in the model's pane`(width: Int, height: Int) async {
    let (screen, _) = await stage.started(width, height)
    await stage.openPainter()
    await stage.press(screen, .character("r"), .character("a"))
    expectSnapshot(screen.frame().text(), "Screen/form-\(width)x\(height)")
  }

  private static let running = Prediction(
    id: "bbb1", model: "acme/painter", status: .processing, input: ["prompt": "a fox"],
    output: ["https://replicate.delivery/xyz/out-0.png"],
    logs: "Using seed: 7\nloading\n 58%|█████▊    | 23/40 [00:12<00:08,  1.90it/s]\n",
    createdAt: Timestamp("2026-11-24T02:59:40Z"), startedAt: Timestamp("2026-11-24T02:59:48Z"))

  @Test(arguments: [(120, 40), (80, 24), (40, 12)])
  func `a running prediction shows its bar, its output and the end of its log`(
    width: Int, height: Int
  ) async {
    let (screen, _) = await stage.started(width, height)
    stage.show(Run(Self.running))
    expectSnapshot(screen.frame().text(), "Screen/live-\(width)x\(height)")
  }

  @Test(arguments: [(120, 40), (40, 12)])
  func `questions and the help lie over the panes`(width: Int, height: Int) async {
    let (screen, _) = await stage.started(width, height)
    stage.show(Run(Self.running))
    await stage.press(screen, .character("c"))
    expectSnapshot(screen.frame().text(), "Screen/question-\(width)x\(height)")
    await stage.press(screen, .escape, .character("?"), .character("z"))
    expectSnapshot(screen.frame().text(), "Screen/help-\(width)x\(height)")
  }

  @Test func `without a token the screen says what to do`() async {
    let stage = Stage(token: nil)
    let (screen, _) = await stage.started(80, 24)
    expectSnapshot(screen.frame().text(), "Screen/no-token-80x24")
    #expect(stage.transport.sent.isEmpty)
  }

  @Test func `below the smallest size it says what it needs`() async {
    let (screen, terminal) = await stage.started(39, 11)
    #expect(screen.frame().text().contains("Replicant needs 40×12"))
    for width in 1..<60 {
      for height in [1, 2, 5, 11, 12, 13] {
        terminal.size = Size(width: width, height: height)
        screen.handle(.resize(terminal.size))
        #expect(screen.frame().size == terminal.size)
      }
    }
  }

  @Test(arguments: [Size(width: 80, height: 24), Size(width: 40, height: 12)])
  func `a screen with some of the panes rests`(size: Size) async {
    let (screen, terminal) = await stage.started(120, 40)
    #expect(!screen.needsFrame)
    stage.navigator.perform(.zoom)
    stage.navigator.perform(.zoom)
    _ = screen.frame()
    #expect(!screen.needsFrame)
    terminal.size = size
    screen.handle(.resize(size))
    #expect(screen.needsFrame)
    _ = screen.frame()
    #expect(!screen.needsFrame && screen.nextDeadline == nil)
    // Something that isn't shown changes.
    stage.navigator.perform(.focus(.predictions))
    await stage.navigator.settled()
    _ = screen.frame()
    #expect(!screen.needsFrame)
    terminal.size = Size(width: 20, height: 5)
    screen.handle(.resize(terminal.size))
    _ = screen.frame()
    #expect(!screen.needsFrame && screen.nextDeadline == nil)
  }

  @Test func `what can't be seen isn't done`() async {
    let (screen, terminal) = await stage.started(120, 40)
    await stage.openPainter()
    _ = screen.frame()
    let sent = stage.transport.sent.count
    terminal.size = Size(width: 30, height: 8)
    screen.handle(.resize(terminal.size))
    // Before and after the words are drawn.
    for _ in 0..<2 {
      for key in [Key.character("r"), .control("r"), .character("q"), .enter] {
        screen.handle(.key(key))
      }
      screen.handle(.paste("https://replicate.com/acme/model-1"))
      _ = screen.frame()
    }
    await stage.navigator.settled()
    #expect(stage.form == nil && stage.navigator.overlay == nil && !screen.isFinished)
    #expect(stage.transport.sent.count == sent)
    screen.handle(.key(.control("l")))
    screen.handle(.key(.control("z")))
    #expect(terminal.repaints == 1 && terminal.suspensions == 1)
    screen.handle(.key(.control("c")))
    #expect(screen.isFinished)
  }

  @Test func `a row of Predictions says what was asked and how it went at every width`() async {
    stage.transport.answer(
      "GET /predictions",
      Stage.page([
        Stage.prediction(
          "aaa1", "succeeded", "2026-11-24T02:55:00Z", #""metrics":{"predict_time":185}"#),
        Stage.prediction("aaa2", "failed", "2026-11-24T01:00:00Z"),
      ]))
    let (screen, terminal) = await stage.started(60, 40)
    stage.navigator.perform(.focus(.predictions))
    await stage.navigator.settled()
    stage.navigator.perform(.zoom)
    for width in 40...130 {
      terminal.size = Size(width: width, height: 20)
      screen.handle(.resize(terminal.size))
      let text = screen.frame().text()
      #expect(text.contains(#/ painter +a fox +3 min 05 s /#), "at \(width)")
      #expect(text.contains(#/ painter +a fox +failed /#), "at \(width)")
      // The age gives way to the prompt only where both have no room.
      if width < 43 { continue }
      #expect(
        text.contains(#/ 3 min 05 s +5 min /#) && text.contains(#/ failed +2 h /#), "at \(width)")
    }
  }

  @Test func `a prediction's row shows the beginning of its prompt, not its id`() async {
    for (width, height) in [(160, 48), (120, 40), (80, 24), (40, 12)] {
      let stage = Stage()
      stage.transport.answer(
        "GET /predictions",
        Stage.page([
          Stage.prediction("aaa1", "succeeded", "2026-11-24T02:55:00Z").replacing(
            "a fox", with: "a lighthouse in a storm, seen from a small boat")
        ]))
      let (screen, _) = await stage.started(width, height)
      await stage.press(screen, .character("4"))
      let text = screen.text(of: .predictions)
      #expect(text.contains("a ligh"), "at \(width)")
      #expect(!text.contains("aaa1"), "at \(width)")
    }
  }

  @Test func `only what changed is drawn again, and nothing when nothing did`() async {
    let (screen, _) = await stage.started(120, 40)
    #expect(!screen.needsFrame)
    screen.handle(.key(.character("j")))
    #expect(screen.needsFrame)
    _ = screen.frame()
    #expect(!screen.needsFrame)
    screen.handle(.focus(false))
    #expect(!screen.needsFrame)
  }

  @Test func `what was drawn piece by piece equals what is drawn at once`() async {
    let (screen, terminal) = await stage.started(120, 40)
    let navigator = stage.navigator
    for key: Key in [
      .character("2"), .down, .down, .character("G"), .character("4"), .down, .enter, .right,
      .right,
      .character("1"), .enter, .enter, .right, .character("z"), .character("z"), .character("?"),
      .character("p"), .escape, .character("1"), .character("/"), .character("i"), .escape, .tab,
      .character("s"), .down, .enter, .escape, .character(":"), .character("m"), .escape,
    ] {
      await stage.press(screen, key)
      let piecewise = screen.frame()
      // Another screen takes over what the navigator asks of its screen.
      let (keyEntries, onScreenCommand) = (navigator.keyEntries, navigator.onScreenCommand)
      let fresh = Screen(navigator: navigator)
      fresh.start(on: terminal)
      #expect(piecewise.text() == fresh.frame().text(), "after \(key)")
      (navigator.keyEntries, navigator.onScreenCommand) = (keyEntries, onScreenCommand)
    }
  }

  @Test func `a click focuses and selects, a double click opens`() async throws {
    let (screen, _) = await stage.started(120, 40)
    let second = try #require(screen.point(of: "Large language"))
    screen.handle(.mouse(Mouse(.press, at: second)))
    #expect(stage.collections.collections.cursor.selected == 1)
    let first = Point(x: second.x, y: second.y - 1)
    for count in 1...2 {
      screen.handle(.mouse(Mouse(.press, at: first, clickCount: count)))
      await stage.navigator.settled()
      _ = screen.frame()
    }
    #expect(stage.navigator.focus == .models)
    #expect(stage.models.listedSource == .collection(slug: "text-to-image"))
  }

  @Test func `a click on a column's title sorts by it, a second one reverses the order`()
    async throws
  {
    let (screen, _) = await stage.started(160, 48)
    let names = { stage.models.models.visible.map(\.id.name) }
    let before = names()
    let header = try #require(screen.point(of: "owner"))
    let title = try #require(screen.point(of: "name", below: header.y))
    screen.handle(.mouse(Mouse(.press, at: title)))
    #expect(names() == before.sorted())
    #expect(screen.frame().text(row: title.y).contains("name▴"))
    screen.handle(.mouse(Mouse(.press, at: title)))
    #expect(names() == before.sorted().reversed())
    #expect(screen.frame().text(row: title.y).contains("name▾"))
    screen.handle(.mouse(Mouse(.press, at: title)))
    #expect(names() == before)
  }

  @Test func `a filter says that it looks only at what is loaded`() async {
    stage.transport.answer(
      "GET /predictions",
      Stage.page(
        (1...30).map { Stage.prediction("a\($0)", "succeeded", "2026-11-23T12:00:00Z") },
        next: "https://api.replicate.com/v1/predictions?cursor=2"))
    stage.transport.answer(
      "GET /predictions?cursor=2",
      Stage.page([Stage.prediction("b1", "failed", "2026-11-22T12:00:00Z")]))
    let (screen, _) = await stage.started(120, 40)
    await stage.press(screen, .character("4"), .character("/"))
    await stage.type(screen, "failed")
    #expect(screen.text(of: .predictions).contains("No loaded rows match the filter."))
    #expect(screen.text(of: .predictions).contains("Only loaded rows"))
    await stage.press(screen, .up, .tab, .shiftTab, .character("G"))
    #expect(stage.predictions.predictions.visible.map(\.id) == ["b1"])
    #expect(!screen.text(of: .predictions).contains("Only loaded rows"))
  }

  @Test func `a pasted address is opened where nothing is typed`() async {
    let (screen, _) = await stage.started(120, 40)
    screen.handle(.paste("https://replicate.com/acme/painter\n"))
    await stage.navigator.settled()
    #expect(stage.model.model.value?.id.name == "painter")
    #expect(stage.navigator.focus == .model)
    screen.handle(.paste("q"))
    #expect(!stage.navigator.isFinished)
  }

  @Test func `the collection under the cursor is shown beside the list, with its models`() async {
    for (width, height) in [(160, 48), (120, 40), (80, 24)] {
      let stage = Stage()
      let (screen, _) = await stage.started(width, height)
      let text = screen.frame().text()
      #expect(text.contains("acme/sketcher"), "at \(width)")
      #expect(stage.navigator.focus == .collections)
      stage.transport.answer(
        "GET /collections/language-models",
        #"{"name":"Large language models","slug":"language-models","#
          + #""full_description":"Models that write","models":[\#(Stage.summary("acme", "bard", 7))]}"#
      )
      let sleeps = stage.clock.sleepCount
      screen.handle(.key(.down))
      await stage.clock.sleeps(sleeps + 1)
      stage.clock.advance(by: .seconds(1))
      await stage.transport.sent("GET /collections/language-models")
      await stage.navigator.settled()
      let after = screen.frame().text()
      #expect(after.contains("acme/bard") && after.contains("Models that write"), "at \(width)")
      #expect(!after.contains("acme/sketcher"), "at \(width)")
    }
  }

  @Test func `the prediction under the cursor is shown beside the list`() async {
    let (screen, _) = await stage.started(120, 40)
    await stage.press(screen, .character("4"), .down)
    #expect(stage.live.shown?.id == "aaa2")
    #expect(stage.navigator.focus == .predictions)
    #expect(screen.frame().text().contains("CUDA out of memory"))
  }

  /// Forty ended predictions, of which one far down may be something else.
  private func answerForty(_ odd: String? = nil) {
    stage.transport.answer(
      "GET /predictions",
      Stage.page(
        (10..<50).map { number in
          let isOdd = number == 40
          return Stage.prediction(
            "run\(number)", isOdd ? odd ?? "succeeded" : "succeeded", "2026-11-24T02:\(number):00Z")
        }))
  }

  @Test func `the wheel turns what is under it, whatever has the focus`() async throws {
    answerForty()
    let (screen, _) = await stage.started(160, 48)
    await stage.press(screen, .character("2"))
    let area = try #require(screen.layout?.panes[.predictions])
    let point = Point(x: area.x + 3, y: area.y + 3)
    screen.handle(.mouse(Mouse(.wheelDown, at: point)))
    #expect(stage.predictions.predictions.cursor.top == 3)
    #expect(stage.models.models.cursor.top == 0)
    #expect(stage.navigator.focus == .models)
    await stage.openPainter()
    stage.navigator.perform(.run)
    let field = stage.form?.focusedIndex
    screen.handle(.mouse(Mouse(.wheelDown, at: point)))
    #expect(stage.predictions.predictions.cursor.top == 6)
    #expect(field != nil && stage.form?.focusedIndex == field)
  }

  @Test func `after scrolling, all ages are of the same time`() async {
    answerForty()
    let (screen, _) = await stage.started(160, 48)
    await stage.press(screen, .character("2"))
    _ = screen.frame()
    stage.pass(7200)
    for _ in 0..<5 {
      stage.navigator.perform(.scroll(.predictions, by: 3))
      let shown = screen.text(of: .predictions)
      screen.drawAgain()
      #expect(shown == screen.text(of: .predictions))
      stage.pass(7200)
    }
  }

  @Test func `a run under way that is scrolled into view is drawn as it goes on`() async {
    answerForty("processing")
    let (screen, _) = await stage.started(60, 20)
    await stage.press(screen, .character("4"))
    _ = screen.frame()
    // The ages of what has ended change once a minute or less.
    #expect(screen.nextDeadline.map { $0 > .now + .seconds(2) } ?? true)
    for _ in 0..<30 {
      await stage.press(screen, .down)
      _ = screen.frame()
    }
    #expect(screen.nextDeadline.map { $0 < .now + .seconds(2) } == true, "nothing counts")
    let run = stage.predictions.predictions.rows.first { $0.id == "run40" }?.run
    if let run {
      var ended = run.prediction
      ended.status = .failed
      run.update(ended)
    }
    await stage.navigator.settled()
    #expect(screen.needsFrame)
    #expect(screen.text(of: .predictions).contains("failed"))
  }
}
