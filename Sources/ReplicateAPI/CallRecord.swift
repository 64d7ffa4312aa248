import Synchronization

/// One HTTP call as it went, for a log of all of them. It holds nothing secret.
public struct CallRecord: Sendable, Hashable {
  /// Nil for what isn't a call of the API itself, such as reading a stream.
  public var route: Route?
  public var method: String
  /// With the query; of another host with that host before it.
  public var path: String
  /// Nil where no answer came.
  public var status: Int?
  public var duration: Duration
  /// The answer's size.
  public var byteCount: Int
  public var error: ReplicateError?
  /// 1 for the first try.
  public var attempt: Int
  /// After what wait the call is sent again; nil if it isn't.
  public var retryDelay: Duration?

  public init(
    route: Route?, method: String, path: String, status: Int? = nil,
    duration: Duration = .zero, byteCount: Int = 0, error: ReplicateError? = nil,
    attempt: Int = 1, retryDelay: Duration? = nil
  ) {
    self.route = route
    self.method = method
    self.path = path
    self.status = status
    self.duration = duration
    self.byteCount = byteCount
    self.error = error
    self.attempt = attempt
    self.retryDelay = retryDelay
  }
}

/// Hands each record to all who listen.
final class CallLog: Sendable {
  private struct Listeners {
    var continuations: [Int: AsyncStream<CallRecord>.Continuation] = [:]
    var nextKey = 0
  }

  private let listeners = Mutex(Listeners())

  /// All records from now on; a listener that falls behind loses the oldest.
  func stream() -> AsyncStream<CallRecord> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: CallRecord.self, bufferingPolicy: .bufferingNewest(256))
    let key = listeners.withLock { listeners in
      listeners.nextKey += 1
      listeners.continuations[listeners.nextKey] = continuation
      return listeners.nextKey
    }
    continuation.onTermination = { [weak self] _ in self?.remove(key) }
    return stream
  }

  func record(_ call: CallRecord) {
    let continuations = listeners.withLock { Array($0.continuations.values) }
    for continuation in continuations { continuation.yield(call) }
  }

  func finish() {
    let continuations = listeners.withLock { Array($0.continuations.values) }
    for continuation in continuations { continuation.finish() }
  }

  private func remove(_ key: Int) {
    listeners.withLock { listeners in
      _ = listeners.continuations.removeValue(forKey: key)
    }
  }
}
