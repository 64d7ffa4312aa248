import Support
import Testing

@testable import Settings

struct TOMLTests {
  /// Documents, with their contents as inline tables.
  static let documents: [(text: String, root: String)] = [
    ("", "{}"),
    ("# only a comment", "{}"),
    ("\u{FEFF}a = 1\r\nb = 2\r\n", "{ a = 1, b = 2 }"),
    // Keys.
    ("bare_key-1 = 1\n1234 = 2", "{ bare_key-1 = 1, 1234 = 2 }"),
    ("\"a b\" = 1\n'c.d' = 2\n\"\" = 3", "{ \"a b\" = 1, \"c.d\" = 2, \"\" = 3 }"),
    ("a.b.c = 1\na . b . d = 2", "{ a = { b = { c = 1, d = 2 } } }"),
    ("3.14 = 1", "{ 3 = { 14 = 1 } }"),
    // Strings.
    (
      #"a = "\b\t\n\f\r\e\"\\\x41\u00e9\U0001F600""#,
      #"{ a = "\u0008\t\n\u000C\u000D\u001B\"\\Aé😀" }"#
    ),
    (#"a = 'C:\raw "x"'"#, #"{ a = "C:\\raw \"x\"" }"#),
    ("a = \"\"\"\none\r\n\\\n   two \"\"three\"\"\"\"\"", #"{ a = "one\ntwo \"\"three\"\"" }"#),
    ("a = '''\n\\no ''escape'''''", #"{ a = "\\no ''escape''" }"#),
    ("a = \"\"\"\"\"\"", "{ a = \"\" }"),
    // Numbers.
    (
      "a = [+99, 0, -17, 1_000, 0xDEAD_beef, 0o755, 0b11]",
      "{ a = [99, 0, -17, 1000, 3735928559, 493, 3] }"
    ),
    (
      "a = [9223372036854775807, -9223372036854775808]",
      "{ a = [9223372036854775807, -9223372036854775808] }"
    ),
    (
      "a = [3.14, -0.01, 5e+22, 1e06, 6.626e-34, 9_2.5]",
      "{ a = [3.14, -0.01, 5e+22, 1000000.0, 6.626e-34, 92.5] }"
    ),
    ("a = [inf, +inf, -inf, nan]", "{ a = [inf, inf, -inf, nan] }"),
    // Booleans and dates.
    ("a = [true, false]", "{ a = [true, false] }"),
    (
      "a = [1979-05-27T07:32:00Z, 1979-05-27 00:32:00.99-07:00, 1979-05-27, 07:32:00]",
      "{ a = [1979-05-27T07:32:00Z, 1979-05-27 00:32:00.99-07:00, 1979-05-27, 07:32:00] }"
    ),
    // Lists and inline tables.
    ("a = [\n  1, # one\n\n  [2, ['x']],\n]", "{ a = [1, [2, [\"x\"]]] }"),
    ("a = { b.c = 1, d = { } }", "{ a = { b = { c = 1 }, d = {} } }"),
    ("a = {\n b = 1, # c\n}", "{ a = { b = 1 } }"),
    // Tables.
    (
      "[a]\nx = 1\n[a.b]\nx = 2\n[\"c d\".e]",
      "{ a = { x = 1, b = { x = 2 } }, \"c d\" = { e = {} } }"
    ),
    ("[a.b]\nx = 1\n[a]\ny = 2", "{ a = { b = { x = 1 }, y = 2 } }"),
    ("[a]\nb.c = 1\n[a.b.d]\nx = 2", "{ a = { b = { c = 1, d = { x = 2 } } } }"),
    (
      "[[a]]\nx = 1\n[[a.b]]\ny = 1\n[[a.b]]\n[[a]]\n[a.c]\nz = 1",
      "{ a = [{ x = 1, b = [{ y = 1 }, {}] }, { c = { z = 1 } }] }"
    ),
  ]

  @Test(arguments: documents)
  func `TOML survives reading and writing`(text: String, root: String) {
    let document = TOMLDocument(text)
    #expect(document.mistakes == [])
    #expect(TOMLText.inline(TOMLValue(.table(document.root))) == root)
    let again = TOMLDocument(TOMLText.document(document.root))
    #expect(again.mistakes == [])
    // NaN never equals itself.
    #expect(again.root == document.root || text.contains("nan"))
  }

  /// Documents with mistakes: the expected messages, and what is still read.
  static let mistakes: [(text: String, mistakes: [String], root: String)] = [
    ("a\nb = 1", ["1:2 expected = and a value after “a”"], "{ b = 1 }"),
    (
      "a =\nb = 1",
      ["1:4 expected a value: text in quotes, a number, true, false or a list"], "{ b = 1 }"
    ),
    ("é = 1\nb = 1", ["1:1 expected a name"], "{ b = 1 }"),
    ("a = yes", ["1:5 “yes” isn’t a value; put text in quotes: \"yes\""], "{}"),
    ("a = 012\nb = 1", ["1:5 “012” isn’t a value; a number has no zeros in front"], "{ b = 1 }"),
    ("a = 9223372036854775808", ["1:5 “9223372036854775808” isn’t a value; a number"], "{}"),
    ("a = [1__0, .5, 1., 1e, 0xg]", ["1:6 “1__0” isn’t a value"], "{}"),
    ("a = 2024-13-01", ["1:5 “2024-13-01” isn’t a value"], "{}"),
    ("a = 1 b = 2\nc = 3", ["1:7 unexpected text at the end of the line"], "{ a = 1, c = 3 }"),
    ("é = 1 # ü\nä", ["1:1 expected a name", "2:1 expected a name"], "{}"),
    ("a = \"äb\\q\"", ["1:8 unknown escape"], "{}"),
    ("a = \"\\ud800\"\nb = 1", ["1:6 there is no character with this number"], "{ b = 1 }"),
    ("a = \"\\u12\"", ["1:6 expected 4 hexadecimal digits after this"], "{}"),
    ("a = \"\u{1}\"", ["1:6 a control character isn’t allowed in a string"], "{}"),
    ("a = \"\"\"x\\q\ny\"\"\"\nb = 1", ["1:9 unknown escape"], "{ b = 1 }"),
    ("a = '''x\nb = 1", ["1:5 the string isn’t closed with '''"], "{ b = 1 }"),
    (
      "a = 1\na = 2\na.b = 3", ["2:1 “a” is already set on line 1", "3:1 “a” is already set"],
      "{ a = 1 }"
    ),
    ("a = {b = 1, b = 2}", ["1:13 “b” is already set on line 1"], "{}"),
    (
      "a = {b = 1}\na.c = 2", ["2:1 “a” is already set on line 1, so nothing can be added"],
      "{ a = { b = 1 } }"
    ),
    // A missing bracket loses only one setting.
    ("a = [\"x\"\nb = 1\nc = 2", ["1:5 the list isn’t closed with ]"], "{ b = 1, c = 2 }"),
    ("a = [\n\"x\",\n[keys]\nb = 1", ["1:5 the list isn’t closed with ]"], "{ keys = { b = 1 } }"),
    (
      "a = [ -S,\n  \"x\",\n]\nb = 1", ["1:7 “-S” isn’t a value; if it is text, put it in quotes"],
      "{ b = 1 }"
    ),
    ("a = [1, , 2]\nb = 1", ["1:9 expected a value before the comma"], "{ b = 1 }"),
    ("a = [1\n2]\nb = 1", ["2:1 expected a comma or ] after the value"], "{ b = 1 }"),
    ("a = [[[", ["1:7 the list isn’t closed with ]"], "{}"),
    // Entries below an unreadable header don't end up in another table.
    ("[a\nb = 1\n[c]\nd = 1", ["1:3 expected ] after the table’s name"], "{ c = { d = 1 } }"),
    ("[[a]\nb = 1", ["1:5 expected ]] after the table’s name"], "{}"),
    ("a = 1\n[a]\nb = 1", ["2:1 “a” is already set on line 1; remove one of the two"], "{ a = 1 }"),
    (
      "[a]\nb = 1\n[a]\nc = 1", ["3:1 the table [a] is already on line 1; put its keys there"],
      "{ a = { b = 1, c = 1 } }"
    ),
    ("a = [1]\n[[a]]\nb = 1", ["2:1 “a” is already set on line 1"], "{ a = [1] }"),
    (
      "[a.b]\n[c]\n[a]\nb.d = 1", ["4:1 “b” is already set on line 1, so nothing can be added"],
      "{ a = { b = {} }, c = {} }"
    ),
  ]

  @Test(arguments: mistakes)
  func `a mistake has a position, and reading continues after it`(
    text: String, mistakes: [String], root: String
  ) {
    let document = TOMLDocument(text)
    let found = document.mistakes.map { "\($0.line):\($0.column) \($0.message)" }
    #expect(
      found.count == mistakes.count && zip(found, mistakes).allSatisfy { $0.hasPrefix($1) },
      "\(found)")
    #expect(TOMLText.inline(TOMLValue(.table(document.root))) == root)
  }

  @Test func `values and keys know their lines`() throws {
    let root = TOMLDocument("\na = [\n1,\n2]\n[b]\n\nc.d = 'x'\n[[e]]\n[[e]]").root
    #expect(root.entries.map(\.line) == [2, 5, 8])
    #expect(root["a"]?.array?.map(\.line) == [3, 4])
    #expect(root["b"]?.line == 5)
    #expect(root["b"]?.table?["c"]?.table?["d"]?.line == 7)
    #expect(root["e"]?.array?.map(\.line) == [8, 9])
  }

  @Test(arguments: [
    String(repeating: "[", count: 60_000), "a = " + String(repeating: "[", count: 60_000),
    "a = " + String(repeating: "{a=", count: 20_000),
    String(repeating: "a.", count: 30_000) + "a = 1",
    "[" + String(repeating: "a.", count: 30_000) + "a]",
  ])
  func `values nested too deeply aren't read`(text: String) {
    let document = TOMLDocument(text + "\nb = 1")
    #expect(document.mistakes.count >= 1)
    #expect(TOMLText.document(document.root).utf8.count < 1000)
  }

  @Test func `the maximum nesting can be written and read again`() {
    let limit = TOMLDocument.depthLimit
    for text in [
      "a = " + String(repeating: "[", count: limit - 1) + String(repeating: "]", count: limit - 1),
      String(repeating: "a.", count: limit - 1) + "a = 1",
      "[" + String(repeating: "a.", count: limit - 2) + "a]\na = 1",
    ] {
      let document = TOMLDocument(text)
      #expect(document.mistakes == [])
      let again = TOMLDocument(TOMLText.document(document.root))
      #expect(again.mistakes == [] && again.root == document.root)
      let deeper = text.hasPrefix("[") ? "[b.\(text.dropFirst())" : "b.\(text)"
      #expect(!TOMLDocument(deeper).mistakes.isEmpty)
    }
  }

  @Test func `a table keeps the order of its keys`() {
    var table = TOMLDocument("b = 1\na = 2\nc = 3").root
    table["a"] = TOMLValue(.boolean(true))
    table["b"] = nil
    table["d"] = TOMLValue(.date("07:32:00"))
    #expect(TOMLText.document(table) == "a = true\nc = 3\nd = 07:32:00\n")
    #expect(table == TOMLDocument("d = 07:32:00\nc = 3\na = true").root)
    #expect(table != TOMLDocument("d = 07:32:00\nc = 3\na = false").root)
  }

  /// Slow to parse if the parser isn't linear.
  static let pieces = [
    ("a = \"\"\"", "\\q"), ("a = \"\"\"", "\\ "), ("a = [", "1 "), ("", "a = [ 1,\n"),
    ("", "[[a]]\n"),
    ("", "a = '''x\nb = \"\"\"\n"),
  ]

  @Test(.endsSometime, arguments: pieces)
  func `the longest file is parsed quickly, however many mistakes it has`(
    start: String, piece: String
  ) {
    let count = Settings.sizeLimit / piece.utf8.count
    let document = TOMLDocument(start + String(repeating: piece, count: count))
    #expect(document.mistakes.count <= count)
  }
}
