import TerminalKit
import ViewModels

// Lists to choose from, with what the selected row would do.
extension OverlayView {
  func drawChooser(_ chooser: ChooserViewModel, on canvas: inout Canvas) -> Drawn {
    var drawn = Drawn()
    let rows = Self.listRows(canvas.size)
    let isTable = !chooser.columnTitles.isEmpty
    let isWide = canvas.size.width >= 96 && !isTable
    let width = isWide || isTable ? 128 : 84
    let area = window(
      width, rows + 6,
      TextLayout.sanitizedLine(chooser.question?.title ?? chooser.title, atMost: 200), on: &canvas)
    drawField(chooser, on: &canvas, in: area, &drawn)
    let hasGap = area.height >= 10
    let body = Rect(
      x: area.x, y: area.y + (hasGap ? 2 : 1), width: area.width,
      height: max(1, area.height - (hasGap ? 2 : 1)))
    if let problem = chooser.problem {
      let line = Rect(x: body.x, y: body.y - 1, width: body.width, height: 1)
      let y = hasGap ? line.y : area.maxY - 1
      canvas.write(
        TextLayout.truncate(
          TextLayout.sanitizedLine(problem, atMost: 600), width: line.width, widths: canvas.widths),
        x: line.x, y: y, style: .invalid, in: area)
    }
    let (list, about) = parts(of: body, chooser, isWide: isWide)
    drawRows(of: chooser, on: &canvas, in: list, &drawn)
    if about.width > 0, about.height > 0 {
      if isWide {
        let x = about.x - 2
        for y in about.y..<about.maxY {
          canvas.write(borders.isASCII ? "|" : "│", x: x, y: y, style: .overlayBorder, in: area)
        }
      } else {
        let rule = Rect(x: about.x, y: about.y - 1, width: about.width, height: 1)
        canvas.fill(rule, borders.isASCII ? "-" : "─", style: .overlayBorder)
      }
      aboutSelected(chooser, about.width, canvas.widths).draw(on: &canvas, in: about, from: 0)
    }
    return drawn
  }

  /// The parts for the rows and for what is known about the selected one.
  private func parts(
    of body: Rect, _ chooser: ChooserViewModel, isWide: Bool
  ) -> (list: Rect, about: Rect) {
    if isWide {
      let left = body.width * 46 / 100
      return (
        Rect(x: body.x, y: body.y, width: left, height: body.height),
        Rect(x: body.x + left + 3, y: body.y, width: body.width - left - 3, height: body.height)
      )
    }
    guard body.height >= 5 else { return (body, Rect(x: body.x, y: body.y, width: 0, height: 0)) }
    let most = body.height * (chooser.columnTitles.isEmpty ? 50 : 60) / 100
    let count = max(2, min(most, max(3, chooser.rows.count + (hasTitles(chooser, body) ? 1 : 0))))
    return (
      Rect(x: body.x, y: body.y, width: body.width, height: count),
      Rect(
        x: body.x, y: body.y + count + 1, width: body.width, height: body.height - count - 1)
    )
  }

  private func hasTitles(_ chooser: ChooserViewModel, _ rect: Rect) -> Bool {
    !chooser.columnTitles.isEmpty && rect.width >= 64 && rect.height >= 4
  }

