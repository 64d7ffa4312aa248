/// A frame as a value: a grid of cells that panes draw on and a terminal shows.
///
/// All text is sanitized as it's written, so that untrusted text can't send anything but text to
/// the terminal. Wide characters are never cut in half.
public struct Canvas: Sendable {
  public let size: Size
  public let widths: WidthTable
  /// Whether our own marks are drawn with ASCII characters. Foreign text stays as it is.
  public let isASCII: Bool
  /// The position of the terminal's cursor, or nil to hide it.
  public var cursor: Point?
  /// The cells row by row, `size.width` per row.
  public private(set) var cells: [Cell]
  /// The web addresses that cells link to.
  public private(set) var links: [String] = []
  private var history = History()

  public init(size: Size, widths: WidthTable = .builtIn, isASCII: Bool = false) {
    self.isASCII = isASCII
    self.size = Size(width: max(0, size.width), height: max(0, size.height))
    self.widths = widths
    cells = Array(repeating: Cell(), count: self.size.width * self.size.height)
  }

  public var bounds: Rect { Rect(size) }

  /// The cell at a position, or a blank outside the canvas.
  public subscript(x: Int, y: Int) -> Cell {
    guard bounds.contains(Point(x: x, y: y)) else { return Cell() }
    return cells[y * size.width + x]
  }

  /// Writes one line of text at a position, clipped to `clip` or, without one, to the canvas.
  ///
  /// - Returns: The number of columns written, up to the right edge of the clip.
  @discardableResult
  public mutating func write(
    _ text: some StringProtocol, at point: Point, style: Style, in clip: Rect? = nil
  ) -> Int {
    write(text, x: point.x, y: point.y, style: style, in: clip)
  }

  /// Writes one line of text at a position, clipped to `clip` or, without one, to the canvas.
  ///
  /// - Returns: The number of columns written, up to the right edge of the clip.
  @discardableResult
  public mutating func write(
    _ text: some StringProtocol, x: Int, y: Int, style: Style, in clip: Rect? = nil
  ) -> Int {
    withUTF8(of: text) { write($0, x: x, y: y, style: style, in: clip, isForeign: false) }
  }

  /// Writes one line of text at a position, clipped to `clip` or, without one, to the canvas.
  ///
  /// - Parameter isForeign: Whether the text isn't ours, so that it has none of our marks.
  /// - Returns: The number of columns written, up to the right edge of the clip.
  @discardableResult
  public mutating func write(
    _ text: String, x: Int, y: Int, style: Style, in clip: Rect? = nil, isForeign: Bool = false
  ) -> Int {
    withUTF8(of: text) { write($0, x: x, y: y, style: style, in: clip, isForeign: isForeign) }
  }

  @discardableResult
  public mutating func write(
    _ text: Substring, x: Int, y: Int, style: Style, in clip: Rect? = nil, isForeign: Bool = false
  ) -> Int {
    withUTF8(of: text) { write($0, x: x, y: y, style: style, in: clip, isForeign: isForeign) }
  }

  // Shared by both kinds of text, so that no call goes through a generic function.
  private mutating func write(
    _ text: UnsafeBufferPointer<UInt8>, x: Int, y: Int, style: Style, in clip: Rect?,
    isForeign: Bool
  ) -> Int {
    let clip = clip.map(bounds.intersection) ?? bounds
    guard !clip.isEmpty, y >= clip.y, y < clip.maxY, x < clip.maxX else { return 0 }
    let row = y * size.width
    let widths = widths
    let hasASCIIMarks = isASCII && !isForeign
    let rowEnd = row + size.width
    return cells.withUnsafeMutableBufferPointer { cells in
      var line = RowWriter(
        cells: UnsafeMutableBufferPointer(rebasing: cells[row..<rowEnd]),
        from: clip.x, to: clip.maxX, column: x, style: style, hasASCIIMarks: hasASCIIMarks)
      line.write(GlyphReader(text, widths: widths))
      // The neighboring cells may have held half of a wide character, which is now blank.
      history.touch(y..<y + 1, line.first - 1..<max(line.first, line.column) + 1)
      return min(line.column, clip.maxX) - x
    }
  }

