import TerminalKit
import ViewModels

/// The list of collections.
@MainActor
struct CollectionsPane: Pane {
  let model: CollectionsViewModel

  func title() -> PaneTitle {
    let all = model.collections.value?.count ?? 0
    let typed = model.isTyping || !model.filter.isEmpty
    var title = PaneTitle(text: "Collections")
    title.typed = typed ? (model.filter, model.isTyping) : nil
    title.isBusy = model.collections.isLoading
    title.note = all == 0 ? "" : typed ? "\(model.visible.count) of \(all)" : "\(all)"
    return title
  }

  func draw(on canvas: inout Canvas, in area: Rect, isFocused: Bool) {
    guard let all = model.collections.value else {
      if let failure = model.collections.failure {
        MessageBlock.draw(failure, retry: "Ctrl-R tries again.", on: &canvas, in: area)
      } else if model.collections.isLoading {
        MessageBlock.draw("Loading the collections…", on: &canvas, in: area)
      }
      return
    }
    if model.visible.isEmpty {
      MessageBlock.draw(
        all.isEmpty ? "There are no collections." : "No collection matches.", on: &canvas,
        in: area)
    }
    let widths = canvas.widths
    let nameWidth = min(28, area.width - 2)
    list(isFocused).draw(on: &canvas, in: area) { canvas, index, rect, mark in
      let collection = model.visible[index]
      let name = TextLayout.truncate(collection.name, width: nameWidth, widths: widths)
      canvas.write(name, x: rect.x + 1, y: rect.y, style: mark(.normal), in: rect)
      let rest = rect.width - nameWidth - 4
      if rest >= 12, let description = collection.description {
        let text = TextLayout.truncate(description, width: rest, widths: widths)
        canvas.write(text, x: rect.x + nameWidth + 3, y: rect.y, style: mark(.dim), in: rect)
      }
    }
    if let failure = model.collections.failure {
      MessageBlock.drawLine(failure, on: &canvas, in: area)
    }
  }

  func command(at point: Point, in area: Rect, clicks: Int) -> Command? {
    guard let row = list(true).row(at: point, in: area) else { return .focus(.collections) }
    return clicks > 1 ? .open : .select(.collections, row: row)
  }

  func scrollThumb(in area: Rect) -> Range<Int>? {
    ListWidget.thumb(top: model.cursor.top, count: model.cursor.count, height: area.height)
  }

  private func list(_ isFocused: Bool) -> ListWidget {
    ListWidget(cursor: model.cursor, isFocused: isFocused)
  }
}
