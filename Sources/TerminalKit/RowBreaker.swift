/// Breaks a line of text into rows, one at a time, so that only the visible part of a long text is
/// read.
///
/// Rows are ranges of the line's UTF-8. A row depends only on where it starts, so a viewer can
/// continue from any row without reading the text before it.
public struct RowBreaker: Sendable {
  private let widths: WidthTable

  public init(widths: WidthTable = .builtIn) {
    self.widths = widths
  }

  /// Finds the row that begins at `start`: the end of its text without trailing spaces, and the
  /// start of the next row, or nil if this is the line's last row.
  ///
  /// Rows are broken between words if possible, and inside words that are longer than a row.
  ///
  /// - Parameters:
  ///   - line: the UTF-8 of a line, without a line feed.
  ///   - start: 0, or where another row ended.
  ///   - width: the columns of a row, at least 1.
  public func row(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?) {
    let width = max(1, width)
    return plainRow(in: line, from: start, width: width)
      ?? anyRow(in: line, from: start, width: width)
  }

  /// A row of printable ASCII, where every byte is one column. Nil if there is anything else.
  private func plainRow(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?)? {
    let room = line.count - start
    // The byte past the edge shows whether a word ends here or a combining mark follows.
    let length = min(room, width + 1)
    var others = 0
    for index in start..<start + length { others |= line[index] &- 0x20 < 0x5F ? 0 : 1 }
    guard others == 0 else { return nil }

    var end = start + length
    if room <= width {
      while end > start, line[end - 1] == 0x20 { end -= 1 }
      return (end, nil)
    }
    end = start + width
    if line[end] == 0x20 {
      // Spaces can hang past the edge.
      var next = end
      while next < line.count, line[next] == 0x20 { next += 1 }
      if next < line.count, line[next] &- 0x20 >= 0x5F { return nil }
      while end > start, line[end - 1] == 0x20 { end -= 1 }
      return (end, next < line.count ? next : nil)
    }
    var next = end
    while next > start, line[next - 1] != 0x20 { next -= 1 }
    var wordEnd = next
    while wordEnd > start, line[wordEnd - 1] == 0x20 { wordEnd -= 1 }
    // Indentation isn't a row of its own unless it fills one.
    if wordEnd == start, next < end { return (end, end) }
    return (wordEnd, next)
  }

  private func anyRow(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?) {
    var reader = GlyphReader(line, widths: widths, from: start)
    var columns = 0
    /// The end of the text without trailing spaces.
    var textEnd = start
    /// The end of the last word that fits, and the start of the next word.
    var breakEnd: Int?
    var breakNext = start
    var columnsAtNext = 0

    while let glyph = reader.next() {
      if glyph.kind != .text {
        columns += glyph.width
        breakEnd = textEnd
        breakNext = glyph.end
        columnsAtNext = columns
        continue
      }
      if columns + glyph.width > width, columns > 0 {
        if let breakEnd, breakEnd > start || columns == columnsAtNext {
          return (breakEnd, breakNext)
        }
        return (textEnd, glyph.start)
      }
      columns += glyph.width
      textEnd = glyph.end
    }
    return (textEnd, nil)
  }
}
