/// Breaks lines into rows on behalf of a `Document`, which doesn't know how wide characters are.
public protocol RowBreaking: Sendable {
  /// Finds where the row that begins at `start` ends, and where the next row begins (nil after the
  /// last one). The result must depend only on the bytes from `start` on.
  ///
  /// - Parameters:
  ///   - line: the line's UTF-8, without a line feed.
  ///   - start: 0, or the `next` of another row.
  ///   - width: the number of columns in a row, at least 1.
  func row(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?)
}
