import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// The position of every part of a form, in rows and columns.
///
/// Rows are counted from the top of the form, before scrolling; columns from the pane's left edge.
struct FormLayout {
  /// One field's rows: its control, any problem, and its description while it's in focus.
  struct Item {
    /// The index in `InputForm.fields`.
    var field: Int
    var isFocused: Bool
    var top: Int
    /// The number of rows in the control, not counting the row with the name.
    var controlRows: Int
    var problem: [Substring]
    var summary: [Substring]
    /// What there is to say about a file: its size and type, or how far it has been sent.
    var file: FileRow?
    /// The wrapped text of a multiline control.
    var rows: TextRows?
    /// 1 if the name has its own row above the control, otherwise 0.
    var nameRows: Int
    /// The control's first column and its width.
    var x: Int
    var width: Int

    var height: Int {
      nameRows + controlRows + problem.count + (file == nil ? 0 : 1) + summary.count
    }
    var controlTop: Int { top + nameRows }
  }

  /// The line below a file field.
  enum FileRow: Hashable {
    case note(FileNote)
    case progress(FileProgress)
  }

  var items: [Item] = []
  var height = 0
  /// What the rows of a field that isn't in focus depend on, beside the field.
  let frame: Frame
  /// Whether names go on their own rows above the controls. Small controls still share a row with
  /// theirs.
  let isStacked: Bool
  let nameX = 3
  let nameWidth: Int
  let controlX: Int
  let controlWidth: Int
  /// 0 if there is no space for hints.
  let hintWidth: Int
  let hintEnd: Int

  /// The first column of small controls in a stacked form, to the right of their names.
  private let inlineX: Int

  static let numberWidth = 14
  static let widestHint = 16
  static let restingRows = 3
  static let focusedRows = 6

  @MainActor
  init(_ form: InputForm, size: Size, widths: WidthTable, cache: FormLayoutCache) {
    // Lines that span a wide screen are hard to follow.
    let width = min(size.width, 124)
    let fields = form.fields
    let visible = form.visible
    let focus = form.focus
    var widestName = 0
    var widestHint = 0
    var widestSmall = 0
    var smallCount = 0
    cache.measure(fields, visible, widths) { measures in
      widestName = max(widestName, measures.name)
      widestHint = max(widestHint, measures.hint)
      guard measures.isSmall else { return }
      widestSmall = max(widestSmall, measures.name)
      smallCount += 1
    }
    isStacked = width < 56
    hintEnd = width - 1
    if isStacked {
      nameWidth = max(1, width - nameX - 1)
      controlX = min(nameX, max(0, width - 12))
      hintWidth = width < 34 ? 0 : min(widestHint, 15)
      controlWidth = max(1, width - controlX - 1)
      inlineX = nameX + min(widestSmall, max(8, width - 22)) + 2
    } else {
      inlineX = 0
      nameWidth = min(widestName, max(14, width * 3 / 8), 34)
      controlX = nameX + nameWidth + 2
      hintWidth = min(widestHint, Self.widestHint)
      controlWidth = max(1, hintEnd - hintWidth - 2 - controlX)
    }
    let small = isStacked ? smallCount : visible.count
    // Adds blank rows between fields. Depends only on what typing can't change, so that nothing
    // jumps.
    let hasSpacing = small + 2 * (visible.count - small) + visible.count + 7 <= size.height
    frame = Frame(size: size, nameWidth: nameWidth, hintWidth: hintWidth, inlineX: inlineX)
    let progress = form.files.progress
    items.reserveCapacity(visible.count)
    for (place, index) in visible.enumerated() {
      if hasSpacing, place > 0 { height += 1 }
      var file = place == focus ? form.fileNote.map(FileRow.note) : nil
      if let progress {
        let name = fields[index].name
        if progress.field == name || progress.field.hasPrefix(name + ".") {
          file = .progress(progress)
        }
      }
      var item: Item
      if place == focus || file != nil {
        item = self.item(
          fields[index], index, isFocused: place == focus, file: file, size, widths, cache,
          isExpanded: place == focus && form.isExpanded)
      } else {
        item = cache.restingItem(index, frame) {
          self.item(fields[index], index, isFocused: false, file: nil, size, widths, cache)
        }
      }
      item.top = height
      items.append(item)
      height += item.height
    }
  }

