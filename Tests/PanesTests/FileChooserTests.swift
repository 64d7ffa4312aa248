import Foundation
import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing

@testable import Panes
@testable import ViewModels

/// The file chooser over the form, as it looks and as it is used.
@MainActor @Suite struct `The file chooser` {
  nonisolated static let sizes = [
    Size(width: 120, height: 40), Size(width: 80, height: 24), Size(width: 40, height: 12),
  ]

  let folder: TestFolder

  init() throws {
    folder = try TestFolder()
  }

  private static let fileModel = """
    {"url":"https://replicate.com/acme/painter","owner":"acme","name":"painter",\
    "description":"Paints.","visibility":"public","latest_version":{"id":"\(Stage.versionID)",\
    "created_at":"2026-10-01T10:00:00.123456Z","cog_version":"0.16.6",\
    "openapi_schema":{"components":{"schemas":{"Input":{"type":"object","required":["image"],\
    "properties":{"image":{"type":"string","format":"uri","x-order":0,\
    "description":"The picture","x-cog-accept":["image/*"]},\
    "mask":{"type":"string","format":"uri","x-order":1},\
    "prompt":{"type":"string","x-order":2}}},"Output":{"type":"string"}}}}}}
    """

  private func stage(
    _ size: Size = Size(width: 120, height: 40)
  ) async -> (Stage, Screen, RecordingTerminal) {
    let stage = Stage()
    stage.transport.answer("GET /models/acme/painter", Self.fileModel)
    let (screen, terminal) = await stage.started(size.width, size.height)
    await stage.openPainter()
    stage.navigator.perform(.run)
    await stage.navigator.settled()
    _ = screen.frame()
    stage.form?.files.place = FilePlace(home: folder.path, folder: folder.path)
    return (stage, screen, terminal)
  }

  private func settle(_ stage: Stage) async {
    await stage.navigator.settled()
    await stage.navigator.settled()
  }

  private func press(_ stage: Stage, _ screen: Screen, _ keys: Key...) async {
    for key in keys {
      screen.handle(.key(key))
      await settle(stage)
    }
  }

  private func opened(_ stage: Stage) -> FileChooserViewModel? {
    if case .files(let chooser) = stage.navigator.overlay { chooser } else { nil }
  }

  private func names(_ chooser: FileChooserViewModel?) -> [String] {
    guard let chooser else { return [] }
    return (0..<chooser.count).compactMap { index in
      switch chooser.row(index) {
      case .entry(let entry, _): entry.name
      case .output(let file, _): file.name
      case .upload(let file, _): file.name
      case .text(let text, _): "=\(text)"
      case .more: "more"
      case .clipboard: "clipboard"
      case nil: nil
      }
    }
  }

