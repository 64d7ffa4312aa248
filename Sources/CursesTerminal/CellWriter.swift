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
  ///   - isForgotten: Whether ncurses will send the whole screen.
  mutating func put(
    _ canvas: Canvas, after shown: inout Canvas?, in size: Size, all isForgotten: Bool
  ) {
    let isLinked = usesLinks && !canvas.links.isEmpty
    var isWhole = isForgotten
    if shown?.size == canvas.size {
      shown?.become(canvas) { y, span, before in
        put(canvas, y, span, size)
        if isLinked, !isWhole {
          canvas.withRow(y) { putLinks($0, span, y, before, canvas.links, size) }
        }
      }
    } else {
      nc_blank_screen()
      for y in 0..<min(canvas.size.height, size.height) {
        put(canvas, y, 0..<canvas.size.width, size)
      }
      shown = canvas
      isWhole = true
    }
    guard isLinked, isWhole else { return }
    for y in 0..<min(canvas.size.height, size.height) {
      canvas.withRow(y) { putLinks($0, 0..<$0.count, y, nil, canvas.links, size) }
    }
  }

  private mutating func put(
    _ canvas: Canvas, _ y: Int, _ span: Range<Int>, _ size: Size
  ) {
    let span = span.clamped(to: 0..<size.width)
    guard !span.isEmpty, y < size.height else { return }
    canvas.withRow(y) {
      put(UnsafeBufferPointer(rebasing: $0[..<min($0.count, size.width)]), span, y)
    }
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
        if !isUTF8, characters.0 > 0x7E { characters = (Self.ascii(characters.0), 0, 0) }
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
    var column = span.lowerBound
    while column < span.upperBound {
      let link = row[column].link
      let start = column
      while column < span.upperBound, row[column].link == link,
        link != 0 || old.map({ $0[column].link != 0 }) ?? false
      {
        column += 1
      }
      guard column > start else {
        column += 1
        continue
      }
      withCells(of: row, start..<column) { cells in
        nc_put_link(
          Int32(y), Int32(start), cells.baseAddress, Int32(cells.count),
          link == 0 ? "" : links[Int(link) - 1])
      }
    }
  }

  /// The ASCII substitute for a character.
  private static func ascii(_ value: UInt32) -> UInt32 {
    let character: Unicode.Scalar =
      switch value {
      case 0x2500, 0x2501, 0x2504, 0x2013, 0x2014: "-"
      case 0x2502, 0x2503, 0x258F...0x2595: "|"
      case 0x250C...0x254B, 0x256D...0x2570: "+"
      case 0x2588...0x258E, 0x2593: "#"
      case 0x2591, 0x2592, 0x2026, 0xB7, 0x2022: "."
      case 0x2713, 0x2714: "v"
      case 0x2715...0x2718, 0xD7: "x"
      case 0x25B6...0x25BB, 0x203A, 0x2192: ">"
      case 0x25C0...0x25C5, 0x2039, 0x2190: "<"
      case 0x25CF, 0x25C6, 0x2605: "*"
      case 0x25CB, 0x25C7, 0x2606: "o"
      case 0x2191: "^"
      case 0x2193: "v"
      case 0x2018, 0x2019: "'"
      case 0x201C, 0x201D: "\""
      default: "?"
      }
    return character.value
  }
}
