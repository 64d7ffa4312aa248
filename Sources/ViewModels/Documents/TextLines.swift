/// The lines of a text in one block of memory: lines are added and changed at the end, and dropped
/// at the beginning.
struct TextLines {
  /// The lines without line feeds, one behind the other.
  private var bytes: [UInt8] = []
  /// Where each line begins in `bytes`; dropped lines are still in there until it pays to move.
  private var starts: [UInt32] = []
  private var dropped = 0

  var count: Int { starts.count - dropped }

  /// The bytes of the lines before one.
  func byteCount(before line: Int) -> Int { start(of: line) - start(of: 0) }

  func byteCount(of line: Int) -> Int { start(of: line + 1) - start(of: line) }

  func withLine<Result>(
    _ line: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    let range = start(of: line)..<start(of: line + 1)
    return bytes.withUnsafeBufferPointer { body($0[slice: range]) }
  }

  func text(_ range: Range<Int>, of line: Int) -> String {
    withLine(line) { String(decoding: $0[range], as: UTF8.self) }
  }

  mutating func append(_ line: UnsafeBufferPointer<UInt8>) {
    starts.append(UInt32(bytes.count))
    bytes.append(contentsOf: line)
  }

  mutating func append(_ line: [UInt8]) {
    line.withUnsafeBufferPointer { append($0) }
  }

  /// Appends to the last line.
  mutating func extend(_ more: UnsafeBufferPointer<UInt8>) {
    if count == 0 { append(more) } else { bytes.append(contentsOf: more) }
  }

  /// Removes all lines from one on.
  mutating func removeLines(from line: Int) {
    guard line < count else { return }
    bytes.removeSubrange(start(of: line)...)
    starts.removeSubrange((line + dropped)...)
  }

  mutating func removeFirst(_ lines: Int) {
    dropped += min(lines, count)
    let unused = start(of: 0)
    guard dropped > 64, unused > bytes.count / 2 else { return }
    bytes.removeSubrange(..<unused)
    starts.removeSubrange(..<dropped)
    for index in starts.indices { starts[index] -= UInt32(unused) }
    dropped = 0
  }

  private func start(of line: Int) -> Int {
    let index = line + dropped
    return index < starts.count ? Int(starts[index]) : bytes.count
  }
}

/// What a change left as it was: all lines before `line`, and of that line the first `offset` bytes.
struct LinesChange: Equatable {
  var line: Int
  var offset: Int

  static let everything = LinesChange(line: 0, offset: 0)
}