  /// Fills a rectangle with one character.
  public mutating func fill(_ rect: Rect, _ character: Character = " ", style: Style = .normal) {
    let area = bounds.intersection(rect)
    guard !area.isEmpty else { return }
    if let byte = character.asciiValue, byte &- 0x20 < 0x5F {
      fill(area, Cell(glyph: UInt64(byte), columns: 1, style: style))
      return
    }
    let unit = String(character)
    let glyph = withUTF8(of: unit) { bytes in
      var reader = GlyphReader(bytes, widths: widths)
      let first = reader.next()
      return reader.next() == nil ? first : nil
    }
    // A control character is read as a blank.
    if let glyph, glyph.width == 1 {
      let mark =
        isASCII && glyph.scalars >> 21 == 0
        ? ASCIIMarks.substitute(for: UInt32(glyph.scalars)) : nil
      fill(area, Cell(glyph: mark.map(UInt64.init) ?? glyph.scalars, columns: 1, style: style))
      return
    }
    let columns = TextLayout.width(of: unit, widths)
    let text = String(repeating: unit, count: columns > 0 ? area.width / columns + 1 : 0)
    for y in area.y..<area.maxY { write(text, x: area.x, y: y, style: style, in: area) }
  }

  /// Fills a rectangle with one character.
  public mutating func fill(_ rect: Rect, _ character: Character, _ style: Style) {
    fill(rect, character, style: style)
  }

  private mutating func fill(_ area: Rect, _ cell: Cell) {
    history.touch(area.y..<area.maxY, area.x - 1..<area.maxX + 1)
    let size = size
    cells.withUnsafeMutableBufferPointer { cells in
      for y in area.y..<area.maxY {
        let row = y * size.width
        // Wide characters at the edges lose their other half.
        if area.x > 0, cells[row + area.x].isContinuation {
          cells[row + area.x - 1] = Cell(style: cells[row + area.x - 1].style)
        }
        if area.maxX < size.width, cells[row + area.maxX].isContinuation {
          cells[row + area.maxX] = Cell(style: cells[row + area.maxX].style)
        }
        cells[row + area.x..<row + area.maxX].update(repeating: cell)
      }
    }
  }

  /// The cells of a rectangle inside the canvas, row by row.
  public func cells(in rect: Rect) -> [Cell] {
    let area = bounds.intersection(rect)
    var taken: [Cell] = []
    taken.reserveCapacity(area.width * area.height)
    for y in area.y..<area.maxY {
      taken += cells[y * size.width + area.x..<y * size.width + area.maxX]
    }
    return taken
  }

  /// Draws cells that were taken from a canvas with the same links, in a rectangle of the size that
  /// they had there. Does nothing if it has another size, or isn't inside the canvas. No wide
  /// character may cross the rectangle's sides.
  public mutating func put(_ taken: [Cell], in rect: Rect) {
    guard !rect.isEmpty, bounds.intersection(rect) == rect,
      taken.count == rect.width * rect.height
    else { return }
    history.touch(rect.y..<rect.maxY, rect.x..<rect.maxX)
    for row in 0..<rect.height {
      let start = (rect.y + row) * size.width + rect.x
      let new = taken[row * rect.width..<(row + 1) * rect.width]
      cells.withUnsafeMutableBufferPointer { cells in
        _ = cells[start..<start + rect.width].update(fromContentsOf: new)
      }
    }
  }

  /// Moves the rows of a rectangle up, or down by a negative number. The rows that this uncovers
  /// keep what they had. No wide character may cross the rectangle's sides.
  public mutating func scroll(_ rect: Rect, by rows: Int) {
    let area = bounds.intersection(rect)
    guard rows != 0, area.height > abs(rows) else { return }
    history.touch(area.y..<area.maxY, area.x..<area.maxX)
    let width = size.width
    let moved = area.y + max(0, -rows)..<area.maxY - max(0, rows)
    cells.withUnsafeMutableBufferPointer { cells in
      func copy(_ y: Int) {
        let from = (y + rows) * width + area.x
        let to = y * width + area.x
        for column in 0..<area.width { cells[to + column] = cells[from + column] }
      }
      if rows > 0 {
        for y in moved { copy(y) }
      } else {
        for y in moved.reversed() { copy(y) }
      }
    }
  }

