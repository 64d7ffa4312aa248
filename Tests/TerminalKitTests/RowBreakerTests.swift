import Support
import Testing

@testable import TerminalKit

@Suite struct RowBreakerTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `rows match those of a text broken as a whole`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<300 {
      let text =
        Bool.random(using: &random)
        ? Hostile.text(length: 40, using: &random) : Self.plainText(using: &random)
      let width = Int.random(in: 1...20, using: &random)
      let rows = TextLayout.wrap(text, width: width).map { Array($0.utf8) }
      let expected = Array(text.utf8).withUnsafeBufferPointer { bytes in
        WholeText(bytes, width: width, widths: .builtIn).ranges().map { Array(bytes[$0]) }
      }
      #expect(rows == expected, "\(text.debugDescription) in \(width) columns")
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `a row depends only on the bytes from its start on`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let breaker = RowBreaker()
    for _ in 0..<300 {
      let text = Hostile.text(length: 40, using: &random).filter { !$0.isNewline }
      let width = Int.random(in: 1...12, using: &random)
      let bytes = Array(text.utf8)
      var next: Int? = 0
      while let start = next {
        let row = bytes.withUnsafeBufferPointer { breaker.row(in: $0, from: start, width: width) }
        let alone = Array(bytes[start...]).withUnsafeBufferPointer {
          breaker.row(in: $0, from: 0, width: width)
        }
        #expect(alone.end + start == row.end)
        #expect(alone.next.map { $0 + start } == row.next)
        #expect(row.next.map { $0 > start } ?? true)
        next = row.next
      }
    }
  }

  private static func plainText(using random: inout SplitMix) -> String {
    let pieces = ["a", "word", "longer-than-a-row-is", " ", "   ", "\n", "é", "日本", "\t", "~"]
    return (0..<Int.random(in: 0...30, using: &random))
      .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
  }
}

/// A reference for `RowBreaker`: breaks a whole text, glyph by glyph.
private struct WholeText {
  private var reader: GlyphReader
  private let bytes: UnsafeBufferPointer<UInt8>
  private let width: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, width: Int, widths: WidthTable) {
    self.bytes = bytes
    self.width = width
    reader = GlyphReader(bytes, widths: widths)
  }

  func ranges() -> [Range<Int>] {
    var reader = reader
    var lines: [Range<Int>] = []
    var start = 0
    var columns = 0
    /// The end of the last word that fits, and where the next word begins.
    var breakEnd = -1
    var breakNext = 0
    var columnsAtNext = 0
    /// The end of what is not blank.
    var textEnd = 0

    while let glyph = reader.next() {
      if glyph.kind == .newline {
        lines.append(start..<max(start, textEnd))
        start = glyph.end
        textEnd = start
        columns = 0
        breakEnd = -1
        continue
      }
      if glyph.kind != .text {
        // Blanks may hang over the edge; the line breaks behind them.
        columns += glyph.width
        breakEnd = textEnd
        breakNext = glyph.end
        columnsAtNext = columns
        continue
      }
      if columns + glyph.width > width, columns > 0 {
        if breakEnd > start {
          lines.append(start..<breakEnd)
          start = breakNext
          columns -= columnsAtNext
        } else if breakEnd >= 0, columns == columnsAtNext {
          // Nothing but blanks before: they are a line of their own.
          lines.append(start..<start)
          start = breakNext
          columns = 0
        } else {
          lines.append(start..<textEnd)
          start = glyph.start
          columns = 0
        }
        breakEnd = -1
        if columns + glyph.width > width, columns > 0 {
          lines.append(start..<textEnd)
          start = glyph.start
          columns = 0
        }
      }
      columns += glyph.width
      textEnd = glyph.end
    }
    lines.append(start..<max(start, textEnd))
    return lines
  }
}
