import Running
import Support
import Testing
import ViewModels

@testable import Panes
@testable import TerminalKit

@MainActor
struct DocumentWidgetTests {
  private func draw(_ document: Document, width: Int, height: Int) -> Canvas {
    let size = Size(width: width, height: height)
    var canvas = Canvas(size: size)
    document.setViewport(
      width: size.width, height: size.height, breaker: RowBreaker(widths: canvas.widths))
    DocumentWidget(document: document).draw(on: &canvas, in: Rect(size))
    return canvas
  }

  @Test func `blocks are drawn with their labels, meanings and links`() {
    let document = Document([
      Document.Block(.heading, "Painter"), .blank,
      .fact("runs", "1 234 567 in all these years", column: 10),
      .fact("a name that is long", "7", .number, column: 10),
      Document.Block(.link, "page", link: "https://example.com", indent: 2),
      Document.Block(.plain, "one item", indent: 2, label: "•"),
    ])
    let canvas = draw(document, width: 24, height: 8)
    #expect(
      canvas.text() == """
        Painter

        runs      1 234 567 in
                  all these
                  years
        a name t… 7
          page
        • one item
        """)
    #expect(
      canvas.styles() == """
        0: heading 0-6
        2: label 0-3, value 10-21
        3: value 10-18
        4: value 10-14
        5: label 0-8, number 10
        6: link 2-5
        7: label 0
        """)
    #expect(canvas.link(at: Point(x: 2, y: 6)) == "https://example.com")
    #expect(canvas.link(at: Point(x: 6, y: 6)) == nil)
  }

  @Test func `a narrow area cuts the label before the text`() {
    let document = Document([.fact("version", "abcdefghij", column: 14)])
    #expect(draw(document, width: 12, height: 2).text() == "ve… abcdefgh\n    ij")
    #expect(draw(document, width: 3, height: 4).text() == "abc\ndef\nghi\nj")
  }

  @Test func `a log looks as in a terminal, without colors`() {
    let document = Document(
      [Document.Block(.log, "\u{1B}[32mready\u{1B}[0m\n10%\r20%\rdone\nab\u{8}c\u{7}\n")],
      followsGrowth: true)
    #expect(draw(document, width: 10, height: 3).text() == "ready\ndone\nac")
  }

  @Test func `the thumb shows how far down the reader is`() {
    let document = Document([
      Document.Block(.plain, (0..<40).map { "\($0)" }.joined(separator: "\n"))
    ])
    let widget = DocumentWidget(document: document)
    _ = draw(document, width: 10, height: 10)
    #expect(widget.scrollThumb(height: 10) == 0..<2)
    document.move(.end)
    #expect(widget.scrollThumb(height: 10) == 8..<10)
    _ = draw(document, width: 10, height: 40)
    #expect(widget.scrollThumb(height: 40) == nil)
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `rows in every script match the wrapped text`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let pieces = [
      ManyScripts.prompt, ManyScripts.output, ManyScripts.family, ManyScripts.flags,
      ManyScripts.marks, ManyScripts.hebrew, ManyScripts.korean, "word", " ", "   ", "\n", "\t",
      "\u{1B}[1m", "\u{1B}]8;;x", String(repeating: "long", count: 200), "\u{301}",
    ]
    for _ in 0..<20 {
      var text = ""
      let document = Document([Document.Block(.plain, "")], followsGrowth: true)
      let width = Int.random(in: 1...40, using: &random)
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        text += pieces.randomElement(using: &random) ?? ""
        document.setViewport(width: width, height: 10_000, breaker: RowBreaker())
        document.update(text: text, ofBlock: 0)
        let expected = TextLayout.wrap(text, width: width).map(String.init)
        #expect(document.rows.map(\.text) == expected)
        // Walking up row by row visits the same rows.
        document.setViewport(width: width, height: 1, breaker: RowBreaker())
        document.move(.end)
        for row in expected.reversed() {
          #expect(document.rows.first?.text == row)
          document.move(.up)
        }
      }
    }
  }

  @Test func `a log in many scripts is drawn like its wrapped lines`() {
    for width in [1, 2, 7, 20, 39, 80] {
      let document = Document([Document.Block(.log, ManyScripts.log)], followsGrowth: true)
      let canvas = draw(document, width: width, height: 400)
      var expected = StyledText(width: width, widths: canvas.widths)
      for line in LogText.lines(of: ManyScripts.log) { expected.wrap(String(line), .log) }
      var other = Canvas(size: canvas.size)
      expected.draw(on: &other, in: other.bounds, from: 0)
      #expect(canvas.text() == other.text())
    }
  }
}
