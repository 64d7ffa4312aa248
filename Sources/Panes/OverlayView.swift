import ReplicateAPI
import TerminalKit
import ViewModels

/// What lies over the panes: a question, a prompt, the help.
@MainActor
struct OverlayView {
  let browser: Browser
  let borders: BorderSet

  func draw(on canvas: inout Canvas) {
    switch browser.overlay {
    case .help: drawHelp(on: &canvas)
    case .confirmation(let question): draw(question, on: &canvas)
    case .goTo(let text, let problem):
      drawPrompt(
        "Go to", ["owner/name, owner/name:version, p/ID, or a replicate.com address"], text,
        problem, masked: false, on: &canvas)
    case .token(let text, let problem):
      drawPrompt(
        "API token",
        [
          "Replicant needs a Replicate API token; yours is at replicate.com/account/api-tokens. "
            + "Paste it here, or leave, set REPLICATE_API_TOKEN and start again. "
            + "To look around without one: replicant --demo.",
          "Enter uses it until you leave; Ctrl-R also keeps it in a file only you can read.",
        ], text, problem, masked: true, on: &canvas)
    case nil: break
    }
  }

  // MARK: A frame in the middle

  private func window(_ width: Int, _ height: Int, _ title: String, on canvas: inout Canvas) -> Rect
  {
    let bounds = canvas.bounds
    let width = min(width, bounds.width - 2)
    let height = min(height, bounds.height - 2)
    let rect = Rect(
      x: (bounds.width - width) / 2, y: max(1, (bounds.height - height) * 2 / 5), width: width,
      height: height)
    canvas.cursor = nil
    canvas.fill(rect, style: .overlay)
    canvas.box(rect, style: .overlayBorder, borders: borders)
    canvas.write(
      " \(title) ", x: rect.x + 2, y: rect.y, style: .overlayTitle.bold(),
      in: rect.inset(horizontally: 2, vertically: 0))
    return rect.inset(horizontally: 2, vertically: 1)
  }

  // MARK: Questions

  private func draw(_ question: Confirmation, on canvas: inout Canvas) {
    let area = questionWindow(question, on: &canvas)
    var text = StyledText(width: area.width, widths: canvas.widths)
    text.wrap(question.message, .overlay)
    text.draw(on: &canvas, in: area, from: 0)
    for (index, rect) in buttons(of: question, in: area) {
      let choice = question.choices[index]
      let style: Style = index == question.focused ? .buttonFocused.bold() : .button
      canvas.write(
        " \(choice.label) (\(choice.key)) ", x: rect.x, y: rect.y, style: style, in: area)
    }
  }

  private func questionWindow(_ question: Confirmation, on canvas: inout Canvas) -> Rect {
    let buttons = question.choices.reduce(0) { $0 + $1.label.count + 8 }
    let width = max(46, min(buttons + 4, canvas.size.width - 2))
    let lines = TextLayout.wrap(
      question.message, width: min(width, canvas.size.width - 2) - 4, widths: canvas.widths)
    let stacked = buttons > min(width, canvas.size.width - 2) - 4
    let rows = stacked ? question.choices.count : 1
    return window(width, lines.count + rows + 3, question.title, on: &canvas)
  }

  private func buttons(of question: Confirmation, in area: Rect) -> [(Int, Rect)] {
    let widths = question.choices.map { $0.label.count + 6 }
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
  ) {
    let width = min(72, canvas.size.width - 2)
    var text = StyledText(width: width - 4, widths: canvas.widths)
    for paragraph in words { text.wrap(paragraph, .overlay) }
    let area = window(
      width, min(text.lines.count + 5, canvas.size.height - 2), title, on: &canvas)
    let above = Rect(x: area.x, y: area.y, width: area.width, height: max(0, area.height - 3))
    text.draw(on: &canvas, in: above, from: 0)
    let y = min(area.y + text.lines.count + 1, area.maxY - 2)
    let field = Rect(x: area.x, y: y, width: area.width, height: 1)
    canvas.fill(field, style: .fieldFocused)
    let typed = TypedLine(
      buffer: buffer, width: field.width, widths: canvas.widths, masked: masked)
    canvas.write(typed.text, x: field.x, y: field.y, style: .fieldFocused, in: field)
    canvas.cursor = Point(x: field.x + typed.cursorColumn, y: field.y)
    if let problem {
      let line = TextLayout.truncate(problem, width: area.width, widths: canvas.widths)
      canvas.write(line, x: area.x, y: y + 1, style: .invalid, in: area)
    }
  }

