import ReplicateAPI
import TerminalKit
import ViewModels

/// Draws what covers the panes: a dialog, a prompt, the palette, or the help.
@MainActor
struct OverlayView {
  let navigator: Navigator
  let borders: BorderSet

  /// The number of list rows an overlay has on a screen of this size.
  static func listRows(_ size: Size) -> Int { max(1, size.height - 8) }

  func draw(on canvas: inout Canvas) -> Drawn {
    switch navigator.overlay {
    case .help(let help): drawHelp(help, on: &canvas)
    case .palette(let palette): drawPalette(palette, on: &canvas)
    case .question(let question): draw(question, on: &canvas)
    case .columns(let columns): drawColumns(columns, on: &canvas)
    case .request(let request):
      RequestView(request: request, borders: borders).draw(on: &canvas)
    case .files(let chooser): drawFiles(chooser, on: &canvas)
    case .chooser(let chooser): drawChooser(chooser, on: &canvas)
    case .text(let prompt):
      drawPrompt(
        prompt.title, [prompt.message], prompt.text, prompt.problem, masked: prompt.isSecret,
        on: &canvas)
    case .token(let prompt):
      drawPrompt(
        "API token",
        [
          "Replicant needs a Replicate API token. You can find yours at "
            + "replicate.com/account/api-tokens. Paste it here, or quit, set REPLICATE_API_TOKEN, "
            + "and start again. To try Replicant without a token, run replicant --demo.",
          "Enter uses the token until you quit. Ctrl-R also saves it in a file that only you can "
            + "read.",
        ]
          + (prompt.offeredFrom.map {
            ["The replicate command has a token in \($0). Ctrl-O uses that one."]
          } ?? []), prompt.text, prompt.problem, masked: true, on: &canvas)
    case nil: Drawn()
    }
  }

  // MARK: Window

  func window(_ width: Int, _ height: Int, _ title: String, on canvas: inout Canvas) -> Rect {
    let bounds = canvas.bounds
    let width = min(width, bounds.width - 2)
    let height = min(height, bounds.height - 2)
    let rect = Rect(
      x: (bounds.width - width) / 2, y: max(1, (bounds.height - height) * 2 / 5), width: width,
      height: height)
    canvas.fill(rect, style: .overlay)
    canvas.box(rect, style: .overlayBorder, borders: borders)
    canvas.write(
      " \(title) ", x: rect.x + 2, y: rect.y, style: .overlayTitle.bold(),
      in: rect.inset(horizontally: 2, vertically: 0))
    return rect.inset(horizontally: 2, vertically: 1)
  }

  // MARK: Dialogs

  private func draw(_ question: Confirmation, on canvas: inout Canvas) -> Drawn {
    var drawn = Drawn()
    let area = questionWindow(question, on: &canvas)
    let buttons = buttons(of: question, in: area)
    var text = StyledText(width: area.width, widths: canvas.widths)
    text.wrap(question.message, .overlay)
    let end = buttons.map(\.1.y).min() ?? area.maxY
    draw(
      text, page: question.page, on: &canvas,
      in: Rect(x: area.x, y: area.y, width: area.width, height: max(0, end - area.y)))
    for (index, rect) in buttons {
      let choice = question.choices[index]
      let style: Style = index == question.focused ? .buttonFocused.bold() : .button
      canvas.write(
        " \(choice.caption) ", x: rect.x, y: rect.y, style: style, in: area)
      // Underlines the shortcut letter.
      if let letter = choice.caption.lowercased().firstIndex(
        of: Character(choice.key.lowercased()))
      {
        let offset = choice.caption.distance(from: choice.caption.startIndex, to: letter)
        canvas.restyle(Rect(x: rect.x + 1 + offset, y: rect.y, width: 1, height: 1)) {
          $0.underlined()
        }
      }
      drawn.regions.append(ClickRegion(rect, .chooseAndAccept(index)))
    }
    return drawn
  }

