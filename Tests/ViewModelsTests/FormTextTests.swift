import Running
import Support
import Testing

@testable import ViewModels

@Suite struct FormTextTests {
  // MARK: Markdown

  @Test(arguments: [
    ("Prompt for **generated** _image_", "Prompt for generated image"),
    ("See [the docs](https://a.example/x_(y)) now", "See the docs now"),
    ("![logo](https://a.example/l.png) Logo", "logo Logo"),
    ("Use `prompt_strength` here", "Use prompt_strength here"),
    ("``a ` b``", "a ` b"),
    ("snake_case_name and 2 * 3 * 4 stay", "snake_case_name and 2 * 3 * 4 stay"),
    ("<https://a.example> and <lora:name:0.5>", "https://a.example and <lora:name:0.5>"),
    ("one<br>two<br/>three", "one\ntwo\nthree"),
    ("<b>bold</b> &lt;s0&gt; &amp; x &unknown;", "bold <s0> & x &unknown;"),
    ("# Title\n\nText  \n- one\n* two\n> said", "Title\nText\n• one\n• two\nsaid"),
    ("```python\ncode()\n```", "code()"),
    (#"a \* b \_ c \n"#, #"a * b _ c \n"#),
    ("~~old~~ ~5 ***both*** **open", "old ~5 both **open"),
    ("[not a link] (x) [a][b]", "[not a link] (x) [a][b]"),
    ("*a **b** c*", "a b c"),
    ("---\nrest", "rest"),
    ("", ""),
  ])
  func `Markdown is reduced to its text`(markdown: String, text: String) {
    #expect(MarkdownText.plain(markdown) == text)
  }

  @Test func `hostile Markdown takes a moment only`() {
    let time = ContinuousClock().measure {
      for piece in ["*", "[", "`a", "_a ", "<", "**a [b](", "&", "\\"] {
        _ = MarkdownText.plain(String(repeating: piece, count: 20_000))
      }
    }
    #expect(time < .seconds(10))
  }

  // MARK: Rows

  private func rows(_ text: String, _ columns: Int, limit: Int = .max) -> [String] {
    TextRows(text, columns: columns, limit: limit, width: Self.width).rows.map { String(text[$0]) }
  }

  private static let width: @Sendable (Character) -> Int = { ("一"..."龥").contains($0) ? 2 : 1 }

  @Test func `words stay whole where they fit`() {
    #expect(rows("one two three", 7) == ["one two ", "three"])
    #expect(rows("one two three", 9) == ["one two ", "three"])
    #expect(rows("", 5) == [""])
    #expect(rows("a\n\nb\n", 5) == ["a", "", "b", ""])
  }

  @Test func `a word longer than a row is cut`() {
    #expect(rows("abcdefgh", 3) == ["abc", "def", "gh"])
    #expect(rows("x abcdefgh", 3) == ["x ", "abc", "def", "gh"])
  }

  @Test func `blanks hang over the end of a row`() {
    #expect(rows("ab    cd", 3) == ["ab    ", "cd"])
  }

  @Test func `wide Characters aren't cut in half`() {
    #expect(rows("漢字漢字", 5) == ["漢字", "漢字"])
    #expect(rows("漢字", 1) == ["漢", "字"])
  }

  @Test func `no more rows are made than asked for`() {
    #expect(rows("a b c d e f", 1, limit: 3) == ["a ", "b ", "c "])
  }

  @Test func `rows cover the text without gaps, and places come back`() {
    let pieces = ["a", "bc ", "long-word", " ", "  ", "\n", "漢字", "e\u{301}", "\t"]
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 0...30)).map { _ in pieces.randomElement() ?? "" }.joined()
      let columns = Int.random(in: 2...12)
      let cut = TextRows(text, columns: columns, width: Self.width)
      var end = text.startIndex
      for row in cut.rows {
        if row.lowerBound != end {
          #expect(text[end].isNewline)
          end = text.index(after: end)
        }
        #expect(row.lowerBound == end)
        end = row.upperBound
      }
      #expect(end == text.endIndex)
      for index in text.indices + [text.endIndex] {
        let row = cut.row(of: index)
        let column = cut.column(of: index, width: Self.width)
        #expect(cut.place(row: row, column: column, width: Self.width) == index)
      }
    }
  }

  @Test(arguments: 1...200)
  @MainActor func `rows after an edit are those of the whole text`(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let pieces = [
      "a", "bc ", "long-word", " ", "  ", "\n", "漢字", "e\u{301}", "\u{301}", "\t", "\r\n", "🇩🇪",
      "👩‍👩‍👧‍👦", "각", "\u{11A8}", "©", "\u{FE0F}", "\u{200D}", "हि", "\u{2028}", "…",
    ]
    func text(_ most: Int) -> String {
      (0..<Int.random(in: 0...most, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
    }
    var whole = text(80)
    let cache = TextRowCache()
    let columns = Int.random(in: 1...12, using: &random)
    for _ in 0..<30 {
      let fresh = TextRows(whole, columns: columns, width: Self.width)
      let kept = cache.rows(of: whole, columns: columns, width: Self.width)
      #expect(kept.rows == fresh.rows, "\(whole.debugDescription)")
      let scalars = Array(whole.unicodeScalars)
      let start = Int.random(in: 0...scalars.count, using: &random)
      let end = min(scalars.count, start + [0, 0, 1, 9].randomElement(using: &random)!)
      var next = String.UnicodeScalarView(scalars[..<start])
      next += text(Bool.random(using: &random) ? 1 : 6).unicodeScalars
      next += scalars[end...]
      whole = String(next)
    }
  }

  @Test func `rows are at most as wide as the columns, but for hanging blanks`() {
    #expect(rows(" ab漢", 3) == [" ", "ab", "漢"])
  }

  @Test func `a key in a megabyte of text gives the rows that wrapping all of it does`() {
    for piece in ["word and word ", "漢字と word of a line\n"] {
      let text = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
      let place = text.index(text.startIndex, offsetBy: text.count / 2)
      var longer = text
      longer.insert("x", at: place)
      let rows = TextRows(text, columns: 80, width: Self.width)
      let again = TextRows(longer, after: rows, columns: 80, width: Self.width)
      #expect(again == TextRows(longer, columns: 80, width: Self.width))
    }
  }
}