  // MARK: Help

  /// The rows of the key table that pass the help's filter.
  static func helpRows(_ browser: Browser) -> [KeyBinding] {
    let words = browser.help.filter.text.lowercased().split(separator: " ")
    return KeyBinding.all.filter { row in
      let text = "\(row.title) \(row.keyNames) \(row.scope.rawValue)".lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  private func drawHelp(on canvas: inout Canvas) {
    let rows = Self.helpRows(browser)
    let area = window(76, canvas.size.height - 4, "Keys", on: &canvas)
    let search = Rect(x: area.x, y: area.y, width: area.width, height: 1)
    canvas.write("/", x: search.x, y: search.y, style: .accent, in: search)
    let field = Rect(x: search.x + 1, y: search.y, width: search.width - 1, height: 1)
    let typed = TypedLine(buffer: browser.help.filter, width: field.width, widths: canvas.widths)
    canvas.write(typed.text, x: field.x, y: field.y, style: .overlay, in: field)
    if browser.help.filter.isEmpty {
      canvas.write(
        "type to search; Enter does the row", x: field.x + 1, y: field.y, style: .dim, in: field)
    }
    canvas.cursor = Point(x: field.x + typed.cursorColumn, y: field.y)
    let list = helpArea(area)
    browser.help.setRows(rows.count, height: list.height)
    let keyWidth = min(22, list.width / 3)
    ListWidget(cursor: browser.help.cursor, isFocused: true).draw(on: &canvas, in: list) {
      canvas, index, rect, mark in
      let row = rows[index]
      let keys = TextLayout.truncate(row.keyNames, width: keyWidth, widths: canvas.widths)
      canvas.write(keys, x: rect.x + 1, y: rect.y, style: mark(.accent), in: rect)
      let place = row.scope.rawValue
      let x = rect.x + keyWidth + 3
      let room = rect.maxX - 1 - x - (rect.width > 56 ? place.count + 2 : 0)
      canvas.write(
        TextLayout.truncate(row.title, width: room, widths: canvas.widths), x: x, y: rect.y,
        style: mark(.overlay), in: rect)
      if rect.width > 56 {
        canvas.write(
          place, x: rect.maxX - 1 - place.count, y: rect.y, style: mark(.dim), in: rect)
      }
    }
    if rows.isEmpty { MessageBlock.draw("No key does that.", on: &canvas, in: list) }
  }

  private func helpArea(_ area: Rect) -> Rect {
    Rect(x: area.x - 1, y: area.y + 2, width: area.width + 2, height: max(1, area.height - 2))
  }

  // MARK: Clicks

  /// What a click asks for: an answer, a row of the help; outside of the window it closes it.
  func command(at point: Point, canvas: Canvas, clicks: Int) -> Command? {
    var scratch = canvas
    switch browser.overlay {
    case .confirmation(let question):
      let area = questionWindow(question, on: &scratch)
      return buttons(of: question, in: area).first { $0.1.contains(point) }.map {
        .choose($0.0)
      }
    case .help:
      let area = helpArea(window(76, canvas.size.height - 4, "Keys", on: &scratch))
      let list = ListWidget(cursor: browser.help.cursor, isFocused: true)
      guard let row = list.row(at: point, in: area) else { return nil }
      return clicks > 1 ? .accept : .choose(row)
    default:
      return nil
    }
  }
}