  /// Draws a page of a text, and where it has several, which one it is.
  private func draw(_ text: StyledText, page: Int, on canvas: inout Canvas, in area: Rect) {
    guard text.lines.count > area.height, area.height > 1 else {
      return text.draw(on: &canvas, in: area, from: 0)
    }
    let rows = area.height - 1
    let count = (text.lines.count + rows - 1) / rows
    let page = page % count
    let shown = Rect(x: area.x, y: area.y, width: area.width, height: rows)
    text.draw(on: &canvas, in: shown, from: page * rows)
    let hint = "PgDn: more (\(page + 1)/\(count))"
    canvas.write(
      hint, x: max(area.x, area.maxX - hint.count), y: area.maxY - 1, style: .dim, in: area)
  }

  private func questionWindow(_ question: Confirmation, on canvas: inout Canvas) -> Rect {
    let buttons = question.choices.reduce(0) { $0 + $1.caption.count + 4 }
    let width = max(46, min(buttons + 4, canvas.size.width - 2))
    let lines = TextLayout.wrap(
      question.message, width: min(width, canvas.size.width - 2) - 4, widths: canvas.widths)
    let stacked = buttons > min(width, canvas.size.width - 2) - 4
    let rows = stacked ? question.choices.count : 1
    return window(width, lines.count + rows + 3, question.title, on: &canvas)
  }

  private func buttons(of question: Confirmation, in area: Rect) -> [(Int, Rect)] {
    let widths = question.choices.map { $0.caption.count + 2 }
    let total = widths.reduce(0, +) + 2 * (widths.count - 1)
    if total > area.width {
      return widths.enumerated().map { index, width in
        let y = area.maxY - widths.count + index
        return (index, Rect(x: area.x, y: y, width: width, height: 1))
      }
    }
    var x = area.maxX - total
    return widths.enumerated().map { index, width in
      defer { x += width + 2 }
      return (index, Rect(x: x, y: area.maxY - 1, width: width, height: 1))
    }
  }

  // MARK: Prompts

  private func drawPrompt(
    _ title: String, _ words: [String], _ buffer: TextBuffer, _ problem: String?, masked: Bool,
    on canvas: inout Canvas
  ) -> Drawn {
    let width = min(72, canvas.size.width - 2)
    var text = StyledText(width: width - 4, widths: canvas.widths)
    for paragraph in words { text.wrap(paragraph, .overlay) }
    var trouble = StyledText(width: width - 4, widths: canvas.widths)
    if let problem { trouble.wrap(problem, .invalid) }
    let below = max(1, trouble.lines.count)
    let area = window(
      width, min(text.lines.count + 4 + below, canvas.size.height - 2), title, on: &canvas)
    let above = Rect(
      x: area.x, y: area.y, width: area.width, height: max(0, area.height - 2 - below))
    text.draw(on: &canvas, in: above, from: 0)
    let y = max(area.y, min(area.y + text.lines.count + 1, area.maxY - 1 - below))
    let field = Rect(x: area.x, y: y, width: area.width, height: 1)
    canvas.fill(field, style: .fieldFocused)
    let typed = TypedLine(
      buffer: buffer, width: field.width, widths: canvas.widths, masked: masked)
    canvas.write(typed.text, x: field.x, y: field.y, style: .fieldFocused, in: field)
    let rows = Rect(x: area.x, y: y + 1, width: area.width, height: max(0, area.maxY - y - 1))
    trouble.draw(on: &canvas, in: rows, from: 0)
    return Drawn(cursor: Point(x: field.x + typed.cursorColumn, y: field.y))
  }

  // MARK: Searchable lists

