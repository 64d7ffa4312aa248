import Synchronization

@testable import ReplicateAPI

/// A cog server whose runs end when the test says so. What it answers is what cog 0.9, 0.14, and
/// 0.23 have been seen to answer.
final class CogDouble: Transport {
  enum Answer: Sendable {
    case answer(Int, String)
    case failure(TransportError)
    /// No answer until ``finish(_:_:)``.
    case held
  }

  private struct State {
    var health: String
    var schema: (status: Int, body: String)
    /// The answers to runs, in order.
    var runs: [Answer]
    /// The body of the 409 that all runs get while it is set.
    var busy: String?
    /// The answer to a look at a run that is under way.
    var look: (status: Int, body: String)
    var requests: [TransportRequest] = []
    var held: [AsyncThrowingStream<Answer, any Error>.Continuation] = []
    var waiters: [(call: String, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state: Mutex<State>

  init(_ runs: Answer..., health: String = CogDouble.ready, schema: String = CogDouble.schema) {
    state = Mutex(
      State(
        health: health, schema: (200, schema), runs: runs,
        look: (422, #"{"detail":[{"loc":["body","input"],"msg":"no","type":"value_error"}]}"#)))
  }

  static let ready = #"{"status":"READY","setup":{"logs":"setting up\n","status":"succeeded"}}"#
  static let coglet = """
    {"status":"READY","version":{"coglet":"0.23.1","python_sdk":"0.23.1","python":"3.11.7"}}
    """
  static let schema = """
    {"openapi":"3.0.2","info":{"title":"Cog","version":"0.1.0"},"paths":{},"components":{"schemas":{
    "Input":{"type":"object","required":["text"],"title":"Input","properties":{
    "text":{"type":"string","title":"Text","x-order":0},
    "seconds":{"type":"number","maximum":60.0,"minimum":0.0,"default":0,"x-order":1}}},
    "Output":{"type":"string","title":"Output"}}}}
    """

  var requests: [TransportRequest] { state.withLock(\.requests) }

  /// The calls so far, such as `PUT run`; the IDs of runs are left out.
  var calls: [String] { requests.map(Self.call) }

  func setHealth(_ health: String) { state.withLock { $0.health = health } }
  func setSchema(_ status: Int, _ body: String) {
    state.withLock { $0.schema = (status, body) }
  }
  func setBusy(_ body: String?) { state.withLock { $0.busy = body } }
  /// Whether all prepared answers to runs were given.
  var isDone: Bool { state.withLock(\.runs.isEmpty) }
  func setLook(_ body: String) { state.withLock { $0.look = (202, body) } }

  /// Ends the run that has been held the longest.
  func finish(_ status: Int, _ body: String) {
    let held = state.withLock { $0.held.isEmpty ? nil : $0.held.removeFirst() }
    held?.yield(.answer(status, body))
    held?.finish()
  }

  /// Waits until a call was made this many times.
  func made(_ call: String, _ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.requests.count(where: { Self.call($0) == call }) >= count { return true }
        state.waiters.append((call, count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  func send(
    _ request: TransportRequest
  ) async throws(TransportError) -> TransportResponse {
    if Task.isCancelled { throw .canceled }
    let call = Self.call(request)
    let (held, continuation) = AsyncThrowingStream<Answer, any Error>.makeStream()
    var woken: [CheckedContinuation<Void, Never>] = []
    var answer = state.withLock { state -> Answer in
      state.requests.append(request)
      let count = state.requests.count(where: { Self.call($0) == call })
      woken = state.waiters.filter { $0.call == call && $0.count <= count }.map(\.continuation)
      state.waiters.removeAll { $0.call == call && $0.count <= count }
      switch call {
      case "GET health-check": return .answer(200, state.health)
      case "GET openapi.json": return .answer(state.schema.status, state.schema.body)
      case "PUT look": return .answer(state.look.status, state.look.body)
      case "POST cancel": return .answer(200, "{}")
      case "PUT run":
        if let busy = state.busy { return .answer(409, busy) }
        let next = state.runs.isEmpty ? .held : state.runs.removeFirst()
        if case .held = next { state.held.append(continuation) }
        return next
      default: return .answer(404, #"{"detail":"Not Found"}"#)
      }
    }
    for waiter in woken { waiter.resume() }
    if case .held = answer {
      do {
        for try await end in held { answer = end }
      } catch {
        throw .interrupted("\(error)")
      }
      if Task.isCancelled { throw .canceled }
    }
    switch answer {
    case .failure(let error): throw error
    case .held: throw .interrupted("the connection was closed")
    case .answer(let status, let body):
      return TransportResponse(
        status: status, headers: [(name: "content-type", value: "application/json")],
        body: TransportBody(Array(body.utf8)))
    }
  }

  func shutdown() async {}

  private static func call(_ request: TransportRequest) -> String {
    let name = request.url.split(separator: "/").last.map(String.init) ?? ""
    guard request.method == "PUT" else { return "\(request.method) \(name)" }
    return request.text == #"{"input":0}"# ? "PUT look" : "PUT run"
  }
}
