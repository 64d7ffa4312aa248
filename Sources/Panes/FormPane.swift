import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// Draws the form of a model's inputs and reports what can be clicked.
///
/// The owner draws the frame. This pane remembers its scroll position.
@MainActor
final class FormPane {
  private var memory = Memory()

  /// The form's status for the title: "1 invalid · 2 required · 1 changed", and what of it has to be
  /// shown at any width.
  static func title(
    _ form: InputForm, _ borders: BorderSet
  ) -> (text: String, least: String, style: Style) {
    let counts = form.counts
    var parts: [String] = []
    if counts.invalid > 0 { parts.append("\(counts.invalid) invalid") }
    if counts.missing > 0 { parts.append("\(counts.missing) required") }
    let isWrong = !parts.isEmpty
    if counts.changed > 0 { parts.append("\(counts.changed) changed") }
    var runs: String?
    if counts.isSwept, let count = form.runCount {
      runs = "\(NumberText.grouped(count)) \(count == 1 ? "run" : "runs")"
    }
    if let runs { parts.append(runs) }
    return (
      parts.joined(separator: borders.isASCII ? ", " : " · "),
      (isWrong ? parts.first : runs) ?? "",
      counts.invalid > 0 ? .invalid : counts.missing > 0 ? .required : .count
    )
  }

