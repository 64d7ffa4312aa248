import Synchronization

/// Sends each value to all listeners.
final class Broadcast<Value: Sendable>: Sendable {
  private struct Listeners {
    var continuations: [Int: AsyncStream<Value>.Continuation] = [:]
    var nextKey = 0
    var isFinished = false
  }

  private let listeners = Mutex(Listeners())
  private let capacity: Int

  /// - Parameter capacity: How many values a listener may fall behind before the oldest ones are
  ///   lost.
  init(capacity: Int) {
    self.capacity = capacity
  }

  /// A stream of all values from now on.
  func stream() -> AsyncStream<Value> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Value.self, bufferingPolicy: .bufferingNewest(capacity))
    let key = listeners.withLock { listeners -> Int? in
      if listeners.isFinished { return nil }
      listeners.nextKey += 1
      listeners.continuations[listeners.nextKey] = continuation
      return listeners.nextKey
    }
    guard let key else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in self?.remove(key) }
    return stream
  }

  func send(_ value: Value) {
    let continuations = listeners.withLock { Array($0.continuations.values) }
    for continuation in continuations { continuation.yield(value) }
  }

  func finish() {
    let continuations = listeners.withLock { listeners in
      listeners.isFinished = true
      return Array(listeners.continuations.values)
    }
    for continuation in continuations { continuation.finish() }
  }

  private func remove(_ key: Int) {
    listeners.withLock { listeners in
      _ = listeners.continuations.removeValue(forKey: key)
    }
  }
}
