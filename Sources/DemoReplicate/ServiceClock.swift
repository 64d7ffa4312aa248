/// The time that the service tells, in every answer and header.
///
/// It may stand still while predictions go on: machines whose clock is wrong exist, and a client
/// that reckons with the service's times has to live with that.
struct ServiceClock: Sendable {
  private let stoppedAt: Double?

  init(isStopped: Bool = false) {
    stoppedAt = isStopped ? Stamps.now : nil
  }

  /// Seconds since 1970.
  var now: Double { stoppedAt ?? Stamps.now }
}