  func draw(
    _ form: InputForm, on canvas: inout Canvas, in rect: Rect, _ context: PaneContext
  ) -> Drawn {
    let rect = rect.intersection(canvas.bounds)
    guard !rect.isEmpty else { return Drawn() }
    memory.adopt(form)
    let notes = noteLines(form, in: rect, canvas.widths)
    let area = fieldArea(form, in: rect, noteCount: notes.count)
    let layout = FormLayout(form, size: area.size, widths: canvas.widths, cache: memory.layout)
    var drawn = Drawn(
      size: .form(
        fieldsPerPage: max(1, area.height * layout.items.count / max(1, layout.height)),
        textColumns: layout.textColumns))
    for (index, line) in notes.enumerated() {
      canvas.write(
        line.text, x: rect.x + 1, y: area.y - notes.count + index, style: line.style, in: rect)
    }
    if form.filter != nil, area.y > rect.y {
      drawn.cursor = drawFilter(form, on: &canvas, in: rect, context)
      drawn.regions.append(
        ClickRegion(
          Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), .form(.startFilter)))
    }
    guard !layout.items.isEmpty else {
      let text = form.fields.isEmpty ? "This model takes no inputs." : "No matching fields."
      canvas.write(
        TextLayout.truncate(text, width: area.width - 2, widths: canvas.widths),
        x: area.x + 1, y: area.y, style: .dim, in: area)
      return drawn
    }
    let offset = memory.offset(form, layout, height: area.height)
    let isTyping = context.isFocused && form.picker == nil && !form.isFiltering
    let fields = form.fields
    func row(_ item: FormLayout.Item, _ field: FormField) -> FieldRow {
      let look: TextFieldWidget.Look =
        !item.isFocused || !context.isFocused
        ? .resting : form.isValueSelected ? .selected : .focused
      return FieldRow(
        field: field, item: item, layout: layout, area: area, y: area.y - offset,
        borders: context.borders, look: look)
    }
    let isASCII = context.borders.isASCII
    var focusedTop = 0
    for item in layout.items
    where item.top + item.height > offset && item.top < offset + area.height {
      let lines = Rect(
        x: area.x, y: area.y - offset + item.top, width: area.width, height: item.height)
      let isKept = !item.isFocused && item.file == nil && area.intersection(lines) == lines
      if isKept,
        memory.layout.redraw(item.field, layout.frame, isASCII: isASCII, on: &canvas, in: lines)
      {
        continue
      }
      let textTop = memory.textTop(of: item, in: form)
      if item.isFocused { focusedTop = textTop }
      let cursor = row(item, fields[item.field]).draw(on: &canvas, textTop: textTop)
      if item.isFocused, isTyping, let cursor, area.contains(cursor) { drawn.cursor = cursor }
      if isKept {
        memory.layout.keep(item.field, layout.frame, isASCII: isASCII, from: canvas, in: lines)
      }
    }
    let widths = canvas.widths
    // Whoever kept the fields would have all of them copied at the next key.
    drawn.regions.append(
      ClickRegion(area) { [focusedTop] point, _ in
        let y = point.y - area.y + offset
        guard
          let item = layout.items.first(where: { ($0.top..<$0.top + $0.height).contains(y) }),
          form.fields.indices.contains(item.field)
        else { return nil }
        return .form(
          row(item, form.fields[item.field]).command(
            at: point, textTop: item.isFocused ? focusedTop : 0, widths))
      })
    if let thumb = Scrolling.thumb(count: layout.height, top: offset, height: area.height) {
      let above = area.y - rect.y
      drawn.thumb = thumb.lowerBound + above..<thumb.upperBound + above
    }
    drawPicker(form, on: &canvas, in: rect, area, layout, offset, context, &drawn)
    drawCompletion(form, on: &canvas, in: area, layout, offset, context, &drawn)
    return drawn
  }

  /// The area for fields: the whole pane, minus the filter's line and the notes.
  private func fieldArea(_ form: InputForm, in rect: Rect, noteCount: Int) -> Rect {
    let used = (form.filter != nil && rect.height > 1 ? 1 : 0) + noteCount
    return Rect(x: rect.x, y: rect.y + used, width: rect.width, height: rect.height - used)
  }

  /// Where the values are from, what couldn't be taken over, and the run options, in at most a third
  /// of the pane.
  private func noteLines(
    _ form: InputForm, in rect: Rect, _ widths: WidthTable
  ) -> [(text: Substring, style: Style)] {
    var options = form.runOptions?.options.words ?? []
    if form.runOptions?.isValid == false { options.append("some of them are invalid") }
    let extras = form.extrasProblem.map { ["\($0) F2 shows them."] } ?? []
    guard !form.notes.isEmpty || !options.isEmpty || !extras.isEmpty, rect.height >= 5 else {
      return []
    }
    let most = max(1, rect.height / 3)
    let width = max(8, min(rect.width - 2, 124))
    let last = options.isEmpty ? [] : ["F7: \(options.joined(separator: ", "))"]
    let lines = last.map { ($0, Style.label) } + extras.map { ($0, Style.warning) }
    let set = lines.map { text, style in
      let line = TextLayout.sanitizedLine(text, atMost: 600)
      return (text: TextLayout.truncate(line, width: width, widths: widths)[...], style: style)
    }
    let style: Style = form.notes.isComplete ? .dim : .warning
    let notes = noteLines(form.notes, most: max(1, most - set.count), width, widths)
    return notes.map { ($0, style) } + set
  }

  private func noteLines(
    _ notes: FormNotes, most: Int, _ width: Int, _ widths: WidthTable
  ) -> [Substring] {
    guard !notes.isEmpty else { return [] }
    let lines = notes.lines.flatMap {
      TextLayout.wrap(TextLayout.sanitize($0.prefix(600)), width: width, widths: widths)
    }
    if lines.count <= most { return lines }
    let summary = TextLayout.wrap(
      TextLayout.sanitize(notes.summary.prefix(2000)), width: width, widths: widths)
    guard summary.count > most else { return summary }
    let last = TextLayout.truncate("\(summary[most - 1]) …", width: width, widths: widths)
    return summary.prefix(max(0, most - 1)) + [last[...]]
  }

  /// Draws the field filter. Returns the cursor's position while the filter is being typed.
  private func drawFilter(
    _ form: InputForm, on canvas: inout Canvas, in rect: Rect, _ context: PaneContext
  ) -> Point? {
    guard let filter = form.filter else { return nil }
    let line = Rect(x: rect.x, y: rect.y, width: rect.width, height: 1)
    let count = "\(form.visible.count) of \(form.fields.count)"
    canvas.write("/", x: line.x + 1, y: line.y, style: .accent.bold(), in: line)
    let field = Rect(
      x: line.x + 2, y: line.y, width: max(1, min(40, line.width - count.count - 5)), height: 1
    ).intersection(line)
    let isTyping = form.isFiltering && context.isFocused
    let column = TextFieldWidget(
      buffer: filter, placeholder: "field name", look: isTyping ? .focused : .resting,
      isASCII: context.isASCII
    ).drawLine(on: &canvas, in: field)
    canvas.write(count, x: field.maxX + 1, y: line.y, style: .dim, in: line)
    let cursor = Point(x: field.x + column, y: field.y)
    return isTyping && field.contains(cursor) ? cursor : nil
  }

  private func drawCompletion(
    _ form: InputForm, on canvas: inout Canvas, in area: Rect, _ layout: FormLayout,
    _ offset: Int, _ context: PaneContext, _ drawn: inout Drawn
  ) {
    guard let completion = form.files.completion,
      let item = layout.items.first(where: { $0.field == completion.field })
    else { return }
    let widget = CompletionWidget(completion: completion, borders: context.borders)
    let frame = widget.frame(
      in: area, below: area.y + item.controlTop + item.controlRows - 1 - offset,
      at: area.x + item.x, canvas.widths)
    let top = Scrolling.top(
      previous: completion.selected - frame.list.height / 2, selected: completion.selected,
      count: completion.choices.count, height: frame.list.height)
    widget.draw(from: top, on: &canvas, in: frame)
    drawn.regions += [
      ClickRegion(frame.outer) { _, _ in nil },
      ClickRegion(frame.list) { point, _ in .form(.completionRow(top + point.y - frame.list.y)) },
    ]
  }

  private func drawPicker(
    _ form: InputForm, on canvas: inout Canvas, in rect: Rect, _ area: Rect,
    _ layout: FormLayout, _ offset: Int, _ context: PaneContext, _ drawn: inout Drawn
  ) {
    guard let picker = form.picker,
      let item = layout.items.first(where: { $0.field == picker.field })
    else { return }
    let widget = PickerWidget(picker: picker, borders: context.borders)
    let frame = widget.frame(
      in: rect, below: area.y + item.controlTop - offset, at: area.x + item.x, canvas.widths)
    let top = memory.pickerTop(picker, height: frame.list.height)
    drawn.cursor = widget.draw(frame, from: top, on: &canvas, isFocused: context.isFocused)
    drawn.regions += [
      ClickRegion(rect, .form(.escape)),
      ClickRegion(frame.outer) { _, _ in nil },
      ClickRegion(frame.list) { point, _ in .form(.pickerRow(top + point.y - frame.list.y)) },
    ]
  }
}

