import TerminalKit
import ViewModels

/// A form about something of the account, such as a new deployment.
@MainActor
final class PropertiesPane: Pane {
  private let model: PropertiesViewModel
  private let formPane = FormPane()

  init(_ model: PropertiesViewModel) {
    self.model = model
  }

  func title(_ context: PaneContext) -> PaneTitle {
    guard let shown = model.shown else { return PaneTitle(text: model.title) }
    var title = PaneTitle(text: shown.title)
    title.isBusy = shown.isSending
    (title.note, title.leastNote, title.noteStyle) = FormPane.title(shown.form, context.borders)
    return title
  }

  func draw(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn {
    guard let shown = model.shown else {
      MessageBlock.draw("No form is open.", on: &canvas, in: area)
      return Drawn()
    }
    return formPane.draw(shown.form, on: &canvas, in: area, context)
  }
}
