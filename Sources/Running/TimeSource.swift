#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The time of day and the passing of time, handed in so that tests can hold it still.
public struct TimeSource: Sendable {
  /// Seconds since 1970.
  public var now: @Sendable () -> Double
  public var clock: any Clock<Duration>

  public init(now: @escaping @Sendable () -> Double, clock: any Clock<Duration>) {
    self.now = now
    self.clock = clock
  }

  public static let system = TimeSource(
    now: { Date().timeIntervalSince1970 }, clock: RestingClock())
}
