import ReplicateAPI
import TerminalKit
import ViewModels

extension CollectionsViewModel {
  /// The list of collections.
  func pane() -> any Pane {
    ListPane(
      self, collections, noun: "the collections", empty: { "There are no collections." },
      columns: [
        TableColumn("name", least: 16, weight: 1, most: 40, importance: 9) { row, _ in
          TableCell(row.name)
        },
        TableColumn("description", least: 40, weight: 3, importance: 1) { row, _ in
          TableCell(row.description ?? "", .dim)
        },
      ])
  }
}

/// One collection: its description and its models.
@MainActor
final class CollectionPane: Pane {
  private let model: CollectionViewModel

  init(_ model: CollectionViewModel) {
    self.model = model
  }

  func title(_ context: PaneContext) -> PaneTitle {
    var title = PaneTitle(text: model.collection.value?.name ?? model.slug ?? "Collection")
    title.isBusy = model.collection.isLoading
    if let count = model.collection.value?.models.count {
      title.note = count == 1 ? "1 model" : "\(count) models"
    }
    return title
  }

  func draw(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn {
    guard let collection = model.collection.value else {
      if let failure = model.collection.failure {
        MessageBlock.draw(failure, on: &canvas, in: area)
      } else if model.slug != nil {
        MessageBlock.draw("Loading the collection…", on: &canvas, in: area)
      } else {
        MessageBlock.draw(
          "Select a collection or a model to see it here.",
          on: &canvas, in: area)
      }
      return Drawn()
    }
    var text = StyledText(width: area.width - 2, widths: canvas.widths)
    text.blank()
    let description = collection.fullDescription ?? collection.description ?? ""
    let plain = MarkdownText.plain(description)
    text.wrap(
      plain.isEmpty ? "No description." : plain, plain.isEmpty ? .dim : .normal,
      isForeign: !plain.isEmpty)
    text.blank()
    for model in collection.models.prefix(100) {
      let runs = Formatting.count(model.runCount)
      let room = max(8, text.width - 8)
      let name = TextLayout.truncate(
        model.id.description, width: min(44, room), widths: canvas.widths)
      let gap = max(1, min(46, room) - TextLayout.width(of: name, canvas.widths))
      let rest = text.width - min(46, room) - 8
      let words =
        rest >= 20
        ? TextLayout.truncate(model.description ?? "", width: rest, widths: canvas.widths) : ""
      text.add(
        StyledText.Span(text: name, style: model.isOfficial ? .official : .normal),
        StyledText.Span(text: String(repeating: " ", count: gap), style: .normal),
        StyledText.Span(
          text: String(repeating: " ", count: max(0, 6 - runs.count)) + runs + "  ", style: .count),
        StyledText.Span(text: words, style: .dim))
    }
    return TextPane.draw(text, model.scroll, on: &canvas, in: area)
  }
}
