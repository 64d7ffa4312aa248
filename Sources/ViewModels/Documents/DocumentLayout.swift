/// The rows of a document's blocks at one width.
///
/// Rows are computed on demand, so a text of any size can be shown, scrolled and resized at once.
/// Only for long lines are the starts of rows kept; they are extended as the line grows.
struct DocumentLayout {
  private(set) var blocks: [Document.Block] = []
  private var texts: [BlockText] = []
  private(set) var width = 80
  private var breaker: any RowBreaking = NoBreaking()
  private var longLines: [LineID: RowStarts] = [:]

  private struct LineID: Hashable {
    var block: Int
    var line: Int
  }

  /// Where the rows of a line begin, as far as computed.
  private struct RowStarts {
    var offsets: [UInt32] = [0]
    var isComplete = false

    /// The start of the row that contains a byte.
    func start(at offset: Int) -> Int {
      var (low, high) = (0, offsets.count)
      while low < high {
        let middle = (low + high) / 2
        if Int(offsets[middle]) <= offset { low = middle + 1 } else { high = middle }
      }
      return low > 0 ? Int(offsets[low - 1]) : 0
    }
  }

  /// The starts of rows are kept for lines with more bytes than this.
  private static let longLine = 512
  private static let maxLongLines = 256

  /// Whether the width of characters is known.
  var hasBreaker: Bool { !(breaker is NoBreaking) }

  // MARK: Content

  var isEmpty: Bool { !texts.contains { $0.lines.count > 0 } }

  mutating func use(width newWidth: Int, breaker newBreaker: any RowBreaking) {
    breaker = newBreaker
    guard width != newWidth else { return }
    width = newWidth
    longLines = [:]
  }

  /// Takes new blocks. Blocks that stayed the same or only grew keep their layout.
  ///
  /// - Parameter place: a place in the old blocks; becomes the same place in the new ones.
  mutating func replace(_ newBlocks: [Document.Block], keeping place: inout Document.Place) {
    let common = min(blocks.count, newBlocks.count)
    for index in 0..<common {
      let new = newBlocks[index]
      if (blocks[index].meaning == .log) == (new.meaning == .log) {
        if blocks[index].indent != new.indent { forgetRows(ofBlock: index) }
        _ = update(new.text, ofBlock: index, keeping: &place)
      } else {
        forgetRows(ofBlock: index)
        texts[index] = BlockText(new.text, isLog: new.meaning == .log)
      }
    }
    for index in common..<max(common, blocks.count) { forgetRows(ofBlock: index) }
    texts.removeSubrange(common...)
    texts += newBlocks[common...].map { BlockText($0.text, isLog: $0.meaning == .log) }
    blocks = newBlocks
  }

  /// Takes a block's new text.
  ///
  /// - Parameter place: a place in the old text; becomes the same place in the new one.
  /// - Returns: whether anything changed.
  mutating func update(
    _ text: String, ofBlock index: Int, keeping place: inout Document.Place
  ) -> Bool {
    blocks[index].text = text
    switch texts[index].update(text) {
    case .nothing: return false
    case .replaced: forgetRows(ofBlock: index)
    case .extended(let dropped, let change):
      keepRows(ofBlock: index, dropped: dropped, change)
      if dropped > 0, place.block == index {
        place.line -= dropped
        if place.line < 0 { place = Document.Place(block: index) }
      }
    }
    return true
  }

  mutating func removeAll() {
    blocks = []
    texts = []
    longLines = [:]
  }

  private mutating func forgetRows(ofBlock index: Int) {
    if !longLines.isEmpty { longLines = longLines.filter { $0.key.block != index } }
  }

  private mutating func keepRows(ofBlock index: Int, dropped: Int, _ change: LinesChange) {
    guard !longLines.isEmpty else { return }
    var kept: [LineID: RowStarts] = [:]
    while let (id, rows) = longLines.popFirst() {
      guard id.block == index else {
        kept[id] = rows
        continue
      }
      let line = id.line - dropped
      guard line >= 0, line <= change.line, line < change.line || change.offset > 0 else {
        continue
      }
      var rows = rows
      if line == change.line { rows.isComplete = false }
      kept[LineID(block: index, line: line)] = rows
    }
    longLines = kept
  }

  // MARK: Rows

  /// The row at a place.
  func row(at place: Document.Place) -> Document.Row {
    let block = blocks[place.block]
    let indent = indent(ofBlock: place.block)
    let lines = texts[place.block].lines
    let end = lines.withLine(place.line) {
      breaker.row(in: $0, from: place.offset, width: width - indent).end
    }
    let isFirst = place.line == 0 && place.offset == 0
    return Document.Row(
      place: place, text: lines.text(place.offset..<max(place.offset, end), of: place.line),
      meaning: block.meaning, link: block.link, indent: indent,
      label: isFirst ? block.label : nil)
  }

  /// The start of the first row.
  var first: Document.Place? { firstPlace(fromBlock: 0) }

  /// The start of the last row.
  mutating func last() -> Document.Place? { lastPlace(upToBlock: texts.count - 1) }

