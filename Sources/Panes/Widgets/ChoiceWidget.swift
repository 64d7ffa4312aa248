import TerminalKit

/// A switch, or one of several choices, on one line of a form.
struct ChoiceWidget {
  var isASCII: Bool
  /// Whether it has the keys.
  var isFocused: Bool
  /// The style of a value that isn't in focus.
  var style: Style

  /// Draws a switch.
  ///
  /// - Parameter placeholder: What stands there while it's neither on nor off.
  func draw(
    _ isOn: Bool?, placeholder: String, on canvas: inout Canvas, at point: Point, in clip: Rect
  ) {
    let box = isOn == true ? "[x]" : "[ ]"
    let used = canvas.write(
      box, x: point.x, y: point.y, style: isFocused ? .fieldFocused : style, in: clip)
    let word = isOn.map { $0 ? "on" : "off" } ?? (placeholder.isEmpty ? "not set" : placeholder)
    canvas.write(
      word, x: point.x + used + 1, y: point.y, style: isOn == nil ? .dim : style, in: clip)
  }

  /// Draws a choice between the arrows that change it.
  func draw(
    _ value: String?, placeholder: String, on canvas: inout Canvas, at point: Point, width: Int,
    in clip: Rect
  ) {
    var x = point.x
    let arrows: (String, String) = isASCII ? ("< ", " >") : ("‹ ", " ›")
    let arrowStyle: Style = isFocused ? .accent.bold() : .dim
    let shown = TextLayout.truncate(
      TextLayout.sanitize(value ?? placeholder), width: max(1, width - 4),
      ellipsis: isASCII ? "~" : "…", widths: canvas.widths)
    let textStyle: Style = isFocused ? .fieldFocused : value == nil ? .dim : style
    x += canvas.write(arrows.0, x: x, y: point.y, style: arrowStyle, in: clip)
    x += canvas.write(shown, x: x, y: point.y, style: textStyle, in: clip, isForeign: value != nil)
    canvas.write(arrows.1, x: x, y: point.y, style: arrowStyle, in: clip)
  }
}
