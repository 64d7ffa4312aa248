import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// Draws any list of rows. Lists differ only in their columns.
@MainActor
final class ListPane<Row: Identifiable>: Pane where Row.ID: Sendable {
  private let place: PlaceID
  private let list: PagedList<Row>
  private let shapes: [TableColumnShape]
  private let cells: [@MainActor (Row, PaneContext) -> TableCell]
  private let name: @MainActor () -> String
  /// The message for an empty list.
  private let empty: @MainActor () -> String
  /// The rows' name in the loading message, such as `the models`.
  private let noun: String
  /// The columns' positions as they were laid out last, and for what.
  private var laidOut: (width: Int, choice: [String]?, layout: TableLayout)?
  /// The rows as they were drawn last, and when all of them were.
  private var last: (cursor: ListCursor, drawn: Drawn, now: Double)?
  private let isCounting: @MainActor (Row) -> Bool
  /// The column that shows the age of rows, and when a row was made, in seconds since 1970.
  private let created: (column: String, time: @MainActor (Row) -> Double?)?

  init(
    _ place: any PlaceViewModel, _ list: PagedList<Row>, noun: String,
    name: (@MainActor () -> String)? = nil, empty: @escaping @MainActor () -> String,
    isCounting: @escaping @MainActor (Row) -> Bool = { _ in false },
    created: (column: String, time: @MainActor (Row) -> Double?)? = nil,
    columns: [TableColumn<Row>]
  ) {
    self.place = place.id
    self.list = list
    self.noun = noun
    let title = place.title
    self.name = name ?? { title }
    self.empty = empty
    self.isCounting = isCounting
    self.created = created
    shapes = columns.map(\.shape)
    cells = columns.map(\.cell)
  }

  var moves: Int { list.moves }

  func title(_ context: PaneContext) -> PaneTitle {
    var title = PaneTitle(text: name())
    let isTyped = list.isTyping || !list.filter.isEmpty
    title.typed = isTyped ? .init(buffer: list.filter, isTyping: list.isTyping) : nil
    title.isBusy = list.isLoading
    let loaded = list.loadedCount
    if loaded > 0 {
      let count = NumberText.grouped(loaded) + (list.hasMore ? " loaded" : "")
      title.note = list.isFiltered ? "\(NumberText.grouped(list.visible.count)) of \(count)" : count
    }
    return title
  }

  func extent(in area: Rect) -> Extent {
    let height = area.height - (line == nil ? 0 : 1)
    let hasTitles = TableWidget.hasTitles(layout(width: area.width), height: height)
    return Extent(rows: height - (hasTitles ? 1 : 0), columns: area.width)
  }

  /// The columns' positions in an area of this width.
  private func layout(width: Int) -> TableLayout {
    let choice = list.shownColumns
    if let laidOut, laidOut.width == width, laidOut.choice == choice { return laidOut.layout }
    let layout = TableLayout(
      shapes, shown: Set(list.columns.lazy.filter(\.isShown).map(\.id)), width: width - 2)
    laidOut = (width, choice, layout)
    return layout
  }

  private func table(width: Int, _ context: PaneContext) -> TableWidget {
    let rows = list.visible
    let cells = cells
    return TableWidget(
      place: place, cursor: list.cursor, rowCount: rows.count, shapes: shapes,
      layout: layout(width: width)
    ) { row, column in cells[column](rows[row], context) }
  }

  /// The line below the rows, which says what is missing and why.
  private var line: (text: String, style: Style)? {
    guard !list.rows.isEmpty else { return nil }
    if let failure = list.failure, !failure.isOutage {
      return (failure.errorDescription ?? "The call failed.", .error)
    }
    if let remark = list.remark { return (remark, .warning) }
    if list.isFiltered, list.hasMore {
      return ("Only loaded rows. G loads the rest.", .dim)
    }
    return nil
  }

  func drawMove(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn? {
    let cursor = list.cursor
    // Rows with ages from different times would contradict each other.
    guard let (old, lastDrawn, now) = last, abs(context.now - now) < 1, old.count == cursor.count,
      old.height == cursor.height, list.visible.count == cursor.count
    else { return nil }
    var drawn = lastDrawn
    table(width: area.width, context)
      .drawMove(from: old, on: &canvas, in: body(of: area), context, &drawn)
    last = (cursor, drawn, now)
    return drawn
  }

  /// The area without the line below the rows.
  private func body(of area: Rect) -> Rect {
    Rect(x: area.x, y: area.y, width: area.width, height: area.height - (line == nil ? 0 : 1))
  }

  func draw(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn {
    last = nil
    guard list.hasLoaded || !list.rows.isEmpty else {
      if let failure = list.failure {
        MessageBlock.draw(failure, on: &canvas, in: area)
      } else if list.isLoading {
        MessageBlock.draw("Loading \(noun)…", on: &canvas, in: area)
      }
      return Drawn()
    }
    let body = body(of: area)
    if let line {
      let row = Rect(x: area.x, y: area.maxY - 1, width: area.width, height: 1)
      let text = TextLayout.truncate(" " + line.text, width: row.width, widths: canvas.widths)
      canvas.write(text, x: row.x, y: row.y, style: line.style, in: row)
    }
    if list.visible.isEmpty {
      if list.isLoading, list.rows.isEmpty {
        MessageBlock.draw("Loading \(noun)…", on: &canvas, in: body)
      } else {
        MessageBlock.draw(
          list.rows.isEmpty ? context.absence ?? empty() : "No loaded rows match the filter.",
          on: &canvas, in: body)
      }
      return Drawn()
    }
    let drawn = table(width: body.width, context)
      .draw(on: &canvas, in: body, context, infos: list.columns, sort: list.sort)
    last = (list.cursor, drawn, context.now)
    return drawn
  }

  var showsTimesOfRows: Bool { created != nil }

  func nextChange(_ now: Double) -> Double? {
    let rows = list.visible[list.cursor.visible.clamped(to: 0..<list.visible.count)]
    if rows.contains(where: isCounting) { return 1 }
    guard let created, let layout = laidOut?.layout,
      layout.columns.contains(where: { shapes[$0.index].id == created.column })
    else { return nil }
    return rows.lazy.compactMap { row in
      created.time(row).flatMap { Formatting.untilNextAge(now - $0) }
    }.min()
  }
}
