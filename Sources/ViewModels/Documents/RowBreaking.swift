/// Breaks lines into rows for a `Document`, which doesn't know the widths of characters.
public protocol RowBreaking: Sendable {
  /// Finds the row of a line that begins at `start`: the end of its text, and the start of the next
  /// row, or nil if this is the line's last row.
  ///
  /// A row may depend only on the bytes from its own start onward.
  ///
  /// - Parameters:
  ///   - line: the UTF-8 of a line, without a line feed.
  ///   - start: 0, or where another row ended.
  ///   - width: the columns of a row, at least 1.
  func row(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?)
}