  /// Draws a window with a text field and space for a list. Returns the list's area.
  private func drawList(
    _ title: String, _ mark: String, _ buffer: TextBuffer, placeholder: String,
    on canvas: inout Canvas, _ drawn: inout Drawn
  ) -> Rect {
    let rows = Self.listRows(canvas.size)
    let area = window(76, rows + 4, title, on: &canvas)
    let line = Rect(x: area.x, y: area.y, width: area.width, height: 1)
    canvas.write(mark, x: line.x, y: line.y, style: .accent, in: line)
    let field = Rect(x: line.x + 1, y: line.y, width: line.width - 1, height: 1)
    let typed = TypedLine(buffer: buffer, width: field.width, widths: canvas.widths)
    canvas.write(typed.text, x: field.x, y: field.y, style: .overlay, in: field)
    if buffer.isEmpty {
      let words = TextLayout.truncate(placeholder, width: field.width - 1, widths: canvas.widths)
      canvas.write(words, x: field.x + 1, y: field.y, style: .dim, in: field)
    }
    drawn.cursor = Point(x: field.x + typed.cursorColumn, y: field.y)
    return Rect(
      x: area.x - 1, y: area.y + 2, width: area.width + 2,
      height: max(1, min(rows, area.height - 2)))
  }

  func drawRows(
    _ cursor: ListCursor, on canvas: inout Canvas, in list: Rect, _ drawn: inout Drawn,
    row draw: (
      _ canvas: inout Canvas, _ index: Int, _ rect: Rect, _ mark: (Style) -> Style
    ) -> Void
  ) {
    for index in cursor.visible {
      let y = list.y + index - cursor.top
      guard y < list.maxY else { break }
      let rect = Rect(x: list.x, y: y, width: list.width, height: 1)
      let isSelected = index == cursor.selected
      if isSelected { canvas.fill(rect, style: .normal.selected) }
      draw(&canvas, index, rect) { isSelected ? $0.selected : $0 }
    }
    let top = cursor.top
    drawn.regions.append(
      ClickRegion(list) { point, clicks in
        let row = top + point.y - list.y
        guard row < cursor.count else { return nil }
        return clicks > 1 ? .chooseAndAccept(row) : .choose(row)
      })
  }

  private func drawHelp(_ help: HelpViewModel, on canvas: inout Canvas) -> Drawn {
    var drawn = Drawn()
    let list = drawList(
      "Keys", "/", help.filter, placeholder: "type to search; Enter runs the selected row",
      on: &canvas, &drawn)
    let keyWidth = min(22, list.width / 3)
    let rows = help.rows
    drawRows(help.cursor, on: &canvas, in: list, &drawn) { canvas, index, rect, mark in
      let row = rows[index]
      let keys = TextLayout.truncate(
        canvas.isASCII ? ASCIIMarks.keyNames(row.keys) : row.keys, width: keyWidth,
        widths: canvas.widths)
      canvas.write(keys, x: rect.x + 1, y: rect.y, style: mark(.accent), in: rect)
      let x = rect.x + keyWidth + 3
      let hasSection = rect.width > 56
      let room = rect.maxX - 1 - x - (hasSection ? row.section.count + 2 : 0)
      canvas.write(
        TextLayout.truncate(row.title, width: room, widths: canvas.widths), x: x, y: rect.y,
        style: mark(row.isHere ? .overlay : .dim), in: rect)
      if hasSection {
        canvas.write(
          row.section, x: rect.maxX - 1 - row.section.count, y: rect.y, style: mark(.dim),
          in: rect)
      }
    }
    if rows.isEmpty { MessageBlock.draw("No matching keys.", on: &canvas, in: list) }
    return drawn
  }

