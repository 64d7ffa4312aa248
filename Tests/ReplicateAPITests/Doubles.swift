import ReplicateAPI
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Answers requests from a script, in order, and remembers them.
final class ScriptedTransport: Transport {
  enum Answer: Sendable {
    case answer(Int, String, headers: [String: String] = [:])
    /// The body in pieces, and then an error.
    case pieces([[UInt8]], then: TransportError? = nil)
    case failure(TransportError)
  }

  private struct State {
    var answers: [Answer]
    var requests: [TransportRequest] = []
  }

  private let state: Mutex<State>

  init(script answers: [Answer]) {
    state = Mutex(State(answers: answers))
  }

  convenience init(_ answers: Answer...) {
    self.init(script: answers)
  }

  var requests: [TransportRequest] { state.withLock(\.requests) }

  func send(
    _ request: TransportRequest
  ) async throws(TransportError) -> TransportResponse {
    if Task.isCancelled { throw .canceled }
    let answer = state.withLock { state -> Answer in
      state.requests.append(request)
      return state.answers.isEmpty
        ? .failure(.interrupted("the script has ended")) : state.answers.removeFirst()
    }
    switch answer {
    case .failure(let error): throw error
    case .answer(let status, let body, let headers):
      return TransportResponse(
        status: status, headers: headers.map { (name: $0, value: $1) },
        body: TransportBody(Array(body.utf8)))
    case .pieces(let pieces, let error):
      let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
        for piece in pieces { continuation.yield(piece) }
        continuation.finish(throwing: error)
      }
      return TransportResponse(status: 200, body: TransportBody(stream))
    }
  }

  func shutdown() async {}
}

/// A clock on which every sleep ends at once; it remembers how long each was to be.
final class InstantClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration = .zero

    func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
    func duration(to other: Self) -> Duration { other.offset - offset }
    static func < (one: Self, other: Self) -> Bool { one.offset < other.offset }
  }

  private let state = Mutex<(now: Instant, sleeps: [Duration])>((Instant(), []))

  var now: Instant { state.withLock(\.now) }
  var minimumResolution: Duration { .nanoseconds(1) }
  var sleeps: [Duration] { state.withLock(\.sleeps) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    state.withLock { state in
      state.sleeps.append(state.now.duration(to: deadline))
      state.now = max(state.now, deadline)
    }
  }
}

extension Client {
  /// A client over a script; the token is one that must show nowhere else.
  static func scripted(
    _ transport: ScriptedTransport, clock: InstantClock = InstantClock(),
    token: String? = "r8_secret"
  ) -> Client {
    Client(
      Configuration(token: token, baseURL: "https://api.example.com/v1"),
      transport: transport, clock: clock)
  }
}

extension TransportRequest {
  func header(_ name: String) -> String? {
    headers.first { $0.name == name }?.value
  }

  var text: String? {
    body.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Why some work fails; nil where it doesn't.
func failure(
  isolation: isolated (any Actor)? = #isolation, of work: () async throws -> Void
) async -> ReplicateError.Reason? {
  do {
    try await work()
    return nil
  } catch {
    return (error as? ReplicateError)?.reason
  }
}

/// Which thread this is.
func threadNumber() -> UInt {
  #if canImport(Darwin)
    UInt(bitPattern: pthread_self())
  #else
    UInt(pthread_self())
  #endif
}

extension MemoryIntentStore {
  /// The intents that are under way or being sought.
  func open() -> [PredictionIntent] { unsettled().filter(\.state.isOpen) }
}
