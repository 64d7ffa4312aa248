import Support
import Testing

@testable import TerminalKit

@Suite struct TextLayoutTests {
  @Test(arguments: [
    ("", 0), ("hello", 5), ("日本語", 6), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("a\u{1B}[1mb", 2),
    ("\u{200B}x", 1), ("─│╭", 3), ("한국어", 6), ("a\tb", 3), ("ﾊﾝｶｸ", 4), ("\u{FFFF}", 1),
  ])
  func `a text's width is the number of columns it takes`(text: String, width: Int) {
    #expect(TextLayout.width(of: text) == width)
    var canvas = Canvas(size: Size(width: 20, height: 1))
    #expect(canvas.write(text, x: 0, y: 0, style: .normal) == width)
  }

  @Test(arguments: [
    ("the quick brown fox", 10, ["the quick", "brown fox"]),
    ("the quick brown fox", 9, ["the quick", "brown fox"]),
    ("the quick brown fox", 100, ["the quick brown fox"]),
    ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ("ab abcdefghij x", 4, ["ab", "abcd", "efgh", "ij x"]),
    ("one\ntwo\n\nthree", 10, ["one", "two", "", "three"]),
    ("one\r\ntwo", 10, ["one", "two"]),
    ("one\n", 10, ["one", ""]),
    ("", 10, [""]),
    ("a    b", 3, ["a", "b"]),
    ("a    b", 6, ["a    b"]),
    ("  indented", 10, ["  indented"]),
    ("trailing   \nnext", 20, ["trailing", "next"]),
    ("日本語日本語", 5, ["日本", "語日", "本語"]),
    ("日本", 1, ["日", "本"]),
    ("      x", 3, ["", "x"]),
    ("abc def", 0, ["a", "b", "c", "d", "e", "f"]),
  ])
  func `text is broken between words, and inside words that are too long`(
    text: String, width: Int, lines: [String]
  ) {
    #expect(TextLayout.wrap(text, width: width).map(String.init) == lines)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `wrapping loses no characters and keeps every line within the width`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<200 {
      let text = TextLayout.sanitize(Hostile.text(length: 40, using: &random))
      let width = Int.random(in: 2...20, using: &random)
      let lines = TextLayout.wrap(text, width: width)
      for line in lines { #expect(TextLayout.width(of: line) <= width) }
      let blanks: Set<Unicode.Scalar> = [" ", "\n", "\t", "\u{2028}"]
      func inked(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter {
          !blanks.contains($0) && GlyphReader.fate(of: $0.value) != .dropped
        }
      }
      #expect(inked(lines.joined()) == inked(text))
    }
  }

  @Test func `a text that fits isn't changed`() {
    #expect(TextLayout.truncate("hello", width: 5) == "hello")
    #expect(TextLayout.truncate("", width: 0) == "")
    #expect(TextLayout.truncate("日本", width: 4) == "日本")
  }

  @Test func `a text that doesn't fit ends with an ellipsis`() {
    #expect(TextLayout.truncate("hello world", width: 8) == "hello w…")
    #expect(TextLayout.truncate("日本語", width: 4) == "日…")
    #expect(TextLayout.truncate("hello", width: 1) == "…")
    #expect(TextLayout.truncate("hello", width: 0) == "")
    #expect(TextLayout.truncate("hello", width: 4, ellipsis: "...") == "h...")
    #expect(TextLayout.truncate("hello", width: 2, ellipsis: "...") == "he")
  }

  @Test func `a text can be cut in the middle instead`() {
    #expect(TextLayout.truncate("owner/a-long-name", width: 9, position: .middle) == "owne…name")
    #expect(TextLayout.truncate("日本語日本語", width: 7, position: .middle) == "日本…語")
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `a truncated text always fits`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<300 {
      let text = Hostile.text(length: 20, using: &random)
      let width = Int.random(in: 0...12, using: &random)
      for position in [TextLayout.Truncation.end, .middle] {
        let short = TextLayout.truncate(text, width: width, position: position)
        #expect(TextLayout.width(of: short) <= width)
      }
    }
  }

  @Test(arguments: [
    ("plain\ttext\n", "plain\ttext\n"),
    ("\u{1B}[1;31mred\u{1B}[0m", "red"),
    ("\u{1B}]8;;https://example.com\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
    ("\u{1B}]0;title\u{7}text", "text"),
    ("\u{1B}]52;c;aGk=\u{9C}text", "text"),
    ("\u{1B}Pq#0;2;0\u{1B}\\after", "after"),
    ("\u{1B}_Gf=100;AAAA\u{1B}\\after", "after"),
    ("\u{9B}31mred", "red"),
    ("a\u{1B}(0b\u{1B}7c\u{1B}", "abc"),
    ("\u{1B}]0;never ends\nnext line", "\nnext line"),
    ("50%\r100%\u{8}\u{7}\u{0}", "50%100%"),
    ("\u{202E}evil\u{202C}\u{2066}\u{2069}\u{200F}", "evil"),
    ("👩‍👩‍👧 ❤\u{FE0F}", "👩‍👩‍👧 ❤\u{FE0F}"),
  ])
  func `control sequences are removed from a text`(text: String, clean: String) {
    #expect(TextLayout.sanitize(text) == clean)
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `sanitized text is harmless and isn't changed again`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<300 {
      let clean = TextLayout.sanitize(Hostile.text(length: 20, using: &random))
      #expect(TextLayout.sanitize(clean) == clean)
      for scalar in clean.unicodeScalars where scalar != "\n" && scalar != "\t" {
        #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
        #expect(!(0x202A...0x202E).contains(scalar.value))
      }
    }
  }

  @Test func `megabytes of unterminated sequences are read only once`() {
    let text = String(repeating: "\u{1B}]\u{1B}P\u{9D}", count: 200_000)
    #expect(TextLayout.sanitize(text) == "")
    #expect(TextLayout.width(of: text) == 0)
  }

  @Test func `a megabyte is wrapped into lines that point into it`() {
    let text = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 25_000)
    let lines = TextLayout.wrap(text, width: 80)
    #expect(lines.allSatisfy { $0.utf8.count <= 80 })
    #expect(lines.count > 14_000)
  }
}
