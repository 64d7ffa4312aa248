/// The lines of a log as a terminal would show them, updated as the log grows.
///
/// A carriage return restarts its line, and a backspace deletes a character. Of a progress bar that
/// was printed repeatedly, only the latest line is kept, for each bar in a sequence of bars. If a
/// line ends with a cursor-up sequence, as tqdm writes after nested bars, a following carriage
/// return doesn't rewrite that line. The result doesn't depend on how the log was split into
/// chunks.
struct LogLines {
  private(set) var lines = TextLines()
  /// Lines before this one can't change any more.
  private var settled = 0
  /// Where each settled line ended in the log, modulo 2³².
  private var settledEnds: [UInt32] = []
  private var droppedEnds = 0
  /// The total number of bytes read, including those the log has since lost.
  private var position = 0
  private var lost = 0
  /// The most recent bars, as long as only blank lines have followed them.
  private var bars: [Bar] = []
  private var blanksBehindBars: [UInt32] = []
  /// The unfinished line, starting after its last carriage return.
  private var open: [UInt8] = []
  /// A carriage return was the last byte read, so the text it will overwrite is still visible.
  private var isReturning = false
  /// The position after the most recent carriage return.
  private var returnEnd = 0
  private var isOpenReplaced = false

  fileprivate struct Bar {
    var line: BarLine
    var end: UInt32
  }

  /// More bars than fit on any screen. Older ones are no longer updated.
  private static let maxBars = 32

  /// Reads text appended to the log.
  mutating func append(_ more: UnsafeBufferPointer<UInt8>) -> LinesChange {
    let shownBefore = LinesChange(line: settled, offset: canExtendOpen ? open.count : 0)
    isOpenReplaced = false
    lines.removeLines(from: settled)
    var index = 0
    while index < more.count {
      if isReturning { finishReturn(before: more[index]) }
      let end = more.firstIndex(of: UInt8(ascii: "\n"), in: index..<more.count) ?? more.count
      let stop = more.firstIndex(of: UInt8(ascii: "\r"), in: index..<end) ?? end
      if stop < more.count, more[stop] == UInt8(ascii: "\n") {
        finishLine(more[slice: index..<stop], end: position + stop + 1)
      } else {
        open.append(contentsOf: more[index..<stop])
        isReturning = stop < more.count
        returnEnd = position + stop + 1
      }
      index = stop + 1
    }
    position += more.count
    appendTail()
    let isExtended = canExtendOpen && !isOpenReplaced
    return isExtended ? shownBefore : LinesChange(line: shownBefore.line, offset: 0)
  }

  /// Removes lines that the log no longer contains.
  ///
  /// - Parameter count: The number of bytes the log lost at its beginning, always whole lines.
  /// - Returns: The number of lines removed.
  mutating func removeFirst(bytes count: Int) -> Int {
    lost += count
    var gone = 0
    while gone < settled {
      let end = settledEnds[droppedEnds + gone]
      // With wraparound, ends that come after the lost part are less than half the range away.
      guard UInt32(truncatingIfNeeded: lost) &- end < 1 << 31 else { break }
      gone += 1
    }
    lines.removeFirst(gone)
    settled -= gone
    droppedEnds += gone
    if droppedEnds > settledEnds.count / 2 {
      settledEnds.removeSubrange(..<droppedEnds)
      droppedEnds = 0
    }
    return gone
  }

  // MARK: Lines

