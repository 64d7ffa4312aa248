/// A text wrapped to a width, with conversions between positions in the text and in the rows.
///
/// Words are kept whole if they fit, and the space that ends a row hangs past its edge. The form
/// moves the cursor with these rows and the pane draws them, so both agree.
public struct TextRows: Sendable, Equatable {
  /// The ranges of the rows. Line breaks aren't part of any row. Never empty.
  public let rows: [Range<String.Index>]

  /// Wraps `text` to `columns`, and stops after `limit` rows.
  public init(
    _ text: String, columns: Int, limit: Int = .max, width: (Character) -> Int
  ) {
    let columns = max(1, columns)
    var rows: [Range<String.Index>] = []
    var start = text.startIndex
    var used = 0
    var wordStart = text.startIndex
    var wordUsed = 0  // columns since the start of the word
    var index = text.startIndex
    while index < text.endIndex, rows.count < limit {
      let character = text[index]
      let next = text.index(after: index)
      if character.isNewline {
        rows.append(start..<index)
        (start, wordStart, used, wordUsed) = (next, next, 0, 0)
        index = next
        continue
      }
      let isBlank = character == " " || character == "\t"
      let size = max(0, width(character))
      if !isBlank, used + size > columns, start < index {
        let cut = wordStart > start ? wordStart : index
        rows.append(start..<cut)
        start = cut
        used = cut == index ? 0 : wordUsed
        wordStart = start
        if cut == index { wordUsed = 0 }
      }
      used += size
      wordUsed += size
      if isBlank { (wordStart, wordUsed) = (next, 0) }
      index = next
    }
    if rows.count < limit { rows.append(start..<text.endIndex) }
    self.rows = rows
  }

  /// The row that contains a position. A position between two wrapped rows belongs to the second.
  public func row(of place: String.Index) -> Int {
    var low = 0
    var high = rows.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if rows[middle].lowerBound <= place { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The column of a position in its row.
  public func column(of place: String.Index, in text: String, width: (Character) -> Int) -> Int {
    let row = rows[row(of: place)]
    return text[row.lowerBound..<min(max(place, row.lowerBound), row.upperBound)]
      .reduce(0) { $0 + max(0, width($1)) }
  }

  /// The position at or just before a column of a row.
  public func place(
    row: Int, column: Int, in text: String, width: (Character) -> Int
  ) -> String.Index {
    let row = rows[min(max(0, row), rows.count - 1)]
    var index = row.lowerBound
    var used = 0
    while index < row.upperBound {
      used += max(0, width(text[index]))
      if used > column { return index }
      let next = text.index(after: index)
      // The end of a wrapped row belongs to the next row.
      if next == row.upperBound, next < text.endIndex, !text[next].isNewline { return index }
      index = next
    }
    return index
  }
}
