import Support
import Testing

@testable import ViewModels

@MainActor
struct DocumentTests {
  private static func log(_ lines: Range<Int>) -> String {
    lines.map { "line \($0)\n" }.joined()
  }

  private func document(
    _ blocks: [Document.Block], width: Int = 20, height: Int = 3, followsGrowth: Bool = false
  ) -> Document {
    let document = Document(blocks, followsGrowth: followsGrowth)
    document.setViewport(width: width, height: height, breaker: ColumnBreaker())
    return document
  }

  private func logDocument(_ lines: Range<Int>, height: Int = 3) -> Document {
    document([Document.Block(.log, Self.log(lines))], height: height, followsGrowth: true)
  }

  private func texts(_ document: Document) -> [String] { document.rows.map(\.text) }

  // MARK: The reader's place

  @Test func `a log is shown from its end and followed`() {
    let document = logDocument(0..<10)
    #expect(texts(document) == ["line 7", "line 8", "line 9"])
    document.update(text: Self.log(0..<12), ofBlock: 0)
    #expect(texts(document) == ["line 9", "line 10", "line 11"])
    #expect(document.isFollowing)
  }

  @Test func `the line being read stands still while a log grows`() {
    let document = logDocument(0..<10)
    document.move(.pageUp)
    #expect(texts(document) == ["line 5", "line 6", "line 7"])
    #expect(!document.isFollowing)
    for end in 11...30 {
      document.update(text: Self.log(0..<end), ofBlock: 0)
      #expect(texts(document) == ["line 5", "line 6", "line 7"])
    }
  }

  @Test(arguments: [Movement.end, .pageDown, .down])
  func `reaching the end of a log follows it again`(movement: Movement) {
    let document = logDocument(0..<10)
    document.move(.up)
    #expect(!document.isFollowing)
    document.move(movement)
    #expect(document.isFollowing)
    document.update(text: Self.log(0..<20), ofBlock: 0)
    #expect(texts(document) == ["line 17", "line 18", "line 19"])
  }

  @Test func `a log that fits the viewport is followed whatever key is pressed`() {
    let document = logDocument(0..<2)
    for movement in [Movement.up, .pageUp, .start] {
      document.move(movement)
      #expect(document.isFollowing)
    }
    document.update(text: Self.log(0..<5), ofBlock: 0)
    #expect(texts(document) == ["line 2", "line 3", "line 4"])
  }

  @Test func `the line being read stands still while a log loses its beginning`() {
    let document = logDocument(0..<20)
    document.go(to: Document.Place(line: 10))
    document.update(text: Self.log(7..<25), ofBlock: 0)
    #expect(texts(document) == ["line 10", "line 11", "line 12"])
    document.update(text: Self.log(12..<30), ofBlock: 0)
    #expect(texts(document) == ["line 12", "line 13", "line 14"])
  }

  @Test func `the same line stays at the top when the width changes`() {
    let words = (0..<20).map { "line \($0) with some more words" }.joined(separator: "\n")
    let document = document([Document.Block(.plain, words)], width: 40)
    document.move(.pageDown)
    #expect(texts(document).first == "line 2 with some more words")
    for width in [10, 7, 60, 1, 40] {
      document.setViewport(width: width, height: 3, breaker: ColumnBreaker())
      #expect(texts(document).first == String("line 2 with some more words".prefix(width)))
    }
  }

  @Test func `resizing back shows the same rows again`() {
    let document = document([Document.Block(.plain, Self.log(0..<20))])
    document.go(to: Document.Place(line: 16))
    let before = texts(document)
    document.setViewport(width: 20, height: 12, breaker: ColumnBreaker())
    #expect(document.rows.count == 12)
    document.setViewport(width: 20, height: 3, breaker: ColumnBreaker())
    #expect(texts(document) == before)
  }

  @Test func `the last page is full`() {
    let document = document([Document.Block(.plain, "0\n1\n2\n3\n4")])
    document.move(.end)
    #expect(texts(document) == ["2", "3", "4"])
    document.scroll(by: 100)
    #expect(texts(document) == ["2", "3", "4"])
    document.scroll(by: -100)
    #expect(texts(document) == ["0", "1", "2"])
  }

  @Test func `paging keeps one row in view`() {
    let document = document([Document.Block(.plain, Self.log(0..<20))])
    document.move(.pageDown)
    #expect(texts(document).first == "line 2")
    document.move(.down)
    document.move(.pageUp)
    #expect(texts(document).first == "line 1")
  }

  @Test func `a text that isn't followed stays in place as it grows`() {
    let document = document([Document.Block(.plain, "Loading…")])
    document.move(.down)
    document.replace([Document.Block(.plain, Self.log(0..<10))])
    #expect(texts(document) == ["line 0", "line 1", "line 2"])
    document.move(.end)
    document.replace([Document.Block(.plain, Self.log(0..<20))])
    #expect(texts(document).first == "line 8")
    #expect(!document.isFollowing)
  }

  @Test func `turning off following leaves the reader in place`() {
    let document = logDocument(0..<10)
    document.followsGrowth = false
    document.update(text: Self.log(0..<20), ofBlock: 0)
    #expect(texts(document) == ["line 7", "line 8", "line 9"])
  }

  // MARK: Blocks

