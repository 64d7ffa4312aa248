import Support
import Testing

@testable import TerminalKit

@Suite struct CanvasTests {
  private func canvas(_ width: Int, _ height: Int = 1) -> Canvas {
    Canvas(size: Size(width: width, height: height))
  }

  @Test func `our own marks are ASCII where the canvas is, and foreign text stays`() {
    let text = "“It’s” ●·… → 0.1…1 ─│╭ ✔ é 画"
    var canvas = Canvas(size: Size(width: 40, height: 3), isASCII: true)
    canvas.write(text, x: 0, y: 0, style: .normal)
    canvas.write(text, x: 0, y: 1, style: .normal, isForeign: true)
    canvas.fill(Rect(x: 0, y: 2, width: 3, height: 1), "━")
    #expect(canvas.text(row: 0) == "\"It's\" *-~ > 0.1~1 -|+ v é 画")
    #expect(canvas.text(row: 1) == text)
    #expect(canvas.text(row: 2) == "---")
    var usual = Canvas(size: Size(width: 40, height: 1))
    usual.write(text, x: 0, y: 0, style: .normal)
    #expect(usual.text(row: 0) == text)
  }

  @Test func `text is written and its width is returned`() {
    var canvas = canvas(10, 2)
    #expect(canvas.write("hello", x: 1, y: 0, style: .title) == 5)
    #expect(canvas.write("日本", at: Point(x: 0, y: 1), style: .normal) == 4)
    #expect(canvas.text() == " hello\n日本")
    #expect(canvas.styles() == "0: title 1-5")
  }

  @Test func `text ends at the canvas's edges`() {
    var canvas = canvas(5)
    #expect(canvas.write("hello world", x: -2, y: 0, style: .normal) == 7)
    #expect(canvas.text() == "llo w")
    #expect(canvas.write("x", x: 5, y: 0, style: .normal) == 0)
    #expect(canvas.write("x", x: 0, y: 1, style: .normal) == 0)
    #expect(canvas.write("x", x: 0, y: -1, style: .normal) == 0)
    #expect(canvas.write("", x: 0, y: 0, style: .normal) == 0)
    #expect(canvas.text() == "llo w")
  }

  @Test func `cells link to an address until they're overwritten`() {
    var canvas = canvas(12, 2)
    let first = Rect(x: 1, y: 0, width: 4, height: 1)
    canvas.write(" page", x: 0, y: 0, style: .link)
    canvas.link(first, to: "https://example.com/a b\u{7}é")
    #expect(canvas.link(at: Point(x: 0, y: 0)) == nil)
    #expect(canvas.link(at: Point(x: 1, y: 0)) == "https://example.com/a%20b%07%C3%A9")
    #expect(canvas.link(at: Point(x: 4, y: 0)) == canvas.link(at: Point(x: 1, y: 0)))
    #expect(canvas.link(at: Point(x: 5, y: 0)) == nil)
    canvas.restyle(first, { $0.selected })
    #expect(canvas.link(at: Point(x: 2, y: 0)) != nil)
    canvas.write("x", x: 2, y: 0, style: .link)
    #expect(canvas.link(at: Point(x: 2, y: 0)) == nil)
    canvas.fill(first)
    #expect(canvas.link(at: Point(x: 3, y: 0)) == nil)
    canvas.link(Rect(x: 0, y: 1, width: 12, height: 9), to: "http://example.com")
    #expect(canvas.links.count == 2 && canvas.link(at: Point(x: 11, y: 1)) == "http://example.com")
    #expect(canvas.link(at: Point(x: 12, y: 1)) == nil)
  }

  @Test(arguments: ["file:///etc/passwd", "javascript:1", "", "https:/x", "x https://example.com"])
  func `only web addresses are linked`(address: String) {
    var canvas = canvas(4)
    canvas.link(canvas.bounds, to: address)
    canvas.link(canvas.bounds, to: "https://example.com/" + String(repeating: "é", count: 400))
    #expect(canvas.links.isEmpty && canvas.cells.allSatisfy { $0.link == 0 })
  }

  @Test func `a cell with a different link has changed`() {
    var old = canvas(20)
    old.write("see page, and page", x: 0, y: 0, style: .link)
    var new = old
    new.link(Rect(x: 4, y: 0, width: 4, height: 1), to: "https://example.com/1")
    var changes: [Range<Int>] = []
    new.forEachChange(from: old, row: 0) { changes.append($0) }
    #expect(changes == [4..<8] && new != old)
    old = new
    new.link(Rect(x: 4, y: 0, width: 4, height: 1), to: "https://example.com/2")
    changes = []
    new.forEachChange(from: old, row: 0) { changes.append($0) }
    #expect(changes == [4..<8] && new.links.count == 2)
  }

