/// Counts consecutive presses of a mouse button at one position.
public struct ClickCounter: Sendable {
  public static let longestPause = Duration.milliseconds(400)

  private var last: (mouse: Mouse, time: ContinuousClock.Instant)?

  public init() {}

  /// The event with its click count: 1, 2, or 3, then 1 again. A release or a drag has the count of
  /// its press.
  public mutating func counted(_ mouse: Mouse, at time: ContinuousClock.Instant) -> Mouse {
    var mouse = mouse
    switch mouse.kind {
    case .wheelUp, .wheelDown: last = nil
    case .release, .drag: mouse.clickCount = last?.mouse.clickCount ?? 1
    case .press:
      if let last, last.mouse.point == mouse.point, last.mouse.button == mouse.button,
        time - last.time <= Self.longestPause
      {
        mouse.clickCount = last.mouse.clickCount % 3 + 1
      }
      last = (mouse, time)
    }
    return mouse
  }
}
