import Foundation
import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// The place with the account's uploaded files.
@MainActor
@Suite(.endsSometime) struct `Uploaded files` {
  private let stage = Stage()
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private var navigator: Navigator { stage.navigator }
  private var place: FilesViewModel {
    guard let place = navigator.places[FilesViewModel.id] as? FilesViewModel else {
      fatalError("there is no such place")
    }
    return place
  }

  private func file(_ id: String, _ name: String, size: Int, hour: Int) -> String {
    """
    {"id":"\(id)","name":"\(name)","content_type":"image/png","size":\(size),
     "checksums":{"sha256":"\(id)5a","md5":"\(id)d5"},"metadata":{"of":"\(name)"},
     "created_at":"2026-11-23T\(hour):00:00Z","expires_at":"2026-11-24T\(hour):00:00Z",
     "urls":{"get":"http://127.0.0.1:1/v1/files/\(id)"}}
    """
  }

  private func opened() async {
    stage.transport.answer(
      "GET /files",
      Stage.page([
        file("b1", "cat.png", size: 2_000_000, hour: 10),
        file("a1", "dog.png", size: 300, hour: 12),
      ]))
    await stage.started()
    navigator.perform(.focus(FilesViewModel.id))
    await navigator.settled()
  }

  @Test func `the newest comes first, whatever the service's order is`() async {
    await opened()
    #expect(place.files.visible.map(\.name) == ["dog.png", "cat.png"])
    #expect(place.subject?.text() == "http://127.0.0.1:1/v1/files/a1")
    let facts = (place.detail as? DetailViewModel)?.blocks.map(\.text) ?? []
    #expect(facts.contains("sha256: a15a") && facts.contains("size: 300 bytes"))
  }

  @Test func `a file is deleted only after its name was typed`() async {
    await opened()
    stage.transport.answer("DELETE /files/a1", status: 204, "")
    await stage.perform(.own("files.delete"))
    #expect(stage.prompt?.title == "Delete the file?")
    #expect(stage.prompt?.message.hasPrefix("To delete dog.png, type its name.") == true)
    // Neither Enter alone nor another name deletes anything.
    await stage.perform(.accept)
    #expect(stage.prompt?.problem == "Type its name, or press Esc to keep it.")
    await stage.answer("cat.png")
    #expect(stage.prompt?.problem == "That isn’t its name, so nothing was deleted.")
    await stage.perform(.back)
    #expect(stage.prompt == nil)
    #expect(stage.calls("DELETE") == [])
    await stage.perform(.own("files.delete"))
    // Another row is no other file.
    place.files.move(.down)
    await stage.answer(" dog.png ")
    #expect(stage.calls("DELETE") == ["DELETE /files/a1"])
    #expect(navigator.notice?.text == "dog.png was deleted.")
    #expect(stage.prompt == nil)
  }

  @Test func `what can't be had says why`() async {
    await opened()
    guard case .no(let reason) = place.availability(of: .own("files.download")) else {
      Issue.record("a download is offered")
      return
    }
    #expect(reason.contains("signing secret"))
  }

  @Test func `a file is uploaded, and one that isn't there is refused`() async throws {
    await opened()
    let path = try folder.write("owl.png", Array(repeating: 7, count: 1000))
    let sum = try OpenFile(path).checksum()
    let answer = file("c1", "owl.png", size: 1000, hour: 13).replacing("c15a", with: sum)
    stage.transport.answer("POST /files", status: 201, answer)
    place.upload(path)
    await navigator.settled()
    #expect(stage.transport.sent.contains("POST /files"))
    #expect(navigator.notice?.text == "owl.png is uploaded. Replicate keeps it for a day.")
    #expect(place.progress == nil)
    place.upload(folder.path + "/gone.png")
    await navigator.settled()
    #expect(navigator.notice?.kind == .failed)
    #expect(navigator.notice?.text.contains("doesn't exist") == true)
    navigator.perform(.dismiss)
    place.upload("https://a.example/x.png")
    #expect(navigator.notice?.text.contains("has an address") == true)
    #expect(stage.transport.sent.count { $0 == "POST /files" } == 1)
  }

