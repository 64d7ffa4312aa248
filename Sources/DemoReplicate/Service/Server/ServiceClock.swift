#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The time that the service tells, in every answer and header.
///
/// It may stand still while predictions go on: machines whose clock is wrong exist, and a client
/// that reckons with the service's times has to live with that.
struct ServiceClock: Sendable {
  private let stoppedAt: Double?

  init(isStopped: Bool = false) {
    stoppedAt = isStopped ? Self.systemTime : nil
  }

  /// Seconds since 1970 by the system's clock, which never stands still.
  static var systemTime: Double { Date().timeIntervalSince1970 }

  /// Seconds since 1970.
  var now: Double { stoppedAt ?? Self.systemTime }
}
