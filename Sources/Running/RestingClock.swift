import Dispatch
import ReplicateAPI
import Synchronization

/// `ContinuousClock`, but for a program that shall sleep while nothing happens.
///
/// The runtime's own clock wakes a task up on a queue that programs share. Once that has been used on
/// Linux, libdispatch looks after its threads once a second, for as long as the program runs. Time in
/// which the machine is suspended doesn't count.
public struct RestingClock: Clock {
  public typealias Instant = ContinuousClock.Instant

  private static let queue = DispatchQueue(label: "resting clock")

  public init() {}

  public var now: Instant { .now }
  public var minimumResolution: Duration { .nanoseconds(1) }

  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let sleeper = Sleeper()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: Sleeper.Continuation) in
        guard sleeper.begin(continuation) else { return }
        let nanoseconds = max(.zero, now.duration(to: deadline)) / .nanoseconds(1)
        Self.queue.asyncAfter(
          deadline: .now() + .nanoseconds(Int(clamping: min(nanoseconds, Self.longest)))
        ) { sleeper.end(.success(())) }
      }
    } onCancel: {
      sleeper.end(.failure(CancellationError()))
    }
  }

  /// A hundred years, in nanoseconds.
  private static let longest = 3.15e18
}

/// One sleep, which ends once: by time or by being cancelled, perhaps before it has begun.
private final class Sleeper: Sendable {
  typealias Continuation = CheckedContinuation<Void, any Error>

  private enum State {
    case awake
    case asleep(Continuation)
    case ended(Result<Void, any Error>)
  }

  private let state = Mutex(State.awake)

  /// Whether there is anything to wait for.
  func begin(_ continuation: Continuation) -> Bool {
    let early = state.withLock { state -> Result<Void, any Error>? in
      if case .ended(let result) = state { return result }
      state = .asleep(continuation)
      return nil
    }
    guard let early else { return true }
    continuation.resume(with: early)
    return false
  }

  func end(_ result: Result<Void, any Error>) {
    let sleeping = state.withLock { state -> Continuation? in
      switch state {
      case .asleep(let continuation):
        state = .ended(result)
        return continuation
      case .awake:
        state = .ended(result)
        return nil
      case .ended: return nil
      }
    }
    sleeping?.resume(with: result)
  }
}
