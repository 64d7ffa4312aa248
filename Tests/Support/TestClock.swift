import Synchronization

/// A clock that advances only when a test says so.
public final class TestClock: Clock {
  public struct Instant: InstantProtocol {
    public var offset: Duration

    public func advanced(by duration: Duration) -> Instant {
      Instant(offset: offset + duration)
    }

    public func duration(to other: Instant) -> Duration { other.offset - offset }

    public static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
  }

  private struct Sleeper {
    var deadline: Instant
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var sleepers: [Int: Sleeper] = [:]
    var nextSleeper = 0
    var started = 0
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  public init() {}

  public var now: Instant { state.withLock { $0.now } }
  public var minimumResolution: Duration { .zero }

  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let number = state.withLock { state in
      state.nextSleeper += 1
      return state.nextSleeper
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let watchers = state.withLock { state in
          if Task.isCancelled || deadline <= state.now {
            return nil as [CheckedContinuation<Void, Never>]?
          }
          state.sleepers[number] = Sleeper(deadline: deadline, continuation: continuation)
          state.started += 1
          let reached = state.watchers.filter { $0.count <= state.started }
          state.watchers.removeAll { $0.count <= state.started }
          return reached.map(\.continuation)
        }
        guard let watchers else {
          if Task.isCancelled {
            continuation.resume(throwing: CancellationError())
          } else {
            continuation.resume()
          }
          return
        }
        for watcher in watchers { watcher.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Advances the time in steps until something is so. On a busy machine others rarely get their turn,
  /// and time mustn't run away from them, so that each step leaves them some turns.
  public func pass(
    by step: Duration, turns: Int, isolation: isolated (any Actor)? = #isolation,
    until isSo: () -> Bool
  ) async {
    while !isSo() {
      for _ in 0..<turns where !isSo() { await Task.yield() }
      advance(by: step)
    }
  }

  /// Advances the time and wakes everything that slept until then.
  public func advance(by duration: Duration) {
    let woken = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let now = state.now
      let due = state.sleepers.filter { $0.value.deadline <= now }
      for key in due.keys { state.sleepers[key] = nil }
      return due.values.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  /// How many sleeps have started so far.
  public var sleepCount: Int { state.withLock { $0.started } }

  /// Waits until this many sleeps have started in total.
  public func sleeps(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        if state.started >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }
}
