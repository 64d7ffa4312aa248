import TerminalKit
import ViewModels

/// The contents of a table cell.
struct TableCell {
  var text: String
  var style: Style
  /// Whether the text isn't ours, so that it has none of our marks.
  var isForeign: Bool

  init(_ text: String, _ style: Style = .normal, isForeign: Bool = true) {
    self.text = text
    self.style = style
    self.isForeign = isForeign
  }
}

/// The room that a table column takes, whatever is in it.
struct TableColumnShape: Hashable {
  /// The ID of the view-model's column.
  var id: String
  /// The smallest useful width.
  var least: Int
  /// The column's share of the spare width. 0 keeps its smallest width.
  var weight: Int
  var most: Int
  var isRightAligned: Bool
  /// When there isn't enough space, the columns with the lowest importance are dropped first.
  var importance: Int
}

/// How a table column is drawn.
struct TableColumn<Row> {
  var shape: TableColumnShape
  var cell: @MainActor (Row, PaneContext) -> TableCell

  init(
    _ id: String, least: Int, weight: Int = 0, most: Int = .max, isRightAligned: Bool = false,
    importance: Int, cell: @escaping @MainActor (Row, PaneContext) -> TableCell
  ) {
    shape = TableColumnShape(
      id: id, least: least, weight: weight, most: most, isRightAligned: isRightAligned,
      importance: importance)
    self.cell = cell
  }
}

/// The positions of a table's columns at one width.
struct TableLayout: Hashable {
  struct Column: Hashable {
    /// The column's index among all of the table's columns.
    var index: Int
    var x: Int
    var width: Int
  }

  var columns: [Column] = []

  init(_ definitions: [TableColumnShape], shown: Set<String>, width: Int) {
    // A narrow list has no room to waste on gaps.
    let gap = width < 36 ? 1 : 2
    var kept = definitions.indices.filter { shown.contains(definitions[$0].id) }
    func needed() -> Int {
      kept.reduce(0) { $0 + definitions[$1].least } + gap * max(0, kept.count - 1)
    }
    while kept.count > 1, needed() > width,
      let least = kept.min(by: { definitions[$0].importance < definitions[$1].importance })
    {
      kept.removeAll { $0 == least }
    }
    var widths = kept.map { definitions[$0].least }
    var room = width - needed()
    // Columns can reach their maximum width, so hand out what remains until nothing is left.
    while room > 0 {
      let growing = kept.indices.filter {
        definitions[kept[$0]].weight > 0 && widths[$0] < definitions[kept[$0]].most
      }
      let weights = growing.reduce(0) { $0 + definitions[kept[$1]].weight }
      guard weights > 0 else { break }
      var given = 0
      for index in growing {
        let column = definitions[kept[index]]
        let share = min(max(1, room * column.weight / weights), column.most - widths[index])
        let part = min(share, room - given)
        widths[index] += part
        given += part
      }
      if given == 0 { break }
      room -= given
    }
    var x = 0
    for (index, width) in zip(kept, widths) {
      columns.append(Column(index: index, x: x, width: width))
      x += width + gap
    }
    // A single column gets whatever width there is.
    if columns.count == 1 { columns[0].width = max(1, min(columns[0].width, width)) }
  }
}

/// A table with a cursor and clickable titles that sort it.
@MainActor
struct TableWidget {
  var place: PlaceID
  var cursor: ListCursor
  var rowCount: Int
  var shapes: [TableColumnShape]
  var layout: TableLayout
  /// The contents of a cell, by the numbers of its row and its column.
  var cell: (_ row: Int, _ column: Int) -> TableCell

  /// Whether the titles are shown. They need a row of space and more than one column.
  static func hasTitles(_ layout: TableLayout, height: Int) -> Bool {
    height >= 7 && layout.columns.count > 1
  }

  /// Draws the titles, if they fit, and the rows below them.
  ///
  /// - Parameters:
  ///   - infos: What the list says about its columns, for the titles.
  ///   - sort: The column that the list is sorted by.
  func draw(
    on canvas: inout Canvas, in area: Rect, _ context: PaneContext, infos: [ListColumnInfo],
    sort: ListSort?
  ) -> Drawn {
    var drawn = Drawn()
    let body = body(of: area)
    if body.y > area.y { drawTitles(infos, sort, on: &canvas, in: area, context, &drawn) }
    for index in cursor.visible where index < rowCount {
      guard let line = line(of: index, in: body) else { break }
      drawRow(index, on: &canvas, in: line, context)
    }
    addRows(in: area, to: &drawn)
    return drawn
  }

