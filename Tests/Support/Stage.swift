import Panes
import ReplicateAPI
import Running
import Synchronization
import TerminalKit
import ViewModels

/// The program over a small scripted Replicate, at a time that stands still.
@MainActor
public final class Stage {
  public let transport = ScriptedTransport()
  public let clock = TestClock()
  public let desktop = RecordingDesktop()
  /// Shared by all accounts, as if all were the same.
  public let intents: any PredictionIntentStore
  public let navigator: Navigator

  /// Begins at 2026-11-24T03:00:00Z.
  private let time = TimeOfDay()

  public init(
    token: String? = "r8_test", lists: ListChoicesStore = ListChoicesStore(),
    intents: any PredictionIntentStore = MemoryIntentStore(),
    inputs: any SavedInputStore = MemorySavedInputStore(),
    retryPolicy: RetryPolicy = RetryPolicy(),
    groups: any PredictionGroupStore = MemoryGroupStore(), service: (any Transport)? = nil,
    profiles: [ProfileRow] = [], remembered: RememberedModels = RememberedModels(),
    connected: (inout Connection) -> Void = { _ in }
  ) {
    self.intents = intents
    var configuration = Client.Configuration()
    configuration.retryPolicy = retryPolicy
    configuration.token = token
    configuration.baseURL = "http://127.0.0.1:1/v1"
    let clock = clock
    let time = time
    let client = Client(configuration, transport: service ?? transport, clock: clock)
    var connection = Connection(configuration, origin: "the start of Replicant")
    connected(&connection)
    navigator = Navigator(
      client: client, desktop: desktop, places: PlaceTable.places,
      time: TimeSource(now: { time.now.withLock { $0 } }, clock: clock), lists: lists,
      makeIntents: { [intents] _ in intents }, makeInputs: { _ in inputs },
      makeGroups: { _ in groups }, connection: connection, profiles: profiles,
      rememberedModels: remembered)
    Self.write(transport)
  }

  /// Lets the time of day go on by some seconds.
  public func pass(_ seconds: Double) {
    time.now.withLock { $0 += seconds }
  }

  private final class TimeOfDay: Sendable {
    let now = Mutex(1_795_489_200.0)
  }

  /// Starts and waits until everything that was asked for is there.
  public func started() async {
    navigator.start()
    await navigator.settled()
    // What has arrived may have asked for more: the page of the first row.
    await navigator.settled()
  }

