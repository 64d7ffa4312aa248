import TerminalKit
import ViewModels

/// A list of an enumeration's choices on top of the form, with a filter.
struct PickerWidget {
  var picker: FormPicker
  var borders: BorderSet

  /// The positions of the list's parts.
  struct Frame: Equatable {
    var outer: Rect
    var filter: Rect
    var list: Rect
  }

  /// A frame in `area`: below the field's row if there is space, otherwise above it or on top of
  /// it.
  func frame(in area: Rect, below row: Int, at x: Int, _ widths: WidthTable) -> Frame {
    guard area.height >= 5, area.width >= 12 else {
      let filter = Rect(x: area.x, y: area.y, width: area.width, height: min(1, area.height))
      let list = Rect(
        x: area.x, y: area.y + 1, width: area.width, height: max(0, area.height - 1))
      return Frame(outer: area, filter: filter, list: list)
    }
    let widest = picker.choices.reduce(0) { max($0, min(60, TextLayout.width(of: $1, widths))) }
    let title = TextLayout.width(of: picker.title, widths) + 6
    let width = min(area.width, max(28, widest + 7, title))
    let wanted = min(picker.choices.count, 14) + 3
    let below = area.maxY - row - 1
    let above = row - area.y
    let height: Int
    let y: Int
    if wanted <= below || below >= above && below >= 6 {
      height = min(wanted, below)
      y = row + 1
    } else if wanted <= above || above >= 6 {
      height = min(wanted, above)
      y = row - height
    } else {
      height = min(wanted, area.height)
      y = area.maxY - height
    }
    let left = max(area.x, min(x, area.maxX - width))
    let outer = Rect(x: left, y: y, width: width, height: height)
    let inner = outer.inset(by: 1)
    return Frame(
      outer: outer, filter: Rect(x: inner.x, y: inner.y, width: inner.width, height: 1),
      list: Rect(
        x: inner.x, y: inner.y + 1, width: inner.width, height: max(0, inner.height - 1)))
  }

  /// Draws the list, starting at row `top`. Returns the cursor's position in the filter.
  func draw(
    _ frame: Frame, from top: Int, on canvas: inout Canvas, isFocused: Bool
  ) -> Point? {
    canvas.fill(frame.outer, style: .overlay)
    let hasFrame = frame.outer != frame.list && frame.outer.height > frame.list.height + 1
    if hasFrame {
      canvas.box(frame.outer, style: .overlayBorder, borders: borders)
      let bar = frame.outer.inset(horizontally: 2, vertically: 0)
      canvas.write(
        " " + TextLayout.truncate(picker.title, width: bar.width - 2, widths: canvas.widths) + " ",
        x: bar.x, y: bar.y, style: .overlayTitle, in: bar)
    }
    let cursor = drawFilter(in: frame.filter, on: &canvas)
    drawRows(in: frame.list, from: top, on: &canvas)
    if let thumb = Scrolling.thumb(
      count: picker.matches.count, top: top, height: frame.list.height)
    {
      let x = hasFrame ? frame.outer.maxX - 1 : frame.list.maxX - 1
      canvas.fill(
        Rect(x: x, y: frame.list.y + thumb.lowerBound, width: 1, height: thumb.count),
        borders.isASCII ? "#" : "┃", style: .overlayTitle)
    }
    return isFocused ? cursor : nil
  }

  private func drawFilter(in rect: Rect, on canvas: inout Canvas) -> Point? {
    guard !rect.isEmpty else { return nil }
    let all = picker.choices.count
    let found = picker.matches.count
    let count = found == all ? "\(all)" : "\(found) of \(all)"
    canvas.write(
      count, x: rect.maxX - count.count - 1, y: rect.y, style: .overlay.dimmed(), in: rect)
    canvas.write("/", x: rect.x + 1, y: rect.y, style: .overlayTitle, in: rect)
    let width = max(1, rect.width - 5 - count.count)
    let field = Rect(x: rect.x + 2, y: rect.y, width: width, height: 1).intersection(rect)
    let column = TextFieldWidget(
      buffer: picker.filter, placeholder: "type to filter", look: .focused,
      isASCII: borders.isASCII
    ).drawLine(on: &canvas, in: field)
    let cursor = Point(x: field.x + column, y: field.y)
    return field.contains(cursor) ? cursor : nil
  }

  private func drawRows(in rect: Rect, from top: Int, on canvas: inout Canvas) {
    if picker.matches.isEmpty {
      canvas.write(
        "no matches", x: rect.x + 3, y: rect.y, style: .overlay.dimmed(), in: rect)
    }
    let last = min(picker.matches.count, top + rect.height)
    for place in top..<max(top, last) {
      let row = Rect(x: rect.x, y: rect.y + place - top, width: rect.width, height: 1)
      let choice = picker.matches[place]
      var style = Style.overlay
      if place == picker.selected {
        style = style.selected
        canvas.fill(row, style: style)
      }
      if choice == picker.current {
        canvas.write(
          borders.isASCII ? "*" : "●", x: row.x + 1, y: row.y, style: style.role(.changed), in: row)
      }
      let text = TextLayout.truncate(
        picker.choices[choice], width: row.width - 4, ellipsis: borders.isASCII ? "~" : "…",
        widths: canvas.widths)
      canvas.write(text, x: row.x + 3, y: row.y, style: style, in: row, isForeign: true)
    }
  }
}
