import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// What the footer offers, and how to quit.
@MainActor
struct FooterTests {
  let stage = Stage()

  private static let running = Stage.prediction("run1", "processing", "2026-11-24T02:59:00Z")

  /// Predictions with a run under way in the first row.
  private func startedWithRun(_ width: Int, _ height: Int) async -> Screen {
    stage.transport.answer(
      "GET /predictions",
      Stage.page([Self.running, Stage.prediction("aaa1", "succeeded", "2026-11-24T02:55:00Z")]))
    stage.transport.answer("GET /predictions/run1", Self.running)
    let (screen, _) = await stage.started(width, height)
    await stage.press(screen, .character("4"))
    return screen
  }

  // MARK: What can be had

  @Test func `the footer names only what can be had where one is`() async {
    let (screen, _) = await stage.started(160, 48)
    #expect(screen.footerText.contains("↵ open"))
    #expect(!screen.footerText.contains("r run"))
    #expect(!screen.footerText.contains("c cancel"))
    await stage.press(screen, .character("2"))
    #expect(screen.footerText.contains("r run"))
    #expect(screen.footerText.contains("/ search"))
    #expect(!screen.footerText.contains("c cancel"))
    await stage.press(screen, .character("4"))
    #expect(screen.footerText.contains("r run again"))
    #expect(!screen.footerText.contains("c cancel"))
  }

  @Test func `without rows there is nothing to open, to run or to sort`() async {
    stage.transport.answer("GET /models", Stage.page([]))
    let (screen, _) = await stage.started(160, 48)
    await stage.press(screen, .character("2"))
    #expect(!screen.footerText.contains("↵ open"))
    #expect(!screen.footerText.contains("r run"))
    #expect(screen.footerText.contains("/ search"))
  }

  @Test func `cancel is offered while the run under the cursor is under way`() async {
    let screen = await startedWithRun(160, 48)
    #expect(screen.footerText.contains("c cancel"))
    await stage.press(screen, .down)
    #expect(!screen.footerText.contains("c cancel"))
    await stage.press(screen, .up)
    #expect(screen.footerText.contains("c cancel"))
  }

  @Test func `at 40 columns cancel is the last to go`() async {
    let screen = await startedWithRun(40, 12)
    #expect(screen.footerText.contains("c cancel"))
    await stage.press(screen, .enter)
    #expect(stage.navigator.focus == .live)
    #expect(screen.footerText.contains("c cancel"))
    stage.navigator.perform(
      .notify(Notice(.failed, "it went wrong")))
    #expect(screen.footerText.contains("it went wrong"))
    #expect(screen.footerText.contains("c cancel"))
  }

  @Test func `a notice that is too long for the footer is shown in full above it`() async {
    let (screen, _) = await stage.started(40, 12)
    let before = screen.frame()
    let words = (1...16).map { "word\($0)" }
    stage.navigator.perform(.notify(Notice(.failed, words.joined(separator: " "))))
    let frame = screen.frame()
    let rows = (8..<11).map { frame.text(row: $0) }.joined(separator: " ")
    #expect(words.allSatisfy(rows.contains))
    #expect(screen.footerText == before.text(row: 11))
    stage.navigator.perform(.dismiss)
    #expect(screen.frame() == before)
  }

  @Test func `a question that is too long is turned over page by page`() async {
    let (screen, _) = await stage.started(40, 12)
    let words = (1...60).map { "word\($0)" }
    stage.navigator.ask(
      Confirmation(
        title: "Really?", message: words.joined(separator: " "),
        choices: [.init("No", key: "n"), .init("Yes", key: "y"), .init("Perhaps a bit", key: "p")]))
    var seen: Set<String> = []
    var pages: [String] = []
    for _ in 0..<5 {
      let frame = screen.frame()
      let text = (0..<12).map { frame.text(row: $0) }.joined(separator: "\n")
      #expect(text.contains("No") && text.contains("Yes") && text.contains("Perhaps a bit"))
      pages.append(text)
      seen.formUnion(text.split { !$0.isLetter && !$0.isNumber }.map(String.init))
      stage.navigator.perform(.move(.pageDown))
    }
    #expect(words.allSatisfy(seen.contains))
    #expect(Set(pages).count < pages.count, "after the last page comes the first")
    #expect(KeyMap.standard.id(for: .pageDown, in: [.question]) == "page-down")
  }