  /// Changes the style of everything in a rectangle, without changing the text.
  public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let area = bounds.intersection(rect)
    guard !area.isEmpty else { return }
    history.touch(area.y..<area.maxY, area.x..<area.maxX)
    for y in area.y..<area.maxY {
      let row = y * size.width
      for index in row + area.x..<row + area.maxX {
        cells[index].style = change(cells[index].style)
      }
    }
  }

  /// Links everything in a rectangle to a web address until something else is written there. An
  /// address that isn't HTTP or HTTPS is ignored.
  public mutating func link(_ rect: Rect, to address: String) {
    let area = bounds.intersection(rect)
    guard !area.isEmpty, let address = Self.safe(address) else { return }
    let known = links.lastIndex(of: address)
    guard known != nil || links.count < Self.maxLinks else { return }
    if known == nil { links.append(address) }
    let number = UInt32((known ?? links.count - 1) + 1)
    history.touch(area.y..<area.maxY, area.x..<area.maxX)
    for y in area.y..<area.maxY {
      let row = y * size.width
      for index in row + area.x..<row + area.maxX { cells[index].link = number }
    }
  }

  /// The web address that a cell links to.
  public func link(at point: Point) -> String? {
    let number = Int(self[point.x, point.y].link)
    return number == 0 ? nil : links[number - 1]
  }

  /// Limits the number of links, because the app may run for months.
  private static let maxLinks = 10_000
  /// The longest link that terminals accept.
  private static let longestLink = 2000

  /// Escapes an address so that it's safe in a terminal's control sequence.
  private static func safe(_ address: String) -> String? {
    guard address.hasPrefix("https://") || address.hasPrefix("http://"),
      address.utf8.count <= longestLink
    else { return nil }
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in address.utf8 {
      if byte > 0x20, byte < 0x7F {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return bytes.count <= longestLink ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// Draws a frame along the edges of a rectangle and leaves the inside alone. If `isOpen`, the
  /// right side is left alone, too, except for the corners.
  public mutating func box(
    _ rect: Rect, style: Style, borders: BorderSet = .rounded, isOpen: Bool = false
  ) {
    guard !rect.isEmpty else { return }
    let right = rect.maxX - 1
    let bottom = rect.maxY - 1
    let width = max(0, rect.width - 2)
    let height = max(0, rect.height - 2)
    for (y, left, right) in [
      (rect.y, borders.topLeft, borders.topRight),
      (bottom, borders.bottomLeft, borders.bottomRight),
    ] {
      fill(Rect(x: rect.x, y: y, width: 1, height: 1), left, style: style)
      fill(Rect(x: rect.x + 1, y: y, width: width, height: 1), borders.horizontal, style: style)
      if rect.width > 1 {
        fill(Rect(x: rect.maxX - 1, y: y, width: 1, height: 1), right, style: style)
      }
    }
    for x in isOpen ? [rect.x] : [rect.x, right] {
      fill(Rect(x: x, y: rect.y + 1, width: 1, height: height), borders.vertical, style: style)
    }
  }

  /// Calls `body` with the cells of one row.
  public func withRow<Result>(_ y: Int, _ body: (UnsafeBufferPointer<Cell>) -> Result) -> Result {
    cells.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[y * size.width..<(y + 1) * size.width]))
    }
  }

  /// Calls `body` with the ranges of columns in which a row differs from another frame of the same
  /// size. Ranges run from left to right and contain only whole characters. A few equal columns
  /// don't split a range.
  public func forEachChange(from old: Canvas, row y: Int, _ body: (Range<Int>) -> Void) {
    guard old.size == size else { return body(0..<size.width) }
    old.withRow(y) { old in
      withRow(y) { new in
        var column = 0
        while let change = Self.nextChange(from: old, to: new, in: column..<new.count) {
          body(change)
          column = change.upperBound
        }
      }
    }
  }

  /// Turns this frame into another frame of the same size, copying only what differs. `body`
  /// receives each range of columns that changes, and the row before the change.
  public mutating func become(
    _ new: Canvas,
    _ body: (_ row: Int, _ columns: Range<Int>, _ before: UnsafeBufferPointer<Cell>) -> Void
  ) {
    precondition(new.size == size)
    let changed = new.history.changes(since: history, in: new.bounds)
    history = new.history
    cursor = new.cursor
    links = new.links
    let width = size.width
    cells.withUnsafeMutableBufferPointer { cells in
      for y in changed.y..<changed.maxY {
        let row = UnsafeMutableBufferPointer(rebasing: cells[y * width..<(y + 1) * width])
        let old = UnsafeBufferPointer(row)
        new.withRow(y) { new in
          var column = changed.x
          while let change = Self.nextChange(
            from: old, to: new, in: column..<max(column, changed.maxX))
          {
            body(y, change, old)
            for index in change { row[index] = new[index] }
            column = change.upperBound
          }
        }
      }
    }
  }

  private static func nextChange(
    from old: UnsafeBufferPointer<Cell>, to new: UnsafeBufferPointer<Cell>, in columns: Range<Int>
  ) -> Range<Int>? {
    // Cells are plain bytes without padding, so most of a frame can be skipped eight words at a
    // time.
    let perCell = MemoryLayout<Cell>.stride / MemoryLayout<UInt64>.stride
    let oldWords = UnsafeRawBufferPointer(old).bindMemory(to: UInt64.self)
    let newWords = UnsafeRawBufferPointer(new).bindMemory(to: UInt64.self)
    var word = columns.lowerBound * perCell
    while word + 8 <= columns.upperBound * perCell {
      var difference: UInt64 = 0
      for index in word..<word + 8 { difference |= oldWords[index] ^ newWords[index] }
      if difference != 0 { break }
      word += 8
    }
    var first = word / perCell
    while first < columns.upperBound, old[first] == new[first] { first += 1 }
    guard first < columns.upperBound else { return nil }

    let longestGap = 4
    var end = first + 1
    var index = end
    while index < columns.upperBound, index - end < longestGap {
      if old[index] != new[index] { end = index + 1 }
      index += 1
    }
    while first > 0, old[first].isContinuation || new[first].isContinuation { first -= 1 }
    while end < new.count, old[end].isContinuation || new[end].isContinuation { end += 1 }
    return first..<end
  }
}

