import TerminalKit
import ViewModels

/// One of the five: it draws its view-model inside its frame, and says what a click there means.
@MainActor
protocol Pane {
  /// What stands in the top border, at the left and at the right.
  func title() -> PaneTitle
  /// Draws within `area`, the inside of the frame.
  func draw(on canvas: inout Canvas, in area: Rect, isFocused: Bool)
  /// What a click within `area` asks for.
  func command(at point: Point, in area: Rect, clicks: Int) -> Command?
  /// The scroll bar's part of the right border, as rows from the top of `area`, if there is one.
  func scrollThumb(in area: Rect) -> Range<Int>?
}

extension Pane {
  func scrollThumb(in area: Rect) -> Range<Int>? { nil }
}

/// The words in a pane's top border.
struct PaneTitle {
  var text: String
  /// What is being typed into the pane's filter; shown after the text, with the cursor.
  var typed: (buffer: TextBuffer, isTyping: Bool)?
  var isBusy = false
  var note = ""
  var noteStyle = Style.count
}

/// Draws the frame around a pane with its title, and apart from it what changes with every key: the
/// inside with its scroll bar.
@MainActor
struct PaneFrame {
  var place: Place
  var borders: BorderSet
  var isFocused: Bool

  private var style: Style { isFocused ? .borderFocused : .border }

  /// Draws the border without its right side, and the title.
  func drawBorder(of pane: some Pane, on canvas: inout Canvas, in rect: Rect) {
    canvas.box(rect, style: style, borders: borders, isOpen: true)
    drawTitle(pane.title(), on: &canvas, in: rect)
  }

  /// Draws what is inside the border, and the right side of it, where the scroll bar is.
  func drawInside(of pane: some Pane, on canvas: inout Canvas, in rect: Rect) {
    let area = rect.inset(by: 1)
    canvas.fill(area)
    pane.draw(on: &canvas, in: area, isFocused: isFocused)
    let side = Rect(x: rect.maxX - 1, y: area.y, width: 1, height: area.height)
    canvas.fill(side, borders.vertical, style: style)
    if let thumb = pane.scrollThumb(in: area) {
      let bar = Rect(x: side.x, y: area.y + thumb.lowerBound, width: 1, height: thumb.count)
      canvas.fill(bar, borders.isASCII ? "#" : "┃", style: isFocused ? .borderFocused : .scrollbar)
    }
  }

  private func drawTitle(_ title: PaneTitle, on canvas: inout Canvas, in rect: Rect) {
    let bar = Rect(x: rect.x + 2, y: rect.y, width: rect.width - 4, height: 1)
    guard bar.width > 0 else { return }
    var x = bar.x
    let number = isFocused ? Style.accent.bold() : Style.dim
    x += canvas.write(" \(place.rawValue) ", x: x, y: bar.y, style: number, in: bar)
    let name = isFocused ? Style.title.bold() : Style.title
    let room = bar.maxX - x - 1
    var noteWidth = title.note.isEmpty ? 0 : TextLayout.width(of: title.note, canvas.widths) + 3
    // What is longer than the name is no reason to cut it.
    if noteWidth > room / 2, noteWidth + TextLayout.width(of: title.text, canvas.widths) > room {
      noteWidth = 0
    }
    let text = TextLayout.truncate(
      title.text, width: max(4, title.typed == nil ? room - noteWidth : room),
      widths: canvas.widths)
    x += canvas.write(text, x: x, y: bar.y, style: name, in: bar)
    if let (buffer, isTyping) = title.typed {
      x += canvas.write(" /", x: x, y: bar.y, style: .accent, in: bar)
      let field = Rect(x: x, y: bar.y, width: max(0, bar.maxX - x - 1), height: 1)
      let typed = TypedLine(buffer: buffer, width: field.width, widths: canvas.widths)
      x += canvas.write(typed.text, x: x, y: bar.y, style: .fieldFocused, in: field)
      if isTyping, isFocused {
        canvas.cursor = Point(x: field.x + min(typed.cursorColumn, field.width - 1), y: bar.y)
      }
    }
    x += canvas.write(title.isBusy ? " … " : " ", x: x, y: bar.y, style: .waiting, in: bar)
    if noteWidth > 0, bar.maxX - x >= noteWidth {
      canvas.write(
        " \(title.note) ", x: bar.maxX - noteWidth + 1, y: bar.y, style: title.noteStyle, in: bar)
    }
  }
}
