import Foundation
import ReplicateAPI
import Synchronization

/// A Replicate in memory that makes predictions and counts them. It can lose answers, refuse, and
/// hold calls back.
public final class CountingService: Transport {
  /// What happens to a create.
  public enum Fate: Sendable {
    case made
    /// It is made, and the connection is lost before the answer arrives.
    case answerLost
    /// The request doesn't arrive, and nobody can tell.
    case requestLost
    case refused(status: Int, body: String)
  }

  fileprivate struct State {
    var made: [(id: String, input: JSONValue, body: JSONValue)] = []
    var statuses: [String: String] = [:]
    var fates: [Int: Fate] = [:]
    var attempts = 0
    var canceled: [String] = []
    /// When they were made, by ID. The search for a lost create goes by this machine's clock.
    var dates: [String: String] = [:]
    var isHolding = false
    var held: [CheckedContinuation<Void, Never>] = []
    var answers: [String: String] = [:]
    var refusesReading = false
  }

  fileprivate let state = Mutex(State())

  public init() {}

  /// The inputs of the predictions that were made, in order.
  public var inputs: [JSONValue] { state.withLock { $0.made.map(\.input) } }
  public var bodies: [JSONValue] { state.withLock { $0.made.map(\.body) } }
  public var ids: [String] { state.withLock { $0.made.map(\.id) } }
  public var canceled: [String] { state.withLock { $0.canceled } }
  /// How many creates have arrived or were lost on their way.
  public var attempts: Int { state.withLock { $0.attempts } }

  /// What happens to a create, counted from 1.
  public func fate(of create: Int, _ fate: Fate) { state.withLock { $0.fates[create] = fate } }

  /// Sets the state of a prediction, or of all.
  public func end(_ id: String? = nil, _ status: String = "succeeded") {
    state.withLock { state in
      for made in state.made where id == nil || made.id == id { state.statuses[made.id] = status }
    }
  }

  /// What `GET` answers for another path.
  public func answer(_ path: String, _ body: String) { state.withLock { $0.answers[path] = body } }

  /// Whether it answers nothing about a single prediction.
  public var refusesReading: Bool {
    get { state.withLock { $0.refusesReading } }
    set { state.withLock { $0.refusesReading = newValue } }
  }

  /// Makes creates wait.
  public func hold() { state.withLock { $0.isHolding = true } }

  public func release() {
    let held = state.withLock { state in
      state.isHolding = false
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    let path = URL(string: request.url)?.path() ?? ""
    let parts = path.split(separator: "/").map(String.init).drop { $0 != "predictions" }
    if request.method == "POST", path.hasSuffix("/predictions") { return try await create(request) }
    if request.method == "POST", let id = parts.dropFirst().first, path.hasSuffix("/cancel") {
      return state.withLock { state in
        state.canceled.append(id)
        state.statuses[id] = "canceled"
        return answer(state.prediction(id))
      }
    }
    if let id = parts.dropFirst().first {
      return state.withLock { state in
        if state.refusesReading { return answer(#"{"detail":"not now"}"#, 403) }
        return state.made.contains { $0.id == id }
          ? answer(state.prediction(id)) : answer("{}", 404)
      }
    }
    if path.hasSuffix("/predictions") {
      return state.withLock { state in
        let all = state.made.reversed().map { state.prediction($0.id) }
        return answer(#"{"next":null,"previous":null,"results":[\#(all.joined(separator: ","))]}"#)
      }
    }
    let prepared = state.withLock { state in
      state.answers.first { path.hasSuffix($0.key) }?.value
    }
    return prepared.map { answer($0) } ?? answer(#"{"detail":"not found"}"#, 404)
  }

  private func create(_ request: TransportRequest) async throws(TransportError) -> TransportResponse
  {
    await withCheckedContinuation { continuation in
      let goesOn = state.withLock { state in
        if state.isHolding { state.held.append(continuation) }
        return !state.isHolding
      }
      if goesOn { continuation.resume() }
    }
    let body = (try? JSONValue(parsing: request.body ?? [])) ?? .null
    let (fate, id) = state.withLock { state -> (Fate, String) in
      state.attempts += 1
      let fate = state.fates[state.attempts] ?? .made
      switch fate {
      case .made, .answerLost:
        let id = "made\(state.made.count + 1)"
        state.made.append((id, body["input"] ?? .null, body))
        state.dates[id] = Timestamp(secondsSince1970: Date().timeIntervalSince1970).text
        return (fate, id)
      case .requestLost, .refused: return (fate, "")
      }
    }
    switch fate {
    case .made: return state.withLock { answer($0.prediction(id), 201) }
    case .answerLost, .requestLost: throw .interrupted("lost")
    case .refused(let status, let body): return answer(body, status)
    }
  }

  private func answer(_ body: String, _ status: Int = 200) -> TransportResponse {
    TransportResponse(
      status: status, headers: [("content-type", "application/json")],
      body: TransportBody(Array(body.utf8)))
  }

  public func shutdown() async {}
}

extension CountingService.State {
  fileprivate func prediction(_ id: String) -> String {
    let made = made.first { $0.id == id }
    let input = made?.input.serialized() ?? "{}"
    let model = made?.body["version"]?.string ?? "v"
    return """
      {"id":"\(id)","model":"acme/painter","version":"\(model)","input":\(input),"source":"api",\
      "status":"\(statuses[id] ?? "starting")","created_at":"\(dates[id] ?? "2026-11-24T03:00:00Z")","logs":"",\
      "urls":{"get":"http://127.0.0.1:1/v1/predictions/\(id)",\
      "cancel":"http://127.0.0.1:1/v1/predictions/\(id)/cancel"}}
      """
  }
}
