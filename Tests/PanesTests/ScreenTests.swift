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

  private func screen(_ width: Int, _ height: Int) -> (Screen, RecordingTerminal) {
    let terminal = RecordingTerminal(width: width, height: height)
    let screen = Screen(browser: stage.browser)
    screen.start(on: terminal)
    return (screen, terminal)
  }

  private func press(_ screen: Screen, _ keys: Key...) async {
    for key in keys {
      screen.handle(.key(key))
      await stage.browser.settled()
    }
  }

  @Test(arguments: [(160, 48), (120, 40), (80, 24), (40, 12)])
  func `home shows the panes that fit`(width: Int, height: Int) async {
    await stage.started()
    let (screen, _) = screen(width, height)
    expectSnapshot(screen.frame().text(), "Screen/home-\(width)x\(height)")
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 12)])
  func `a model shows its overview and its inputs`(width: Int, height: Int) async {
    await stage.started()
    let (screen, _) = screen(width, height)
    stage.browser.perform(
      .openAddress(.model(ModelID(owner: "acme", name: "painter"), version: nil)))
    await stage.browser.settled()
    expectSnapshot(screen.frame().text(), "Screen/model-\(width)x\(height)")
    await press(screen, .right)
    expectSnapshot(screen.frame().text(), "Screen/inputs-\(width)x\(height)")
    await press(screen, .right)
    expectSnapshot(screen.frame().text(), "Screen/versions-\(width)x\(height)")
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 12)])
  func `the form stands in the model's pane`(width: Int, height: Int) async {
    await stage.started()
    let (screen, _) = screen(width, height)
    stage.browser.perform(
      .openAddress(.model(ModelID(owner: "acme", name: "painter"), version: nil)))
    await stage.browser.settled()
    await press(screen, .character("r"), .character("a"))
    expectSnapshot(screen.frame().text(), "Screen/form-\(width)x\(height)")
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 12)])
  func `a running prediction shows its bar, its output and the end of its log`(
    width: Int, height: Int
  ) async {
    await stage.started()
    let (screen, _) = screen(width, height)
    let run = Run(
      Prediction(
        id: "bbb1", model: "acme/painter", status: .processing, input: ["prompt": "a fox"],
        output: ["https://replicate.delivery/xyz/out-0.png"],
        logs: "Using seed: 7\nloading\n 58%|█████▊    | 23/40 [00:12<00:08,  1.90it/s]\n",
        createdAt: Timestamp("2026-11-24T02:59:40Z"), startedAt: Timestamp("2026-11-24T02:59:48Z")))
    stage.browser.showForTest(run)
    expectSnapshot(screen.frame().text(), "Screen/live-\(width)x\(height)")
  }

  @Test(arguments: [(120, 40), (40, 12)])
  func `questions and the help lie over the panes`(width: Int, height: Int) async {
    await stage.started()
    let (screen, _) = screen(width, height)
    await press(screen, .escape)
    expectSnapshot(screen.frame().text(), "Screen/question-\(width)x\(height)")
    await press(screen, .escape, .character("?"), .character("z"))
    expectSnapshot(screen.frame().text(), "Screen/help-\(width)x\(height)")
  }

  @Test func `without a token the screen says what to do`() async {
    let stage = Stage(token: nil)
    await stage.started()
    let terminal = RecordingTerminal(width: 80, height: 24)
    let screen = Screen(browser: stage.browser)
    screen.start(on: terminal)
    expectSnapshot(screen.frame().text(), "Screen/no-token-80x24")
    #expect(stage.transport.sent.isEmpty)
  }

  @Test func `below the smallest size it says what it needs`() async {
    await stage.started()
    let (screen, terminal) = screen(39, 11)
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
    await stage.started()
    let (screen, terminal) = screen(120, 40)
    _ = screen.frame()
    #expect(!screen.needsFrame)
    stage.browser.perform(.zoom)
    stage.browser.perform(.zoom)
    _ = screen.frame()
    #expect(!screen.needsFrame)
    terminal.size = size
    screen.handle(.resize(size))
    #expect(screen.needsFrame)
    _ = screen.frame()
    #expect(!screen.needsFrame && screen.nextDeadline == nil)
    // Something that isn't shown changes.
    stage.browser.perform(.focus(.predictions))
    await stage.browser.settled()
    _ = screen.frame()
    #expect(!screen.needsFrame)
    terminal.size = Size(width: 20, height: 5)
    screen.handle(.resize(terminal.size))
    _ = screen.frame()
    #expect(!screen.needsFrame && screen.nextDeadline == nil)
  }

  @Test func `what can't be seen isn't done`() async {
    await stage.started()
    let (screen, terminal) = screen(120, 40)
    _ = screen.frame()
    stage.browser.perform(
      .openAddress(.model(ModelID(owner: "acme", name: "painter"), version: nil)))
    await stage.browser.settled()
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
    await stage.browser.settled()
    #expect(stage.browser.form == nil && stage.browser.overlay == nil && !screen.isFinished)
    #expect(stage.transport.sent.count == sent)
    screen.handle(.key(.control("l")))
    screen.handle(.key(.control("z")))
    #expect(terminal.repaints == 1 && terminal.suspensions == 1)
    screen.handle(.key(.control("c")))
    #expect(screen.isFinished)
  }

  @Test func `a row of Predictions has room for all of its parts at every width`() async {
    await stage.started()
    let (screen, terminal) = screen(60, 40)
    stage.browser.perform(.focus(.predictions))
    stage.browser.perform(.zoom)
    for width in 40...130 {
      terminal.size = Size(width: width, height: 20)
      screen.handle(.resize(terminal.size))
      let text = screen.frame().text()
      #expect(text.contains(#/ 4\.2 s +5 min /#) && text.contains(#/ failed +2 h /#), "at \(width)")
      #expect(!text.contains("aaa1") || text.contains(#/ aaa1 +4\.2 s /#), "at \(width)")
    }
  }

  @Test func `only what changed is drawn again, and nothing when nothing did`() async {
    await stage.started()
    let (screen, _) = screen(120, 40)
    _ = screen.frame()
    #expect(!screen.needsFrame)
    screen.handle(.key(.character("j")))
    #expect(screen.needsFrame)
    _ = screen.frame()
    #expect(!screen.needsFrame)
    screen.handle(.focus(false))
    #expect(!screen.needsFrame)
  }

  @Test func `what was drawn piece by piece equals what is drawn at once`() async {
    await stage.started()
    let (screen, _) = screen(120, 40)
    _ = screen.frame()
    for key: Key in [
      .character("2"), .down, .down, .character("G"), .character("4"), .down, .enter, .right,
      .right,
      .character("1"), .enter, .enter, .right, .character("z"), .character("z"), .character("?"),
      .character("p"), .escape, .character("1"), .character("/"), .character("i"), .escape, .tab,
    ] {
      await press(screen, key)
      let (fresh, _) = self.screen(120, 40)
      fresh.adoptLayout(of: screen)
      let piecewise = screen.frame()
      #expect(piecewise.text() == fresh.frame().text(), "after \(key)")
    }
  }

  @Test func `a click focuses and selects, a double click opens`() async {
    await stage.started()
    let (screen, _) = screen(120, 40)
    _ = screen.frame()
    screen.handle(.mouse(Mouse(.press, at: Point(x: 4, y: 3))))
    #expect(stage.browser.collections.cursor.selected == 1)
    screen.handle(.mouse(Mouse(.press, at: Point(x: 4, y: 2), clickCount: 2)))
    await stage.browser.settled()
    screen.handle(.mouse(Mouse(.press, at: Point(x: 4, y: 2), clickCount: 2)))
    await stage.browser.settled()
    #expect(stage.browser.focus == .models)
  }

  @Test func `a pasted address is opened where nothing is typed`() async {
    await stage.started()
    let (screen, _) = screen(120, 40)
    screen.handle(.paste("https://replicate.com/acme/painter\n"))
    await stage.browser.settled()
    #expect(stage.browser.detail.model.value?.id.name == "painter")
    screen.handle(.paste("q"))
    #expect(!stage.browser.isFinished)
  }
}
