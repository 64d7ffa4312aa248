import Observation
import ReplicateAPI

/// The most recent API calls, newest first.
@MainActor @Observable
public final class CallLog {
  public private(set) var calls: [CallRecord] = []
  /// The call that ended last. The header shows its duration.
  public private(set) var last: CallRecord?

  /// How many calls are kept. Older ones are dropped.
  public static let capacity = 1000

  public init() {}

  package func add(_ call: CallRecord) {
    if !call.isOngoing { last = call }
    // A stream is recorded when it begins and again when it ends.
    if let index = calls.firstIndex(where: { $0.id == call.id && $0.attempt == call.attempt }) {
      calls[index] = call
      return
    }
    if calls.count >= Self.capacity { calls.removeLast(calls.count - Self.capacity + 1) }
    calls.insert(call, at: 0)
  }

  package func clear() { calls = [] }
}
