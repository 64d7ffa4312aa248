import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// The list of models: all, a collection's, or what a search found.
@MainActor
struct SearchPane: Pane {
  let model: SearchViewModel

  func title() -> PaneTitle {
    var title = PaneTitle(text: "Models")
    if case .collection(_, let name) = model.listedSource { title.text = "Models · \(name)" }
    var showsQuery = model.isTyping
    if case .search = model.source { showsQuery = true }
    if showsQuery {
      title.text = "Models"
      title.typed = (model.query, model.isTyping)
    }
    let models = model.models
    title.isBusy = models.isLoading || model.isLoadingMore
    if let count = models.value?.count, count > 0 {
      title.note = NumberText.grouped(count) + (model.hasMore ? " loaded" : "")
    }
    return title
  }

  func draw(on canvas: inout Canvas, in area: Rect, isFocused: Bool) {
    let models = model.models
    guard let all = models.value else {
      if let failure = models.failure {
        MessageBlock.draw(failure, retry: "Ctrl-R tries again.", on: &canvas, in: area)
      } else if models.isLoading {
        MessageBlock.draw("Loading models…", on: &canvas, in: area)
      }
      return
    }
    if all.isEmpty, !models.isLoading {
      MessageBlock.draw(emptyMessage, on: &canvas, in: area)
    }
    let columns = Columns(width: area.width)
    let widths = canvas.widths
    ListWidget(cursor: model.cursor, isFocused: isFocused).draw(on: &canvas, in: area) {
      canvas, index, rect, mark in
      guard index < all.count else { return }
      columns.draw(all[index], on: &canvas, in: rect, mark: mark, widths: widths)
    }
    if let failure = models.failure {
      MessageBlock.drawLine(failure, on: &canvas, in: area)
    }
  }

  private var emptyMessage: String {
    switch model.listedSource {
    case .search(let words): "Nothing was found for “\(words)”."
    case .collection: "This collection has no models."
    case .everything: "There are no models."
    }
  }

  func command(at point: Point, in area: Rect, clicks: Int) -> Command? {
    let list = ListWidget(cursor: model.cursor, isFocused: true)
    guard let row = list.row(at: point, in: area) else { return .focus(.models) }
    return clicks > 1 ? .open : .select(.models, row: row)
  }

  func scrollThumb(in area: Rect) -> Range<Int>? {
    let cursor = model.cursor
    return ListWidget.thumb(top: cursor.top, count: cursor.count, height: area.height)
  }

  /// Where a row's parts stand at a width.
  private struct Columns {
    static let runs = 6
    var name: Int
    var owner: Int
    var description: Int

    init(width: Int) {
      let room = width - 2 - Self.runs - 1
      if room >= 90 {
        name = 34
        owner = 20
        description = room - name - owner - 4
      } else {
        owner = room >= 34 ? room * 2 / 5 : room >= 26 ? 8 : 0
        name = room - owner - (owner > 0 ? 1 : 0)
        description = 0
      }
    }

    func draw(
      _ model: ModelSummary, on canvas: inout Canvas, in rect: Rect, mark: (Style) -> Style,
      widths: WidthTable
    ) {
      var x = rect.x + 1
      let y = rect.y
      let style: Style = model.isOfficial ? .official : .normal
      canvas.write(
        TextLayout.truncate(model.id.name, width: name, widths: widths), x: x, y: y,
        style: mark(style), in: rect)
      x += name + 1
      if owner > 0 {
        canvas.write(
          TextLayout.truncate(model.id.owner, width: owner, widths: widths), x: x, y: y,
          style: mark(.dim), in: rect)
        x += owner + 2
      }
      if description > 0, let text = model.description {
        canvas.write(
          TextLayout.truncate(text, width: description, widths: widths), x: x, y: y,
          style: mark(.normal), in: rect)
      }
      let runs = Formatting.count(model.runCount)
      canvas.write(
        runs, x: rect.maxX - 1 - runs.utf8.count, y: y, style: mark(.count), in: rect)
    }
  }
}
