import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// The request of a form: how it looks, and what its keys do.
@MainActor @Suite struct RequestViewTests {
  /// The painter's form with a prompt and steps, and its request on top.
  private func opened(
    _ width: Int, _ height: Int, prompt: String = "a fox in the \"snow\""
  ) async -> (Stage, Screen) {
    let stage = Stage()
    stage.transport.answer(
      "POST /predictions", #"{"id":"new1","model":"acme/painter","status":"starting"}"#)
    let (screen, _) = await stage.started(width, height)
    await stage.openPainter()
    stage.navigator.perform(.run)
    await stage.navigator.settled()
    stage.navigator.perform(.form(.edit(.insert(prompt))))
    stage.navigator.perform(.form(.focus(1)))
    stage.navigator.perform(.form(.edit(.insert("12"))))
    await stage.press(screen, .function(2))
    return (stage, screen)
  }

  private func request(_ stage: Stage) throws -> RequestViewModel {
    guard case .request(let request) = stage.navigator.overlay else {
      throw Missing()
    }
    return request
  }

  private struct Missing: Error {}

  private func picture(_ screen: Screen) -> String {
    let frame = screen.frame()
    let cursor = frame.cursor.map { "cursor \($0.x),\($0.y)" } ?? "no cursor"
    return frame.text() + "\n\(cursor)\n"
  }

  /// Replaces the JSON that is being edited.
  private func retype(_ stage: Stage, _ screen: Screen, _ text: String) async {
    await stage.press(screen, .enter, Key(.end, .control))
    for _ in 0..<200 { screen.handle(.key(.control("u"))) }
    screen.handle(.paste(text))
    await stage.navigator.settled()
  }

  private nonisolated static let sizes = [(120, 40), (80, 24), (40, 12)]

  @Test(arguments: sizes)
  func `each tab`(width: Int, height: Int) async throws {
    let (stage, screen) = await opened(width, height)
    var pictures = ""
    for tab in RequestViewModel.Tab.allCases {
      pictures += "--- \(tab.title)\n" + picture(screen)
      await stage.press(screen, .right)
    }
    #expect(try request(stage).tab == .json)
    expectSnapshot(pictures, "Request/tabs-\(width)x\(height)")
  }

  @Test(arguments: sizes)
  func `editing, a mistake, and what was taken`(width: Int, height: Int) async throws {
    let (stage, screen) = await opened(width, height)
    await stage.press(screen, .enter)
    var pictures = "--- editing\n" + picture(screen)
    await retype(
      stage, screen, "{\n  \"prompt\": \"a fox\",\n  \"steps\": 12,,\n  \"fast\": false\n}")
    await stage.press(screen, .control("s"))
    pictures += "--- a mistake\n" + picture(screen)
    await retype(
      stage, screen,
      "{\"prompt\": \"an owl\", \"steps\": 99, \"style\": \"tar\", \"promt\": \"a typo\"}")
    await stage.press(screen, .control("s"))
    // What the form can't hold isn't taken, and nothing else either.
    #expect(try request(stage).isEditing)
    #expect(stage.form?.payload["prompt"] != "an owl")
    pictures += "--- not taken\n" + picture(screen)
    await retype(
      stage, screen, "{\"prompt\": \"an owl\", \"steps\": 99, \"promt\": \"a typo\"}")
    await stage.press(screen, .control("s"))
    pictures += "--- taken\n" + picture(screen)
    expectSnapshot(pictures, "Request/edited-\(width)x\(height)")
    let form = try #require(stage.form)
    #expect(form.payload == ["prompt": "an owl", "promt": "a typo"])
    #expect(form.invalidCount == 1)
  }

  @Test func `the parts of the code have their colors`() async {
    let (stage, screen) = await opened(80, 24)
    var styles = ""
    for tab in RequestViewModel.Tab.allCases {
      styles += "--- \(tab.title)\n\(screen.frame().styles())\n"
      await stage.press(screen, .right)
    }
    expectSnapshot(styles, "Request/colors")
  }

  @Test func `digits and arrows switch tabs, and every key that it names works`() async throws {
    let (stage, screen) = await opened(120, 40)
    for (digit, tab) in zip("12345", RequestViewModel.Tab.allCases) {
      await stage.press(screen, .character(digit))
      #expect(try request(stage).tab == tab)
    }
    await stage.press(screen, .left)
    #expect(try request(stage).tab == .javaScript)
    // Enter edits the JSON from anywhere.
    await stage.press(screen, .enter)
    #expect(try request(stage).tab == .json)
    #expect(try request(stage).isEditing)
    await stage.press(screen, .escape)
    #expect(try !request(stage).isEditing)
    await stage.press(screen, .function(2))
    #expect(stage.navigator.overlay == nil)
    #expect(stage.form != nil)
  }

  @Test func `the copy key copies all that is shown`() async {
    let (stage, screen) = await opened(120, 40)
    await stage.press(screen, .character("y"), .character("3"), .character("y"))
    #expect(stage.desktop.copied.count == 2)
    #expect(stage.desktop.copied.first?.hasPrefix("{\n  \"prompt\": \"a fox") == true)
    #expect(stage.desktop.copied.last?.hasPrefix("import replicate\n") == true)
    // What the clipboard takes is what the code says.
    for text in stage.desktop.copied { #expect(TextLayout.sanitize(text) == text) }
  }

  @Test func `edited JSON is typed as text, and taken into the form`() async throws {
    let (stage, screen) = await opened(120, 40)
    await stage.press(screen, .enter)
    // The cursor is at the end of the first line inside of the braces.
    await stage.press(screen, .left, .left)
    await stage.type(screen, " q1y")
    await stage.press(screen, .end, .enter)
    await stage.type(screen, "\"fast\": false,")
    await stage.press(screen, .control("s"))
    let form = try #require(stage.form)
    #expect(
      form.payload["prompt"] == "a fox in the \"snow\\ q1y\"" || form.payload["fast"] == false)
    #expect(form.payload["fast"] == false)
  }

  @Test func `a mistake has its line and column, and the cursor goes there`() async throws {
    let (stage, screen) = await opened(120, 40)
    await retype(stage, screen, "{\n  \"prompt\": \"a fox\",\n  \"steps\": x\n}")
    await stage.press(screen, .control("s"))
    let request = try request(stage)
    #expect(request.mistake?.line == 3 && request.mistake?.column == 12)
    #expect(request.buffer.line == 2 && request.buffer.column == 11)
    #expect(request.isEditing)
    #expect(stage.form?.payload["steps"] == 12)
    // It goes away as soon as something is changed.
    await stage.press(screen, .delete)
    #expect(request.mistake == nil)
    await retype(stage, screen, "[1]")
    await stage.press(screen, .control("s"))
    #expect(request.mistake?.message == "the input must be an object in braces")
  }

  @Test func `Esc asks once before it drops what was edited, and Ctrl-C does, too`() async throws {
    let (stage, screen) = await opened(120, 40)
    await stage.press(screen, .enter)
    await stage.type(screen, "x")
    await stage.press(screen, .escape)
    #expect(try request(stage).isEditing)
    #expect(try request(stage).remarks.first?.contains("Esc again drops them") == true)
    await stage.type(screen, "y")
    await stage.press(screen, .control("c"))
    #expect(try request(stage).isEditing)
    await stage.press(screen, .escape)
    #expect(try !request(stage).isEditing)
    await stage.press(screen, .escape)
    #expect(stage.navigator.overlay == nil)
    #expect(stage.form?.payload["prompt"] == "a fox in the \"snow\"")
  }

  @Test func `a run asks before it sends keys that the model has no field for`() async throws {
    let (stage, screen) = await opened(120, 40)
    await retype(stage, screen, #"{"prompt": "an owl", "promt": "a typo"}"#)
    await stage.press(screen, .control("s"), .escape, .control("r"))
    guard case .question(let question) = stage.navigator.overlay else {
      Issue.record("no question")
      return
    }
    #expect(question.message.contains("no input “promt”"))
    #expect(stage.transport.sent.allSatisfy { !$0.hasPrefix("POST") })
    await stage.press(screen, .character("y"))
    #expect(stage.transport.sent.contains { $0.hasPrefix("POST") })
  }

  @Test func `a click on a tab shows it, and a click in the text moves the cursor`() async throws {
    let (stage, screen) = await opened(120, 40)
    let tab = try #require(screen.point(of: "Python"))
    stage.navigator.perform(try #require(screen.command(at: tab, clicks: 1)))
    #expect(try request(stage).tab == .python)
    await stage.press(screen, .enter)
    let place = try #require(screen.point(of: "steps"))
    stage.navigator.perform(try #require(screen.command(at: place, clicks: 1)))
    #expect(screen.frame().cursor == place)
    // A wheel scrolls, and keeps to the text.
    stage.navigator.perform(.request(.scroll(100)))
    #expect(try request(stage).top == 0)
  }

  @Test func `long code scrolls, and stays in place when the screen changes its size`() async throws
  {
    let (stage, screen) = await opened(
      80, 24, prompt: (1...60).map { "line \($0)" }.joined(separator: "\n"))
    await stage.press(screen, .character("2"), .end)
    #expect(screen.frame().text().contains("EOF"))
    let top = try request(stage).top
    #expect(top > 0)
    await stage.press(screen, .pageUp)
    #expect(try request(stage).top < top)
    await stage.press(screen, .home)
    #expect(try request(stage).top == 0)
  }

  @Test func `without a form there is no request`() async {
    let stage = Stage()
    let (screen, _) = await stage.started(120, 40)
    await stage.openPainter()
    stage.navigator.perform(.request(.show))
    #expect(stage.navigator.overlay == nil)
    #expect(stage.navigator.notice?.text == "No form is open.")
    _ = screen.frame()
  }
}
