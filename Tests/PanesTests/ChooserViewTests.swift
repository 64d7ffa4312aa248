import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing

@testable import Panes
@testable import ViewModels

@MainActor @Suite struct ChooserViewTests {
  nonisolated private static let sizes = [(120, 40), (80, 24), (40, 12)]

  private static let oldID = String(repeating: "01234567", count: 8)

  private static let oldVersion = """
    {"id":"\(oldID)","created_at":"2026-01-01T10:00:00Z","cog_version":"0.9.0",\
    "openapi_schema":{"components":{"schemas":{"Input":{"type":"object","required":["prompt"],\
    "properties":{"prompt":{"type":"string","x-order":0,"description":"What to paint, in English, \
    in a sentence or two; the longer the better, up to some seventy words"},\
    "steps":{"type":"integer","x-order":1,"default":20,"minimum":1,"maximum":30},\
    "width":{"type":"integer","x-order":2,"default":512}}},\
    "Output":{"type":"string","format":"uri"}}}}}
    """

  private func stage() async -> Stage {
    let inputs = MemorySavedInputStore()
    await inputs.keep(
      SavedInput(
        kind: .preset(name: "Fox at dawn 狐"), model: Stage.painterID,
        fields: ["prompt": KeptValue(value: "a fox at dawn"), "steps": KeptValue(value: 40)],
        options: ["deadline": KeptValue(value: "5m")],
        savedAt: Timestamp(secondsSince1970: 1_795_485_600)))
    let stage = Stage(inputs: inputs)
    stage.transport.answer(
      "GET /models/acme/painter/examples",
      Stage.page([
        #"""
        {"id":"ex1","model":"acme/painter","status":"succeeded","input":{"prompt":
        "A castle in the clouds with many towers, seen from below, late in the evening\u001b[31m",
        "steps":50,"style":"oil","gone":[1,2,3]}}
        """#
      ]))
    stage.transport.answer(
      "GET /models/acme/painter/versions", Stage.page([Stage.version, Self.oldVersion]))
    return stage
  }

  private func picture(
    _ width: Int, _ height: Int, _ commands: [Command]
  ) async -> String {
    let stage = await stage()
    let (screen, _) = await stage.started(width, height)
    await stage.openPainter()
    stage.navigator.perform(.run)
    stage.navigator.perform(.form(.edit(.insert("a fox"))))
    await stage.navigator.settled()
    for command in commands {
      stage.navigator.perform(command)
      await stage.navigator.settled()
    }
    let frame = screen.frame()
    let cursor = frame.cursor.map { "cursor \($0.x),\($0.y)" } ?? "no cursor"
    return frame.text() + "\n" + cursor + "\n"
  }

  @Test(arguments: sizes)
  func `values to fill in, with what they would change`(width: Int, height: Int) async {
    let first = await picture(width, height, [.values(.choose)])
    let second = await picture(width, height, [.values(.choose), .move(.down)])
    expectSnapshot(first + second, "Chooser/values-\(width)x\(height)")
  }

  @Test(arguments: sizes)
  func `a preset's name is asked for in the list`(width: Int, height: Int) async {
    expectSnapshot(
      await picture(
        width, height, [.values(.choose), .values(.savePreset), .edit(.insert("Foxes"))]),
      "Chooser/name-\(width)x\(height)")
  }

  @Test(arguments: sizes)
  func `versions to move to, and a table of what differs`(width: Int, height: Int) async {
    let versions = await picture(width, height, [.values(.version), .move(.down)])
    let table = await picture(
      width, height, [.values(.version), .move(.down), .values(.compare), .move(.end)])
    expectSnapshot(versions + table, "Chooser/versions-\(width)x\(height)")
  }

  @Test(arguments: sizes)
  func `run options, and what is set of them in the form`(width: Int, height: Int) async {
    let options: [Command] = [
      .values(.options), .form(.focus(2)), .form(.edit(.insert("https://example.com/hook"))),
      .form(.focus(7)), .form(.edit(.insert("3"))),
    ]
    let open = await picture(width, height, options)
    let closed = await picture(width, height, options + [.form(.edit(.insert("0m"))), .back])
    expectSnapshot(open + closed, "Chooser/options-\(width)x\(height)")
  }

  @Test func `a click chooses a row, and a double click takes it`() async throws {
    let stage = await stage()
    let (screen, _) = await stage.started(120, 40)
    await stage.openPainter()
    stage.navigator.perform(.run)
    stage.navigator.perform(.values(.choose))
    await stage.navigator.settled()
    let point = try #require(screen.point(of: "A castle"))
    #expect(screen.command(at: point, clicks: 1) == .choose(1))
    #expect(screen.command(at: point, clicks: 2) == .chooseAndAccept(1))
  }

  @Test func `the footer offers what the selected row can`() async {
    let stage = await stage()
    let (screen, _) = await stage.started(120, 40)
    await stage.openPainter()
    stage.navigator.perform(.run)
    stage.navigator.perform(.values(.choose))
    await stage.navigator.settled()
    #expect(screen.footerText.contains("Alt-d delete"))
    stage.navigator.perform(.move(.down))
    #expect(!screen.footerText.contains("Alt-d delete"))
    #expect(screen.footerText.contains("Ctrl-S save as preset"))
  }
}
