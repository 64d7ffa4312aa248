import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Text that arrives as keys, because a terminal doesn't bracket pastes, never acts as keys.
@MainActor
@Suite struct `Bursts on the screen` {
  let stage = Stage()

  private var creates: Int { stage.transport.sent.count { $0 == "POST /predictions" } }

  private func palette() throws -> PaletteViewModel {
    guard case .palette(let palette) = stage.navigator.overlay else {
      Issue.record("there is no palette")
      throw CancelledStep()
    }
    return palette
  }

  private struct CancelledStep: Error {}

  @Test func `in a form it is typed, and nothing runs`() async throws {
    let (screen, _) = await stage.started(120, 40)
    await stage.openPainter()
    await stage.press(screen, .character("r"))
    screen.handle(.burst(""))
    screen.handle(.burst("a\tb\tr\tr\n"))
    await stage.navigator.settled()
    #expect(creates == 0)
    let text = try #require(stage.form?.fields[0].control.buffer?.text)
    #expect(text.hasPrefix("a") && text.contains("r"))
  }

  @Test(arguments: ["quarterly report", "rq", "cx\n", "qL", "yyn"])
  func `in a list it is offered as a search`(text: String) async throws {
    let (screen, _) = await stage.started(120, 40)
    await stage.press(screen, .character("2"))
    screen.handle(.burst(""))
    screen.handle(.burst(text))
    #expect(!screen.isFinished)
    let words = String(text.trimmingBlanks())
    #expect(try palette().selected == .search(words))
    await stage.press(screen, .enter)
    #expect(stage.models.source == .search(words))
    #expect(stage.navigator.focus == .models)
    #expect(creates == 0)
  }

  @Test func `an address is opened`() async {
    let (screen, _) = await stage.started(120, 40)
    screen.handle(.burst("acme/painter\n"))
    await stage.navigator.settled()
    #expect(stage.navigator.focus == .model)
    #expect(stage.model.shown == Stage.painterID)
  }

  @Test func `a command typed too fast is offered as one`() async throws {
    let (screen, _) = await stage.started(120, 40)
    screen.handle(.burst(":log\n"))
    guard case .command(let row, _, _) = try palette().selected else {
      Issue.record("no command")
      return
    }
    #expect(row.command == .focus(PlaceID("log")))
  }

  @Test(arguments: [Key.character("q"), .control("c"), .control("r"), .character("y"), .enter])
  func `a question isn't answered by what follows a burst`(key: Key) async {
    let (screen, _) = await stage.started(120, 40)
    stage.navigator.ask(
      Confirmation(
        title: "Quit?", message: "", choices: [.init("Yes", key: "y", .leave)], interrupt: .leave))
    let now = ContinuousClock.now
    screen.clock = { now }
    screen.handle(.burst("yy"))
    screen.handle(.key(key))
    screen.clock = { now + .milliseconds(49) }
    screen.handle(.key(key))
    #expect(!screen.isFinished)
    guard case .question = stage.navigator.overlay else {
      Issue.record("the question is gone")
      return
    }
  }

  @Test func `after a while keys are keys again`() async {
    let (screen, _) = await stage.started(120, 40)
    await stage.openPainter()
    await stage.press(screen, .character("r"))
    stage.transport.answer("POST /predictions", #"{"id":"p1","status":"starting"}"#)
    let now = ContinuousClock.now
    screen.clock = { now }
    screen.handle(.burst("a fox"))
    await stage.press(screen, .control("r"))
    #expect(creates == 0)
    screen.clock = { now + Burst.rest }
    await stage.press(screen, .control("r"))
    #expect(creates == 1)
  }

  @Test func `keys that lose text wait as well`() async {
    let (screen, _) = await stage.started(120, 40)
    await stage.openPainter()
    await stage.press(screen, .character("r"))
    await stage.type(screen, "a fox")
    let now = ContinuousClock.now
    screen.clock = { now }
    screen.handle(.burst(" and more"))
    for id in ["form.unset", "form.reset"] {
      for row in screen.keys.rows where row.id.rawValue == id {
        for key in row.keys { screen.handle(.key(key)) }
      }
    }
    #expect(stage.form?.payload["prompt"] == "a fox and more")
  }

  @Test func `on a choice it chooses what it names, and an open list isn't run past`() async {
    let (screen, _) = await stage.started(120, 40)
    await stage.openPainter()
    await stage.press(screen, .character("r"))
    await stage.type(screen, "a fox")
    await stage.press(screen, .tab, .tab)
    #expect(stage.form?.focusedField?.name == "style")
    screen.handle(.burst(""))
    screen.handle(.burst("chalk"))
    #expect(stage.form?.payload["style"] == "chalk")
    let now = ContinuousClock.now
    screen.clock = { now + .seconds(1) }
    await stage.press(screen, .character("o"))
    #expect(stage.form?.picker != nil)
    await stage.press(screen, .control("r"))
    #expect(creates == 0)
    #expect(screen.footerText.contains("Choose from the open list first"))
  }

  @Test func `a question that comes up by itself doesn't take keys meant for something else`()
    async
  {
    let (screen, _) = await stage.started(120, 40)
    let now = ContinuousClock.now
    screen.clock = { now }
    stage.navigator.ask(
      Confirmation(title: "Again?", message: "", choices: [.init("Yes", key: "y", .leave)]))
    screen.handle(.key(.character("y")))
    _ = screen.frame()
    screen.handle(.key(.character("y")))
    #expect(!screen.isFinished)
    screen.clock = { now + .seconds(1) }
    _ = screen.frame()
    screen.handle(.key(.character("y")))
    #expect(screen.isFinished)
  }

  @Test func `repainting takes no notice away and closes no question`() async {
    let (screen, terminal) = await stage.started(120, 40)
    stage.navigator.notify(Notice(.failed, "Nothing was sent."))
    await stage.press(screen, .control("l"))
    #expect(screen.footerText.contains("Nothing was sent."))
    stage.navigator.ask(
      Confirmation(title: "Again?", message: "", choices: [.init("No", key: "n")]))
    let now = ContinuousClock.now
    screen.clock = { now }
    _ = screen.frame()
    screen.clock = { now + .seconds(1) }
    await stage.press(screen, .control("l"))
    #expect(stage.navigator.overlay != nil)
    #expect(terminal.repaints == 2)
  }

  @Test func `below the smallest size it leaves nothing`() async {
    let (screen, terminal) = await stage.started(120, 40)
    terminal.size = Size(width: 10, height: 3)
    screen.handle(.resize(terminal.size))
    let now = ContinuousClock.now
    screen.clock = { now }
    screen.handle(.burst("ab"))
    screen.handle(.key(.control("c")))
    #expect(!screen.isFinished)
    screen.clock = { now + Burst.rest }
    screen.handle(.key(.control("c")))
    #expect(screen.isFinished)
  }
}
