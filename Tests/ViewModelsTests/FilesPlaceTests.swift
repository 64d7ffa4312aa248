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

  private var question: ViewModels.Confirmation? {
    if case .question(let question) = navigator.overlay { question } else { nil }
  }

  @Test func `the newest comes first, whatever the service's order is`() async {
    await opened()
    #expect(place.files.visible.map(\.name) == ["dog.png", "cat.png"])
    #expect(place.subject?.text() == "http://127.0.0.1:1/v1/files/a1")
    let facts = (place.detail as? DetailViewModel)?.blocks.map(\.text) ?? []
    #expect(facts.contains("sha256: a15a") && facts.contains("size: 300 bytes"))
  }

  @Test func `a file is deleted by name, and only after a question`() async {
    await opened()
    stage.transport.answer("DELETE /files/a1", status: 204, "")
    navigator.perform(.own("files.delete"))
    await navigator.settled()
    #expect(question?.title == "Delete dog.png?")
    // The harmless answer comes first.
    navigator.perform(.accept)
    await navigator.settled()
    #expect(!stage.transport.sent.contains("DELETE /files/a1"))
    navigator.perform(.own("files.delete"))
    // Another row is no other file.
    place.files.move(.down)
    navigator.perform(.choose(1))
    await navigator.settled()
    #expect(stage.transport.sent.filter { $0.hasPrefix("DELETE") } == ["DELETE /files/a1"])
    #expect(navigator.notice?.text == "dog.png was deleted.")
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
    #expect(navigator.notice?.text == "The upload was canceled.")
    #expect(place.progress == nil)
    stage.transport.release("POST /files")
    await navigator.settled()
    #expect(navigator.focus == FilesViewModel.id)
  }
}
