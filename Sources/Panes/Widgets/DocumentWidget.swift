import TerminalKit
import ViewModels

/// Draws the visible rows of a document.
///
/// Call `Document.setViewport` before drawing, so that the document knows its size.
@MainActor
struct DocumentWidget {
  var document: Document
  var borders = BorderSet.rounded

  func draw(on canvas: inout Canvas, in area: Rect) {
    for (index, row) in document.rows.prefix(area.height).enumerated() {
      let y = area.y + index
      let style = Style(row.meaning)
      if let label = row.label {
        let column = Rect(x: area.x, y: y, width: row.indent - 1, height: 1).intersection(area)
        let text = TextLayout.truncate(
          label, width: column.width, ellipsis: borders.isASCII ? "..." : "…",
          widths: canvas.widths)
        canvas.write(text, at: column.origin, style: .label, in: column)
      }
      let x = area.x + row.indent
      let width = canvas.write(
        row.text, x: x, y: y, style: style, in: area, isForeign: row.meaning.isForeign)
      if let link = row.link {
        canvas.link(
          Rect(x: x, y: y, width: width, height: 1).intersection(area), to: link)
      }
    }
  }

  /// The rows that the scroll bar's thumb covers, from 0; nil if everything is visible.
  func scrollThumb(height: Int) -> Range<Int>? {
    let extent = document.extent
    return Scrolling.thumb(count: extent.count, top: extent.top, height: height)
  }
}

extension RowBreaker: RowBreaking {}

extension Document.Meaning {
  /// Whether texts of this kind aren't ours.
  fileprivate var isForeign: Bool {
    switch self {
    case .plain, .value, .number, .string, .link, .code, .quote, .error, .log: true
    case .heading, .label, .note, .warning, .success: false
    }
  }
}

extension Style {
  /// The style for a kind of text.
  init(_ meaning: Document.Meaning) {
    self =
      switch meaning {
      case .plain: .normal
      case .heading: .heading
      case .label: .label
      case .value: .value
      case .number: .number
      case .string: .string
      case .link: .link
      case .code: .code
      case .quote, .note: .dim
      case .error: .error
      case .warning: .warning
      case .success: .success
      case .log: .log
      }
  }
}
