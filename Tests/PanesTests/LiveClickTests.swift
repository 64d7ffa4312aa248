import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Clicks on the files of an output.
@MainActor
struct LiveClickTests {
  let stage = Stage()

  private static let files = (1...3).map { "https://replicate.delivery/xyz/out-\($0).png" }

  private func show(_ output: JSONValue, error: String? = nil) async -> Screen {
    let (screen, _) = await stage.started(160, 48)
    var prediction = Prediction(
      id: "bbb1", model: "acme/painter", status: error == nil ? .succeeded : .failed,
      input: ["prompt": "a fox"], output: output,
      logs: "Using seed: 7\n", createdAt: Timestamp("2026-11-24T02:59:40Z"))
    prediction.error = error
    stage.show(Run(prediction))
    return screen
  }

  private func click(_ screen: Screen, on text: String, clicks: Int = 1) async throws {
    let point = try #require(screen.point(of: text, below: 2), "\(text) isn't there")
    screen.handle(.mouse(Mouse(.press, at: point, clickCount: clicks)))
    await stage.navigator.settled()
  }

  /// The row that carries the mark.
  private func marked(_ screen: Screen) -> String? {
    screen.text(of: .live).split(separator: "\n").map(String.init).first { $0.contains("▸") }
  }

  @Test(arguments: [0, 1])
  func `a click on a file's row marks that file`(tabs: Int) async throws {
    let screen = await show(.array(Self.files.map(JSONValue.string)))
    for _ in 0..<tabs { await stage.press(screen, .right) }
    for number in [2, 0, 1] {
      try await click(screen, on: "out-\(number + 1).png")
      #expect(stage.live.selectedFile == number)
      #expect(marked(screen)?.contains("out-\(number + 1).png") == true)
    }
  }

  @Test(arguments: [0, 1])
  func `text above the files doesn't move what a click marks`(tabs: Int) async throws {
    let story = (1...6).map { "line \($0) of the story" }.joined(separator: "\n")
    let screen = await show(
      ["first": .string(Self.files[0]), "story": .string(story), "then": .string(Self.files[1])],
      error: "two lines went wrong\nbefore the output")
    for _ in 0..<tabs { await stage.press(screen, .right) }
    for number in [1, 0] {
      try await click(screen, on: "out-\(number + 1).png")
      #expect(stage.live.selectedFile == number)
      #expect(marked(screen)?.contains("out-\(number + 1).png") == true)
    }
    // A click on the text marks nothing.
    try await click(screen, on: "two lines went wrong")
    #expect(stage.live.selectedFile == 0)
  }

  @Test func `a scrolled output marks the file that was clicked`() async throws {
    let many = (1...90).map { "https://replicate.delivery/xyz/file-\($0)." }
    let screen = await show(.array(many.map(JSONValue.string)))
    await stage.press(screen, .right)
    _ = screen.frame()
    stage.navigator.perform(.scroll(.live, by: 40))
    try await click(screen, on: "/file-50.")
    #expect(stage.live.selectedFile == 49)
    #expect(marked(screen)?.contains("/file-50.") == true)
  }

  @Test func `a double click opens the file under it`() async throws {
    let screen = await show(.array(Self.files.map(JSONValue.string)))
    try await click(screen, on: "out-2.png")
    try await click(screen, on: "out-2.png", clicks: 2)
    #expect(stage.desktop.opened == [Self.files[1]])
  }

  @Test func `output takes the rows that it needs at the width that is shown`() async throws {
    for (width, height) in [(160, 48), (80, 24), (60, 20)] {
      let stage = Stage()
      // The pane has no room of its own yet.
      let (screen, terminal) = await stage.started(width, height)
      stage.show(
        Run(
          Prediction(
            id: "bbb1", model: "acme/painter", status: .processing, input: [:],
            output: .string(Self.files[0]), logs: "Using seed: 7\n")))
      for columns in [width, width - 20, width] {
        terminal.size = Size(width: max(40, columns), height: height)
        screen.handle(.resize(terminal.size))
        let file = try #require(screen.point(of: "out-1.png", below: 1)?.y ?? lastRow(screen))
        let rule = try #require(screen.point(of: " log ", below: file)?.y)
        #expect(rule == file + 1, "at \(columns) of \(width)")
      }
    }
  }

  /// The last row of an address that is wrapped.
  private func lastRow(_ screen: Screen) -> Int? { screen.point(of: ".png", below: 1)?.y }

  @Test func `the tabs can be clicked`() async throws {
    let screen = await show("a text")
    for (title, tab) in [("Log", LiveViewModel.Tab.log), ("Input", .input), ("Output", .output)] {
      let point = try #require(screen.point(of: " \(title) ", below: 20), "\(title)")
      screen.handle(.mouse(Mouse(.press, at: Point(x: point.x + 1, y: point.y))))
      #expect(stage.live.tab == tab)
    }
  }
}