  /// What the rows of a field depend on, besides the field.
  struct Frame: Equatable {
    var size: Size
    var nameWidth: Int
    var hintWidth: Int
    var inlineX: Int
  }

  @MainActor
  private func item(
    _ field: FormField, _ index: Int, isFocused: Bool, file: FileRow?, _ size: Size,
    _ widths: WidthTable, _ cache: FormLayoutCache, isExpanded: Bool = false
  ) -> Item {
    var item = Item(
      field: index, isFocused: isFocused, top: 0, controlRows: 1, problem: [], summary: [],
      nameRows: 0, x: controlX, width: controlWidth)
    if isStacked {
      let name = TextLayout.width(of: field.name, widths) + (field.isRequired ? 1 : 0)
      let room = hintEnd - inlineX
      if Self.isSmall(field), room >= 10, nameX + name + 2 <= inlineX {
        (item.x, item.width) = (inlineX, room)
      } else if size.height > 3 {
        item.nameRows = 1
      }
    }
    let nameRows = item.nameRows
    let textWidth = max(8, min(hintEnd - controlX, 84))
    if let problem = field.problem, size.height > nameRows + 1 {
      let lines = TextLayout.wrap(
        TextLayout.sanitize(problem.prefix(600)), width: textWidth, widths: widths)
      let most = max(0, isFocused ? min(3, size.height - nameRows - 1) : 1)
      item.problem = Array(lines.prefix(most))
      if lines.count > most, let last = item.problem.popLast() {
        item.problem.append(
          TextLayout.truncate("\(last) \(lines[most])", width: textWidth, widths: widths)[...])
      }
    }
    let free = max(1, size.height - nameRows - item.problem.count)
    if let list = field.control.list {
      let lines = ListRowsWidget.lines(of: list, isFocused: isFocused)
      let limit = isFocused ? max(Self.focusedRows, size.height / 2) : Self.restingRows
      item.controlRows = min(lines, limit, free)
    } else if let buffer = field.shownText, buffer.allowsNewlines {
      let measure = TextFieldWidget.measure(widths)
      if isFocused {
        let rows = cache.text.rows(of: buffer.text, columns: textColumns, width: measure)
        item.controlRows = isExpanded ? free : min(rows.count, Self.focusedRows, free)
        item.rows = rows
      } else {
        let limit = Self.restingRows
        let rows = TextRows(buffer.text, columns: textColumns, limit: limit, width: measure)
        item.controlRows = min(rows.count, limit, free)
        item.rows = rows
      }
    }
    if size.height > nameRows + item.controlRows + item.problem.count { item.file = file }
    if isFocused {
      let free = size.height - item.height
      if free > 0 {
        let lines = TextLayout.wrap(
          TextLayout.sanitize(describe(field, item, widths)), width: textWidth, widths: widths
        ).filter { !$0.isEmpty }
        item.summary = Array(lines.prefix(min(free, 5)))
        if lines.count > item.summary.count, let last = item.summary.last {
          item.summary[item.summary.count - 1] =
            TextLayout.truncate(
              "\(last) …", width: textWidth, widths: widths)[...]
        }
      }
    }
    return item
  }

  /// Whether a control is small enough to sit next to its name on narrow screens.
  static func isSmall(_ field: FormField) -> Bool {
    switch field.control {
    case .boolean, .integer, .number: true
    case .enumeration(let choices, _):
      choices.prefix(50).allSatisfy { choice in
        choice.serialized().utf8.count < 14 && field.label(of: choice).utf8.count < 14
      }
    case .text, .secret, .file, .list, .json: false
    }
  }

  /// The width of wrapped text: one column less than the field, to leave space for the cursor after
  /// a full row.
  var textColumns: Int { max(1, controlWidth - padding - 1) }

