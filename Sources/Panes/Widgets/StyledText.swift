import TerminalKit

/// Lines of styled spans, laid out for one width and drawn from any line.
struct StyledText {
  struct Span {
    var text: String
    var style: Style
    /// The web address that the span links to.
    var link: String?
    /// Whether the text isn't ours, so that it has none of our marks.
    var isForeign = false
  }

  private(set) var lines: [[Span]] = []
  let width: Int
  let widths: WidthTable

  init(width: Int, widths: WidthTable) {
    self.width = width
    self.widths = widths
  }

  mutating func add(_ spans: Span...) {
    lines.append(spans)
  }

  mutating func add(_ spans: [Span]) {
    lines.append(spans)
  }

  mutating func blank() {
    lines.append([])
  }

  /// Adds text, wrapped to as many lines as it needs.
  mutating func wrap(_ text: String, _ style: Style, indent: Int = 0, isForeign: Bool = false) {
    let margin = String(repeating: " ", count: indent)
    for line in TextLayout.wrap(text, width: max(1, width - indent), widths: widths) {
      add(
        Span(text: margin, style: .normal),
        Span(text: String(line), style: style, isForeign: isForeign))
    }
  }

  /// Adds a name and its value. The value wraps in its own column.
  mutating func pair(
    _ name: String, _ value: String, _ style: Style = .value, column: Int = 14,
    link: String? = nil, isForeign: Bool = false
  ) {
    let rows = TextLayout.wrap(value, width: max(8, width - column), widths: widths)
    for (index, row) in rows.enumerated() {
      let label = index == 0 ? name : ""
      let gap = max(1, column - TextLayout.width(of: label, widths))
      add(
        Span(text: label + String(repeating: " ", count: gap), style: .label),
        Span(text: String(row), style: style, link: link, isForeign: isForeign))
    }
  }

  func draw(on canvas: inout Canvas, in area: Rect, from top: Int) {
    for (offset, line) in lines.dropFirst(max(0, top)).prefix(area.height).enumerated() {
      var x = area.x
      for span in line {
        let y = area.y + offset
        let width = canvas.write(
          span.text, x: x, y: y, style: span.style, in: area, isForeign: span.isForeign)
        if let link = span.link {
          canvas.link(Rect(x: x, y: y, width: width, height: 1).intersection(area), to: link)
        }
        x += width
        if x >= area.maxX { break }
      }
    }
  }
}
