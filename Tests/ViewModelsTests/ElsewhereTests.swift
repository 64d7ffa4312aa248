import ReplicateAPI
import Running
import Support
import Testing
import ViewModels

/// What isn't shown here: pages of the site, predictions of other accounts, versions that are named
/// by their beginning, and texts that are open in an editor's own window.
@MainActor struct ElsewhereTests {
  let stage = Stage()
  var navigator: Navigator { stage.navigator }

  private func open(_ text: String) async throws {
    navigator.perform(.openAddress(try #require(Address(text))))
    await navigator.settled()
  }

  private var question: ViewModels.Confirmation? {
    if case .question(let question) = navigator.overlay { question } else { nil }
  }

  // MARK: The site

  @Test func `a page that isn't shown here is offered in the web browser`() async throws {
    await stage.started()
    try await open("https://replicate.com/docs/reference/http#top")
    let page = "https://replicate.com/docs/reference/http#top"
    #expect(question?.message.contains(page) == true)
    // The harmless choice comes first.
    navigator.perform(.accept)
    await navigator.settled()
    #expect(stage.desktop.opened == [])
    try await open("replicate.com/docs/topics/deployments")
    navigator.perform(.choose(1))
    await navigator.settled()
    #expect(stage.desktop.opened == ["https://replicate.com/docs/topics/deployments"])
    #expect(!stage.transport.sent.contains { $0.contains("docs") })
  }

  @Test func `the list of collections is opened here`() async throws {
    await stage.started()
    navigator.perform(.focus(.models))
    try await open("https://replicate.com/collections")
    #expect(navigator.focus == .collections)
    try await open("https://replicate.com/explore")
    #expect(navigator.focus == .models)
  }

  // MARK: Predictions of others

  @Test func `a prediction of another account is explained, and its page stays at hand`()
    async throws
  {
    await stage.started()
    stage.transport.answer(
      "GET /predictions/foreign1", status: 404,
      #"{"detail":"The requested resource could not be found."}"#)
    try await open("https://replicate.com/p/foreign1")
    #expect(navigator.focus == .live)
    #expect(stage.live.failureWords?.contains("only your own") == true)
    navigator.perform(.openOnWeb)
    await navigator.settled()
    navigator.perform(.copyAddress)
    await navigator.settled()
    #expect(stage.desktop.opened == ["https://replicate.com/p/foreign1"])
    #expect(stage.desktop.copied == ["https://replicate.com/p/foreign1"])
    // A refresh asks again.
    navigator.perform(.refresh)
    await navigator.settled()
    #expect(stage.transport.sent.filter { $0 == "GET /predictions/foreign1" }.count == 2)
  }

  @Test func `a prediction that can't be had doesn't leave another one in its place`() async throws
  {
    await stage.started()
    try await open("p/aaa1")
    #expect(stage.live.shown?.id == "aaa1")
    stage.transport.answer("GET /predictions/foreign1", status: 404, #"{"detail":"no"}"#)
    try await open("p/foreign1")
    #expect(stage.live.shown == nil)
    #expect(stage.live.subject?.address == "https://replicate.com/p/foreign1")
    try await open("p/aaa1")
    #expect(stage.live.shown?.id == "aaa1")
    #expect(stage.live.failureWords == nil)
  }

  // MARK: Short versions

  private static func version(_ id: String) -> String {
    Stage.version.replacing(#/"id":"[0-9a-f]+"/#, with: "\"id\":\"\(id)\"")
  }

  private static let latest = String(repeating: "0", count: 64)
  private static let older = "c6b5d2b7" + String(repeating: "a", count: 56)
  private static let oldest = "c6ffffff" + String(repeating: "b", count: 56)

  private func withVersions() async {
    let versions = [Self.latest, Self.older].map(Self.version)
    stage.transport.answer(
      "GET /models/acme/painter", Stage.painter.replacing(Stage.version, with: versions[0]))
    let next = "http://127.0.0.1:1/v1/models/acme/painter/versions?cursor=2"
    stage.transport.answer(
      "GET /models/acme/painter/versions",
      #"{"next":"\#(next)","previous":null,"results":[\#(versions.joined(separator: ","))]}"#)
    stage.transport.answer(
      "GET /models/acme/painter/versions?cursor=2",
      #"{"next":null,"previous":null,"results":[\#(Self.version(Self.oldest))]}"#)
    await stage.started()
  }

  @Test(arguments: ["c6b5d2b7", "c6b", "C6FF"])
  func `the beginning of a version's ID is enough`(start: String) async throws {
    await withVersions()
    try await open("acme/painter:\(start)")
    let expected = start == "C6FF" ? Self.oldest : Self.older
    #expect(stage.model.pinned?.id.rawValue == expected)
    #expect(stage.model.schema != nil)
    #expect(navigator.notice == nil)
  }

  @Test(arguments: [
    ("c6", "More than one version of acme/painter begins with c6."),
    ("d", "No version of acme/painter begins with d."),
  ])
  func `a beginning that names no version shows the latest one, and says so`(
    start: String, words: String
  ) async throws {
    await withVersions()
    try await open("acme/painter:\(start)")
    #expect(stage.model.model.value != nil && stage.model.pinned == nil)
    #expect(navigator.notice == Notice(.failed, words + " This is the latest version."))
  }

  @Test func `the beginning of the latest version's ID means the latest version`() async throws {
    await withVersions()
    try await open("acme/painter:000")
    #expect(stage.model.pinned == nil && navigator.notice == nil)
  }

  // MARK: An editor with a window of its own

  private func openEditor() async {
    await stage.started()
    await stage.openPainter()
    navigator.perform(.run)
    navigator.perform(.edit(.insert("a fox")))
    await navigator.settled()
    stage.desktop.laterSaved = "a fox"
    navigator.perform(.editText)
    await navigator.settled()
  }

  @Test func `an editor that returned at once is asked about, and its text can be read later`()
    async
  {
    await openEditor()
    #expect(question?.title == "Is the editor still open?")
    #expect(question?.choices.map(\.label) == ["Read the file again", "Discard"])
    // Nothing has been saved yet.
    navigator.perform(.accept)
    #expect(question != nil)
    #expect(stage.desktop.discarded == 0)
    stage.desktop.laterSaved = "a fox in winter"
    navigator.perform(.accept)
    #expect(question == nil)
    #expect(stage.desktop.discarded == 1)
    #expect(stage.form?.payload["prompt"]?.string == "a fox in winter")
  }

  @Test func `the question may be put off, and comes back`() async {
    await openEditor()
    navigator.perform(.back)
    #expect(question == nil)
    #expect(stage.desktop.discarded == 0)
    navigator.perform(.editText)
    await navigator.settled()
    #expect(question != nil)
    #expect(stage.desktop.edited.count == 1)
    navigator.perform(.choose(1))
    #expect(stage.desktop.discarded == 1)
    #expect(stage.form?.payload["prompt"]?.string == "a fox")
    navigator.perform(.editText)
    await navigator.settled()
    #expect(stage.desktop.edited.count == 2)
  }

  @Test func `the desktop knows every token that is used`() async {
    await stage.started()
    navigator.perform(.enterToken)
    navigator.perform(.edit(.insert("r8_another")))
    navigator.perform(.accept)
    #expect(stage.desktop.secrets == ["r8_test", "r8_another"])
  }

  @Test func `the reason why a saved token isn't used stands above the prompt`() {
    let stage = Stage(token: nil)
    stage.navigator.start(tokenProblem: "Run: chmod 600 token")
    guard case .token(let prompt) = stage.navigator.overlay else {
      Issue.record("no prompt")
      return
    }
    #expect(prompt.problem == "Run: chmod 600 token")
  }
}