  /// Draws the filter, or the text that is asked for.
  private func drawField(
    _ chooser: ChooserViewModel, on canvas: inout Canvas, in area: Rect, _ drawn: inout Drawn
  ) {
    let label = chooser.question.map { "\($0.label): " } ?? "/"
    let buffer = chooser.question?.text ?? chooser.filter
    let count =
      chooser.question != nil
      ? ""
      : chooser.rows.count == chooser.count
        ? "\(chooser.count)" : "\(chooser.rows.count) of \(chooser.count)"
    let note = chooser.isLoading ? "\(count) \(borders.isASCII ? "..." : "…")" : count
    let line = Rect(x: area.x, y: area.y, width: area.width, height: 1)
    let used = canvas.write(label, x: line.x, y: line.y, style: .accent, in: line)
    let field = Rect(
      x: line.x + used, y: line.y, width: max(1, line.width - used - note.count - 2), height: 1)
    let typed = TypedLine(buffer: buffer, width: field.width, widths: canvas.widths)
    canvas.write(typed.text, x: field.x, y: field.y, style: .overlay, in: field)
    if buffer.isEmpty, chooser.question == nil {
      let words = TextLayout.truncate(
        chooser.placeholder, width: field.width - 1, widths: canvas.widths)
      canvas.write(words, x: field.x + 1, y: field.y, style: .dim, in: field)
    }
    canvas.write(note, x: line.maxX - note.count, y: line.y, style: .dim, in: line)
    if let problem = chooser.question?.problem {
      canvas.write(
        TextLayout.truncate(problem, width: area.width, widths: canvas.widths), x: area.x,
        y: area.y + 1, style: .invalid, in: area)
    }
    drawn.cursor = Point(x: field.x + min(typed.cursorColumn, field.width - 1), y: field.y)
  }

  // MARK: Rows

  private func drawRows(
    of chooser: ChooserViewModel, on canvas: inout Canvas, in rect: Rect, _ drawn: inout Drawn
  ) {
    var list = Rect(x: rect.x - 1, y: rect.y, width: rect.width + 1, height: rect.height)
    if let message = chooser.message {
      MessageBlock.draw(message, on: &canvas, in: list)
      return
    }
    let columns = Columns(chooser, list, canvas.widths)
    if hasTitles(chooser, rect) {
      columns.drawTitles(chooser.columnTitles, on: &canvas, in: list)
      list = Rect(x: list.x, y: list.y + 1, width: list.width, height: list.height - 1)
    }
    let rows = chooser.rows
    // The selected row is kept in the middle.
    let selected = chooser.cursor.selected
    let top = max(0, min(selected - list.height / 2, rows.count - list.height))
    for index in top..<max(top, min(rows.count, top + list.height)) {
      let line = Rect(x: list.x, y: list.y + index - top, width: list.width, height: 1)
      let isSelected = index == selected
      if isSelected { canvas.fill(line, style: .normal.selected) }
      columns.draw(
        rows[index], on: &canvas, in: line, now: navigator.now, isASCII: borders.isASCII
      ) { isSelected ? $0.selected : $0 }
    }
    let first = top
    drawn.regions.append(
      ClickRegion(list) { point, clicks in
        let row = first + point.y - list.y
        guard row < rows.count else { return nil }
        return clicks > 1 ? .chooseAndAccept(row) : .choose(row)
      })
    if let thumb = Scrolling.thumb(count: rows.count, top: top, height: list.height) {
      canvas.fill(
        Rect(x: list.maxX - 1, y: list.y + thumb.lowerBound, width: 1, height: thumb.count),
        borders.isASCII ? "#" : "┃", style: .overlayTitle)
    }
  }

  /// Where the parts of a row are.
  private struct Columns {
    var kind = 0
    var title: Int
    /// The width of each of the rows' own columns; 0 if there is no room for them.
    var each = 0
    var age = 0
    let widths: WidthTable

    @MainActor
    init(_ chooser: ChooserViewModel, _ list: Rect, _ widths: WidthTable) {
      self.widths = widths
      let rows = chooser.rows.prefix(500)
      kind = min(10, rows.map(\.kind.count).max() ?? 0)
      if rows.contains(where: { $0.date != nil }) { age = 7 }
      let room = list.width - 4 - (kind > 0 ? kind + 2 : 0) - age
      title = room
      let count = rows.map(\.columns.count).max() ?? 0
      guard count > 0 else { return }
      if chooser.columnTitles.isEmpty {
        // A note after the title.
        let widest = rows.map { $0.columns.first?.count ?? 0 }.max() ?? 0
        each = room >= 30 ? min(widest, room / 2) : 0
      } else if list.width >= 64 {
        each = (room - min(34, room * 2 / 5)) / count - 2
      }
      if each > 0 { title = room - (each + 2) * count }
    }

