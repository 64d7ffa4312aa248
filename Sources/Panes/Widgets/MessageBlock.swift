import ReplicateAPI
import TerminalKit

/// What stands in a pane that has nothing else to show: that it is loading, empty, or why it failed
/// and what to do.
enum MessageBlock {
  static func draw(
    _ error: ReplicateError, retry: String, on canvas: inout Canvas, in area: Rect
  ) {
    var text = StyledText(width: area.width - 2, widths: canvas.widths)
    text.wrap(error.errorDescription ?? "The call failed.", .error)
    if let advice = error.advice { text.wrap(advice, .normal) }
    if !retry.isEmpty { text.wrap(retry, .dim) }
    text.draw(on: &canvas, in: area.inset(horizontally: 1, vertically: 0), from: 0)
  }

  static func draw(_ message: String, on canvas: inout Canvas, in area: Rect) {
    var text = StyledText(width: area.width - 2, widths: canvas.widths)
    text.wrap(message, .dim)
    text.draw(on: &canvas, in: area.inset(horizontally: 1, vertically: 0), from: 0)
  }

  /// One line at the bottom of a list whose old content is still shown after a failure.
  static func drawLine(_ error: ReplicateError, on canvas: inout Canvas, in area: Rect) {
    let row = Rect(x: area.x, y: area.maxY - 1, width: area.width, height: 1)
    canvas.fill(row)
    let text = TextLayout.truncate(
      " \(error.errorDescription ?? "The call failed.")", width: row.width,
      widths: canvas.widths)
    canvas.write(text, x: row.x, y: row.y, style: .error, in: row)
  }
}
