import ReplicateAPI
import TerminalKit
import ViewModels

/// What stands in a pane that has nothing else to show: that it is loading, empty, or why it failed
/// and what to do.
enum MessageBlock {
  static func draw(
    _ error: ReplicateError, on canvas: inout Canvas, in area: Rect
  ) {
    // The header says why, and when it is tried again: once for all panes.
    guard !error.isOutage else {
      return draw("Not loaded: Replicate can’t be reached.", on: &canvas, in: area)
    }
    var text = StyledText(width: area.width - 2, widths: canvas.widths)
    text.wrap(error.errorDescription ?? "The call failed.", .error)
    if let advice = error.advice { text.wrap(advice, .normal) }
    text.wrap("Ctrl-R tries again.", .dim)
    text.draw(on: &canvas, in: area.inset(horizontally: 1, vertically: 0), from: 0)
  }

  static func draw(_ message: String, on canvas: inout Canvas, in area: Rect) {
    var text = StyledText(width: area.width - 2, widths: canvas.widths)
    text.wrap(message, .dim)
    text.draw(on: &canvas, in: area.inset(horizontally: 1, vertically: 0), from: 0)
  }
}