  @Test func `blocks follow one another, and empty logs take no row`() {
    let document = document(
      [
        Document.Block(.log, ""), Document.Block(.heading, "Title"), .blank,
        .fact("runs", "twelve hundred", column: 12), Document.Block(.log, ""),
        Document.Block(.link, "page", link: "https://example.com", indent: 2),
      ], height: 10)
    #expect(texts(document) == ["Title", "", "twelve h", "undred", "page"])
    #expect(document.rows.map(\.indent) == [0, 0, 12, 12, 2])
    #expect(document.rows.map(\.label) == [nil, nil, "runs", nil, nil])
    #expect(document.rows.last?.link == "https://example.com")
    document.setViewport(width: 20, height: 1, breaker: ColumnBreaker())
    document.move(.end)
    #expect(texts(document) == ["page"])
    document.move(.up)
    document.move(.up)
    document.move(.up)
    #expect(texts(document) == [""])
  }

  @Test func `replacing blocks keeps the place, and showing others starts over`() {
    let document = document([
      Document.Block(.error, "It failed."), Document.Block(.plain, Self.log(0..<9)),
    ])
    document.scroll(by: 4)
    document.replace([
      Document.Block(.warning, "It failed."), Document.Block(.plain, Self.log(0..<20)),
    ])
    #expect(texts(document).first == "line 3")
    document.replace([Document.Block(.plain, "short")])
    #expect(texts(document) == ["short"])
    document.show([Document.Block(.plain, Self.log(0..<9))])
    #expect(texts(document).first == "line 0")
  }

  @Test func `an empty document can be moved around in`() {
    let document = document([Document.Block(.log, "")], followsGrowth: true)
    for movement in [Movement.up, .down, .pageUp, .pageDown, .start, .end] {
      document.move(movement)
    }
    #expect(document.isEmpty)
    #expect(document.rows.isEmpty)
    #expect(document.extent == (0, 0))
    document.update(text: "a\n", ofBlock: 7)
    document.update(text: "a\n", ofBlock: 0)
    #expect(texts(document) == ["a"])
    #expect(!document.isEmpty)
  }

  // MARK: Extents

  @Test func `the rows of a short text are counted for the scroll bar`() {
    let document = document([Document.Block(.plain, Self.log(0..<9))], width: 4)
    #expect(document.extent == (0, 19))
    document.scroll(by: 5)
    #expect(document.extent == (5, 19))
    document.move(.end)
    #expect(document.extent == (16, 19))
    #expect(document.rowCount(upTo: 100) == 19)
    #expect(document.rowCount(upTo: 7) == 7)
  }

  @Test func `the scroll bar of a long text comes close`() {
    let document = logDocument(0..<50_000, height: 40)
    #expect(document.extent.top == document.extent.count - 40)
    document.go(to: Document.Place(line: 25_000))
    let extent = document.extent
    #expect(abs(Double(extent.top) / Double(extent.count) - 0.5) < 0.02)
    document.move(.start)
    #expect(document.extent.top == 0)
    document.move(.down)
    #expect(document.extent.top > 0)
  }

  // MARK: Any text

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `nothing that happens to a log moves its reader`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var (first, last) = (0, 0)
    let document = document([Document.Block(.log, "")], followsGrowth: true)
    func log() -> String {
      (first..<last).map { "line \($0) \(String(repeating: "long ", count: $0 % 7))\n" }.joined()
    }
    for _ in 0..<200 {
      let before = document.rows
      let wasFollowing = document.isFollowing
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        last += Int.random(in: 0...5, using: &random)
        document.update(text: log(), ofBlock: 0)
        if !wasFollowing { #expect(document.rows.first?.text == before.first?.text) }
      case 2:
        let lost = min(Int.random(in: 0...3, using: &random), last - first - 1)
        guard lost > 0 else { continue }
        first += lost
        document.update(text: log(), ofBlock: 0)
        let place = before.first?.place ?? .start
        if !wasFollowing, place.line >= lost, document.rows.count == before.count {
          #expect(document.rows.first?.text == before.first?.text)
        }
      case 3:
        document.setViewport(
          width: Int.random(in: 1...30, using: &random),
          height: Int.random(in: 1...8, using: &random), breaker: ColumnBreaker())
      default:
        document.scroll(by: Int.random(in: -6...6, using: &random))
      }
      #expect(document.isFollowing == wasFollowing || document.rows.count > 0)
      #expect(document.rows.count == document.rowCount(upTo: max(1, document.rows.count)))
      if document.isFollowing, last > first {
        #expect(document.rows.last.map { $0.place.line } == last - first - 1)
      }
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `growing long lines have the same rows as complete ones`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for meaning in [Document.Meaning.plain, .log] {
      let grown = document([Document.Block(meaning, "")], height: 400, followsGrowth: true)
      var text = ""
      for _ in 0..<30 {
        let count = Int.random(in: 1...200, using: &random)
        text += (0..<count).map { "\($0) " }.joined()
        if Int.random(in: 0..<8, using: &random) == 0 { text += "\n" }
        let width = Bool.random(using: &random) ? 20 : 33
        grown.setViewport(width: width, height: 400, breaker: ColumnBreaker())
        grown.update(text: text, ofBlock: 0)
        let whole = document(
          [Document.Block(meaning, text)], width: width, height: 400, followsGrowth: true)
        #expect(grown.rows == whole.rows)
        grown.scroll(by: -50)
        whole.scroll(by: -50)
        #expect(grown.rows == whole.rows)
        grown.move(.end)
      }
    }
  }
}

/// Breaks lines as if every byte took one column.
private struct ColumnBreaker: RowBreaking {
  func row(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?) {
    start + width < line.count ? (start + width, start + width) : (line.count, nil)
  }
}