  private func fill() throws {
    try folder.write("cat.png", TestFolder.png(640, 480))
    try folder.write("clip.mp4")
    try folder.write("notes.txt")
    try folder.write(".hidden.png")
    try folder.write("Pictures/dog.png", TestFolder.png(32, 32))
    try folder.write("a folder/x.png")
    try folder.write(named: Array("line\nbreak \u{1B}[31m.png".utf8))
    try folder.write(named: [0x62, 0x61, 0x64, 0xFF, 0x2E, 0x70, 0x6E, 0x67])
    try folder.write(named: Array("-rf 🐈‍⬛.png".utf8))
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      try? FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_795_489_200 - 7200)],
        ofItemAtPath: "\(folder.path)/\(name)")
    }
  }

  private func picture(_ screen: Screen) -> String { screen.frame().text() + "\n" }

  // MARK: Looks

  @Test(arguments: sizes) func `the chooser over a form`(size: Size) async throws {
    try fill()
    let (stage, screen, _) = await stage(size)
    await press(stage, screen, .enter)
    let text = picture(screen)
    expectSnapshot(text, "FileChooser/machine-\(size.width)")
  }

  @Test(arguments: sizes) func `a file field with its note`(size: Size) async throws {
    try fill()
    let (stage, screen, _) = await stage(size)
    screen.handle(.paste("cat.png"))
    await settle(stage)
    expectSnapshot(picture(screen), "FileChooser/field-\(size.width)")
  }

  @Test(arguments: sizes) func `the list of completions under a field`(size: Size) async throws {
    for name in ["cat.png", "cats.png", "cast.mp4", "castle/x"] { try folder.write(name) }
    let (stage, screen, _) = await stage(size)
    await press(stage, screen, .character("c"), .tab)
    expectSnapshot(picture(screen), "FileChooser/completion-\(size.width)")
  }

  @Test(arguments: sizes) func `a file on its way`(size: Size) async throws {
    let (stage, screen, _) = await stage(size)
    screen.handle(.paste("cat.png"))
    stage.form?.files.progress = FileProgress(
      field: "image", name: "cat.png", number: 1, count: 2, done: 12_300_000, total: 98_700_000)
    await settle(stage)
    expectSnapshot(picture(screen), "FileChooser/sending-\(size.width)")
  }

  // MARK: This machine

  @Test func `folders come first, hidden files and odd names are handled`() async throws {
    try fill()
    let (stage, screen, _) = await stage()
    await press(stage, screen, .enter)
    let chooser = try #require(opened(stage))
    #expect(names(chooser).prefix(2) == ["a folder", "Pictures"])
    #expect(!names(chooser).contains(".hidden.png"))
    let screenText = screen.frame().text()
    #expect(screenText.contains("line break .png"))
    await press(stage, screen, .character("."))
    #expect(names(chooser).contains(".hidden.png"))
  }

  @Test func `an odd name is taken exactly`() async throws {
    try fill()
    for (filter, bytes) in [
      ("break", Array("line\nbreak \u{1B}[31m.png".utf8)),
      ("bad", [0x62, 0x61, 0x64, 0xFF, 0x2E, 0x70, 0x6E, 0x67]),
      ("-rf", Array("-rf 🐈‍⬛.png".utf8)),
    ] {
      let (stage, screen, _) = await stage()
      await press(stage, screen, .enter)
      screen.handle(.paste(filter))
      await press(stage, screen, .enter)
      let form = try #require(stage.form)
      #expect(stage.navigator.overlay == nil && form.focus == 1)
      let text = try #require(form.fields[0].payload?.string)
      let path = LocalPath.candidates(text, in: form.files.place)[0]
      #expect(Array(path.nameBytes) == bytes)
    }
  }

  @Test func `Enter goes into a folder, Left leaves it, and the place is remembered`() async throws
  {
    try fill()
    let (stage, screen, _) = await stage()
    await press(stage, screen, .control("o"))
    let first = try #require(opened(stage))
    screen.handle(.paste("pict"))
    await press(stage, screen, .enter)
    #expect(names(first) == ["dog.png"])
    #expect(first.preview?.dimensions.map(\.width) == 32)
    await press(stage, screen, .left)
    #expect(
      first.selected.map { if case .entry(let entry, _) = $0 { entry.name } else { "" } }
        == "Pictures")
    await press(stage, screen, .right, .enter)
    #expect(stage.navigator.overlay == nil)
    #expect(stage.form?.fields[0].payload?.string == "~/Pictures/dog.png")
    // The next field starts where the last file was.
    await press(stage, screen, .enter)
    #expect(names(opened(stage)) == ["dog.png"])
  }

  @Test func `a slash after a name goes there, and two dots go up`() async throws {
    try fill()
    let (stage, screen, _) = await stage()
    await press(stage, screen, .enter)
    let chooser = try #require(opened(stage))
    for key in "pictures/" { await press(stage, screen, .character(key)) }
    #expect(names(chooser) == ["dog.png"])
    for key in "../" { await press(stage, screen, .character(key)) }
    #expect(names(chooser).contains("cat.png"))
    await press(stage, screen, .character("/"))
    #expect(chooser.folder.isRoot)
  }

  @Test func `what the input doesn't accept can't be taken, and says why`() async throws {
    try fill()
    let (stage, screen, _) = await stage()
    await press(stage, screen, .enter)
    screen.handle(.paste("clip"))
    await press(stage, screen, .enter)
    #expect(opened(stage)?.problem == "clip.mp4 isn’t image/*.")
    #expect(stage.form?.fields[0].payload == nil)
  }

  @Test func `a value that the field has is kept by Enter twice`() async throws {
    try fill()
    let (stage, screen, _) = await stage()
    screen.handle(.paste("https://a.example/x.png"))
    await press(stage, screen, .enter)
    #expect(opened(stage)?.selected == .text("https://a.example/x.png", isPasted: false))
    await press(stage, screen, .enter)
    #expect(stage.form?.fields[0].payload == "https://a.example/x.png")
    #expect(stage.form?.focus == 1)
    // A path's own row is under the cursor.
    stage.form?.perform(.focus(0))
    stage.form?.setFile("cat.png")
    await press(stage, screen, .enter, .enter)
    #expect(stage.form?.fields[0].payload?.string == "~/cat.png")
  }

  @Test func `Esc changes nothing`() async throws {
    try fill()
    let (stage, screen, _) = await stage()
    await press(stage, screen, .enter, .escape)
    #expect(stage.navigator.overlay == nil && stage.form?.focus == 0)
    #expect(stage.form?.fields[0].payload == nil)
  }

  @Test func `sorting by date puts the newest first`() async throws {
    for (index, name) in ["old.png", "new.png"].enumerated() {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 + Double(index))],
        ofItemAtPath: folder.write(name))
    }
    let (stage, screen, _) = await stage()
    await press(stage, screen, .enter)
    #expect(names(opened(stage)) == ["new.png", "old.png"])
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_800_000_000)],
      ofItemAtPath: folder.path + "/old.png")
    await press(stage, screen, .control("t"))
    #expect(names(opened(stage)) == ["old.png", "new.png"])
  }

  // MARK: Other sources

  private static func uploaded(_ id: String, _ created: String, _ expires: String) -> String {
    """
    {"id":"\(id)","name":"\(id).png","content_type":"image/png","size":1234,\
    "created_at":"2026-11-\(created)Z","expires_at":"2026-11-\(expires)Z",\
    "urls":{"get":"http://127.0.0.1:1/v1/files/\(id)"}}
    """
  }

  @Test func `uploads come newest first, without those that have expired`() async throws {
    let (stage, screen, _) = await stage()
    stage.transport.answer(
      "GET /files",
      Stage.page([
        Self.uploaded("b", "23T10:00:00", "24T10:00:00"),
        Self.uploaded("c", "24T02:00:00", "25T02:00:00"),
        Self.uploaded("a", "23T02:00:00", "24T02:00:00"),
      ]))
    await press(stage, screen, .enter, .tab, .tab)
    #expect(names(opened(stage)) == ["c.png", "b.png"])
    expectSnapshot(picture(screen), "FileChooser/uploads")
    await press(stage, screen, .enter)
    #expect(stage.form?.fields[0].payload == "http://127.0.0.1:1/v1/files/c")
  }

  @Test func `outputs come from the predictions that are known, and more on demand`() async throws {
    let (stage, screen, _) = await stage()
    func prediction(_ id: String, _ created: String, _ output: String) -> String {
      Stage.prediction(
        id, "succeeded", created, "\"output\":\(output),\"metrics\":{\"predict_time\":1}")
    }
    for (id, created) in [("old", "2026-11-24T01:30:00Z"), ("new", "2026-11-24T02:59:00Z")] {
      let text = prediction(
        id, created,
        "[\"https://replicate.delivery/\(id)-0.png\",\"https://replicate.delivery/\(id).mp4\"]")
      let prediction = try JSONReader.read(Array(text.utf8)) { (reader) throws(JSONSyntaxError) in
        try Prediction(from: &reader)
      }
      _ = stage.navigator.session.runs.run(for: prediction)
    }
    await press(stage, screen, .enter, .tab)
    #expect(names(opened(stage)) == ["new-0.png", "new.mp4", "old-0.png", "old.mp4", "more"])
    expectSnapshot(picture(screen), "FileChooser/outputs")
    stage.transport.answer(
      "GET /predictions",
      Stage.page([
        prediction("third", "2026-11-23T00:00:00Z", "\"https://replicate.delivery/third.png\"")
      ]))
    await press(stage, screen, .end, .enter)
    #expect(names(opened(stage)) == ["new-0.png", "new.mp4", "old-0.png", "old.mp4", "third.png"])
    await press(stage, screen, .home, .enter)
    #expect(stage.form?.fields[0].payload == "https://replicate.delivery/new-0.png")
  }

  @Test func `the clipboard's picture, or why there is none`() async throws {
    let (stage, screen, _) = await stage()
    await press(stage, screen, .enter, .shiftTab, .enter)
    #expect(opened(stage)?.problem == "There’s no picture in the clipboard.")
    stage.desktop.picture = try folder.write("picture.png", TestFolder.png(8, 8))
    await press(stage, screen, .enter)
    #expect(stage.navigator.overlay == nil)
    #expect(stage.form?.fields[0].payload?.string == "~/picture.png")
    // In a field, by its key.
    await press(stage, screen, .alt("v"))
    #expect(stage.form?.fields[1].payload?.string == "~/picture.png")
    stage.form?.perform(.focus(2))
    await press(stage, screen, .alt("v"))
    #expect(stage.navigator.notice?.text.contains("Only a field for a file") == true)
  }

  // MARK: Sending

  private static let created = #"{"id":"new1","model":"acme/painter","status":"starting"}"#

  private func creates(_ stage: Stage) -> Int {
    stage.transport.sent.count { $0.hasPrefix("POST /") && $0.hasSuffix("predictions") }
  }

  private func sending(_ size: Int) async throws -> (Stage, Screen) {
    let (stage, screen, _) = await stage()
    stage.transport.answer("POST /predictions", Self.created)
    stage.transport.answer("GET /files", Stage.page([]))
    stage.transport.answer(
      "POST /files", status: 201, Self.uploaded("u", "24T02:00:00", "25T02:00:00"))
    try folder.write("cat.png", TestFolder.png(9, 9) + Array(repeating: 7, count: size))
    screen.handle(.paste("cat.png"))
    await settle(stage)
    return (stage, screen)
  }

  @Test func `a run waits for its files, and the input has their address`() async throws {
    let (stage, screen) = try await sending(300_000)
    stage.transport.hold("POST /files")
    screen.handle(.key(.control("r")))
    await stage.transport.sent("POST /files")
    #expect(creates(stage) == 0)
    // The key again does nothing.
    screen.handle(.key(.control("r")))
    stage.transport.release("POST /files")
    await settle(stage)
    #expect(creates(stage) == 1)
    #expect(stage.transport.sent.count { $0 == "POST /files" } == 1)
    #expect(
      stage.transport.body(of: "POST /predictions")?.contains("http://127.0.0.1:1/v1/files/u")
        == true)
  }

  @Test func `a small file goes as data`() async throws {
    let (stage, screen) = try await sending(100)
    await press(stage, screen, .control("r"))
    #expect(creates(stage) == 1)
    #expect(
      stage.transport.body(of: "POST /predictions")?.contains("data:image/png;base64,iVBORw0KGgo")
        == true)
  }

  @Test(arguments: [Key.escape, .control("c")])
  func `Esc or Ctrl-C while files are sent ends that, and nothing is run`(key: Key) async throws {
    let (stage, screen) = try await sending(300_000)
    stage.transport.hold("POST /files")
    screen.handle(.key(.control("r")))
    await stage.transport.sent("POST /files")
    screen.handle(.key(key))
    #expect(stage.navigator.notice?.text == "Sending the files was canceled. Nothing was run.")
    stage.transport.release("POST /files")
    await settle(stage)
    #expect(creates(stage) == 0 && stage.form?.fields[0].payload == "cat.png")
    // It can be sent again at once.
    await press(stage, screen, .control("r"))
    #expect(creates(stage) == 1)
  }

  @Test func `a form that changes while its files are sent isn't run`() async throws {
    let (stage, screen) = try await sending(300_000)
    stage.transport.hold("POST /files")
    screen.handle(.key(.control("r")))
    await stage.transport.sent("POST /files")
    stage.form?.perform(.focus(2))
    screen.handle(.key(.character("x")))
    stage.transport.release("POST /files")
    await settle(stage)
    #expect(creates(stage) == 0)
    #expect(stage.navigator.notice?.text.contains("was changed while its files were sent") == true)
  }

  @Test func `a file that has gone marks its field, and nothing is sent`() async throws {
    let (stage, screen) = try await sending(300_000)
    try FileManager.default.removeItem(atPath: folder.path + "/cat.png")
    stage.form?.perform(.focus(2))
    await press(stage, screen, .control("r"))
    #expect(creates(stage) == 0 && !stage.transport.sent.contains("POST /files"))
    #expect(stage.form?.fields[0].mark == .invalid && stage.form?.focus == 0)
    #expect(stage.form?.fields[0].problem?.contains("doesn't exist") == true)
    try folder.write("cat.png", TestFolder.png(9, 9))
    await press(stage, screen, .control("r"))
    #expect(creates(stage) == 1)
  }

  @Test func `a failed upload says so, and nothing is run`() async throws {
    let (stage, screen) = try await sending(300_000)
    stage.transport.answer(
      "POST /files", status: 413, #"{"detail":"Files must be less than 100MB in size"}"#)
    await press(stage, screen, .control("r"))
    #expect(creates(stage) == 0)
    #expect(stage.navigator.notice?.text.contains("couldn’t be sent, so nothing was run") == true)
  }

  @Test func `a folder of 10,000 files opens and filters at once`() async throws {
    for number in 0..<10_000 { try folder.write(named: Array("file-\(number).png".utf8)) }
    let (stage, screen, _) = await stage()
    let start = ContinuousClock.now
    await press(stage, screen, .enter)
    _ = screen.frame()
    let shown = ContinuousClock.now
    #expect(opened(stage)?.count == 10_000)
    for key in "9999" { screen.handle(.key(.character(key))) }
    _ = screen.frame()
    let filtered = ContinuousClock.now
    #expect(names(opened(stage)) == ["file-9999.png"])
    for _ in 0..<100 {
      screen.handle(.key(.down))
      _ = screen.frame()
    }
    print(
      "10,000 files: opened in \(shown - start), four keys of a filter in \(filtered - shown), "
        + "100 moves in \(ContinuousClock.now - filtered)")
  }
}