  /// The rows' part of the area, below the titles.
  private func body(of area: Rect) -> Rect {
    let titles = Self.hasTitles(layout, height: area.height) ? 1 : 0
    return Rect(x: area.x, y: area.y + titles, width: area.width, height: area.height - titles)
  }

  /// Adds what depends on the scroll position: the clickable rows and the scroll bar.
  private func addRows(in area: Rect, to drawn: inout Drawn) {
    let body = body(of: area)
    let count = min(cursor.visible.count, body.height)
    drawn.regions.append(
      ClickRegion(
        rows: Rect(x: body.x, y: body.y, width: body.width, height: count), of: place,
        from: cursor.top))
    drawn.thumb = nil
    guard body.height > 2,
      let thumb = Scrolling.thumb(count: cursor.count, top: cursor.top, height: body.height)
    else { return }
    let above = body.y - area.y
    drawn.thumb = thumb.lowerBound + above..<thumb.upperBound + above
  }

  /// Where a visible row is drawn. Nil if there is no room for it.
  private func line(of index: Int, in body: Rect) -> Rect? {
    let y = body.y + index - cursor.top
    return y < body.maxY ? Rect(x: body.x, y: y, width: body.width, height: 1) : nil
  }

  private func drawRow(
    _ index: Int, on canvas: inout Canvas, in line: Rect, _ context: PaneContext
  ) {
    let isSelected = index == cursor.selected
    if isSelected { canvas.fill(line, style: marked(.normal, context)) }
    for column in layout.columns {
      let cell = cell(index, column.index)
      let text = TextLayout.truncate(
        cell.text, width: column.width, ellipsis: context.isASCII ? "~" : "…",
        widths: canvas.widths)
      var x = line.x + 1 + column.x
      if shapes[column.index].isRightAligned {
        x += column.width - TextLayout.width(of: text, canvas.widths)
      }
      canvas.write(
        text, x: x, y: line.y, style: isSelected ? marked(cell.style, context) : cell.style,
        in: line, isForeign: cell.isForeign)
    }
  }

  /// Updates the table after its cursor has moved and nothing else has changed: moves the rows that
  /// stay visible, and draws the new ones and those that the cursor left and reached.
  ///
  /// - Parameters:
  ///   - old: The cursor as it was drawn in the same area.
  ///   - drawn: The result of drawing the table, which is updated.
  func drawMove(
    from old: ListCursor, on canvas: inout Canvas, in area: Rect, _ context: PaneContext,
    _ drawn: inout Drawn
  ) {
    let body = body(of: area)
    canvas.scroll(body, by: cursor.top - old.top)
    let kept = old.visible.prefix(body.height)
    for index in cursor.visible where index < rowCount {
      guard index == cursor.selected || index == old.selected || !kept.contains(index)
      else { continue }
      guard let line = line(of: index, in: body) else { break }
      canvas.fill(line)
      drawRow(index, on: &canvas, in: line, context)
    }
    guard cursor.top != old.top else { return }
    drawn.regions.removeLast()
    addRows(in: area, to: &drawn)
  }

  private func marked(_ style: Style, _ context: PaneContext) -> Style {
    context.isFocused ? style.selected : style.selectedUnfocused
  }

  private func drawTitles(
    _ infos: [ListColumnInfo], _ sort: ListSort?, on canvas: inout Canvas, in area: Rect,
    _ context: PaneContext, _ drawn: inout Drawn
  ) {
    let line = Rect(x: area.x, y: area.y, width: area.width, height: 1)
    for column in layout.columns {
      let definition = shapes[column.index]
      guard let info = infos.first(where: { $0.id == definition.id }) else { continue }
      let isSorted = sort?.column == info.id
      let mark: String =
        switch (isSorted, sort?.isDescending ?? false, context.isASCII) {
        case (false, _, _): ""
        case (true, true, false): "▾"
        case (true, false, false): "▴"
        case (true, true, true): "v"
        case (true, false, true): "^"
        }
      let text = TextLayout.truncate(
        info.title + mark, width: column.width, ellipsis: "", widths: canvas.widths)
      var x = line.x + 1 + column.x
      if shapes[column.index].isRightAligned {
        x += column.width - TextLayout.width(of: text, canvas.widths)
      }
      canvas.write(
        text, x: x, y: line.y, style: isSorted ? .accent : .dim.underlined(), in: line)
      if info.isSortable {
        drawn.regions.append(
          ClickRegion(
            Rect(x: line.x + 1 + column.x, y: line.y, width: column.width, height: 1),
            .sort(place, column: info.id)))
      }
    }
  }
}