  private func drawPalette(_ palette: PaletteViewModel, on canvas: inout Canvas) -> Drawn {
    var drawn = Drawn()
    var list = drawList(
      "Commands", ":", palette.text, placeholder: palette.placeholder, on: &canvas, &drawn)
    if let problem = palette.problem {
      let line = Rect(x: list.x + 1, y: list.y - 1, width: list.width - 2, height: 1)
      canvas.write(
        TextLayout.truncate(problem, width: line.width, widths: canvas.widths), x: line.x,
        y: line.y, style: .invalid, in: line)
    }
    list = Rect(x: list.x, y: list.y, width: list.width, height: list.height)
    let rows = palette.rows
    drawRows(palette.cursor, on: &canvas, in: list, &drawn) { canvas, index, rect, mark in
      switch rows[index] {
      case .address(_, let text):
        let words = TextLayout.truncate(
          "Open \(text)", width: rect.width - 2, widths: canvas.widths)
        canvas.write(words, x: rect.x + 1, y: rect.y, style: mark(.link), in: rect)
      case .search(let text):
        let words = TextLayout.truncate(
          "Search models for \(TextLayout.sanitize(text))", width: rect.width - 2,
          widths: canvas.widths)
        canvas.write(words, x: rect.x + 1, y: rect.y, style: mark(.link), in: rect)
      case .command(let command, let keys, let availability):
        drawCommand(command, keys, availability, on: &canvas, in: rect, mark)
      }
    }
    if rows.isEmpty { MessageBlock.draw("No matching commands or places.", on: &canvas, in: list) }
    return drawn
  }

  /// Draws a command with its keys on the right. An unavailable command shows the reason.
  private func drawCommand(
    _ command: CommandRow, _ keys: String, _ availability: Availability,
    on canvas: inout Canvas, in rect: Rect, _ mark: (Style) -> Style
  ) {
    let keys = canvas.isASCII ? ASCIIMarks.keyNames(keys) : keys
    let keyWidth = TextLayout.width(of: keys, canvas.widths)
    let room = rect.width - 3 - keyWidth
    let title = TextLayout.truncate(command.title, width: room, widths: canvas.widths)
    let style: Style = availability == .yes ? .overlay : .dim
    let used = canvas.write(title, x: rect.x + 1, y: rect.y, style: mark(style), in: rect)
    if case .no(let reason) = availability, room - used >= 12 {
      let words = TextLayout.truncate(reason, width: room - used - 2, widths: canvas.widths)
      canvas.write(
        words, x: rect.x + 3 + used, y: rect.y, style: mark(.dim.italic()), in: rect)
    }
    canvas.write(
      keys, x: rect.maxX - 1 - keyWidth, y: rect.y,
      style: mark(availability == .yes ? .accent : .dim), in: rect)
  }

  // MARK: Columns

  private func drawColumns(_ columns: ColumnsViewModel, on canvas: inout Canvas) -> Drawn {
    var drawn = Drawn()
    let all = columns.columns
    let area = window(44, all.count + 4, "Sort and columns", on: &canvas)
    let list = Rect(
      x: area.x - 1, y: area.y, width: area.width + 2, height: min(all.count, area.height))
    let sort = columns.list.sort
    drawRows(columns.cursor, on: &canvas, in: list, &drawn) { canvas, index, rect, mark in
      let column = all[index]
      let box = column.isShown ? "[x]" : "[ ]"
      canvas.write(box, x: rect.x + 1, y: rect.y, style: mark(.accent), in: rect)
      let title = column.title.isEmpty ? column.id : column.title
      canvas.write(
        title, x: rect.x + 5, y: rect.y, style: mark(column.isSortable ? .overlay : .dim), in: rect)
      let words =
        sort?.column == column.id
        ? (sort?.isDescending == true ? "descending" : "ascending") : ""
      canvas.write(
        words, x: rect.maxX - 1 - words.count, y: rect.y, style: mark(.accent), in: rect)
    }
    let hint = Rect(x: area.x, y: list.maxY + 1, width: area.width, height: 1)
    canvas.write(
      TextLayout.truncate(
        "Enter sorts; Space shows or hides", width: hint.width,
        widths: canvas.widths), x: hint.x, y: hint.y, style: .dim,
      in: area)
    return drawn
  }
}

extension Confirmation.Choice {
  /// The words on the button, with the shortcut after them where it isn't one of their letters.
  fileprivate var caption: String {
    label.lowercased().contains(key.lowercased()) ? label : "\(label) (\(key))"
  }
}
