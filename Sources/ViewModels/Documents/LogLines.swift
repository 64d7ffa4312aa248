/// The lines of a log as a terminal would show them, kept up to date as the log grows.
///
/// - A carriage return restarts its line, and a backspace moves back by one character.
/// - In a run of progress bars, each bar shows only its newest line. Blank lines between bars go.
/// - A carriage return leaves the line before it alone if that line ends by moving the cursor up,
///   as tqdm does for nested bars.
///
/// The result doesn't depend on how the log was split on its way here.
struct LogLines {
  private(set) var lines = TextLines()
  /// The number of lines that can no longer change.
  private var settled = 0
  /// Where each settled line ends in the log, modulo 2³².
  private var settledEnds: [UInt32] = []
  private var droppedEnds = 0
  /// The number of bytes read so far, and how many of them the log has lost since.
  private var position = 0
  private var lost = 0
  /// The current run of bars; blank lines don't end it.
  private var bars: [Bar] = []
  private var blanksBehindBars: [UInt32] = []
  /// The unfinished line, from its last carriage return on.
  private var open: [UInt8] = []
  /// The last byte was a carriage return. What it will overwrite is still shown.
  private var isReturning = false
  /// The position after the most recent carriage return.
  private var returnEnd = 0
  private var isOpenReplaced = false

  fileprivate struct Bar {
    var line: BarLine
    var end: UInt32
  }

  /// In a longer run, the oldest bars no longer change.
  private static let maxBars = 32

  /// Reads what was appended to the log.
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

  /// Drops lines that the log has lost at its beginning.
  ///
  /// - Parameter count: the size of the lines that were lost, with their line feeds.
  /// - Returns: the number of lines dropped.
  mutating func removeFirst(bytes count: Int) -> Int {
    lost += count
    var gone = 0
    while gone < settled {
      let end = settledEnds[droppedEnds + gone]
      // Positions wrap around, but are always less than 2³¹ apart.
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

  // MARK: The end that may still change

  /// Whether the unfinished line is shown unchanged. It may be megabytes long, so its rows are kept
  /// as it grows.
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

// How terminals show what is in a line.
extension LogLines {
  /// Applies backspaces: what follows them overwrites what was there.
  private static func applyingBackspaces(_ line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    /// The UTF-8 of each character, up to four bytes, the first in the lowest byte.
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

  /// The end of the control sequence (`ESC [ …`) at an index, if there is one.
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
  /// Replaces a bar's earlier line, or adds the bar at the end.
  fileprivate mutating func add(_ bar: LogLines.Bar) {
    if let index = firstIndex(where: { $0.line.isSameBar(as: bar.line) }) {
      self[index] = bar
    } else {
      append(bar)
    }
  }
}
