import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// The rows of a list in a form, each with its number and its control.
struct ListRowsWidget {
  var list: ListControl
  var look: TextFieldWidget.Look
  var valueStyle: Style
  /// What stands there while there is no list.
  var placeholder: String
  var isASCII: Bool
  /// What is shown in place of choices.
  var titles: [JSONValue: String] = [:]
  /// The text of the row with the cursor, if it's shown shortened.
  var shortText: TextBuffer?

  private var isFocused: Bool { look != .resting }

  /// How many lines there are: the rows, and the place for a new one.
  static func lines(of list: ListControl, isFocused: Bool) -> Int {
    max(1, list.rows.count + (isFocused && list.hasRoom ? 1 : 0))
  }

  /// The width of the numbers, with the blank after them.
  private var labelWidth: Int { "\(max(1, list.rows.count))".count + 1 }

  /// Draws the lines that fit in `rect`, starting with line `top`.
  ///
  /// - Returns: The cursor's position, if it's in a text.
  func draw(from top: Int, on canvas: inout Canvas, in rect: Rect, clip: Rect) -> Point? {
    var cursor: Point?
    let count = Self.lines(of: list, isFocused: isFocused)
    for line in top..<max(top, min(count, top + rect.height)) {
      let y = rect.y + line - top
      guard y >= clip.y, y < clip.maxY else { continue }
      let isLast = line == top + rect.height - 1
      if !isFocused, isLast, line < count - 1 {
        let more = "\(isASCII ? "..." : "…") and \(count - line) more"
        canvas.write(more, x: rect.x, y: y, style: .dim, in: clip)
      } else if let point = draw(
        line, on: &canvas, in: Rect(x: rect.x, y: y, width: rect.width, height: 1), clip)
      {
        cursor = point
      }
    }
    return cursor
  }

  private func draw(_ line: Int, on canvas: inout Canvas, in rect: Rect, _ clip: Rect) -> Point? {
    let isHere = isFocused && line == list.selected
    guard list.rows.indices.contains(line) else {
      return drawNewRow(isHere, on: &canvas, rect, clip)
    }
    let label = "\(line + 1)"
    canvas.write(
      label, x: rect.x + labelWidth - 1 - label.count, y: rect.y,
      style: isHere ? .accent.bold() : .dim, in: clip)
    return draw(list.rows[line], isHere, on: &canvas, in: box(in: rect), clip)
  }

  private func drawNewRow(
    _ isHere: Bool, on canvas: inout Canvas, _ rect: Rect, _ clip: Rect
  ) -> Point? {
    guard isFocused else {
      var widget = widget(TextBuffer(), isHere: false)
      widget.placeholder = placeholder.isEmpty ? list.newRow : placeholder
      return drawLine(widget, on: &canvas, in: rect, clip)
    }
    canvas.write(
      "+", x: rect.x + labelWidth - 2, y: rect.y, style: isHere ? .accent.bold() : .dim, in: clip)
    let box = box(in: rect)
    guard isHere, list.active.isTyped else {
      canvas.write(
        list.newRow, x: box.x, y: box.y, style: isHere ? .fieldFocused : .dim, in: clip)
      return nil
    }
    var widget = widget(TextBuffer(), isHere: true)
    widget.placeholder = list.newRow
    return drawLine(widget, on: &canvas, in: box, clip)
  }

