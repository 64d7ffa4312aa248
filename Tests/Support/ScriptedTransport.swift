import ReplicateAPI
import Synchronization

/// A transport with prepared answers, by method and path. A test can hold a call back until it
/// releases it.
public final class ScriptedTransport: Transport {
  private struct Script {
    var answers: [String: (status: Int, headers: [(String, String)], body: [UInt8])] = [:]
    var outage: TransportError?
    var held: Set<String> = []
    var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
    var sent: [String] = []
    var canceled: [String] = []
    var bodies: [String: String] = [:]
    var requests: [TransportRequest] = []
    var arrivals: [(call: String, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let script = Mutex(Script())

  public init() {}

  /// The calls sent so far, in order, such as `GET /models`.
  public var sent: [String] { script.withLock { $0.sent } }

  /// The calls that were canceled while they were held back.
  public var canceled: [String] { script.withLock { $0.canceled } }

  /// The requests sent so far, in order.
  public var requests: [TransportRequest] { script.withLock { $0.requests } }

  /// The body of the last call with this method and path.
  public func body(of call: String) -> String? { script.withLock { $0.bodies[call] } }

  public func answer(
    _ call: String, status: Int = 200, headers: [(String, String)] = [], _ body: String
  ) {
    answer(call, status: status, headers: headers, bytes: Array(body.utf8))
  }

  public func answer(
    _ call: String, status: Int = 200, headers: [(String, String)] = [], bytes: [UInt8]
  ) {
    script.withLock { $0.answers[call] = (status, headers, bytes) }
  }

  /// The bodies of the prepared answers, by method and path.
  public var answers: [String: String] {
    script.withLock { $0.answers.mapValues { String(decoding: $0.body, as: UTF8.self) } }
  }

  /// Makes all following calls fail with an error. Nil ends this.
  public func fail(_ error: TransportError?) {
    script.withLock { $0.outage = error }
  }

  /// Makes calls with this method and path wait until `release`.
  public func hold(_ call: String) {
    script.withLock { _ = $0.held.insert(call) }
  }

  public func release(_ call: String) {
    let woken = script.withLock { script in
      script.held.remove(call)
      return script.waiting.removeValue(forKey: call) ?? []
    }
    for continuation in woken { continuation.resume() }
  }

  /// Waits until a call with this method and path has been sent.
  public func sent(_ call: String) async {
    await withCheckedContinuation { continuation in
      let isSent = script.withLock { script in
        if script.sent.contains(call) { return true }
        script.arrivals.append((call, continuation))
        return false
      }
      if isSent { continuation.resume() }
    }
  }

  public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    let path = request.url.split(separator: "/v1", maxSplits: 1).last.map(String.init) ?? ""
    let call = "\(request.method) \(path)"
    let arrived = script.withLock { script in
      script.sent.append(call)
      script.requests.append(request)
      script.bodies[call] = request.body.map { String(decoding: $0, as: UTF8.self) }
      let arrived = script.arrivals.filter { $0.call == call }
      script.arrivals.removeAll { $0.call == call }
      return arrived
    }
    for arrival in arrived { arrival.continuation.resume() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = script.withLock { script in
          guard script.held.contains(call) else { return true }
          script.waiting[call, default: []].append(continuation)
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      // The answer still arrives, like one that was already on its way.
      script.withLock { $0.canceled.append(call) }
    }
    if let outage = script.withLock({ $0.outage }) { throw outage }
    let answer = script.withLock { script in
      script.answers[call] ?? script.answers[String(call.prefix(while: { $0 != "?" }))]
    }
    guard let answer else {
      return TransportResponse(
        status: 404, headers: [("content-type", "application/json")],
        body: TransportBody(Array(#"{"detail":"No answer has been prepared for \#(call)."}"#.utf8)))
    }
    return TransportResponse(
      status: answer.status,
      headers: [("content-type", "application/json")]
        + answer.headers.map { (name: $0.0, value: $0.1) },
      body: TransportBody(answer.body))
  }

  public func shutdown() async {}
}
