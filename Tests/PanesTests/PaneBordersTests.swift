import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Borders moved, panes zoomed, and what leaves the screen by a key.
@MainActor
struct PaneBordersTests {
  let stage = Stage()

  private func started(_ width: Int = 160, _ height: Int = 48) async -> (Screen, RecordingTerminal)
  {
    await stage.started()
    let terminal = RecordingTerminal(width: width, height: height)
    let screen = Screen(browser: stage.browser)
    screen.start(on: terminal)
    _ = screen.frame()
    return (screen, terminal)
  }

  @Test func `a border is dragged, and what came of it is kept once it is let go`() async {
    let (screen, _) = await started()
    var kept: [PaneShares] = []
    stage.browser.onPanesMoved = { shares, _ in kept.append(shares) }
    screen.handle(.mouse(Mouse(.press, at: Point(x: 47, y: 5))))
    for x in 48...70 { screen.handle(.mouse(Mouse(.drag, at: Point(x: x, y: 5)))) }
    #expect(kept.isEmpty)
    screen.handle(.mouse(Mouse(.release, at: Point(x: 70, y: 5))))
    #expect(kept.count == 1)
    #expect(abs(stage.browser.shares.left - 70.0 / 160) < 0.001)
    #expect(Array(screen.frame().text(row: 5))[70] == "│")
    // Without hold of a border a drag is nothing.
    screen.handle(.mouse(Mouse(.press, at: Point(x: 20, y: 5))))
    screen.handle(.mouse(Mouse(.drag, at: Point(x: 30, y: 5))))
    #expect(abs(stage.browser.shares.left - 70.0 / 160) < 0.001)
  }

  @Test func `keys move borders, and one takes everything back`() async {
    let (screen, _) = await started()
    var kept = 0
    stage.browser.onPanesMoved = { _, _ in kept += 1 }
    for key in ">>>++" { screen.handle(.key(.character(key))) }
    _ = screen.frame()
    #expect(stage.browser.shares.left > 0.4)
    #expect(stage.browser.shares.collections > 0.3)
    #expect(kept == 5)
    screen.handle(.key(.character("=")))
    #expect(stage.browser.shares == PaneShares())
  }

  @Test func `zoom goes to half, to all and back; where two panes stand, to all at once`() async {
    let (screen, terminal) = await started()
    var zooms: [Zoom] = []
    for _ in 0..<3 {
      screen.handle(.key(.character("z")))
      _ = screen.frame()
      zooms.append(stage.browser.zoom)
    }
    #expect(zooms == [.half, .full, .none])
    terminal.size = Size(width: 80, height: 24)
    screen.handle(.resize(terminal.size))
    _ = screen.frame()
    screen.handle(.key(.character("z")))
    #expect(stage.browser.zoom == .full)
    screen.handle(.key(.escape))
    #expect(stage.browser.zoom == .none)
  }

  @Test func `y copies an id, Y the web address`() async {
    let (screen, _) = await started()
    screen.handle(.key(.character("2")))
    screen.handle(.key(.character("y")))
    await stage.browser.settled()
    screen.handle(.key(.character("Y")))
    await stage.browser.settled()
    #expect(stage.desktop.copied == ["acme/painter", "https://replicate.com/acme/painter"])
    #expect(screen.frame().text().contains("Copied."))
  }

  @Test func `v hands the model's text to the pager`() async {
    let (screen, _) = await started()
    stage.browser.perform(
      .openAddress(.model(ModelID(owner: "acme", name: "painter"), version: nil)))
    await stage.browser.settled()
    screen.handle(.key(.character("v")))
    await stage.browser.settled()
    #expect(stage.desktop.paged.first?.contains("prompt (required)") == true)
  }

  @Test func `Alt-e changes a long text in the editor; a number stays where it is`() async {
    let (screen, _) = await started()
    stage.browser.perform(
      .openAddress(.model(ModelID(owner: "acme", name: "painter"), version: nil)))
    await stage.browser.settled()
    for key: Key in [.character("r"), .character("a"), .alt("e")] {
      screen.handle(.key(key))
      await stage.browser.settled()
    }
    #expect(stage.desktop.edited == ["prompt.txt"])
    #expect(stage.browser.form?.payload["prompt"]?.string == "a")
    stage.desktop.edit = { $0 + " fox\nand a goose" }
    screen.handle(.key(.alt("e")))
    await stage.browser.settled()
    #expect(stage.browser.form?.payload["prompt"]?.string == "a fox\nand a goose")
    screen.handle(.key(.tab))
    screen.handle(.key(.alt("e")))
    await stage.browser.settled()
    #expect(stage.desktop.edited.count == 2)
  }

  @Test func `F9 lets go of the mouse, and the header says so`() async {
    let (screen, terminal) = await started()
    screen.handle(.key(.function(9)))
    #expect(!terminal.hasMouse)
    #expect(screen.frame().text(row: 0).contains("mouse off"))
    screen.handle(.key(.function(9)))
    #expect(terminal.hasMouse)
    #expect(!screen.frame().text(row: 0).contains("mouse off"))
  }
}
