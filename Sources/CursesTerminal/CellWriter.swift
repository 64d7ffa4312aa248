import CNcurses
import TerminalKit

/// Passes a frame's cells to ncurses, in the colors of the theme.
///
/// It isn't bound to the main actor: a closure that is checks its executor whenever it's called,
/// which took a twentieth of the time of a key.
struct CellWriter {
  var theme: CursesTheme {
    didSet { palette = Palette() }
  }
  private let isUTF8: Bool
  private let usesLinks: Bool
  private var palette = Palette()

  init(theme: CursesTheme, isUTF8: Bool, usesLinks: Bool) {
    self.theme = theme
    self.isUTF8 = isUTF8
    self.usesLinks = usesLinks
  }

  /// Passes ncurses the cells that differ from the last frame.
  ///
  /// - Parameters:
  ///   - shown: The last frame, if there is one, which becomes this one.
  ///   - size: The size of the screen.
  ///   - isForgotten: Whether ncurses will send the whole screen. Then it gets all of the cells again,
  ///     whatever it believes the screen to hold.
  mutating func put(
    _ canvas: Canvas, after shown: inout Canvas?, in size: Size, all isForgotten: Bool
  ) {
    let isLinked = usesLinks && !canvas.links.isEmpty
    if shown?.size == canvas.size, !isForgotten {
      shown?.become(canvas) { y, span, before in
        canvas.withRow(y) { row in
          put(row, span, y, size, before)
          if isLinked { putLinks(row, span, y, before, canvas.links, size) }
        }
      }
      return
    }
    nc_blank_screen()
    for y in 0..<min(canvas.size.height, size.height) {
      canvas.withRow(y) { row in
        put(row, 0..<row.count, y, size, nil)
        if isLinked { putLinks(row, 0..<row.count, y, nil, canvas.links, size) }
      }
    }
    shown = canvas
  }

  private mutating func put(
    _ row: UnsafeBufferPointer<Cell>, _ span: Range<Int>, _ y: Int, _ size: Size,
    _ old: UnsafeBufferPointer<Cell>?
  ) {
    let span = span.clamped(to: 0..<size.width)
    guard !span.isEmpty, y < size.height else { return }
    if let old, old[span].contains(where: { $0.width != 1 }) {
      nc_blank(Int32(y), Int32(span.lowerBound), Int32(span.count))
    }
    put(UnsafeBufferPointer(rebasing: row[..<min(row.count, size.width)]), span, y)
  }

  private mutating func put(_ row: UnsafeBufferPointer<Cell>, _ span: Range<Int>, _ y: Int) {
    withCells(of: row, span) {
      nc_put(Int32(y), Int32(span.lowerBound), $0.baseAddress, Int32($0.count))
    }
  }

  /// Converts cells for ncurses.
  private mutating func withCells(
    of row: UnsafeBufferPointer<Cell>, _ span: Range<Int>,
    _ body: (UnsafeMutableBufferPointer<nc_cell>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: nc_cell.self, capacity: span.count) { cells in
      var style: Style?
      var look = Palette.Entry()
      for (index, column) in span.enumerated() {
        let cell = row[column]
        if cell.style != style {
          style = cell.style
          look = palette.entry(for: cell.style, in: theme)
        }
        var characters = (cell.base, cell.firstMark, cell.secondMark)
        if cell.width == 2, column + 1 == row.count { characters = (0x20, 0, 0) }
        if !isUTF8, characters.0 > 0x7E {
          characters = (ASCIIMarks.substitute(for: characters.0) ?? 0x3F, 0, 0)
        }
        cells[index] = nc_cell(
          characters: characters, attributes: look.attributes, pair: look.pair)
      }
      body(cells)
    }
  }

  /// ncurses has no links, so cells are written a second time with their links, or without old ones.
  private mutating func putLinks(
    _ row: UnsafeBufferPointer<Cell>, _ span: Range<Int>, _ y: Int,
    _ old: UnsafeBufferPointer<Cell>?, _ links: [String], _ size: Size
  ) {
    let span = span.clamped(to: 0..<min(row.count, size.width))
    func isAffected(_ column: Int) -> Bool {
      row[column].link != 0 || old.map { $0[column].link != 0 } ?? false
    }
    var column = span.lowerBound
    while column < span.upperBound {
      guard isAffected(column) else {
        column += 1
        continue
      }
      // Either frame's links may begin or end within a wide character of the other.
      var start = column
      while start > 0, row[start].isContinuation { start -= 1 }
      let link = row[start].link
      repeat {
        column += 1
      } while column < span.upperBound
        && (row[column].isContinuation || row[column].link == link && isAffected(column))
      withCells(of: row, start..<column) { cells in
        nc_put_link(
          Int32(y), Int32(start), cells.baseAddress, Int32(cells.count),
          link == 0 ? "" : links[Int(link) - 1])
      }
    }
  }
}
