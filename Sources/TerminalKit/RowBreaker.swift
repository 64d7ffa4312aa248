/// Breaks a line of text into rows, one row at a time, so that only the visible part of a long text
/// has to be read.
///
/// Rows are ranges of the line's UTF-8. A row depends only on the bytes from its own start on, so a
/// viewer can continue from any row.
public struct RowBreaker: Sendable {
  private let widths: WidthTable

  public init(widths: WidthTable = .builtIn) {
    self.widths = widths
  }

  /// Finds where the row that begins at `start` ends, not counting trailing blanks, and where the
  /// next row begins (nil after the last one).
  ///
  /// Rows break between words where possible, and inside words that are longer than a row.
  ///
  /// - Parameters:
  ///   - line: the line's UTF-8, without a line feed.
  ///   - start: 0, or the `next` of another row.
  ///   - width: the number of columns in a row, at least 1.
  public func row(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?) {
    let width = max(1, width)
    return plainRow(in: line, from: start, width: width)
      ?? anyRow(in: line, from: start, width: width)
  }

  /// The fast path for rows of printable ASCII, where every byte is a column; nil for other rows.
  private func plainRow(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?)? {
    let room = line.count - start
    // The byte after the edge shows whether a word ends there, or a combining mark follows.
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
    // Indentation doesn't become a row of its own unless it fills one.
    if wordEnd == start, next < end { return (end, end) }
    return (wordEnd, next)
  }

  private func anyRow(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?) {
    var reader = GlyphReader(line, widths: widths, from: start)
    var columns = 0
    /// The end of the text so far, without trailing blanks.
    var textEnd = start
    /// The end of the last whole word that fits, and the start of the next word.
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
