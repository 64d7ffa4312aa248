import ReplicateAPI
import Running
import Support
import Synchronization

/// A scripted service whose predictions also have output streams, controlled by a test.
///
/// The stream of `p1` is at ``address(_:)``.
final class StreamingTransport: Transport {
  typealias Pieces = AsyncThrowingStream<[UInt8], any Error>

  private struct State {
    var connections: [String: [(lastEventID: String?, pieces: Pieces.Continuation)]] = [:]
    var waiting: [(id: String, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var date: String?
  }

  let script = ScriptedTransport()
  private let state = Mutex(State())

  static func address(_ id: String) -> String { "https://stream.example.com/\(id)" }

  /// Sets the `Date` header of all following answers.
  func tellTime(_ date: String) { state.withLock { $0.date = date } }

  /// The `Last-Event-ID` of each connection to a stream so far.
  func connections(_ id: String) -> [String?] {
    state.withLock { ($0.connections[id] ?? []).map(\.lastEventID) }
  }

  /// Waits for this many connections to a stream in total.
  func connected(_ id: String, times count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        if state.connections[id]?.count ?? 0 >= count { return true }
        state.waiting.append((id, count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }

  /// Sends an event on the newest connection.
  func send(_ text: String, eventID: String? = nil, name: String = "output", to id: String) {
    let number = eventID.map { "id: \($0)\n" } ?? ""
    newest(id)?.yield(Array("event: \(name)\n\(number)data: \(text)\n\n".utf8))
  }

  /// Closes the newest connection.
  func cut(_ id: String) { newest(id)?.finish() }

  private func newest(_ id: String) -> Pieces.Continuation? {
    state.withLock { $0.connections[id]?.last?.pieces }
  }

  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    let address = Self.address("")
    guard request.url.hasPrefix(address) else {
      var response = try await script.send(request)
      if let date = state.withLock(\.date) { response.headers.append(("date", date)) }
      return response
    }
    let id = String(request.url.dropFirst(address.count))
    let (stream, continuation) = Pieces.makeStream()
    let lastEventID = request.headers.first { $0.name == "last-event-id" }?.value
    let reached = state.withLock { state in
      state.connections[id, default: []].append((lastEventID, continuation))
      let count = state.connections[id]?.count ?? 0
      let reached = state.waiting.filter { $0.id == id && $0.count <= count }
      state.waiting.removeAll { $0.id == id && $0.count <= count }
      return reached
    }
    for waiter in reached { waiter.continuation.resume() }
    return TransportResponse(status: 200, body: TransportBody(stream))
  }

  func shutdown() async {}
}

/// Runs on a scripted service, with a clock that a test controls.
@MainActor
struct RunsStage {
  let transport = StreamingTransport()
  let clock = TestClock()
  let runs: Runs
  let store = MemoryRunStore()

  /// 2026-11-24T03:00:00Z
  nonisolated static let start = 1_795_489_200.0

  init() {
    let configuration = Client.Configuration(
      token: "r8_test", baseURL: "http://127.0.0.1:1/v1")
    let clock = clock
    let began = clock.now
    runs = Runs(
      client: Client(configuration, transport: transport, clock: clock),
      time: TimeSource(
        now: { Self.start + began.duration(to: clock.now) / .seconds(1) }, clock: clock),
      store: store)
  }

  var script: ScriptedTransport { transport.script }

  /// How often a prediction was requested on its own.
  func polls(_ id: String) -> Int {
    script.sent.filter { $0 == "GET /predictions/\(id)" }.count
  }

  /// Advances the time until a condition is met.
  func passing(_ step: Duration = .milliseconds(500), until isSo: () -> Bool) async {
    await clock.pass(by: step, turns: 20, until: isSo)
  }

  /// Lets other tasks run until a condition is met, without advancing the time.
  func until(_ isSo: () -> Bool) async {
    while !isSo() { await Task.yield() }
  }

  /// Lets other tasks do everything they can without advancing the time.
  func rest() async {
    for _ in 0..<200 { await Task.yield() }
  }
}

extension Prediction {
  /// A run created some time before the test begins.
  static func sample(
    _ id: String, _ status: Status = .processing, secondsAgo: Double = 5, streams: Bool = true
  ) -> Prediction {
    Prediction(
      id: ID(id), model: "acme/writer", status: status,
      createdAt: Timestamp(secondsSince1970: RunsStage.start - secondsAgo),
      urls: URLs(stream: streams ? StreamingTransport.address(id) : nil))
  }

  static func answer(
    _ id: String, _ status: String, _ more: String = #""logs":"""#
  ) -> String {
    """
    {"id":"\(id)","model":"acme/writer","status":"\(status)",\
    "created_at":"2026-11-24T02:59:55Z",\
    "urls":{"stream":"\(StreamingTransport.address(id))"},\(more)}
    """
  }
}