  /// The start of the row that contains a place, or of the nearest row if the place is gone.
  mutating func rowStart(at place: Document.Place) -> Document.Place? {
    guard texts.indices.contains(place.block), place.line < texts[place.block].lines.count else {
      if place.block < texts.count, let next = firstPlace(fromBlock: place.block + 1),
        texts[place.block].lines.count == 0
      {
        return next
      }
      return lastPlace(upToBlock: min(place.block, texts.count - 1)) ?? first
    }
    guard place.offset > 0 else { return place }
    let offset = rowStart(inBlock: place.block, line: place.line, at: place.offset)
    return Document.Place(block: place.block, line: place.line, offset: offset)
  }

  /// The start of the row below.
  func next(after place: Document.Place) -> Document.Place? {
    let lines = texts[place.block].lines
    let next = lines.withLine(place.line) {
      breaker.row(in: $0, from: place.offset, width: width - indent(ofBlock: place.block)).next
    }
    if let next { return Document.Place(block: place.block, line: place.line, offset: next) }
    if place.line + 1 < lines.count {
      return Document.Place(block: place.block, line: place.line + 1)
    }
    return firstPlace(fromBlock: place.block + 1)
  }

  /// The start of the row above.
  mutating func previous(before place: Document.Place) -> Document.Place? {
    if place.offset > 0 {
      let offset = rowStart(inBlock: place.block, line: place.line, at: place.offset - 1)
      return Document.Place(block: place.block, line: place.line, offset: offset)
    }
    guard place.line > 0 else { return lastPlace(upToBlock: place.block - 1) }
    return lastPlace(inBlock: place.block, line: place.line - 1)
  }

  /// The start of the row that is some rows below another, or above if `rows` is negative.
  mutating func place(_ rows: Int, from start: Document.Place) -> Document.Place {
    var place = start
    for _ in 0..<abs(rows) {
      guard let next = rows > 0 ? next(after: place) : previous(before: place) else { break }
      place = next
    }
    return place
  }

  private func indent(ofBlock index: Int) -> Int {
    min(blocks[index].indent, max(0, width - Self.narrowest))
  }

  /// Indentation shrinks until this many columns are left for the text.
  private static let narrowest = 8

  private func firstPlace(fromBlock index: Int) -> Document.Place? {
    guard index < texts.count else { return nil }
    return texts[index...].firstIndex { $0.lines.count > 0 }.map { Document.Place(block: $0) }
  }

  private mutating func lastPlace(upToBlock index: Int) -> Document.Place? {
    guard index >= 0, let block = texts[...index].lastIndex(where: { $0.lines.count > 0 }) else {
      return nil
    }
    return lastPlace(inBlock: block, line: texts[block].lines.count - 1)
  }

  private mutating func lastPlace(inBlock block: Int, line: Int) -> Document.Place {
    Document.Place(
      block: block, line: line, offset: rowStart(inBlock: block, line: line, at: Int.max))
  }

  /// The start of the row that contains a byte of a line.
  private mutating func rowStart(inBlock block: Int, line: Int, at offset: Int) -> Int {
    let width = width - indent(ofBlock: block)
    let lines = texts[block].lines
    guard lines.byteCount(of: line) > Self.longLine else {
      return lines.withLine(line) { bytes in
        var start = 0
        while let next = breaker.row(in: bytes, from: start, width: width).next, next <= offset {
          start = next
        }
        return start
      }
    }
    let id = LineID(block: block, line: line)
    var rows = longLines.removeValue(forKey: id) ?? RowStarts()
    lines.withLine(line) { bytes in
      while !rows.isComplete, let last = rows.offsets.last, Int(last) <= offset {
        if let next = breaker.row(in: bytes, from: Int(last), width: width).next {
          rows.offsets.append(UInt32(next))
        } else {
          rows.isComplete = true
        }
      }
    }
    if longLines.count >= Self.maxLongLines { longLines = [:] }
    let start = rows.start(at: offset)
    longLines[id] = rows
    return start
  }
}

// Positions for scroll bars.
extension DocumentLayout {
  /// The number of rows before a place, and the total. Short texts are counted; for long ones, where
  /// nobody can see the difference, both are estimated from the number of bytes.
  func extent(before place: Document.Place) -> (top: Int, count: Int) {
    var top = 0
    var count = 0
    let isShort = texts.reduce(0) { $0 + $1.lines.byteCount(before: $1.lines.count) } <= 32_768
    for index in texts.indices {
      let lines = texts[index].lines
      let columns = max(1, width - indent(ofBlock: index))
      if isShort, lines.count <= 4096 {
        for line in 0..<lines.count {
          lines.withLine(line) { bytes in
            var start: Int? = 0
            while let offset = start {
              if Document.Place(block: index, line: line, offset: offset) < place { top += 1 }
              count += 1
              start = breaker.row(in: bytes, from: offset, width: columns).next
            }
          }
        }
        continue
      }
      // On average, the last row of a line is half full.
      let weight = { (bytes: Int, lines: Int) in bytes + lines * columns / 2 }
      let whole = weight(lines.byteCount(before: lines.count), lines.count)
      let rows = max(lines.count, whole / columns)
      count += rows
      if index < place.block {
        top += rows
      } else if index == place.block {
        let line = min(place.line, lines.count)
        let part = weight(lines.byteCount(before: line) + place.offset, line)
        top += rows * min(part, whole) / max(1, whole)
      }
    }
    return (top, count)
  }
}

/// Stands in until the width of characters is known: every line is one row.
private struct NoBreaking: RowBreaking {
  func row(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?) {
    (line.count, nil)
  }
}