  @Test func `an upload can be canceled`() async throws {
    await opened()
    let path = try folder.write("owl.png", Array(repeating: 7, count: 1000))
    stage.transport.answer("POST /files", status: 201, file("c1", "owl.png", size: 1000, hour: 13))
    stage.transport.hold("POST /files")
    place.upload(path)
    await stage.transport.sent("POST /files")
    #expect(place.unsaved?.contains("owl.png") == true)
    navigator.perform(.back)
    #expect(
      navigator.notice?.text == "The upload was canceled. What had arrived by then is listed.")
    #expect(place.progress == nil)
    stage.transport.release("POST /files")
    await navigator.settled()
    #expect(navigator.focus == FilesViewModel.id)
  }

  // MARK: Several at once

  private var chooser: FileChooserViewModel? {
    if case .files(let chooser) = navigator.overlay { chooser } else { nil }
  }

  private func select(_ name: String) async {
    guard let chooser else {
      Issue.record("no chooser is open")
      return
    }
    let row = (0..<chooser.count).first { row in
      if case .entry(let entry, _) = chooser.row(row) { entry.name == name } else { false }
    }
    guard let row else {
      Issue.record("\(name) isn't listed")
      return
    }
    await stage.perform(.choose(row))
  }

  /// Opens the chooser in the test's folder.
  private func choose() async {
    navigator.files.folder = LocalPath(folder.path)
    await stage.perform(.own("files.upload"))
    #expect(chooser?.takesSeveral == true && chooser?.takesFolders == true)
  }

  private static let anyFile = """
    {"id":"n1","name":"any","content_type":"image/png","size":1000,"checksums":{},"metadata":{},
     "created_at":"2026-11-24T03:00:00Z","expires_at":"2026-11-25T03:00:00Z",
     "urls":{"get":"http://127.0.0.1:1/v1/files/n1"}}
    """

  /// A file that is too large, and takes no room.
  private func writeLarge(_ name: String) throws {
    let path = try folder.write(name, [])
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: UInt64(FileUpload.maximumSize + 1))
    try file.close()
  }

  @Test func `marked files are uploaded together`() async throws {
    await opened()
    for (index, name) in ["a.png", "b.png", "c.png"].enumerated() {
      try folder.write(name, Array(repeating: UInt8(index), count: 1000))
    }
    stage.transport.answer("POST /files", status: 201, Self.anyFile)
    await choose()
    await select("a.png")
    await stage.perform(.files(.mark))
    await select("c.png")
    await stage.perform(.files(.mark))
    #expect(chooser?.marked.map(\.name) == ["a.png", "c.png"])
    // Marking again takes the mark away.
    await select("c.png")
    await stage.perform(.files(.mark))
    #expect(chooser?.marked.map(\.name) == ["a.png"])
    await select("b.png")
    await stage.perform(.files(.mark), .accept)
    #expect(navigator.overlay == nil)
    #expect(stage.calls("POST") == ["POST /files", "POST /files"])
    #expect(
      navigator.notice == Notice(.done, "2 files are uploaded. Replicate keeps them for a day."))
  }

  @Test func `one that is too large doesn't keep the others`() async throws {
    await opened()
    try folder.write("a.png", Array(repeating: 1, count: 1000))
    try writeLarge("big.bin")
    try folder.write("c.png", Array(repeating: 3, count: 1000))
    stage.transport.answer("POST /files", status: 201, Self.anyFile)
    await choose()
    for name in ["a.png", "big.bin", "c.png"] {
      await select(name)
      await stage.perform(.files(.mark))
    }
    await stage.perform(.accept)
    #expect(stage.calls("POST").count == 2)
    let notice = try #require(navigator.notice)
    #expect(notice.kind == .failed)
    #expect(notice.text.hasPrefix("2 uploaded, 1 not. big.bin couldn’t be uploaded. "))
    #expect(notice.text.contains("100 MiB"))
  }

  @Test func `a folder is uploaded without its folders and hidden files`() async throws {
    await opened()
    try folder.write("set/a.png", Array(repeating: 1, count: 1000))
    try folder.write("set/b.png", Array(repeating: 2, count: 1000))
    try folder.write("set/.hidden", Array(repeating: 3, count: 1000))
    try folder.write("set/deeper/c.png", Array(repeating: 4, count: 1000))
    try FileManager.default.createDirectory(
      atPath: folder.path + "/empty", withIntermediateDirectories: true)
    stage.transport.answer("POST /files", status: 201, Self.anyFile)
    await choose()
    await select("set")
    await stage.perform(.files(.takeFolder))
    #expect(navigator.overlay == nil)
    #expect(stage.calls("POST").count == 2)
    #expect(navigator.notice?.text.hasPrefix("2 files are uploaded.") == true)
    await choose()
    await select("empty")
    await stage.perform(.files(.takeFolder))
    #expect(navigator.notice == Notice(.failed, "empty has no files."))
    #expect(stage.calls("POST").count == 2)
  }

  // MARK: As an input

  private static func model(_ properties: String) -> String {
    """
    {"url":"https://replicate.com/acme/painter","owner":"acme","name":"painter",
     "description":"Paints.","visibility":"public","latest_version":{"id":"\(Stage.versionID)",
     "created_at":"2026-10-01T10:00:00.123456Z","cog_version":"0.16.6",
     "openapi_schema":{"components":{"schemas":{"Input":{"type":"object",
     "properties":{\(properties)}},"Output":{"type":"string"}}}}}}
    """
  }

  @Test func `a file is filled in where the form takes one`() async throws {
    stage.transport.answer(
      "GET /models/acme/painter",
      Self.model(
        #""prompt":{"type":"string","x-order":0},"#
          + #""image":{"type":"string","format":"uri","x-order":1}"#))
    await opened()
    await stage.openPainter()
    await stage.visit(FilesViewModel.id)
    await stage.perform(.own("files.use"))
    #expect(navigator.focus == .model)
    let image = try #require(stage.form?.fields.first { $0.name == "image" })
    #expect(image.value == "http://127.0.0.1:1/v1/files/a1")
    #expect(navigator.notice?.text == "The file is filled in as image.")
    #expect(stage.form?.payload == ["image": "http://127.0.0.1:1/v1/files/a1"])
  }

  @Test func `where no model is shown, or it takes no file, using one says so`() async {
    await opened()
    await stage.perform(.own("files.use"))
    #expect(navigator.notice?.kind == .failed)
    #expect(navigator.notice?.text.hasPrefix("Open a model that takes a file first.") == true)
    await stage.openPainter()
    await stage.visit(FilesViewModel.id)
    await stage.perform(.own("files.use"))
    #expect(navigator.notice == Notice(.failed, "acme/painter takes no file."))
  }

  // MARK: Downloading

  /// A stage with the account's secret, and a file whose name nothing else has.
  private func opened(secret: String, name: String, checksum: String) async -> Stage {
    let stage = Stage { $0.filesSecret = { () async throws(DesktopFailure) in secret } }
    stage.transport.answer(
      "GET /files",
      Stage.page([
        file("a1", name, size: 3, hour: 12).replacing("a15a", with: checksum)
      ]))
    await stage.started()
    await stage.visit(FilesViewModel.id)
    return stage
  }

  // Files are downloaded to where the program was started, which for a test is the repository.
  private static func newName() -> String { "replicant-test-\(UUID().uuidString).bin" }

  private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func `a download is signed, and its checksum is checked`() async throws {
    let name = Self.newName()
    let path = FilePlace.current.folder + "/" + name
    defer { try? FileManager.default.removeItem(atPath: path) }
    let stage = await opened(secret: "s3cret", name: name, checksum: Self.abc)
    stage.transport.answer("GET /files/a1/download", bytes: Array("abc".utf8))
    #expect(stage.reason(against: .own("files.download")) == nil)
    await stage.perform(.own("files.download"))
    let expiry = 1_795_489_200 + 3600
    let signature = FilesSigningSecret("s3cret").signature(of: "a1", owner: "acme", expiry: expiry)
    let encoded = signature.replacing("+", with: "%2B").replacing("/", with: "%2F")
      .replacing("=", with: "%3D")
    #expect(
      stage.transport.sent.last
        == "GET /files/a1/download?owner=acme&expiry=\(expiry)&signature=\(encoded)")
    #expect(
      stage.navigator.notice == Notice(.done, "Saved as \(path). Its checksum is right."))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "abc")
  }

  @Test func `a download that arrives changed is thrown away`() async throws {
    let name = Self.newName()
    let path = FilePlace.current.folder + "/" + name
    defer { try? FileManager.default.removeItem(atPath: path) }
    let stage = await opened(secret: "s3cret", name: name, checksum: Self.abc)
    stage.transport.answer("GET /files/a1/download", bytes: Array("abd".utf8))
    await stage.perform(.own("files.download"))
    #expect(stage.navigator.notice?.kind == .failed)
    #expect(stage.navigator.notice?.text.contains("checksum") == true)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a secret that can't be read is no download`() async {
    let stage = Stage {
      $0.filesSecret = { () async throws(DesktopFailure) -> String in
        throw DesktopFailure("The command pass failed.")
      }
    }
    stage.transport.answer("GET /files", Stage.page([file("a1", "dog.png", size: 3, hour: 12)]))
    await stage.started()
    await stage.visit(FilesViewModel.id)
    await stage.perform(.own("files.download"))
    #expect(stage.navigator.notice == Notice(.failed, "The command pass failed."))
    #expect(!stage.transport.sent.contains { $0.contains("/download") })
  }

  @Test func `a file that is gone is said to be gone`() async {
    await opened()
    stage.transport.answer("GET /files/a1", status: 404, #"{"detail":"not found"}"#)
    await stage.perform(.open)
    #expect(navigator.notice == Notice(.failed, "Replicate has dog.png no longer."))
  }
}