  private func draw(
    _ control: FieldControl, _ isHere: Bool, on canvas: inout Canvas, in box: Rect, _ clip: Rect
  ) -> Point? {
    let choice = ChoiceWidget(isASCII: isASCII, isFocused: isHere, style: valueStyle)
    switch control {
    case .boolean(let isOn):
      choice.draw(isOn, placeholder: "", on: &canvas, at: box.origin, in: clip)
    case .enumeration(let choices, let selected):
      let value = selected.flatMap { choices.indices.contains($0) ? choices[$0] : nil }
        .map { titles[$0] ?? $0.choiceText }
      choice.draw(
        value, placeholder: "choose", on: &canvas, at: box.origin, width: box.width, in: clip)
    case .text, .secret, .file, .integer, .number, .json, .list:
      guard let buffer = control.buffer else { return nil }
      var widget = widget(buffer.onOneLine(isASCII: isASCII), isHere: isHere)
      if isHere, let shortText {
        widget.buffer = shortText
      } else if !isHere, case .file = control, buffer.text.utf8.count > 512 {
        widget.buffer = TextBuffer(DataURI.shortened(in: buffer.text, longest: 512))
      }
      if list.element.holdsSecrets { widget.mask = isASCII ? "*" : "•" }
      return drawLine(widget, on: &canvas, in: box, clip)
    }
    return nil
  }

  private func drawLine(
    _ widget: TextFieldWidget, on canvas: inout Canvas, in box: Rect, _ clip: Rect
  ) -> Point? {
    canvas.fill(box.intersection(clip), style: widget.style)
    let inside = Rect(x: box.x + 1, y: box.y, width: max(1, box.width - 1), height: 1)
    let column = widget.drawLine(on: &canvas, in: inside.intersection(clip))
    return widget.look == .resting
      ? nil : Point(x: inside.x + min(column, inside.width - 1), y: box.y)
  }

  private func widget(_ buffer: TextBuffer, isHere: Bool) -> TextFieldWidget {
    TextFieldWidget(
      buffer: buffer, look: isHere ? look : .resting, valueStyle: valueStyle, isASCII: isASCII)
  }

  /// Where the control of a line is.
  private func box(in line: Rect) -> Rect {
    let width = line.width - labelWidth
    let isNumber =
      switch list.element {
      // A range is longer than a number.
      case .integer, .number: !list.isSweep
      default: false
      }
    return Rect(
      x: line.x + labelWidth, y: line.y,
      width: max(1, isNumber ? min(width, FormLayout.numberWidth) : width), height: 1)
  }

  // MARK: Clicks

  /// The command for a click on a line.
  func command(
    at point: Point, line: Int, of field: Int, in rect: Rect, _ widths: WidthTable
  ) -> FormCommand {
    let box = box(in: Rect(x: rect.x, y: point.y, width: rect.width, height: 1))
    guard list.rows.indices.contains(line), box.contains(point), list.rows[line].isTyped,
      let buffer = list.rows[line].buffer
    else { return .row(field, row: line) }
    let isHere = isFocused && line == list.selected
    let shown = widget(buffer.onOneLine(isASCII: isASCII), isHere: isHere)
    let offset = shown.offset(atColumn: point.x - box.x - 1, width: box.width - 1, widths)
    // A line break is shown by a mark of another length.
    let text = shown.buffer.text
    let place = text.utf8.index(text.startIndex, offsetBy: offset)
    let count = text.unicodeScalars.distance(from: text.startIndex, to: place)
    let scalars = buffer.text.unicodeScalars
    let target = scalars.index(scalars.startIndex, offsetBy: count)
    return .placeInRow(
      field, row: line, offset: buffer.text.utf8.distance(from: scalars.startIndex, to: target))
  }
}

extension TextBuffer {
  /// The text with marks in place of line breaks, with the cursor at the same place.
  fileprivate func onOneLine(isASCII: Bool) -> TextBuffer {
    guard text.utf8.contains(0x0A) else { return self }
    let mark: Unicode.Scalar = isASCII ? "|" : "↵"
    // Scalars, because an accent after a line break is a character of its own, and one with the mark.
    let scalars = text.unicodeScalars
    let line = String(String.UnicodeScalarView(scalars.map { $0 == "\n" ? mark : $0 }))
    var shown = TextBuffer(line)
    let count = scalars.distance(from: scalars.startIndex, to: cursor)
    shown.move(to: line.unicodeScalars.index(line.startIndex, offsetBy: count))
    return shown
  }
}

extension Rect {
  fileprivate var origin: Point { Point(x: x, y: y) }
}
