/// The selection and the scrolled part of a list, for any list; pure.
///
/// Rows are counted from 0. `height` is how many rows are visible; the screen tells it when the
/// layout changes.
public struct ListCursor: Hashable, Sendable {
  public private(set) var selected = 0
  public private(set) var top = 0
  public private(set) var count: Int
  public private(set) var height: Int

  public init(count: Int = 0, height: Int = 1) {
    self.count = max(0, count)
    self.height = max(1, height)
  }

  /// The visible rows.
  public var visible: Range<Int> {
    top..<max(top, min(count, top + height))
  }

  public var isAtEnd: Bool { selected >= count - 1 }

  /// The list grew, shrank or was replaced; the selection stays on its row where it can.
  public mutating func setCount(_ newCount: Int) {
    count = max(0, newCount)
    settle()
  }

  public mutating func setHeight(_ newHeight: Int) {
    height = max(1, newHeight)
    settle()
  }

  public mutating func move(_ movement: Movement) {
    switch movement {
    case .up: select(selected - 1)
    case .down: select(selected + 1)
    case .pageUp: page(by: -1)
    case .pageDown: page(by: 1)
    case .start: select(0)
    case .end: select(count - 1)
    }
  }

  public mutating func select(_ row: Int) {
    selected = row
    settle()
  }

  /// Puts selection and scrolling back where they were.
  public mutating func restore(selected row: Int, top first: Int) {
    selected = row
    top = first
    settle()
  }

  /// Scrolls without moving the selection, except where it would leave the visible rows.
  public mutating func scroll(by rows: Int) {
    top = min(max(0, top + rows), max(0, count - height))
    selected = min(max(selected, top), max(0, min(count, top + height) - 1))
  }

  private mutating func page(by pages: Int) {
    let step = max(1, height - 1) * pages
    top = min(max(0, top + step), max(0, count - height))
    select(selected + step)
  }

  private mutating func settle() {
    selected = min(max(0, selected), max(0, count - 1))
    if selected < top { top = selected }
    if selected >= top + height { top = selected - height + 1 }
    top = min(max(0, top), max(0, count - height))
  }
}

/// A scrolled text of `count` lines, `height` of them visible; pure.
public struct ScrollPosition: Hashable, Sendable {
  public private(set) var top = 0

  public init() {}

  public mutating func move(_ movement: Movement, count: Int, height: Int) {
    switch movement {
    case .up: top -= 1
    case .down: top += 1
    case .pageUp: top -= max(1, height - 1)
    case .pageDown: top += max(1, height - 1)
    case .start: top = 0
    case .end: top = count
    }
    clamp(count: count, height: height)
  }

  public mutating func scroll(by rows: Int, count: Int, height: Int) {
    top += rows
    clamp(count: count, height: height)
  }

  public mutating func reset() { top = 0 }

  /// Keeps the position within a text that became shorter or a pane that became taller.
  public mutating func clamp(count: Int, height: Int) {
    top = min(max(0, top), max(0, count - height))
  }
}