// Successive frames.
extension Canvas {
  /// Begins the next frame of the same canvas. A terminal that has the previous frame only needs to
  /// compare what has been drawn since.
  public mutating func beginFrame() { history.begin() }

  /// Begins an overlay that belongs only to this frame and isn't part of the next one.
  public mutating func beginOverlay() { history.branch() }
}

/// Identifies the frame that a canvas holds, and where it may differ from the one before.
private struct History: Sendable {
  /// Frames are numbered from 1. Frames with an overlay have negative numbers.
  private var frame = 0
  private var before = 0
  private var rows = 0..<0
  private var columns = 0..<0

  mutating func begin() {
    before = frame
    frame = max(0, frame) + 1
    (rows, columns) = (0..<0, 0..<0)
  }

  mutating func branch() {
    let covered = frame
    begin()
    before = covered
    frame = -frame
  }

  mutating func touch(_ newRows: Range<Int>, _ newColumns: Range<Int>) {
    if rows.isEmpty {
      (rows, columns) = (newRows, newColumns)
    } else {
      rows =
        min(rows.lowerBound, newRows.lowerBound)..<max(rows.upperBound, newRows.upperBound)
      columns =
        min(
          columns.lowerBound, newColumns.lowerBound)..<max(
          columns.upperBound, newColumns.upperBound)
    }
  }