extension FormPane {
  /// The scroll positions of the form, the text in focus, and an open list.
  @MainActor
  private final class Memory {
    var layout = FormLayoutCache()
    private weak var form: InputForm?
    private var offset = 0
    private var text: (field: Int, top: Int) = (-1, 0)
    private var list: (field: Int, top: Int) = (-1, 0)

    /// Starts over when a different form is shown.
    func adopt(_ shown: InputForm) {
      guard form !== shown else { return }
      form = shown
      layout = FormLayoutCache()
      offset = 0
      text = (-1, 0)
      list = (-1, 0)
    }

    func offset(_ form: InputForm, _ layout: FormLayout, height: Int) -> Int {
      if form.picker == nil { list = (-1, 0) }
      guard let item = layout.items.first(where: \.isFocused) else { return 0 }
      offset = FormLayout.offset(
        previous: offset, top: item.top, height: item.height, total: layout.height,
        visible: height)
      return offset
    }

    /// The first visible row of the text in focus.
    func textTop(of item: FormLayout.Item, in form: InputForm) -> Int {
      guard item.isFocused else { return 0 }
      let field = form.fields[item.field]
      let place: (row: Int, count: Int)
      if let list = field.control.list {
        place = (list.selected, ListRowsWidget.lines(of: list, isFocused: true))
      } else if let rows = item.rows, let buffer = field.shownText {
        place = (rows.row(of: buffer.cursor), rows.count)
      } else {
        return 0
      }
      let top = Scrolling.top(
        previous: text.field == item.field ? text.top : 0, selected: place.row,
        count: place.count, height: item.controlRows)
      text = (item.field, top)
      return top
    }

