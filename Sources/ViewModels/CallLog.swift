import Observation
import ReplicateAPI

/// The calls that were made, newest first, as many as memory is set aside for.
@MainActor @Observable
public final class CallLog {
  /// One call, numbered in the order in which the calls ended.
  public struct Entry: Identifiable, Sendable {
    public let id: Int
    public let call: CallRecord
    /// When the call ended, in seconds since 1970.
    public let endedAt: Double
  }

  public private(set) var entries: [Entry] = []
  /// How long the last call took, as the header shows it.
  public private(set) var last: CallRecord?
  @ObservationIgnored private var count = 0

  /// Older calls are forgotten.
  public static let capacity = 1000

  public init() {}

  func add(_ call: CallRecord, at time: Double) {
    count += 1
    last = call
    if entries.count >= Self.capacity { entries.removeLast(entries.count - Self.capacity + 1) }
    entries.insert(Entry(id: count, call: call, endedAt: time), at: 0)
  }
}
