/// Breaks one line of text into rows, one row at a time, so that a long text is only read where it
/// is shown.
///
/// Rows are ranges of the line's UTF-8. A row that begins where the one before it says is the same
/// whether the text before it was read or not; a viewer can therefore go on from any row.
public struct RowBreaker: Sendable {
  private let widths: WidthTable

  public init(widths: WidthTable = .builtIn) {
    self.widths = widths
  }

  /// The row that begins at `start`: where its text ends, without the blanks behind it, and where
  /// the next row begins, or nil if the line ends here.
  ///
  /// A row is broken between words where it can be, and inside a word that is longer than a row.
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

  /// A row of printable ASCII only, where every byte is a column; nil where there is anything else.
  private func plainRow(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?)? {
    let room = line.count - start
    // One byte beyond the edge says whether the row ends with a word, or a mark belongs to its end.
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
      // Blanks may hang over the edge.
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
    // An indentation isn't a row of its own, unless it is as wide as one.
    if wordEnd == start, next < end { return (end, end) }
    return (wordEnd, next)
  }

  private func anyRow(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?) {
    var reader = GlyphReader(line, widths: widths, from: start)
    var columns = 0
    /// The end of what isn't blank.
    var textEnd = start
    /// The end of the last word that fits, and where the next one begins.
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