  private static func write(_ transport: ScriptedTransport) {
    transport.answer(
      "GET /account", #"{"type":"organization","username":"acme","name":"Acme"}"#)
    transport.answer(
      "GET /collections",
      page([
        #"{"name":"Generate images","slug":"text-to-image","description":"Models that paint"}"#,
        #"{"name":"Large language models","slug":"language-models","description":"They write"}"#,
        #"{"name":"画像を直す","slug":"restore","description":"Restore pictures 🖼"}"#,
      ]))
    transport.answer(
      "GET /models",
      page(
        [summary("acme", "painter", 312_000_000)]
          + (1...29).map { summary("acme", "model-\($0)", $0 * 1234) }))
    transport.answer(
      "GET /collections/text-to-image",
      #"{"name":"Generate images","slug":"text-to-image","models":["#
        + [summary("acme", "painter", 312_000_000), summary("acme", "sketcher", 4200)].joined(
          separator: ",") + "]}")
    transport.answer(
      "GET /search",
      #"{"query":"paint","models":[{"model":"# + summary("acme", "painter", 312_000_000)
        + #","metadata":{"tags":[]}}],"collections":[],"pages":[]}"#)
    transport.answer("GET /models/acme/painter", painter)
    transport.answer("GET /models/acme/painter/versions", page([version]))
    transport.answer(
      "GET /predictions",
      page([
        prediction("aaa1", "succeeded", "2026-11-24T02:55:00Z", #""metrics":{"predict_time":4.2}"#),
        prediction(
          "aaa2", "failed", "2026-11-24T01:00:00Z",
          #""error":"CUDA out of memory","metrics":{"predict_time":12.5}"#
        ),
        prediction("aaa3", "canceled", "2026-11-20T01:00:00Z", #""metrics":{"predict_time":61}"#),
      ]))
  }

  public static func page(_ items: [String], next: String? = nil) -> String {
    let next = next.map { "\"\($0)\"" } ?? "null"
    return #"{"previous":null,"next":\#(next),"results":[\#(items.joined(separator: ","))]}"#
  }

  public static func summary(_ owner: String, _ name: String, _ runs: Int) -> String {
    """
    {"url":"https://replicate.com/\(owner)/\(name)","owner":"\(owner)","name":"\(name)",\
    "description":"What \(name) does","visibility":"public","run_count":\(runs),\
    "cover_image_url":null,"default_example":null,"latest_version":null}
    """
  }

  public static func prediction(
    _ id: String, _ status: String, _ created: String, _ more: String = #""logs":"""#
  ) -> String {
    """
    {"id":"\(id)","model":"acme/painter","version":"\(versionID)","input":{"prompt":"a fox"},\
    "status":"\(status)","created_at":"\(created)",\
    "urls":{"get":"http://127.0.0.1:1/v1/predictions/\(id)",\
    "cancel":"http://127.0.0.1:1/v1/predictions/\(id)/cancel"},\(more)}
    """
  }

  public static let versionID = String(repeating: "5c7d1a9b", count: 8)

  public static let version = """
    {"id":"\(versionID)","created_at":"2026-10-01T10:00:00.123456Z","cog_version":"0.16.6",\
    "openapi_schema":{"components":{"schemas":{"Input":{"type":"object","required":["prompt"],\
    "properties":{"prompt":{"type":"string","x-order":0,"description":"What to paint"},\
    "steps":{"type":"integer","x-order":1,"default":28,"minimum":1,"maximum":50,\
    "description":"How long to work on it"},\
    "style":{"allOf":[{"$ref":"#/components/schemas/style"}],"default":"ink","x-order":2,\
    "description":"The hand it is painted in"},\
    "fast":{"type":"boolean","default":true,"x-order":3,"description":"Hurry"}}},\
    "style":{"type":"string","enum":["ink","oil","chalk"]},\
    "Output":{"type":"array","items":{"type":"string","format":"uri"}}}}}}
    """

  public static let painter = """
    {"url":"https://replicate.com/acme/painter","owner":"acme","name":"painter",\
    "description":"Paints what it is told.","visibility":"public","is_official":false,\
    "github_url":"https://github.com/acme/painter","run_count":312000000,\
    "default_example":null,"latest_version":\(version)}
    """
}

/// Notes what was asked of the desktop.
@MainActor
public final class RecordingDesktop: DesktopServices {
  public private(set) var opened: [String] = []
  /// The files that were opened, with their types.
  public private(set) var openedFiles: [(content: [UInt8], type: String)] = []
  public private(set) var savedTokens: [String] = []
  public private(set) var edited: [String] = []
  public private(set) var paged: [String] = []
  public private(set) var copied: [String] = []
  public private(set) var announced: [String] = []
  public private(set) var secrets: [String] = []
  /// The text of the editor's file after the editor returned at once, if it did.
  public var laterSaved: String?
  public private(set) var discarded = 0
  /// What the person does in the editor.
  public var edit: (String) -> String = { $0 }

  public init() {}

  public func openInBrowser(_ address: String) async throws(DesktopFailure) {
    opened.append(address)
  }

  public func openFile(_ content: [UInt8], type: String) async throws(DesktopFailure) -> String {
    openedFiles.append((content, type))
    return "Opened /tmp/output."
  }

  public func protect(_ secret: String) { secrets.append(secret) }

  public func edit(
    _ text: String, named name: String
  ) async throws(DesktopFailure) -> EditedText {
    edited.append(name)
    guard laterSaved != nil else { return .saved(edit(text)) }
    return .maybeOpen(
      OpenText(path: "/tmp/\(name)") { [weak self] in
        self?.laterSaved ?? ""
      } discard: { [weak self] in
        self?.discarded += 1
      })
  }

  public func page(_ text: String, named name: String) async throws(DesktopFailure) {
    paged.append(text)
  }

  public func endProgramInTerminal() {}

  public func copy(_ text: String) async throws(DesktopFailure) -> String {
    copied.append(text)
    return "Copied."
  }

  /// The path of the clipboard's picture, if there is one.
  public var picture: String?

  public func savePictureFromClipboard() async throws(DesktopFailure) -> String {
    guard let picture else { throw DesktopFailure("There’s no picture in the clipboard.") }
    return picture
  }

  public func announce(title: String, body: String) { announced.append("\(title): \(body)") }

  public func saveToken(_ token: String) throws(DesktopFailure) -> String {
    savedTokens.append(token)
    return "/home/someone/.config/replicant/token"
  }
}

/// A terminal that keeps the frames it is shown.
@MainActor
public final class RecordingTerminal: Terminal {
  public var size: Size
  public let widths = WidthTable.builtIn
  public var borders = BorderSet.rounded
  public private(set) var frames: [Canvas] = []
  public private(set) var repaints = 0
  public private(set) var suspensions = 0
  public private(set) var isHandedOver = false
  public private(set) var handOvers = 0
  public private(set) var pauses: [String] = []
  public private(set) var messages: [TerminalMessage] = []
  public var hasMouse = true

  public init(width: Int, height: Int) {
    size = Size(width: width, height: height)
  }

  public func show(_ canvas: Canvas) { frames.append(canvas) }
  public func repaint() { repaints += 1 }
  public func suspend() { suspensions += 1 }
  public func handOver() {
    isHandedOver = true
    handOvers += 1
  }
  public func takeBack() { isHandedOver = false }
  public func pause(_ words: String) async { if isHandedOver { pauses.append(words) } }
  public func send(_ message: TerminalMessage) { messages.append(message) }
}
