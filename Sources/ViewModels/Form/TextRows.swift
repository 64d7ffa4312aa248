/// A text wrapped to a width, with conversions between positions in the text and in the rows.
///
/// Words are kept whole if they fit, and the space that ends a row hangs past its edge. The form
/// moves the cursor with these rows and the pane draws them, so both agree.
///
/// A row depends only on the text from its own start on. So after an edit, only the rows around it
/// are made anew: see ``init(_:after:columns:width:)``.
public struct TextRows: Sendable, Equatable {
  private let text: String
  /// The rows as UTF-8 offsets. Line breaks aren't part of any row. Never empty.
  private let spans: [Span]

  private struct Span: Sendable, Equatable {
    var start: UInt32
    var end: UInt32

    init(_ start: Int, _ end: Int) {
      self.start = UInt32(clamping: start)
      self.end = UInt32(clamping: end)
    }
  }

  /// Wraps `text` to `columns`, and stops after `limit` rows.
  ///
  /// - Parameter keepsWords: Whether words are kept whole, as suits prose but not code.
  public init(
    _ text: String, columns: Int, limit: Int = .max, keepsWords: Bool = true,
    width: (Character) -> Int
  ) {
    self.text = text
    var spans: [Span] = []
    Self.withBytes(of: text) { bytes in
      var wrapper = TextWrapper(text, bytes, columns: columns, keepsWords: keepsWords)
      while spans.count < limit, let row = wrapper.next(width) {
        spans.append(Span(row.lowerBound, row.upperBound))
      }
    }
    self.spans = spans.isEmpty ? [Span(0, 0)] : spans
  }

  /// Wraps a text that differs little from one that has been wrapped to the same columns.
  init(_ text: String, after old: TextRows, columns: Int, width: (Character) -> Int) {
    self.text = text
    spans = Self.withBytes(of: text) { bytes in
      Self.withBytes(of: old.text) { oldBytes in
        Self.spans(text, bytes, after: old.spans, oldBytes, columns: columns, width)
      }
    }
  }

  public var count: Int { spans.count }

  /// The ranges of the rows.
  public var rows: [Range<String.Index>] { spans.indices.map { self[$0] } }

  /// The range of a row.
  public subscript(_ row: Int) -> Range<String.Index> {
    let bytes = text.utf8
    let start = bytes.index(bytes.startIndex, offsetBy: Int(spans[row].start))
    return start..<bytes.index(start, offsetBy: Int(spans[row].end - spans[row].start))
  }

  /// The row that contains a position. A position between two wrapped rows belongs to the second.
  public func row(of place: String.Index) -> Int {
    let offset = text.utf8.distance(from: text.startIndex, to: place)
    return Self.row(of: offset, in: spans)
  }

  private static func row(of offset: Int, in spans: [Span]) -> Int {
    var low = 0
    var high = spans.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if Int(spans[middle].start) <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The column of a position in its row.
  public func column(of place: String.Index, width: (Character) -> Int) -> Int {
    let row = self[row(of: place)]
    return text[row.lowerBound..<min(max(place, row.lowerBound), row.upperBound)]
      .reduce(0) { $0 + max(0, width($1)) }
  }

  /// The position at or just before a column of a row.
  public func place(row: Int, column: Int, width: (Character) -> Int) -> String.Index {
    let row = self[min(max(0, row), spans.count - 1)]
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

// MARK: Rows after an edit

extension TextRows {
  /// Keeps the rows before the part that differs, wraps until a row begins where an old one does
  /// behind that part, and keeps the rest.
  private static func spans(
    _ text: String, _ bytes: UnsafeBufferPointer<UInt8>, after old: [Span],
    _ oldBytes: UnsafeBufferPointer<UInt8>, columns: Int, _ width: (Character) -> Int
  ) -> [Span] {
    let same = sameAtStart(bytes, oldBytes)
    if same == bytes.count, same == oldBytes.count { return old }
    let sameEnd = sameAtEnd(bytes, oldBytes, atMost: min(bytes.count, oldBytes.count) - same)
    let growth = bytes.count - oldBytes.count
    // How a row ends depends on the word after it, and that may be a row or two later.
    let kept = max(0, row(of: same, in: old) - 3)
    var spans = Array(old[..<kept])
    var wrapper = TextWrapper(text, bytes, columns: columns, start: Int(old[kept].start))
    var next = kept
    while let row = wrapper.next(width) {
      let start = row.lowerBound
      if start >= bytes.count - sameEnd, start > same {
        while next < old.count, Int(old[next].start) + growth < start { next += 1 }
        if next < old.count, Int(old[next].start) + growth == start {
          spans.reserveCapacity(spans.count + old.count - next)
          for span in old[next...] {
            spans.append(Span(Int(span.start) + growth, Int(span.end) + growth))
          }
          return spans
        }
      }
      spans.append(Span(start, row.upperBound))
    }
    return spans.isEmpty ? [Span(0, 0)] : spans
  }

  private static func sameAtStart(
    _ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>
  ) -> Int {
    let most = min(one.count, other.count)
    let (left, right) = (UnsafeRawBufferPointer(one), UnsafeRawBufferPointer(other))
    var count = 0
    while count + 8 <= most,
      left.loadUnaligned(fromByteOffset: count, as: UInt64.self)
        == right.loadUnaligned(fromByteOffset: count, as: UInt64.self)
    { count += 8 }
    while count < most, one[count] == other[count] { count += 1 }
    return count
  }

  private static func sameAtEnd(
    _ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>, atMost most: Int
  ) -> Int {
    let (left, right) = (UnsafeRawBufferPointer(one), UnsafeRawBufferPointer(other))
    var count = 0
    while count + 8 <= most,
      left.loadUnaligned(fromByteOffset: one.count - count - 8, as: UInt64.self)
        == right.loadUnaligned(fromByteOffset: other.count - count - 8, as: UInt64.self)
    { count += 8 }
    while count < most, one[one.count - count - 1] == other[other.count - count - 1] { count += 1 }
    return count
  }

  private static func withBytes<Result>(
    of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = text
    return copy.withUTF8(body)
  }
}