  func changes(since earlier: History, in bounds: Rect) -> Rect {
    guard before > 0, before == earlier.frame else { return bounds }
    return Rect(
      x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count
    ).intersection(bounds)
  }
}

// Frames as text, for snapshots.
extension Canvas {
  /// The text of a row, without trailing spaces.
  public func text(row y: Int) -> String {
    guard y >= 0, y < size.height else { return "" }
    var text = ""
    for x in 0..<size.width { text += self[x, y].text }
    while text.last == " " { text.removeLast() }
    return text
  }

  /// The text of all rows, without trailing spaces.
  public func text() -> String {
    (0..<size.height).map(text(row:)).joined(separator: "\n")
  }

  /// The styles on the canvas, with a line for every row that uses any style but `.normal`: `3:
  /// title+bold 1-12, dim 20-24` (the row, then the first and last column, from 0).
  public func styles() -> String {
    var lines: [String] = []
    for y in 0..<size.height {
      var runs: [String] = []
      var x = 0
      while x < size.width {
        let style = self[x, y].style
        let start = x
        while x < size.width, self[x, y].style == style { x += 1 }
        if style != .normal {
          runs.append(x - start == 1 ? "\(style) \(start)" : "\(style) \(start)-\(x - 1)")
        }
      }
      if !runs.isEmpty { lines.append("\(y): " + runs.joined(separator: ", ")) }
    }
    return lines.joined(separator: "\n")
  }
}

extension Canvas: Equatable {
  public static func == (left: Canvas, right: Canvas) -> Bool {
    left.size == right.size && left.cursor == right.cursor && left.cells == right.cells
  }
}

/// Writes glyphs to one row, between two columns.
private struct RowWriter {
  let cells: UnsafeMutableBufferPointer<Cell>
  let from: Int
  let to: Int
  var column: Int
  let style: Style
  let hasASCIIMarks: Bool
  /// The first column that was written.
  private(set) var first = 0

  init(
    cells: UnsafeMutableBufferPointer<Cell>, from: Int, to: Int, column: Int, style: Style,
    hasASCIIMarks: Bool
  ) {
    self.hasASCIIMarks = hasASCIIMarks
    self.cells = cells
    self.from = from
    self.to = to
    self.column = column
    self.style = style
  }

  mutating func write(_ text: GlyphReader) {
    var text = text
    first = max(column, from)
    var written = first
    // A wide character that starts to the left of the first column loses its other half.
    if cells[first].isContinuation, first > 0 { blank(first - 1) }
    defer { if written < cells.count, cells[written].isContinuation { blank(written) } }

    while column < to {
      if column >= from {
        let run = text.plainRun(atMost: to - column)
        if run > 0 {
          text.copyPlain(run) { index, byte in
            cells[column + index] = Cell(glyph: UInt64(byte), columns: 1, style: style)
          }
          column += run
          written = column
          continue
        }
      }
      guard var glyph = text.next() else { return }
      if hasASCIIMarks, let mark = Self.asciiMark(for: glyph) { glyph.scalars = mark }
      put(glyph)
      written = max(first, min(column, to))
    }
  }

  private static func asciiMark(for glyph: GlyphReader.Glyph) -> UInt64? {
    guard glyph.scalars > 0x7F, glyph.scalars >> 21 == 0, glyph.width == 1 else { return nil }
    return ASCIIMarks.substitute(for: UInt32(glyph.scalars)).map(UInt64.init)
  }

  private mutating func put(_ glyph: GlyphReader.Glyph) {
    defer { column += glyph.width }
    if column >= from, column + glyph.width <= to {
      cells[column] = Cell(glyph: glyph.scalars, columns: UInt8(glyph.width), style: style)
      if glyph.width == 2 { cells[column + 1] = .continuation(style) }
    } else if column + glyph.width > from, column < to {
      // Half of a wide character at an edge of the clip becomes a blank.
      cells[column < from ? from : column] = Cell(style: style)
    }
  }

  private func blank(_ column: Int) { cells[column] = Cell(style: cells[column].style) }
}