    private var titleX: Int { 2 + (kind > 0 ? kind + 2 : 0) }

    private func x(ofColumn number: Int) -> Int { titleX + title + 2 + (each + 2) * number }

    func drawTitles(_ titles: [String], on canvas: inout Canvas, in list: Rect) {
      guard each > 0 else { return }
      canvas.write("input", x: list.x + titleX, y: list.y, style: .dim, in: list)
      for (number, title) in titles.enumerated() {
        canvas.write(
          TextLayout.truncate(title, width: each, widths: widths),
          x: list.x + x(ofColumn: number), y: list.y, style: .dim, in: list)
      }
    }

    @MainActor
    func draw(
      _ row: ChooserViewModel.Row, on canvas: inout Canvas, in line: Rect, now: Double,
      isASCII: Bool, _ mark: (Style) -> Style
    ) {
      func cut(_ text: String, _ width: Int) -> String {
        TextLayout.truncate(
          TextLayout.sanitizedLine(text, atMost: 400), width: width,
          ellipsis: isASCII ? "~" : "…", widths: widths)
      }
      if row.isCurrent {
        canvas.write(
          isASCII ? "*" : "●", x: line.x, y: line.y, style: mark(.accent), in: line)
      }
      if kind > 0 {
        canvas.write(
          cut(row.kind, kind), x: line.x + 2, y: line.y, style: mark(.label), in: line)
      }
      canvas.write(
        cut(row.title, max(1, title)), x: line.x + titleX, y: line.y, style: mark(.overlay),
        in: line, isForeign: true)
      if each > 0 {
        for (number, text) in row.columns.enumerated() {
          canvas.write(
            cut(text, each), x: line.x + x(ofColumn: number), y: line.y, style: mark(.dim),
            in: line, isForeign: true)
        }
      }
      if age > 0, let date = row.date {
        let text = Formatting.age(now - date)
        canvas.write(
          text, x: line.maxX - 2 - text.count, y: line.y, style: mark(.dim), in: line)
      }
    }
  }

  // MARK: What is known about the selected row

  private func aboutSelected(
    _ chooser: ChooserViewModel, _ width: Int, _ widths: WidthTable
  ) -> StyledText {
    var text = StyledText(width: width, widths: widths)
    guard chooser.selected != nil else { return text }
    guard let lines = chooser.preview else {
      text.wrap("Loading…", .dim)
      return text
    }
    for line in lines {
      switch line {
      case .text(let words):
        text.wrap(TextLayout.sanitize(words.prefix(2000)), .dim, isForeign: true)
      case .warning(let words):
        text.wrap(TextLayout.sanitize(words.prefix(2000)), .warning, isForeign: true)
      case .change(let name, let old, let new):
        text.wrap(TextLayout.sanitize(name.prefix(300)), .label, isForeign: true)
        let arrow = borders.isASCII ? "->" : "→"
        let (old, new) = (
          TextLayout.sanitize(old.prefix(2000)), TextLayout.sanitize(new.prefix(2000))
        )
        if !old.contains(where: \.isNewline), !new.contains(where: \.isNewline),
          TextLayout.width(of: old, widths) + TextLayout.width(of: new, widths) + 6 <= width
        {
          text.add(
            StyledText.Span(text: "  \(old) ", style: .dim, isForeign: true),
            StyledText.Span(text: "\(arrow) ", style: .label),
            StyledText.Span(text: new, style: .value, isForeign: true))
        } else {
          text.wrap(old, .dim, indent: 3, isForeign: true)
          let rows = TextLayout.wrap(new, width: max(1, width - 3), widths: widths)
          for (index, row) in rows.enumerated() {
            let mark = index == 0 ? arrow : ""
            text.add(
              StyledText.Span(
                text: mark + String(repeating: " ", count: max(0, 3 - mark.count)), style: .label),
              StyledText.Span(text: String(row), style: .value, isForeign: true))
          }
        }
      }
    }
    return text
  }
}
