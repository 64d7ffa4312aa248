import ReplicateAPI
import TerminalKit
import ViewModels

/// The message in a pane without content: loading, empty, or an error and what to do about it.
enum MessageBlock {
  static func draw(
    _ error: ReplicateError, on canvas: inout Canvas, in area: Rect
  ) {
    // The header explains an outage and its next retry once for all panes.
    guard !error.isOutage else {
      return draw("Not loaded: can’t reach \(error.service).", on: &canvas, in: area)
    }
    var text = StyledText(width: area.width - 2, widths: canvas.widths)
    text.wrap(error.errorDescription ?? "The call failed.", .error)
    if let advice = error.advice { text.wrap(advice, .normal) }
    text.wrap("Press Ctrl-R to try again.", .dim)
    text.draw(on: &canvas, in: area.inset(horizontally: 1, vertically: 0), from: 0)
  }

  static func draw(_ message: String, on canvas: inout Canvas, in area: Rect) {
    var text = StyledText(width: area.width - 2, widths: canvas.widths)
    text.wrap(message, .dim)
    text.draw(on: &canvas, in: area.inset(horizontally: 1, vertically: 0), from: 0)
  }
}