  /// The recorded changes between frames give the same result as comparing every cell.
  @Test(arguments: 1...40)
  func `the recorded changes turn a frame into the next one`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let size = Size(width: Int.random(in: 1...24, using: &random), height: 5)
    let texts = ["", "a", "日本語", "e\u{301}", "👩 and more", "ｗｉｄｅ words", "\u{1B}[1mx"]
    var canvas = Canvas(size: size)
    var shown = Canvas(size: size)
    func rect() -> Rect {
      Rect(
        x: Int.random(in: -3...26, using: &random), y: Int.random(in: -1...5, using: &random),
        width: Int.random(in: 0...12, using: &random), height: Int.random(in: 0...3, using: &random)
      )
    }
    func draw(on canvas: inout Canvas) {
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let rect = rect()
        switch Int.random(in: 0..<6, using: &random) {
        case 0: canvas.fill(rect, ["·", " ", "漢"].randomElement(using: &random) ?? " ")
        case 1: canvas.restyle(rect) { $0.selected }
        case 2: canvas.link(rect, to: "https://example.com/\(rect.x & 3)")
        case 3: canvas.box(rect, style: .border)
        default:
          canvas.write(
            texts.randomElement(using: &random) ?? "", x: rect.x, y: rect.y, style: .title,
            in: Bool.random(using: &random) ? self.canvas(24, 5).bounds : rect)
        }
      }
    }
    for _ in 0..<30 {
      canvas.beginFrame()
      if Int.random(in: 0..<8, using: &random) == 0 { canvas = Canvas(size: size) }
      draw(on: &canvas)
      var frame = canvas
      if Int.random(in: 0..<3, using: &random) == 0 {
        frame.beginOverlay()
        draw(on: &frame)
      }
      var changed: [Range<Int>] = []
      shown.become(frame) { y, columns, before in
        changed.append(y * 100 + columns.lowerBound..<y * 100 + columns.upperBound)
        #expect(columns.contains { before[$0] != frame[$0, y] })
      }
      #expect(shown == frame && shown.links == frame.links)
      #expect(changed.isEmpty || changed.count <= size.width * size.height)
    }
  }

  @Test func `a wide character is never cut at the edges of a clip`() {
    for x in -3...8 {
      var canvas = canvas(8)
      canvas.fill(canvas.bounds, "·")
      canvas.write("日本語", x: x, y: 0, style: .normal, in: Rect(x: 1, y: 0, width: 4, height: 1))
      let text = canvas.text()
      #expect(text.hasPrefix("·") && text.hasSuffix("···"), "at \(x): \(text)")
      #expect(TextLayout.width(of: text) == 8, "at \(x): \(text)")
      assertWhole(canvas)
    }
    var canvas = canvas(8)
    canvas.write("日本語", x: 0, y: 0, style: .normal, in: Rect(x: 1, y: 0, width: 4, height: 1))
    #expect(canvas.text() == "  本")
  }

  @Test func `the rest of a wide character that is half overwritten becomes a blank`() {
    var left = canvas(6)
    left.write("日本語", x: 0, y: 0, style: .normal)
    left.write("x", x: 1, y: 0, style: .normal)
    #expect(left.text() == " x本語")
    var right = canvas(6)
    right.write("日本語", x: 0, y: 0, style: .normal)
    right.write("x", x: 2, y: 0, style: .normal)
    #expect(right.text() == "日x 語")
    var wide = canvas(6)
    wide.write("日本語", x: 0, y: 0, style: .normal)
    wide.write("漢", x: 1, y: 0, style: .normal)
    #expect(wide.text() == " 漢 語")
    [left, right, wide].forEach(assertWhole)
  }

  @Test func `a box over wide characters cuts none of them`() {
    for x in 0..<5 {
      var canvas = canvas(12, 3)
      for y in 0..<3 { canvas.write("日本語日本語", x: 0, y: y, style: .normal) }
      canvas.box(Rect(x: x, y: 0, width: 5, height: 3), style: .border)
      canvas.fill(Rect(x: x + 1, y: 1, width: 3, height: 1))
      assertWhole(canvas)
      #expect(canvas.text(row: 1).filter { $0 == "│" }.count == 2)
    }
  }

  @Test func `a character keeps its marks, an emoji sequence is cut, and a flag becomes letters`() {
    var canvas = canvas(20)
    #expect(canvas.write("e\u{301}n\u{303}\u{323}", x: 0, y: 0, style: .normal) == 2)
    #expect(canvas.text() == "e\u{301}n\u{303}\u{323}")
    #expect(canvas.write("👩‍👩‍👧👍🏽❤\u{FE0F}🇩🇪", x: 0, y: 0, style: .normal) == 7)
    #expect(canvas.text() == "👩👍❤DE")
  }

  @Test func `a mark without a character goes on a blank`() {
    var canvas = canvas(4)
    #expect(canvas.write("\u{301}a", x: 0, y: 0, style: .normal) == 2)
    assertWhole(canvas)
  }

  @Test func `control sequences are dropped`() {
    var canvas = canvas(40)
    canvas.write(
      "a\u{1B}[31mb\u{1B}]0;title\u{7}c\u{1B}Pq\u{1B}\\d\u{9B}5me\u{202E}f\u{0}g\rh\u{1B}(0i", x: 0,
      y: 0, style: .normal)
    #expect(canvas.text() == "abcdefghi")
    canvas.write("x\ty\nz         ", x: 0, y: 0, style: .normal)
    #expect(canvas.text() == "x y z")
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `no text at any position leaves a control character or half a character in a cell`(
    seed: UInt64
  ) {
    var random = SplitMix(seed: seed)
    var canvas = canvas(17, 5)
    for _ in 0..<300 {
      let text = Hostile.text(length: 12, using: &random)
      let clip = Rect(
        x: .random(in: -3..<20, using: &random), y: .random(in: -2..<6, using: &random),
        width: .random(in: 0..<20, using: &random), height: .random(in: 0..<6, using: &random))
      let x = Int.random(in: -10..<20, using: &random)
      let y = Int.random(in: -1..<6, using: &random)
      let before = canvas
      let columns = canvas.write(text, x: x, y: y, style: .accent, in: clip)
      assertWhole(canvas)
      let shown = canvas.bounds.intersection(clip)
      #expect(columns >= 0 && (columns == 0 || x + columns <= shown.maxX))
      // Outside the clip, only the other half of a character at its edge changes.
      for row in 0..<5 {
        for column in 0..<17 where !shown.contains(Point(x: column, y: row)) {
          guard canvas[column, row] != before[column, row] else { continue }
          #expect(canvas[column, row].isBlank)
          #expect(row == y && (column == shown.x - 1 || column == shown.maxX))
        }
      }
    }
  }

  @Test func `filling and restyling stay inside`() {
    var canvas = canvas(6, 3)
    canvas.fill(Rect(x: 4, y: 1, width: 10, height: 10), "#", .code)
    #expect(canvas.text() == "\n    ##\n    ##")
    canvas.restyle(Rect(x: -5, y: 2, width: 10, height: 1)) { $0.selected.bold() }
    #expect(
      canvas.styles()
        == """
        1: code 4-5
        2: normal+bold+selected 0-4, code 5
        """.replacing("0-4, code 5", with: "0-3, code+bold+selected 4, code 5"))
    var wide = self.canvas(5)
    wide.fill(wide.bounds, "漢", .normal)
    #expect(wide.text() == "漢漢")
  }

  @Test(arguments: ["\n", "\r\n", "\t", "\u{1B}", "\u{7}", "\u{85}", "\u{202E}"] as [Character])
  func `filling with a control character sends none of it`(character: Character) {
    var canvas = canvas(3, 2)
    canvas.fill(canvas.bounds, character, style: .dim)
    for cell in canvas.cells { #expect(cell.base == 0x20) }
  }

  @Test func `filling over wide characters cuts none of them`() {
    for x in 0..<6 {
      var canvas = canvas(8)
      canvas.write("日本語漢", x: 0, y: 0, style: .normal)
      canvas.fill(Rect(x: x, y: 0, width: 2, height: 1), "#")
      assertWhole(canvas)
      #expect(TextLayout.width(of: canvas.text() + ".") >= 3)
    }
  }

  @Test func `boxes of every size are drawn`() {
    var canvas = canvas(9, 3)
    canvas.box(Rect(x: 0, y: 0, width: 4, height: 3), style: .border)
    canvas.box(Rect(x: 5, y: 0, width: 3, height: 3), style: .border, borders: .ascii)
    #expect(canvas.text() == "╭──╮ +-+\n│  │ | |\n╰──╯ +-+")
    for width in 0..<3 {
      for height in 0..<3 {
        var canvas = self.canvas(2, 2)
        canvas.box(Rect(x: 0, y: 0, width: width, height: height), style: .border)
        assertWhole(canvas)
      }
    }
  }

  @Test func `a canvas without cells accepts every operation`() {
    var canvas = canvas(0, 0)
    canvas.write("x", x: 0, y: 0, style: .normal)
    canvas.fill(Rect(x: 0, y: 0, width: 5, height: 5))
    canvas.box(Rect(x: 0, y: 0, width: 5, height: 5), style: .border)
    canvas.restyle(Rect(x: 0, y: 0, width: 5, height: 5)) { $0.selected }
    #expect(canvas.text() == "")
    #expect(Canvas(size: Size(width: -1, height: 5)).cells.isEmpty)
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `the changes between two frames turn one into the other`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var old = canvas(40, 4)
    for _ in 0..<100 {
      var new = old
      for _ in 0..<Int.random(in: 0..<4, using: &random) {
        new.write(
          Hostile.text(length: 6, using: &random), x: .random(in: -2..<40, using: &random),
          y: .random(in: 0..<4, using: &random), style: Bool.random(using: &random) ? .dim : .normal
        )
      }
      for y in 0..<4 {
        var row = (0..<40).map { old[$0, y] }
        var last = -1
        new.forEachChange(from: old, row: y) { change in
          #expect(!change.isEmpty && change.upperBound > last)
          last = change.upperBound
          // A change consists of whole characters in both frames.
          #expect(!new[change.lowerBound, y].isContinuation)
          #expect(!old[change.lowerBound, y].isContinuation)
          #expect(change.upperBound == 40 || !new[change.upperBound, y].isContinuation)
          for x in change { row[x] = new[x, y] }
        }
        #expect(row == (0..<40).map { new[$0, y] })
      }
      old = new
    }
  }

  @Test(arguments: -7...7)
  func `scrolling moves a rectangle's rows and nothing else`(rows: Int) {
    var canvas = Canvas(size: Size(width: 9, height: 8))
    for y in 0..<8 { canvas.write("\(y)漢字\(y)漢\(y)", x: 0, y: y, style: .normal) }
    var shown = canvas
    canvas.beginFrame()
    let area = Rect(x: 1, y: 2, width: 4, height: 5)
    let before = canvas
    canvas.scroll(area, by: rows)
    for y in 0..<8 {
      for x in 0..<9 {
        let isMoved = area.contains(Point(x: x, y: y)) && (2..<7).contains(y + rows)
        #expect(canvas[x, y] == (isMoved ? before[x, y + rows] : before[x, y]))
      }
    }
    shown.become(canvas) { _, _, _ in }
    #expect(shown == canvas)
  }

  @Test func `equal frames have no changes`() {
    var canvas = canvas(40, 2)
    canvas.write("日本 hello", x: 3, y: 1, style: .title)
    canvas.forEachChange(from: canvas, row: 1) { _ in Issue.record("there should be no change") }
    #expect(canvas == canvas)
  }

  @Test func `a cell is sixteen plain bytes`() {
    #expect(MemoryLayout<Cell>.size == 16)
    #expect(MemoryLayout<Cell>.stride == 16)
    #expect(MemoryLayout<Style>.size <= 4)
  }

  /// Expects that every wide character has both of its halves.
  private func assertWhole(_ canvas: Canvas) {
    for y in 0..<canvas.size.height {
      for x in 0..<canvas.size.width {
        let cell = canvas[x, y]
        #expect(cell.base == 0 || (cell.base >= 0x20 && !(0x7F..<0xA0).contains(cell.base)))
        #expect(!(0x202A...0x202E).contains(cell.base))
        if cell.width == 2 {
          #expect(x + 1 < canvas.size.width && canvas[x + 1, y].isContinuation)
        }
        if cell.isContinuation { #expect(x > 0 && canvas[x - 1, y].width == 2) }
      }
    }
  }
}

/// Malicious text.
enum Hostile {
  static let pieces = [
    "a", "word", " ", "  ", "日", "한국", "é", "e\u{301}", "\u{301}\u{302}\u{303}\u{304}", "👩‍👩‍👧", "🇩🇪",
    "👍🏽", "\u{1B}[31m", "\u{1B}]0;x", "\u{7}", "\u{1B}", "\u{1B}\\", "\u{9B}1m", "\u{9D}",
    "\u{202E}",
    "\u{200B}", "\u{200D}", "\u{FE0F}", "\t", "\n", "\r\n", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}",
    "\u{FEFF}", "\u{E0001}", "\u{FFFF}", "ﷺ", "\u{1100}\u{1161}\u{11A8}", "─", "│", "…",
  ]

  static func text(length: Int, using random: inout SplitMix) -> String {
    (0..<Int.random(in: 0...length, using: &random))
      .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
  }
}
