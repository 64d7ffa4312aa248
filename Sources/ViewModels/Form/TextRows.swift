/// A text cut into rows for a field of some width, and the way between rows and places in it.
///
/// Words stay whole where they fit; the blank that ends a row hangs over its edge. Pure; the form
/// moves its cursor with it and the pane draws with it, so both see the same rows.
public struct TextRows: Sendable, Equatable {
  /// The parts of the text; a line break belongs to none of them. Never empty.
  public let rows: [Range<String.Index>]

  /// Cuts `text` into rows of `columns`, of which it makes no more than `limit`.
  public init(
    _ text: String, columns: Int, limit: Int = .max, width: (Character) -> Int
  ) {
    let columns = max(1, columns)
    var rows: [Range<String.Index>] = []
    var start = text.startIndex
    var used = 0
    var wordStart = text.startIndex
    var wordUsed = 0  // columns since the word's start
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

  /// The row that holds a place of the text. Where one row ends and the next begins without a
  /// break, it is the next.
  public func row(of place: String.Index) -> Int {
    var low = 0
    var high = rows.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if rows[middle].lowerBound <= place { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The column at which a place of the text stands in its row.
  public func column(of place: String.Index, in text: String, width: (Character) -> Int) -> Int {
    let row = rows[row(of: place)]
    return text[row.lowerBound..<min(max(place, row.lowerBound), row.upperBound)]
      .reduce(0) { $0 + max(0, width($1)) }
  }

  /// The place at, or just before, a column of a row.
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
      // The end of a row that goes on in the next belongs to the next.
      if next == row.upperBound, next < text.endIndex, !text[next].isNewline { return index }
      index = next
    }
    return index
  }
}
