/// The scroll position of a text that is laid out again for every frame.
public struct TextScroll: Hashable, Sendable {
  public private(set) var top = 0
  /// The number of rows in the text, as reported by the screen.
  public private(set) var rows = 0
  public private(set) var height = 1

  public init() {}

  public mutating func move(_ movement: Movement) {
    switch movement {
    case .up: top -= 1
    case .down: top += 1
    case .pageUp: top -= max(1, height - 1)
    case .pageDown: top += max(1, height - 1)
    case .start: top = 0
    case .end: top = rows
    }
    clamp()
  }

  public mutating func scroll(by rows: Int) {
    top += rows
    clamp()
  }

  public mutating func reset() { top = 0 }

  /// The scroll position after the text or the pane changes size, or nil if nothing changes.
  public func resized(_ size: DrawnSize) -> TextScroll? {
    guard case .text(let rows, let height) = size else { return nil }
    var changed = self
    changed.rows = rows
    changed.height = max(1, height)
    changed.clamp()
    return changed == self ? nil : changed
  }

  private mutating func clamp() { top = min(max(0, top), max(0, rows - height)) }
}
