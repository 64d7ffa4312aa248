#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The time that the service reports in answers and headers. It can be wrong, or frozen while
/// predictions continue: real machines have such clocks, and a client must cope with them.
struct ServiceClock: Sendable {
  private let stoppedAt: Double?
  /// By how many seconds it is ahead.
  let shift: Double

  init(isStopped: Bool = false, shift: Double = 0) {
    stoppedAt = isStopped ? Self.systemTime : nil
    self.shift = shift
  }

  /// Seconds since 1970 by the system clock, which is never frozen.
  static var systemTime: Double { Date().timeIntervalSince1970 }

  /// The reported time in seconds since 1970.
  var now: Double { (stoppedAt ?? Self.systemTime) + shift }
}
