/// The lines of a text in one block of memory, which grows at its end and can drop lines at its
/// beginning.
struct TextLines {
  /// The lines without their line feeds, one after the other.
  private var bytes: [UInt8] = []
  /// Where each line begins in `bytes`. Dropped lines stay in there until compacting pays off.
  private var starts: [UInt32] = []
  private var dropped = 0

  var count: Int { starts.count - dropped }

  /// The number of bytes in all lines before this one.
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

  /// Removes a line and all that follow it.
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

/// The first place that a change may have touched. Everything before it is as it was.
struct LinesChange: Equatable {
  var line: Int
  var offset: Int

  static let everything = LinesChange(line: 0, offset: 0)
}