    func pickerTop(_ picker: FormPicker, height: Int) -> Int {
      // A list opens with the current choice in the middle.
      let previous = list.field == picker.field ? list.top : picker.selected - height / 2
      let top = Scrolling.top(
        previous: previous, selected: picker.selected, count: picker.matches.count, height: height)
      list = (picker.field, top)
      return top
    }
  }
}

/// Draws one field of a form.
private struct FieldRow {
  let field: FormField
  let item: FormLayout.Item
  let layout: FormLayout
  let area: Rect
  /// The screen row where the form starts, before scrolling.
  let y: Int
  let borders: BorderSet
  let look: TextFieldWidget.Look

  private var isASCII: Bool { borders.isASCII }
  private var controlY: Int { y + item.controlTop }

  /// Draws the field. Returns the cursor's position in its text.
  func draw(on canvas: inout Canvas, textTop: Int) -> Point? {
    if item.isFocused {
      let bar = Rect(x: area.x, y: y + item.top, width: 1, height: item.height)
      canvas.fill(
        bar.intersection(area), isASCII ? "|" : "▌", style: look == .resting ? .dim : .accent)
    }
    drawName(on: &canvas)
    drawHint(on: &canvas, textTop: textTop)
    let cursor = drawControl(on: &canvas, textTop: textTop)
    var line = controlY + item.controlRows
    for text in item.problem {
      canvas.write(text, x: area.x + layout.controlX, y: line, style: .failure, in: area)
      line += 1
    }
    if let file = item.file {
      let row = Rect(
        x: area.x + layout.controlX, y: line, width: max(0, layout.hintEnd - layout.controlX),
        height: 1)
      draw(file, on: &canvas, in: row)
      line += 1
    }
    for text in item.summary {
      canvas.write(text, x: area.x + layout.controlX, y: line, style: .dim, in: area)
      line += 1
    }
    return cursor
  }

  private func draw(_ file: FormLayout.FileRow, on canvas: inout Canvas, in rect: Rect) {
    let rect = rect.intersection(area)
    switch file {
    case .note(let note):
      let text = TextLayout.truncate(
        TextLayout.sanitizedLine(FileWords.note(note, isASCII: isASCII), atMost: 400),
        width: rect.width, ellipsis: isASCII ? "~" : "…", widths: canvas.widths)
      let style: Style = if case .problem = note { .warning } else { .accent }
      canvas.write(text, x: rect.x, y: rect.y, style: style, in: rect, isForeign: true)
    case .progress(let progress):
      let words = FileWords.progress(progress)
      let width = max(0, min(30, rect.width - words.count - 2))
      ProgressBar.draw(
        progress.fraction, on: &canvas,
        in: Rect(x: rect.x, y: rect.y, width: width, height: 1).intersection(rect),
        borders: borders)
      canvas.write(
        words, x: rect.x + (width > 0 ? width + 1 : 0), y: rect.y, style: .running, in: rect)
    }
  }

