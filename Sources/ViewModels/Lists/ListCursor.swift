/// The selection and scroll position of a list.
///
/// Rows are counted from 0. `height` is the number of visible rows, set by the screen when the
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

  /// The range of visible rows.
  public var visible: Range<Int> {
    top..<max(top, min(count, top + height))
  }

  public var isAtEnd: Bool { selected >= count - 1 }

  /// Updates the row count. The selection stays on its row if possible.
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

  /// Restores a selection and scroll position.
  public mutating func restore(selected row: Int, top first: Int) {
    selected = row
    top = first
    settle()
  }

  /// Scrolls, and moves the selection only as far as needed to keep it visible.
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

/// The scroll position of a text with `count` lines, `height` of which are visible.
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

  /// Keeps the position within bounds after the text gets shorter or the pane gets taller.
  public mutating func clamp(count: Int, height: Int) {
    top = min(max(0, top), max(0, count - height))
  }
}
