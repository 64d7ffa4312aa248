/// Decides when to draw the next frame: immediately after a key, otherwise at most every 33 ms, and
/// not at all while nothing has changed.
///
/// It has no clock of its own. The main loop passes in the time.
public struct FrameScheduler: Sendable {
  public typealias Instant = ContinuousClock.Instant

  public static let interval = Duration.milliseconds(33)

  /// What the loop should do after all input has been read.
  public enum Turn: Hashable, Sendable {
    case draw
    /// Wait for input, until the given instant if there is one.
    case wait(until: Instant?)
  }

  private var lastFrame: Instant?
  private var isUserWaiting = true

  public init() {}

  /// Records that the user did something and expects a response.
  public mutating func keyHandled() { isUserWaiting = true }

  public mutating func frameDrawn(at now: Instant) {
    lastFrame = now
    isUserWaiting = false
  }

  /// - Parameters:
  ///   - needsFrame: Whether anything shown in the last frame has changed.
  ///   - deadline: When something that moves must be drawn again.
  public func turn(at now: Instant, needsFrame: Bool, deadline: Instant?) -> Turn {
    let earliest = lastFrame.map { $0 + Self.interval } ?? now
    if needsFrame {
      return isUserWaiting || now >= earliest ? .draw : .wait(until: earliest)
    }
    guard let deadline else { return .wait(until: nil) }
    let due = max(deadline, earliest)
    return now >= due ? .draw : .wait(until: due)
  }
}
