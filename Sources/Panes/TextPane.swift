import TerminalKit
import ViewModels

/// Draws scrollable styled text and reports its size.
@MainActor
enum TextPane {
  static func draw(
    _ text: StyledText, _ scroll: TextScroll, on canvas: inout Canvas, in area: Rect,
    indent: Int = 1
  ) -> Drawn {
    let inner = area.inset(horizontally: indent, vertically: 0)
    // When text gets shorter, show its end until the scroll position catches up.
    let top = min(scroll.top, max(0, text.lines.count - area.height))
    text.draw(on: &canvas, in: inner, from: top)
    return Drawn(
      size: .text(rows: text.lines.count, height: area.height),
      thumb: Scrolling.thumb(count: text.lines.count, top: top, height: area.height))
  }
}

/// Details of the selected row in a list.
@MainActor
final class DetailPane: Pane {
  private let model: DetailViewModel

  init(_ model: DetailViewModel) {
    self.model = model
  }

  var moves: Int { model.moves }

  func title(_ context: PaneContext) -> PaneTitle { PaneTitle(text: model.title) }

  func draw(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn {
    var text = StyledText(width: area.width - 2, widths: canvas.widths)
    let blocks = model.blocks
    let column = min(
      26,
      blocks.reduce(10) { widest, block in
        switch block {
        case .fact(let name, _, _), .chart(let name, _, _): return max(widest, name.count + 2)
        default: return widest
        }
      })
    for block in blocks {
      switch block {
      case .heading(let words): text.add(StyledText.Span(text: words, style: .heading))
      case .text(let words): text.wrap(words, .normal)
      case .code(let words): text.wrap(words, .code)
      case .blank: text.blank()
      case .chart(let name, let values, let note):
        let chart = ChartWidget.row(values, isASCII: context.isASCII)
        let gap = String(repeating: " ", count: max(1, column - name.count))
        // What there is to say stands beside the chart where there is room.
        let isBeside = column + chart.count + note.count + 2 <= area.width - 2
        text.add(
          StyledText.Span(text: name + gap, style: .label),
          StyledText.Span(text: chart, style: .accent),
          StyledText.Span(text: isBeside ? "  \(note)" : "", style: .dim))
        if !isBeside { text.wrap(note, .dim, indent: column) }
      case .fact(let name, let value, let link):
        text.pair(name, value, link == nil ? .value : .link, column: column, link: link)
      }
    }
    if blocks.isEmpty {
      MessageBlock.draw("Nothing is selected.", on: &canvas, in: area)
    }
    return TextPane.draw(text, model.scroll, on: &canvas, in: area)
  }
}