  @Test func `what the footer names can be clicked`() async throws {
    let (screen, _) = await stage.started(160, 48)
    let footer = 47
    let help = try #require(screen.point(of: "? help", below: footer))
    screen.handle(.mouse(Mouse(.press, at: help)))
    guard case .help = stage.navigator.overlay else {
      Issue.record("a click on help showed no help")
      return
    }
    await stage.press(screen, .escape, .character("2"))
    let search = try #require(screen.point(of: "/ search", below: footer))
    screen.handle(.mouse(Mouse(.press, at: Point(x: search.x + 3, y: footer))))
    #expect(stage.models.models.isTyping)
  }

  @Test func `a form's footer names the form's keys`() async {
    let (screen, _) = await stage.started(160, 48)
    await stage.openPainter()
    await stage.press(screen, .character("r"))
    #expect(screen.footerText.contains("Ctrl-R run"))
    #expect(screen.footerText.contains("↵ next field"))
    #expect(screen.footerText.contains("Ctrl-U unset"))
    #expect(!screen.footerText.contains("q quit"))
    await stage.press(screen, .tab, .tab)
    #expect(screen.footerText.contains("↵ choose"))
  }

  // MARK: Ways out

  @Test func `Esc at home says only that q quits`() async {
    let (screen, _) = await stage.started(120, 40)
    await stage.press(screen, .escape)
    #expect(stage.navigator.overlay == nil)
    #expect(!screen.isFinished)
    #expect(screen.footerText.contains("Press q to quit"))
    // What is typed next isn't swallowed.
    await stage.press(screen, .character("2"))
    #expect(stage.navigator.focus == .models)
  }

  @Test func `Ctrl-C twice quits, and the footer says so after the first`() async {
    let (screen, _) = await stage.started(120, 40)
    await stage.press(screen, .control("c"))
    #expect(!screen.isFinished)
    #expect(screen.footerText.contains("Ctrl-C again to quit"))
    await stage.press(screen, .down, .control("c"))
    #expect(!screen.isFinished, "another key came in between")
    await stage.press(screen, .control("c"))
    #expect(screen.isFinished)
  }

  @Test func `with a run under way Ctrl-C asks, and once more quits without canceling`() async {
    let screen = await startedWithRun(120, 40)
    let sent = stage.transport.sent
    stage.transport.answer("POST /predictions", status: 201, Self.running)
    await stage.openPainter()
    await stage.press(screen, .character("r"), .character("a"), .control("r"))
    await stage.press(screen, .escape, .escape, .control("c"), .control("c"))
    guard case .question(let question) = stage.navigator.overlay else {
      Issue.record("it didn't ask")
      return
    }
    #expect(question.title == "Quit Replicant?")
    await stage.press(screen, .control("c"))
    #expect(screen.isFinished)
    #expect(!stage.transport.sent.dropFirst(sent.count).contains { $0.hasSuffix("/cancel") })
  }

  @Test func `a key that is no answer closes a question and does what it does`() async {
    let screen = await startedWithRun(120, 40)
    await stage.press(screen, .character("c"))
    #expect(stage.navigator.overlay != nil)
    await stage.press(screen, .character("2"))
    #expect(stage.navigator.overlay == nil)
    #expect(stage.navigator.focus == .models)
    #expect(!stage.transport.sent.contains("POST /predictions/run1/cancel"))
  }

  @Test func `a question is answered by letter, by arrows and by click`() async throws {
    let screen = await startedWithRun(120, 40)
    stage.transport.answer(
      "POST /predictions/run1/cancel",
      Stage.prediction("run1", "canceled", "2026-11-24T02:59:00Z"))
    let cancels = { stage.transport.sent.filter { $0 == "POST /predictions/run1/cancel" }.count }
    // Enter gives the harmless answer, and so does its letter.
    await stage.press(screen, .character("c"), .enter)
    await stage.press(screen, .character("c"), .character("n"))
    // Every answer shows its letter.
    await stage.press(screen, .character("c"))
    #expect(screen.point(of: "Let it run") != nil && screen.point(of: "Cancel it (y)") != nil)
    await stage.press(screen, .escape)
    // The key that asked isn't an answer.
    await stage.press(screen, .character("c"), .character("c"), .escape)
    #expect(cancels() == 0)
    await stage.press(screen, .character("c"))
    let button = try #require(screen.point(of: "Cancel it"))
    screen.handle(.mouse(Mouse(.press, at: button)))
    await stage.navigator.settled()
    #expect(cancels() == 1)
    #expect(stage.navigator.overlay == nil)
  }
}
