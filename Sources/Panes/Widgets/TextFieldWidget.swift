import TerminalKit
import ViewModels

/// A text field: one line that scrolls horizontally, or wrapped rows that scroll vertically.
struct TextFieldWidget {
  enum Look: Equatable {
    /// Not focused.
    case resting
    case focused
    /// Focused, with the whole value selected so that typing replaces it.
    case selected
  }

  var buffer: TextBuffer
  var placeholder = ""
  /// Shown in place of each character of a secret.
  var mask: Character?
  var look = Look.resting
  var valueStyle = Style.field
  var isASCII = false

  /// The style of the field's background and text.
  var style: Style {
    switch look {
    case .resting: valueStyle
    case .focused, .selected: .fieldFocused
    }
  }

  // MARK: One line

  /// Draws a single-line field.
  /// - Returns: The cursor's column, counted from the field's left edge.
  @discardableResult
  func drawLine(on canvas: inout Canvas, in rect: Rect) -> Int {
    guard rect.width > 0 else { return 0 }
    canvas.fill(rect, style: style)
    if buffer.isEmpty {
      drawPlaceholder(on: &canvas, in: rect)
      return 0
    }
    let line = visibleLine(width: rect.width, canvas.widths)
    let text = look == .selected ? style.reversed() : style
    canvas.write(
      line.text, x: rect.x, y: rect.y, style: text, in: rect, isForeign: mask == nil)
    return line.cursor
  }

  /// The text offset, in UTF-8, for a click on a column.
  func offset(atColumn column: Int, width: Int, _ widths: WidthTable) -> Int {
    let text = buffer.text
    let start = visibleLine(width: width, widths).start
    let measure = Self.measure(widths)
    var index = start
    var used = 0
    while index < text.endIndex {
      used += mask == nil ? measure(text[index]) : 1
      if used > column { break }
      index = text.index(after: index)
    }
    return text.utf8.distance(from: text.startIndex, to: index)
  }

  private func visibleLine(
    width: Int, _ widths: WidthTable
  ) -> (text: String, cursor: Int, start: String.Index) {
    let text = buffer.text
    let measure = Self.measure(widths)
    let size = { (character: Character) in mask == nil ? measure(character) : 1 }
    guard look != .resting else {
      // A data URL can be megabytes long. Only its start is ever visible.
      let head = text.prefix(width * 2 + 64)
      let shown = mask.map { String(repeating: $0, count: head.count) } ?? String(head)
      let rest = head.endIndex < text.endIndex ? (isASCII ? "~" : "…") : ""
      let cut = TextLayout.truncate(
        shown + rest, width: width, ellipsis: isASCII ? "..." : "…", widths: widths)
      return (cut, 0, text.startIndex)
    }
    // Show as much text before the cursor as fits, with one column left for the cursor itself.
    var start = buffer.cursor
    var before = 0
    while start > text.startIndex {
      let previous = text.index(before: start)
      let columns = size(text[previous])
      if before + columns > width - 1 { break }
      before += columns
      start = previous
    }
    var end = buffer.cursor
    var used = before
    while end < text.endIndex, used < width {
      used += size(text[end])
      end = text.index(after: end)
    }
    let shown = text[start..<end]
    return (mask.map { String(repeating: $0, count: shown.count) } ?? String(shown), before, start)
  }

  // MARK: Rows

  /// Draws the wrapped rows that fit in `rect`, starting at row `top`.
  /// - Returns: The cursor's position, counted from the field's top left corner, or nil if it's
  ///   scrolled out of sight.
  @discardableResult
  func drawRows(
    _ rows: TextRows, from top: Int, on canvas: inout Canvas, in rect: Rect, clip: Rect
  ) -> Point? {
    let shown = rect.intersection(clip)
    guard !shown.isEmpty else { return nil }
    canvas.fill(shown, style: style)
    if buffer.isEmpty {
      drawPlaceholder(on: &canvas, in: Rect(x: rect.x, y: rect.y, width: rect.width, height: 1))
      return Point(x: 0, y: 0)
    }
    let text = buffer.text
    let last = min(rows.count, top + rect.height)
    for row in top..<max(top, last) {
      let range = rows[row]
      var line = String(text[range])
      if let mask { line = String(line.map { $0.isWhitespace ? $0 : mask }) }
      let isCut = look == .resting && row == last - 1 && range.upperBound < text.endIndex
      if isCut {
        line =
          TextLayout.truncate(
            line, width: rect.width - 1, ellipsis: isASCII ? "~" : "…", widths: canvas.widths)
          + (isASCII ? "~" : "…")
      }
      let used = canvas.write(
        line, x: rect.x, y: rect.y + row - top,
        style: look == .selected ? style.reversed() : style, in: shown, isForeign: true)
      if used == 0, line.isEmpty, look == .selected {
        canvas.write(" ", x: rect.x, y: rect.y + row - top, style: style.reversed(), in: shown)
      }
    }
    let row = rows.row(of: buffer.cursor)
    guard row >= top, row < top + rect.height else { return nil }
    let column = rows.column(of: buffer.cursor, width: Self.measure(canvas.widths))
    return Point(x: min(column, rect.width - 1), y: row - top)
  }

  private func drawPlaceholder(on canvas: inout Canvas, in rect: Rect) {
    let text = TextLayout.truncate(
      placeholder.prefix(400), width: rect.width, widths: canvas.widths)
    canvas.write(
      text, x: rect.x, y: rect.y,
      style: look == .resting ? .placeholder : style.dimmed(), in: rect)
  }

  /// Returns the width of a character, with a fast path for common ones.
  static func measure(_ widths: WidthTable) -> @Sendable (Character) -> Int {
    { character in
      let bytes = character.utf8
      if bytes.count == 1 { return 1 }
      let scalars = character.unicodeScalars
      if let first = scalars.first, scalars.count == 1 {
        let width = widths.width(of: first)
        if width > 0, !(0x1F1E6...0x1F1FF).contains(first.value) { return width }
      }
      return TextLayout.width(of: String(character), widths)
    }
  }
}
