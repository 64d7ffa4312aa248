import Testing
import ViewModels

@Suite struct TextBufferTests {
  private func buffer(_ text: String, lines: Bool = true, _ edits: TextEdit...) -> TextBuffer {
    var buffer = TextBuffer(text, allowsNewlines: lines)
    for edit in edits { buffer.apply(edit) }
    return buffer
  }

  @Test func `typing goes where the cursor is`() {
    #expect(buffer("ac", .left, .insert("b")).text == "abc")
    #expect(buffer("bc", .home, .insert("a"), .end, .insert("d")).text == "abcd")
  }

  @Test func `deleting takes whole Characters in both directions`() {
    #expect(buffer("a👩‍👩‍👧", .deleteBackward).text == "a")
    #expect(buffer("e\u{301}x", .home, .deleteForward).text == "x")
    #expect(buffer("", .deleteBackward, .deleteForward).text == "")
  }

  @Test func `a mark typed after a letter joins it and the cursor stands behind both`() {
    var typed = buffer("ex", .left)
    typed.apply(.insert("\u{301}"))
    #expect(typed.text == "e\u{301}x")
    #expect(typed.column == 1)
    typed.apply(.insert("!"))
    #expect(typed.text == "e\u{301}!x")
  }

  @Test func `halves of a flag that come together become one Character`() {
    var flag = buffer("\u{1F1E9}x\u{1F1EA}", .left, .deleteBackward)
    #expect(flag.text.count == 1)
    flag.apply(.insert("a"))
    #expect(flag.text == "\u{1F1E9}\u{1F1EA}a")
  }

  @Test func `words are stepped over and taken away whole`() {
    #expect(buffer("one two, three", .wordLeft, .wordLeft, .insert("|")).text == "one |two, three")
    #expect(buffer("one two", .home, .wordRight, .insert("|")).text == "one| two")
    #expect(buffer("one two  ", .deleteWordBackward).text == "one ")
    #expect(buffer("snake_case", .deleteWordBackward).text == "")
  }

  @Test func `a line is deleted to its start and to its end`() {
    #expect(buffer("one\ntwo", .left, .deleteToStart).text == "one\no")
    #expect(buffer("one\ntwo", .home, .deleteToStart).text == "onetwo")
    #expect(buffer("one\ntwo", .home, .deleteToEnd).text == "one\n")
    #expect(buffer("one\ntwo", .up, .deleteToEnd).text == "onetwo")
  }

  @Test func `up and down keep the column across a shorter line`() {
    let steps = buffer("long line\nx\nlong line", .up, .up)
    #expect(steps.line == 0)
    #expect(steps.column == 9)
    var edge = buffer("a\nb")
    #expect(edge.line == 1)
    let moves = [TextEdit.down, .up, .up].map { edge.apply($0) }
    #expect(moves == [false, true, false])
  }

  @Test func `home and end stay in their line`() {
    #expect(buffer("one\ntwo", .home).column == 0)
    #expect(buffer("one\ntwo", .home).line == 1)
    #expect(buffer("one\ntwo", .up, .end).column == 3)
  }

  @Test func `an edit that changes nothing says so`() {
    var text = buffer("a", .home)
    let edits: [TextEdit] = [.left, .deleteBackward, .insert(""), .right, .deleteToEnd]
    let answers = edits.map { text.apply($0) }
    #expect(answers == [false, false, false, true, false])
  }

  @Test func `a text of one line turns breaks into blanks`() {
    #expect(buffer("", lines: false, .insert("one\r\ntwo\nthree\n")).text == "one two three")
    var line = TextBuffer("a")
    let breaks = line.apply(.newline)
    #expect(!breaks)
    #expect(line.text == "a")
  }

  @Test func `a text of several lines keeps breaks, all of one kind`() {
    #expect(buffer("", .insert("one\r\ntwo\rthree"), .newline).text == "one\ntwo\nthree\n")
  }

  @Test func `control characters are left out and all else is literal`() {
    #expect(
      buffer("", .insert("a\u{1B}[31mb\u{7}\u{9B}c\tq:\u{200D}")).text == "a[31mbc\tq:\u{200D}")
  }

  @Test func `setting the text puts the cursor at its end`() {
    var text = buffer("abc", .home)
    text.text = "longer text"
    #expect(text.cursor == text.text.endIndex)
    text.text = ""
    #expect(text.isEmpty)
  }

  @Test func `moving into the middle of a Character goes behind it`() {
    var text = buffer("e\u{301}x")
    text.move(to: text.text.utf8.index(text.text.startIndex, offsetBy: 1))
    #expect(text.textBeforeCursor == "e\u{301}")
  }

  @Test func `a paste of 20,000 characters, and typing after it, take a moment`() {
    let paste = String(repeating: "word é 漢字\n", count: 2000)
    let clock = ContinuousClock()
    var text = TextBuffer(allowsNewlines: true)
    let time = clock.measure {
      text.apply(.insert(paste))
      for _ in 0..<100 { text.apply(.insert("x")) }
      for _ in 0..<100 { text.apply(.left) }
      for _ in 0..<100 { text.apply(.up) }
    }
    #expect(text.text.count == paste.count + 100)
    // The budget is 100 ms in a release build; this only catches what is quadratic.
    #expect(time < .seconds(2))
  }

  @Test func `random edits keep the cursor between Characters`() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "a", "é", "e\u{301}", "\u{301}", "👩‍👩‍👧", "\u{200D}", "\u{1F1E9}", "漢", "\n", "\r\n", " ",
      "ab\ncd",
    ]
    let edits: [TextEdit] =
      pieces.map { .insert($0) } + [
        .deleteBackward, .deleteForward, .deleteWordBackward, .left, .right, .wordLeft, .wordRight,
        .up, .down, .home, .end, .newline, .deleteToStart, .deleteToEnd,
      ]
    var text = TextBuffer(allowsNewlines: true)
    for _ in 0..<5000 {
      guard let edit = edits.randomElement(using: &random) else { continue }
      text.apply(edit)
      #expect(String.Index(text.cursor, within: text.text) != nil)
      if text.text.count > 200 { text.text = "" }
    }
  }
}
