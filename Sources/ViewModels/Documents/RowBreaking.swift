/// Breaks lines into rows for a `Document`, which doesn't know how wide characters are.
public protocol RowBreaking: Sendable {
  /// The row of a line that begins at `start`: where its text ends, and where the next row begins,
  /// or nil if the line ends here.
  ///
  /// A row must depend only on the bytes from its own start on.
  ///
  /// - Parameters:
  ///   - line: the UTF-8 of a line, without a line feed.
  ///   - start: 0, or where another row ended.
  ///   - width: the columns of a row, at least 1.
  func row(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?)
}
