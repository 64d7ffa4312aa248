import Running
import TerminalKit
import ViewModels

/// The list of a path's completions under its field.
struct CompletionWidget {
  var completion: OpenCompletion
  var borders: BorderSet

  static let mostRows = 8

  /// The box, and the list in it. They are the same where there is no room for a box.
  struct Frame {
    var outer: Rect
    var list: Rect
  }

  /// A frame in `area`: below the field's row if there is space, otherwise above it.
  func frame(in area: Rect, below row: Int, at x: Int, _ widths: WidthTable) -> Frame {
    let widest = completion.choices.prefix(1000).reduce(0) {
      max($0, min(60, TextLayout.width(of: TextLayout.sanitize($1.name), widths)))
    }
    let below = area.maxY - row - 1
    let above = row - area.y
    let hasBox = max(below, above) >= 4
    let width = min(area.width, max(16, widest + 3) + (hasBox ? 2 : 0))
    let wanted = min(completion.choices.count, Self.mostRows) + (hasBox ? 2 : 0)
    let left = max(area.x, min(x, area.maxX - width))
    let isBelow = wanted <= below || below >= above
    let height = max(1, min(wanted, isBelow ? below : above))
    let outer = Rect(
      x: left, y: isBelow ? row + 1 : row - height, width: width, height: height)
    return Frame(outer: outer, list: hasBox ? outer.inset(by: 1) : outer)
  }

  /// Draws the choices from `top` on.
  func draw(from top: Int, on canvas: inout Canvas, in frame: Frame) {
    let rect = frame.list
    canvas.fill(frame.outer, style: .overlay)
    if frame.outer != rect { canvas.box(frame.outer, style: .overlayBorder, borders: borders) }
    let last = min(completion.choices.count, top + rect.height)
    for index in top..<max(top, last) {
      let choice = completion.choices[index]
      let row = Rect(x: rect.x, y: rect.y + index - top, width: rect.width, height: 1)
      var style: Style =
        choice.isExcluded ? .overlay.dimmed() : choice.isFolder ? .overlayTitle : .overlay
      if index == completion.selected {
        style = style.selected
        canvas.fill(row, style: style)
      }
      let name = TextLayout.truncate(
        TextLayout.sanitizedLine(choice.name, atMost: 300), width: row.width - 2,
        ellipsis: borders.isASCII ? "~" : "…", position: .middle, widths: canvas.widths)
      canvas.write(name, x: row.x + 1, y: row.y, style: style, in: row, isForeign: true)
    }
    if let thumb = Scrolling.thumb(
      count: completion.choices.count, top: top, height: rect.height)
    {
      canvas.fill(
        Rect(
          x: rect.maxX - 1, y: rect.y + thumb.lowerBound, width: 1, height: thumb.count),
        borders.isASCII ? "#" : "┃", style: .overlayTitle)
    }
  }
}
