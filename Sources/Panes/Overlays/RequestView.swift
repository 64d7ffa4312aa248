import ReplicateAPI
import TerminalKit
import ViewModels

/// Draws the request of a form: tabs, the text with its colors, and what is wrong with it.
@MainActor
struct RequestView {
  let request: RequestViewModel
  let borders: BorderSet

  /// The size of the text on a screen of a size.
  static func extent(_ size: Size) -> Extent {
    let area = textArea(size)
    return Extent(rows: area.height, columns: area.width)
  }

  /// The frame leaves the header and the footer free, and a margin where there is room for one.
  private static func frame(_ size: Size) -> Rect {
    let margin = size.width >= 100 ? 4 : size.width >= 60 ? 1 : 0
    let top = size.height >= 20 ? 2 : 1
    return Rect(
      x: margin, y: top, width: size.width - 2 * margin,
      height: size.height - top - (top == 2 ? 2 : 1))
  }

  /// Rows for the tabs and the address above the text, and for remarks below it.
  private static func spare(_ size: Size) -> (above: Int, below: Int) {
    size.height >= 20 ? (3, 2) : (1, 1)
  }

  private static func textArea(_ size: Size) -> Rect {
    let inside = frame(size).inset(horizontally: 2, vertically: 1)
    let spare = spare(size)
    return Rect(
      x: inside.x, y: inside.y + spare.above, width: max(1, inside.width),
      height: max(1, inside.height - spare.above - spare.below))
  }

  func draw(on canvas: inout Canvas) -> Drawn {
    let size = canvas.size
    let frame = Self.frame(size)
    canvas.fill(frame, style: .overlay)
    canvas.box(frame, style: .overlayBorder, borders: borders)
    let title = request.isEditing ? " Edit the request " : " Request "
    canvas.write(title, x: frame.x + 2, y: frame.y, style: .overlayTitle.bold(), in: frame)
    let area = Self.textArea(size)
    var drawn = Drawn()
    drawTabs(on: &canvas, in: frame, &drawn)
    if Self.spare(size).above == 3 {
      let line = TextLayout.truncate(
        TextLayout.sanitizedLine(
          request.summary.joined(separator: borders.isASCII ? ", " : " · "), atMost: 400),
        width: area.width, ellipsis: borders.isASCII ? "..." : "…", widths: canvas.widths)
      canvas.write(line, x: area.x, y: area.y - 2, style: .dim, in: frame, isForeign: true)
    }
    drawText(on: &canvas, in: area)
    drawRemarks(on: &canvas, in: frame, below: area)
    if let cursor = request.cursor, cursor.row >= request.top,
      cursor.row < request.top + area.height
    {
      drawn.cursor = Point(
        x: area.x + min(cursor.column, area.width - 1), y: area.y + cursor.row - request.top)
    }
    let origin = area.origin
    drawn.regions.append(
      ClickRegion(area) { point, _ in
        .request(.place(row: point.y - origin.y, column: point.x - origin.x))
      })
    drawScrollBar(on: &canvas, in: frame, area)
    return drawn
  }

  private func drawTabs(on canvas: inout Canvas, in frame: Rect, _ drawn: inout Drawn) {
    let tabs = RequestViewModel.Tab.allCases
    let line = Rect(x: frame.x + 1, y: frame.y + 1, width: frame.width - 2, height: 1)
    var bar = TabBar(names: tabs.map(\.title), selected: request.tab.rawValue)
    if bar.width > line.width { bar.names = tabs.map(\.shortTitle) }
    bar.draw(on: &canvas, in: line)
    drawn.regions += bar.regions(in: line) { .request(.tab(tabs[$0])) }
  }

  private func drawText(on canvas: inout Canvas, in area: Rect) {
    let text = request.buffer.text
    let colors = CodeColors(request.tab)
    var line: (start: String.Index, spans: [CodeColors.Span], mark: Style?)?
    let rows = request.rows
    for offset in 0..<max(0, min(area.height, rows.count - request.top)) {
      let row = rows[request.top + offset]
      let y = area.y + offset
      let newline = text[..<row.lowerBound].utf8.lastIndex(of: 0x0A)
      let start = newline.map { text.utf8.index(after: $0) } ?? text.startIndex
      if line?.start != start {
        let whole = text[start...].prefix { !$0.isNewline }
        line = (start, colors.spans(in: whole), mark(of: whole))
      }
      guard let line else { continue }
      var x = area.x
      for span in line.spans where span.text.endIndex > row.lowerBound {
        guard span.text.startIndex < row.upperBound else { break }
        let part = text[
          max(span.text.startIndex, row.lowerBound)..<min(span.text.endIndex, row.upperBound)]
        x += canvas.write(
          String(part), x: x, y: y, style: span.isName ? line.mark ?? span.style : span.style,
          in: area, isForeign: true)
      }
      let isContinued = row.lowerBound > start
      let margin = isContinued ? (borders.isASCII ? ">" : "↳") : line.mark == nil ? "" : "!"
      canvas.write(
        margin, x: area.x - 1, y: y, style: isContinued ? .dim : line.mark ?? .dim,
        in: canvas.bounds)
    }
  }

  /// The style of a line of JSON with an input that can't be sent, or that the model doesn't have.
  private func mark(of line: Substring) -> Style? {
    guard request.tab == .json, let name = CodeColors.inputName(in: line) else { return nil }
    if request.json.invalid.contains(name) { return .invalid }
    return request.json.unknown.contains(name) ? .warning : nil
  }

  private func drawRemarks(on canvas: inout Canvas, in frame: Rect, below area: Rect) {
    let room = frame.maxY - 1 - area.maxY
    guard room > 0, !request.remarks.isEmpty else { return }
    let style: Style = request.mistake == nil ? .warning : .invalid
    let words = TextLayout.sanitizedLine(request.remarks.joined(separator: " "), atMost: 2000)
    let lines = TextLayout.wrap(words, width: area.width, widths: canvas.widths)
    let shown = room
    for (index, line) in lines.prefix(shown).enumerated() {
      let isCut = index == shown - 1 && lines.count > shown
      let text =
        isCut
        ? TextLayout.truncate("\(line) …", width: area.width, widths: canvas.widths) : String(line)
      canvas.write(
        text, x: area.x, y: frame.maxY - 1 - shown + index, style: style, in: frame)
    }
  }

  private func drawScrollBar(on canvas: inout Canvas, in frame: Rect, _ area: Rect) {
    guard
      let thumb = Scrolling.thumb(
        count: request.rows.count, top: request.top, height: area.height)
    else { return }
    let bar = Rect(
      x: frame.maxX - 1, y: area.y + thumb.lowerBound, width: 1, height: thumb.count)
    canvas.fill(bar, borders.isASCII ? "#" : "┃", style: .overlayBorder)
  }
}
