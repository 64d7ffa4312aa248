/// What a TOML 1.0 file says: its values, and its mistakes.
///
///     let document = TOMLDocument("theme = \"dark\"\nmouse = yes")
///     document.root["theme"]?.string  // "dark"
///     document.mistakes               // line 2, column 9: “yes” isn’t a value; …
///
/// Reading never stops at a mistake: it continues with the next line that can be understood. It takes
/// time and memory in proportion to the text, whatever the text is.
///
/// A few things that TOML 1.1 allows are read as well: inline tables over several lines or with a
/// comma at the end, and the escapes `\e` and `\x41`.
package struct TOMLDocument: Sendable {
  /// What couldn't be read, and where; lines and columns count from 1.
  package struct Mistake: Error, Hashable, Sendable {
    package let line: Int
    package let column: Int
    /// In words to act on, without a period.
    package let message: String
  }

  package let root: TOMLTable
  /// In the order of their lines.
  package let mistakes: [Mistake]

  /// Tables and arrays can be this many levels deep.
  package static let depthLimit = 64

  package init(_ text: String) {
    var parser = TOMLParser(text)
    parser.parse()
    root = parser.root.table
    mistakes = parser.mistakes.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
  }
}
