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
    let screen = Screen(navigator: stage.navigator)
    screen.start(on: terminal)
    _ = screen.frame()
    return (screen, terminal)
  }

  @Test func `a border is dragged, and what came of it is kept once it is released`() async throws {
    let (screen, _) = await started()
    var kept: [BorderShares] = []
    stage.navigator.onBordersMoved = { kept.append($0) }
    screen.handle(.mouse(Mouse(.press, at: Point(x: 47, y: 5))))
    for x in 48...70 { screen.handle(.mouse(Mouse(.drag, at: Point(x: x, y: 5)))) }
    #expect(kept.isEmpty)
    screen.handle(.mouse(Mouse(.release, at: Point(x: 70, y: 5))))
    #expect(kept.count == 1)
    #expect(abs(try #require(share("left")) - 70.0 / 160) < 0.001)
    #expect(screen.frame()[70, 5].text == "│")
    // Without hold of a border a drag is nothing.
    screen.handle(.mouse(Mouse(.press, at: Point(x: 20, y: 5))))
    screen.handle(.mouse(Mouse(.drag, at: Point(x: 30, y: 5))))
    #expect(abs(try #require(share("left")) - 70.0 / 160) < 0.001)
  }

  private func share(_ border: String) -> Double? { stage.navigator.borders[BorderID(border)] }

  @Test func `keys move borders, and one takes everything back`() async throws {
    let (screen, _) = await started()
    var kept = 0
    stage.navigator.onBordersMoved = { _ in kept += 1 }
    for key in ">>>++" { screen.handle(.key(.character(key))) }
    _ = screen.frame()
    #expect(try #require(share("left")) > 0.4)
    #expect(try #require(share("collections")) > 0.3)
    #expect(kept == 5)
    screen.handle(.key(.character("=")))
    #expect(stage.navigator.borders == BorderShares())
    #expect(kept == 6)
  }

  @Test func `zoom goes to half, to all and back; where two panes stand, to all at once`() async {
    let (screen, terminal) = await started()
    var zooms: [Zoom] = []
    for _ in 0..<3 {
      screen.handle(.key(.character("z")))
      _ = screen.frame()
      zooms.append(stage.navigator.zoom)
    }
    #expect(zooms == [.half, .full, .none])
    terminal.size = Size(width: 80, height: 24)
    screen.handle(.resize(terminal.size))
    _ = screen.frame()
    screen.handle(.key(.character("z")))
    #expect(stage.navigator.zoom == .full)
    screen.handle(.key(.escape))
    #expect(stage.navigator.zoom == .none)
  }

  @Test func `y copies an id, Y the web address`() async {
    let (screen, _) = await started()
    screen.handle(.key(.character("2")))
    screen.handle(.key(.character("y")))
    await stage.navigator.settled()
    screen.handle(.key(.character("Y")))
    await stage.navigator.settled()
    #expect(stage.desktop.copied == ["acme/painter", "https://replicate.com/acme/painter"])
    #expect(screen.frame().text().contains("Copied."))
  }

  @Test func `v hands the model's text to the pager`() async {
    let (screen, _) = await started()
    await stage.openPainter()
    screen.handle(.key(.character("v")))
    await stage.navigator.settled()
    #expect(stage.desktop.paged.first?.contains("prompt (required)") == true)
  }

  @Test func `Alt-e changes a long text in the editor; a number stays where it is`() async {
    let (screen, _) = await started()
    await stage.openPainter()
    for key: Key in [.character("r"), .character("a"), .alt("e")] {
      screen.handle(.key(key))
      await stage.navigator.settled()
    }
    #expect(stage.desktop.edited == ["prompt.txt"])
    #expect(stage.form?.payload["prompt"]?.string == "a")
    stage.desktop.edit = { $0 + " fox\nand a goose" }
    screen.handle(.key(.alt("e")))
    await stage.navigator.settled()
    #expect(stage.form?.payload["prompt"]?.string == "a fox\nand a goose")
    screen.handle(.key(.tab))
    screen.handle(.key(.alt("e")))
    await stage.navigator.settled()
    #expect(stage.desktop.edited.count == 2)
  }

  @Test func `F9 releases the mouse, and the header says so`() async {
    let (screen, terminal) = await started()
    screen.handle(.key(.function(9)))
    #expect(!terminal.hasMouse)
    #expect(screen.frame().text(row: 0).contains("mouse off"))
    screen.handle(.key(.function(9)))
    #expect(terminal.hasMouse)
    #expect(!screen.frame().text(row: 0).contains("mouse off"))
  }
}
