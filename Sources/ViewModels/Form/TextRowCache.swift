/// The rows of the text that was wrapped last. A key in a long text then costs what it changes.
@MainActor
public final class TextRowCache {
  private var kept: (text: String, columns: Int, rows: TextRows)?

  public init() {}

  /// - Parameter width: The widths of characters, which are always the same for this cache.
  public func rows(of text: String, columns: Int, width: (Character) -> Int) -> TextRows {
    guard let kept, kept.columns == columns else {
      let rows = TextRows(text, columns: columns, width: width)
      kept = (text, columns, rows)
      return rows
    }
    if kept.text.utf8.count == text.utf8.count, kept.text == text { return kept.rows }
    let rows = TextRows(text, after: kept.rows, columns: columns, width: width)
    self.kept = (text, columns, rows)
    return rows
  }
}
