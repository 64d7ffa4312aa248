import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Outputs of runs that weren't started here: pieces of text, files at any depth, nothing at all.
@MainActor
struct LiveOutputTests {
  let stage = Stage()

  private func show(
    _ output: JSONValue?, logs: String = "", model: String = "acme/painter",
    input: JSONObject = ["prompt": "a fox"], width: Int = 160, height: Int = 48
  ) async -> Screen {
    let (screen, _) = await stage.started(width, height)
    stage.show(
      Run(
        Prediction(
          id: "bbb1", model: model, version: Stage.versionID, status: .succeeded, input: input,
          output: output, logs: logs, createdAt: Timestamp("2026-11-24T02:59:40Z"))))
    await stage.navigator.settled()
    return screen
  }

  // MARK: Text in pieces

  private static let japanese: JSONValue = ["灯", "台", "の", "光"]

  private func answerSchema(_ output: String) {
    stage.transport.answer(
      "GET /models/acme/writer",
      """
      {"owner":"acme","name":"writer","latest_version":{"id":"\(Stage.versionID)",\
      "openapi_schema":{"components":{"schemas":{"Output":\(output)}}}}}
      """)
  }

  @Test func `the schema says whether the texts of an earlier run are pieces`() async {
    answerSchema(
      #"{"type":"array","items":{"type":"string"},"x-cog-array-type":"iterator","#
        + #""x-cog-array-display":"concatenate"}"#)
    let screen = await show(Self.japanese, model: "acme/writer")
    #expect(screen.text(of: .live).contains("灯台の光"))
    await stage.press(screen, .character("y"), .character("v"))
    #expect(stage.desktop.copied.last == "灯台の光")
    #expect(stage.desktop.paged.last == "灯台の光")
    // Another run of the same version asks for nothing.
    stage.live.present(
      Run(
        Prediction(
          id: "bbb2", model: "acme/writer", version: Stage.versionID, status: .succeeded,
          output: Self.japanese)))
    await stage.navigator.settled()
    #expect(screen.text(of: .live).contains("灯台の光"))
    #expect(stage.transport.sent.count { $0 == "GET /models/acme/writer" } == 1)
  }

  @Test func `texts that the schema calls separate stay on lines of their own`() async {
    answerSchema(#"{"type":"array","items":{"type":"string"}}"#)
    let screen = await show(["one ", "two ", "three"], model: "acme/writer")
    #expect(screen.text(of: .live).contains("one"))
    #expect(!screen.text(of: .live).contains("one two"))
  }

  @Test func `without a schema, blanks decide, and nothing is said about it`() async {
    let screen = await show(["It", " was", " lit", "."], model: "acme/gone")
    #expect(screen.text(of: .live).contains("It was lit."))
    #expect(stage.navigator.notice == nil)
  }

  @Test func `what needs no schema asks for none`() async {
    _ = await show(["https://replicate.delivery/a.png", "https://replicate.delivery/b.png"])
    _ = await show("a text")
    #expect(!stage.transport.sent.contains("GET /models/acme/writer"))
  }

  // MARK: Files

  private static let data = "data:image/png;base64,QUJDRA=="

  @Test func `a file at any depth can be selected by key and click, copied and opened`()
    async throws
  {
    let screen = await show([
      "caption": "a fox", "scores": ["a": 0.5],
      "images": ["https://replicate.delivery/x/one.png", .string(Self.data)],
      "deep": [["mask": "https://replicate.delivery/x/mask.png"]],
    ])
    await stage.press(screen, .right)
    #expect(stage.live.files.count == 3)
    let text = screen.text(of: .live)
    #expect(text.contains("images[0]: https://replicate.delivery/x/one.png"))
    #expect(text.contains("images[1]: data: image/png, 4 bytes"))
    await stage.press(screen, .down, .down, .character("y"))
    #expect(stage.desktop.copied.last == "https://replicate.delivery/x/mask.png")
    let point = try #require(screen.point(of: "images[1]"))
    screen.handle(.mouse(Mouse(.press, at: point, clickCount: 1)))
    #expect(stage.live.selectedFile == 1)
    await stage.press(screen, .enter)
    #expect(stage.desktop.openedFiles.map(\.content) == [Array("ABCD".utf8)])
    #expect(stage.desktop.openedFiles.map(\.type) == ["image/png"])
    #expect(stage.desktop.opened.isEmpty)
    #expect(screen.footerText.contains("Opened /tmp/output."))
  }

  @Test(arguments: [(160, 48), (80, 24), (60, 14)])
  func `the selected file can be seen, whatever stands before it`(width: Int, height: Int) async {
    let lines = (0..<80).map { JSONValue.string("line \($0)") }
    let files = (0..<40).map { JSONValue.string("https://replicate.delivery/x/\($0).") }
    let screen = await show(
      ["text": [.array(lines), [:]], "files": .array(files)], width: width, height: height)
    await stage.press(screen, .right)
    func isMarked() -> Bool { screen.text(of: .live).contains("▸") }
    _ = screen.frame()
    #expect(isMarked())
    for key in [Key.down, .down, .pageDown, .down, .end, .up, .pageUp, .down] {
      await stage.press(screen, key)
      let visible = stage.live.output.rows.compactMap { stage.live.file(at: $0.place) }
      #expect(visible.isEmpty || visible.contains(stage.live.selectedFile), "\(key)")
    }
  }

  @Test(arguments: ["", [], [:], .null, [""]] as [JSONValue])
  func `an empty output is said to be empty on every tab that would show it`(
    output: JSONValue
  ) async {
    for logs in ["", "Using seed: 7\n"] {
      let screen = await show(output, logs: logs)
      #expect(screen.text(of: .live).contains("The model returned no output."))
      #expect(logs.isEmpty || screen.text(of: .live).contains("Using seed: 7"))
      await stage.press(screen, .right)
      #expect(screen.text(of: .live).contains("The model returned no output."))
      await stage.press(screen, .left)
    }
  }

  // MARK: What is long

  @Test func `data URIs of an input are shown by kind and size, and copied whole`() async {
    let picture = "data:image/png;base64," + String(repeating: "QUJD", count: 250_000)
    let screen = await show(
      "ok",
      input: [
        "image": .string(picture), "list": [["file": .string(picture)]],
        "workflow": .string(#"{"node":{"image":"\#(picture)"}}"#),
      ])
    await stage.press(screen, .left)
    #expect(stage.live.tab == .input)
    let text = screen.text(of: .live)
    #expect(text.ranges(of: "data: image/png, 750,000 bytes").count == 3)
    #expect(!text.contains("QUJDQUJD"))
    await stage.press(screen, .character("y"), .character("v"))
    #expect(stage.desktop.copied.last?.utf8.count ?? 0 > 3_000_000)
    #expect(stage.desktop.paged.last?.utf8.count ?? .max < 1000)
  }

  @Test func `an error that repeats a data URI is shortened`() async {
    let (screen, _) = await stage.started(160, 48)
    let picture = "data:image/png;base64," + String(repeating: "QUJD", count: 2500)
    var prediction = Prediction(id: "bbb1", model: "acme/painter", status: .failed)
    prediction.error = "The value \(picture) isn't a picture"
    stage.show(Run(prediction))
    #expect(
      screen.text(of: .live).contains("The value data: image/png, 7,500 bytes isn't a picture"))
  }

  @Test func `a model's long example and defaults are cut, with their size`() async {
    let picture = "data:image/png;base64," + String(repeating: "QUJD", count: 250_000)
    let workflow = String(repeating: "node ", count: 16_000)
    stage.transport.answer(
      "GET /models/acme/big",
      """
      {"owner":"acme","name":"big","run_count":-5,"default_example":{"id":"e1","status":"succeeded",\
      "input":{"image":"\(picture)","workflow":"\(workflow)"}},"latest_version":{"id":"v",\
      "openapi_schema":{"components":{"schemas":{"Input":{"properties":{"image":{"type":"string",\
      "format":"uri","default":"\(picture)"},"workflow":{"type":"string","default":"\(workflow)"}}}}}}}}
      """)
    let (screen, _) = await stage.started(160, 60)
    stage.navigator.perform(
      .openAddress(.model(ModelID(owner: "acme", name: "big"), version: nil)))
    await stage.navigator.settled()
    let overview = screen.text(of: .model)
    #expect(overview.contains("data: image/png, 750,000 bytes"))
    #expect(overview.contains("(80,000 bytes)"))
    #expect(!overview.contains("-5"))
    await stage.press(screen, .right)
    #expect(screen.text(of: .model).contains("data: image/png"))
    #expect(!screen.text(of: .model).contains("QUJD"))
    await stage.press(screen, .character("v"))
    #expect(stage.desktop.paged.last?.contains("QUJD") == false)
  }
}