  private func drawName(on canvas: inout Canvas) {
    let (mark, style): (String, Style) =
      switch field.mark {
      case .none: (" ", .normal)
      case .required: ("*", .required)
      case .changed: (isASCII ? "o" : "●", .changed)
      case .invalid: ("!", .invalid.bold())
      }
    let line = y + item.top
    canvas.write(mark, x: area.x + 1, y: line, style: style, in: area)
    // A three-row screen has space only for the control.
    guard item.nameRows == 1 || item.x > layout.nameX else { return }
    let star = field.isRequired ? 1 : 0
    let name = TextLayout.truncate(
      field.name, width: layout.nameWidth - star, widths: canvas.widths)
    let x = area.x + layout.nameX
    let nameStyle: Style = field.isDeprecated ? .dim : .label.bold()
    let used = canvas.write(name, x: x, y: line, style: nameStyle, in: area)
    if star == 1 { canvas.write("*", x: x + used, y: line, style: .required, in: area) }
  }

  private func drawHint(on canvas: inout Canvas, textTop: Int) {
    guard layout.hintWidth > 0 else { return }
    let line = y + item.top
    // A bound that is cut short would be another bound.
    if layout.showsHint(of: field, item, canvas.widths) {
      let width = TextLayout.width(of: field.hint, canvas.widths)
      canvas.write(
        field.hint, x: area.x + layout.hintEnd - width, y: line, style: .dim, in: area)
    }
    if !layout.isStacked, item.isFocused, item.controlRows > 1, let place = placeInText {
      canvas.write(
        place, x: area.x + layout.hintEnd - place.count, y: controlY + item.controlRows - 1,
        style: .dim, in: area)
    }
  }

  /// The cursor's row and how many there are, where not all are visible.
  private var placeInText: String? {
    if let list = field.control.list {
      return list.rows.count > item.controlRows
        ? "\(min(list.selected + 1, list.rows.count))/\(list.rows.count)" : nil
    }
    guard let rows = item.rows, rows.count > item.controlRows, let buffer = field.shownText
    else { return nil }
    return "\(rows.row(of: buffer.cursor) + 1)/\(rows.count)"
  }

  // MARK: Controls

  private func drawControl(on canvas: inout Canvas, textTop: Int) -> Point? {
    switch field.control {
    case .text, .json:
      guard let widget, let rows = item.rows else { return nil }
      canvas.fill(boxRect.intersection(area), style: widget.style)
      let place = widget.drawRows(
        rows, from: textTop, on: &canvas, in: fieldRect, clip: area)
      return place.map { Point(x: fieldRect.x + $0.x, y: fieldRect.y + $0.y) }
    case .secret, .file, .integer, .number:
      guard let widget, controlY >= area.y, controlY < area.maxY else { return nil }
      canvas.fill(boxRect.intersection(area), style: widget.style)
      let rect = fieldRect
      let column = widget.drawLine(on: &canvas, in: rect.intersection(area))
      if field.isSeed { drawDice(on: &canvas) } else { drawSlider(on: &canvas) }
      return Point(x: rect.x + min(column, rect.width - 1), y: rect.y)
    case .list:
      return listWidget?.draw(from: textTop, on: &canvas, in: listRect, clip: area)
    case .boolean(let isOn):
      choiceWidget.draw(
        isOn, placeholder: field.placeholder, on: &canvas, at: controlPoint, in: area)
      return nil
    case .enumeration:
      choiceWidget.draw(
        field.choice, placeholder: field.placeholder, on: &canvas, at: controlPoint,
        width: item.width, in: area)
      return nil
    }
  }

  private var controlPoint: Point { Point(x: area.x + item.x, y: controlY) }

  private var choiceWidget: ChoiceWidget {
    ChoiceWidget(isASCII: isASCII, isFocused: look != .resting, style: style(of: .value))
  }

  private var listWidget: ListRowsWidget? {
    field.control.list.map {
      ListRowsWidget(
        list: $0, look: look, valueStyle: valueStyle, placeholder: field.placeholder,
        isASCII: isASCII, titles: field.input.choiceTitles, shortText: field.shortText)
    }
  }

