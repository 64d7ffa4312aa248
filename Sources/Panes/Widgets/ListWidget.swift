import TerminalKit
import ViewModels

/// Rows with a selection; the caller draws each row in its rectangle.
struct ListWidget {
  var cursor: ListCursor
  var isFocused: Bool

  /// - Parameter row: draws the row with this number; styles are to be passed through the mark.
  func draw(
    on canvas: inout Canvas, in area: Rect,
    row: (_ canvas: inout Canvas, _ index: Int, _ rect: Rect, _ mark: (Style) -> Style) -> Void
  ) {
    for index in cursor.visible {
      let y = area.y + index - cursor.top
      guard y < area.maxY else { break }
      let rect = Rect(x: area.x, y: y, width: area.width, height: 1)
      if index == cursor.selected {
        let focused = isFocused
        let mark: (Style) -> Style = { focused ? $0.selected : $0.selectedUnfocused }
        canvas.fill(rect, style: mark(.normal))
        row(&canvas, index, rect, mark)
      } else {
        row(&canvas, index, rect, { $0 })
      }
    }
  }

  /// The row under a point, if there is one.
  func row(at point: Point, in area: Rect) -> Int? {
    let index = cursor.top + point.y - area.y
    return area.contains(point) && index < cursor.count ? index : nil
  }

  /// The scroll bar's rows, from 0; nil where everything is visible.
  static func thumb(top: Int, count: Int, height: Int) -> Range<Int>? {
    guard count > height, height > 2 else { return nil }
    let size = max(1, height * height / count)
    // What is scrolled may have become shorter than where it was scrolled to.
    let last = height - size
    let start = min(max(0, last * top / max(1, count - height)), last)
    return start..<start + size
  }
}