  private mutating func finishReturn(before byte: UInt8) {
    if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") {
      isReturning = byte == UInt8(ascii: "\r")
      return
    }
    isReturning = false
    if open.withUnsafeBufferPointer(Self.endsWithCursorUp) {
      settle(open, end: returnEnd)
    }
    closeOpen()
  }

  private mutating func finishLine(_ rest: UnsafeBufferPointer<UInt8>, end: Int) {
    if open.isEmpty { return settle(rest, end: end) }
    open.append(contentsOf: rest)
    settle(open, end: end)
    closeOpen()
  }

  private mutating func closeOpen() {
    open.removeAll(keepingCapacity: true)
    isOpenReplaced = true
  }

  private mutating func settle(_ line: [UInt8], end: Int) {
    line.withUnsafeBufferPointer { settle($0, end: end) }
  }

  private mutating func settle(_ line: UnsafeBufferPointer<UInt8>, end: Int) {
    let end = UInt32(truncatingIfNeeded: end)
    if line.firstIndex(of: 0x08, in: 0..<line.count) != nil {
      let shown = Self.applyingBackspaces(line)
      shown.withUnsafeBufferPointer { settleShown($0, end: end) }
    } else {
      settleShown(line, end: end)
    }
  }

  private mutating func settleShown(_ line: UnsafeBufferPointer<UInt8>, end: UInt32) {
    if let bar = BarLine(line) {
      blanksBehindBars.removeAll(keepingCapacity: true)
      bars.add(Bar(line: bar, end: end))
      if bars.count > Self.maxBars { settleBar(bars.removeFirst()) }
      return
    }
    if !bars.isEmpty {
      if Self.isBlank(line) {
        blanksBehindBars.append(end)
        return
      }
      for bar in bars { settleBar(bar) }
      bars.removeAll(keepingCapacity: true)
      for end in blanksBehindBars { settleLine(UnsafeBufferPointer(start: nil, count: 0), end) }
      blanksBehindBars.removeAll(keepingCapacity: true)
    }
    settleLine(line, end)
  }

  private mutating func settleBar(_ bar: Bar) {
    bar.line.bytes.withUnsafeBufferPointer { settleLine($0, bar.end) }
  }

  private mutating func settleLine(_ line: UnsafeBufferPointer<UInt8>, _ end: UInt32) {
    lines.append(line)
    settledEnds.append(end)
    settled += 1
  }

  // MARK: The unfinished line

  /// Whether the unfinished line is shown unchanged. It can be megabytes long, so only its new part
  /// is examined.
  private var canExtendOpen: Bool { bars.isEmpty && !open.contains(0x08) }

  private mutating func appendTail() {
    let shown =
      open.contains(0x08) ? open.withUnsafeBufferPointer(Self.applyingBackspaces) : open
    let bar = shown.withUnsafeBufferPointer { BarLine($0) }
    var bars = bars
    if let bar { bars.add(Bar(line: bar, end: 0)) }
    for bar in bars { lines.append(bar.line.bytes) }
    guard bar == nil, !shown.isEmpty else { return }
    if !bars.isEmpty {
      if shown.withUnsafeBufferPointer(Self.isBlank) { return }
      for _ in blanksBehindBars { lines.append([]) }
    }
    lines.append(shown)
  }
}

// Terminal control characters.
extension LogLines {
  /// Applies backspaces: each character that overwrites another takes its place.
  private static func applyingBackspaces(_ line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    /// The characters' UTF-8, up to four bytes each, with the first in the lowest byte.
    var cells: [UInt32] = []
    var column = 0
    var index = 0
    while index < line.count {
      let byte = line[index]
      if byte == 0x08 {
        column = max(0, column - 1)
        index += 1
        continue
      }
      if let end = endOfControlSequence(in: line, at: index) {
        index = end
        continue
      }
      var cell = UInt32(byte)
      var shift: UInt32 = 8
      index += 1
      while index < line.count, line[index] & 0xC0 == 0x80, shift < 32 {
        cell |= UInt32(line[index]) << shift
        shift += 8
        index += 1
      }
      if column < cells.count { cells[column] = cell } else { cells.append(cell) }
      column += 1
    }
    var shown: [UInt8] = []
    shown.reserveCapacity(cells.count)
    for var cell in cells {
      repeat {
        shown.append(UInt8(truncatingIfNeeded: cell))
        cell >>= 8
      } while cell != 0
    }
    return shown
  }

  private static func endsWithCursorUp(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line.last == UInt8(ascii: "A") else { return false }
    var index = line.count - 1
    while index > 0, line[index - 1] &- UInt8(ascii: "0") <= 9 { index -= 1 }
    return index >= 2 && line[index - 1] == UInt8(ascii: "[") && line[index - 2] == 0x1B
  }

  private static func isBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < line.count {
      if line[index] == UInt8(ascii: " ") || line[index] == UInt8(ascii: "\t") {
        index += 1
      } else if let end = endOfControlSequence(in: line, at: index) {
        index = end
      } else {
        return false
      }
    }
    return true
  }

  /// The end of the control sequence that begins with `ESC [` at an index, if it's complete.
  private static func endOfControlSequence(
    in line: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> Int? {
    guard line[index] == 0x1B, index + 1 < line.count, line[index + 1] == UInt8(ascii: "[") else {
      return nil
    }
    var end = index + 2
    while end < line.count, (0x20..<0x40).contains(line[end]) { end += 1 }
    if end < line.count, (0x40..<0x7F).contains(line[end]) { end += 1 }
    return end
  }
}

extension [LogLines.Bar] {
  /// Replaces the bar's earlier state, or adds the bar after the others.
  fileprivate mutating func add(_ bar: LogLines.Bar) {
    if let index = firstIndex(where: { $0.line.isSameBar(as: bar.line) }) {
      self[index] = bar
    } else {
      append(bar)
    }
  }
}