  private var listRect: Rect {
    Rect(x: area.x + item.x, y: controlY, width: item.width, height: item.controlRows)
  }

  /// The part of the field that holds the text.
  private var fieldRect: Rect {
    let box = boxRect
    return Rect(
      x: box.x + layout.padding, y: box.y, width: box.width - layout.padding, height: box.height)
  }

  /// The field, including the blank column before its text.
  private var boxRect: Rect {
    let width = layout.boxWidth(of: field, item)
    return Rect(
      x: area.x + item.x, y: controlY, width: min(width, item.width),
      height: item.controlRows)
  }

  private var widget: TextFieldWidget? {
    field.shownText.map {
      TextFieldWidget(
        buffer: $0, placeholder: field.placeholder,
        mask: field.isSecret ? (isASCII ? "*" : "•") : nil, look: look, valueStyle: valueStyle,
        isASCII: isASCII)
    }
  }

  private var valueStyle: Style {
    .field.dimmed(field.state != .explicit || field.isDeprecated)
  }

  /// A value is dimmed until the user sets it.
  private func style(of role: Style.Role) -> Style {
    Style(role).dimmed(field.state != .explicit || field.isDeprecated)
  }

  private func drawSlider(on canvas: inout Canvas) {
    guard let fraction = field.fraction else { return }
    let x = boxRect.maxX + 2
    guard !layout.isStacked || item.nameRows == 1 else { return }
    let width = min(24, area.x + item.x + item.width - x)
    guard width >= 6 else { return }
    let knob = Int(clamping: (fraction * Double(width - 1)).rounded())
    let bar = Style.accent.dimmed(field.state != .explicit)
    func line(_ columns: Range<Int>) -> Rect {
      Rect(x: x + columns.lowerBound, y: controlY, width: columns.count, height: 1)
        .intersection(area)
    }
    canvas.fill(line(0..<knob), isASCII ? "=" : "━", style: bar)
    canvas.write(isASCII ? "O" : "●", x: x + knob, y: controlY, style: bar, in: area)
    canvas.fill(line(min(width, knob + 1)..<width), isASCII ? "-" : "─", style: .border)
  }

  private var diceRect: Rect {
    let width = layout.diceWidth(of: field, item)
    return Rect(x: boxRect.maxX + 2, y: controlY, width: width, height: 1)
  }

  private func drawDice(on canvas: inout Canvas) {
    let rect = diceRect
    let style: Style = look == .resting ? .dim : .accent
    canvas.write(isASCII ? "# random" : "⚄ random", x: rect.x, y: rect.y, style: style, in: rect)
  }

  // MARK: Clicks

  func command(at point: Point, textTop: Int, _ widths: WidthTable) -> FormCommand {
    let x = point.x - area.x
    let isControl =
      point.y >= controlY && point.y < controlY + item.controlRows && x >= item.x
    guard isControl else { return .focus(item.field) }
    if field.isSeed, diceRect.contains(point) { return .randomSeed }
    switch field.control {
    case .list:
      let line = textTop + point.y - controlY
      return listWidget?.command(at: point, line: line, of: item.field, in: listRect, widths)
        ?? .focus(item.field)
    case .boolean, .enumeration:
      return x < item.x + item.width ? .press(item.field) : .focus(item.field)
    case .text, .json:
      guard boxRect.contains(point), let rows = item.rows, let text = field.shownText?.text
      else { return .focus(item.field) }
      let place = rows.place(
        row: textTop + point.y - fieldRect.y, column: point.x - fieldRect.x,
        width: TextFieldWidget.measure(widths))
      return .place(item.field, offset: text.utf8.distance(from: text.startIndex, to: place))
    case .secret, .file, .integer, .number:
      guard boxRect.contains(point), let widget else { return .focus(item.field) }
      return .place(
        item.field,
        offset: widget.offset(
          atColumn: point.x - fieldRect.x, width: fieldRect.width, widths))
    }
  }
}