  /// The blank columns before the text in a field.
  var padding: Int { controlWidth >= 20 ? 1 : 0 }

  /// The field's description, its default if it has been changed, and its bounds if there is no room
  /// for them next to the control.
  private func describe(_ field: FormField, _ item: Item, _ widths: WidthTable) -> String {
    var parts = field.isDeprecated ? ["Deprecated."] : []
    if !field.hint.isEmpty, !showsHint(of: field, item, widths) { parts.append(field.hint) }
    if !field.summary.isEmpty { parts.append(String(field.summary.prefix(1000))) }
    if let value = field.input.defaultValue, field.state == .explicit,
      value.array?.count ?? value.object?.count ?? 0 <= 20
    {
      let text = value.bool.map { $0 ? "on" : "off" } ?? field.label(of: value)
      if !text.isEmpty, text.utf8.count <= 40 { parts.append("Default: \(text)") }
    }
    return parts.joined(separator: "\n")
  }

  /// Whether the hint fits next to the control, whole.
  func showsHint(of field: FormField, _ item: Item, _ widths: WidthTable) -> Bool {
    guard hintWidth > 0 else { return false }
    let width = TextLayout.width(of: field.hint, widths)
    return width <= hintWidth && controlEnd(field, item, widths) + 1 < hintEnd - width
  }

  /// The first free column after the control and its name.
  private func controlEnd(_ field: FormField, _ item: Item, _ widths: WidthTable) -> Int {
    guard isStacked else { return item.x + item.width }
    if item.nameRows == 1 {
      return nameX + TextLayout.width(of: field.name, widths) + (field.isRequired ? 1 : 0)
    }
    let boxEnd = item.x + min(boxWidth(of: field, item), item.width)
    switch field.control {
    case .enumeration:
      let text = field.choice ?? field.placeholder
      return item.x + TextLayout.width(of: text, widths) + 4
    case .integer, .number:
      return field.isSeed ? boxEnd + 2 + diceWidth(of: field, item) : boxEnd
    default: return item.x + item.width
    }
  }

  /// The width of the field that holds the text.
  func boxWidth(of field: FormField, _ item: Item) -> Int {
    switch field.control {
    case .integer(let buffer, _), .number(let buffer, _):
      let least = item.nameRows == 0 && isStacked ? 8 : Self.numberWidth
      return max(least, min(buffer.text.utf8.count + 1 + padding, 40))
    default: return item.width
    }
  }

  /// The width of the dice next to a seed: with its name, alone, or none.
  func diceWidth(of field: FormField, _ item: Item) -> Int {
    let room = item.width - min(boxWidth(of: field, item), item.width) - 2
    return room >= 8 ? 8 : room >= 1 ? 1 : 0
  }

  /// The first visible row. Scrolls only as far as needed to show the whole focused item; an item
  /// taller than the screen shows its beginning.
  static func offset(previous: Int, top: Int, height: Int, total: Int, visible: Int) -> Int {
    var offset = min(max(0, previous), max(0, total - visible))
    if top + height > offset + visible { offset = top + height - visible }
    if top < offset { offset = top }
    return max(0, offset)
  }
}

/// Arithmetic for scroll bars and short lists.
enum Scrolling {
  /// The rows of the scroll bar's thumb, or nil if every row is visible.
  static func thumb(count: Int, top: Int, height: Int) -> Range<Int>? {
    guard count > height, height > 0 else { return nil }
    let size = max(1, height * height / count)
    let room = height - size
    let start = min(room, (top * room + (count - height) / 2) / max(1, count - height))
    return start..<start + size
  }

  /// The first visible row, scrolled only as far as needed to show the selected one.
  static func top(previous: Int, selected: Int, count: Int, height: Int) -> Int {
    var top = min(max(0, previous), max(0, count - height))
    if selected < top { top = selected }
    if selected >= top + height { top = selected - height + 1 }
    return max(0, top)
  }
}
