import TerminalKit
import ViewModels

/// The visible part of a line being edited, which always includes the cursor.
struct TypedLine {
  private(set) var text: String
  /// Columns from the start of `text`.
  private(set) var cursorColumn: Int

  init(buffer: TextBuffer, width: Int, widths: WidthTable, masked: Bool = false) {
    let before =
      masked
      ? Self.mask(buffer.text[..<buffer.cursor])
      : String(
        buffer.text[..<buffer.cursor])
    let after =
      masked
      ? Self.mask(buffer.text[buffer.cursor...])
      : String(
        buffer.text[buffer.cursor...])
    var shown = Substring(before)
    var columns = TextLayout.width(of: shown, widths)
    // The last column is reserved for the cursor.
    while columns >= max(1, width), !shown.isEmpty {
      let first = shown.removeFirst()
      columns -= TextLayout.width(of: String(first), widths)
    }
    cursorColumn = columns
    text = shown + after
  }

  private static func mask(_ text: Substring) -> String {
    String(repeating: "•", count: text.count)
  }
}
