import ReplicateAPI
import TerminalKit
import ViewModels

/// What a pane needs in addition to its view-model.
struct PaneContext {
  var isFocused: Bool
  /// Seconds since 1970.
  var now: Double
  var borders: BorderSet
  var widths: WidthTable
  /// Why there is nothing in the place and can’t be; see `Connection.absence`.
  var absence: String?

  var isASCII: Bool { borders.isASCII }
}

/// The result of drawing a pane: the cursor's position, the clickable regions, and the content's
/// size.
struct Drawn {
  var cursor: Point?
  var regions: [ClickRegion] = []
  var size: DrawnSize?
  /// The scroll bar's thumb on the right border, as rows from the top of the area.
  var thumb: Range<Int>?

  init(
    cursor: Point? = nil, regions: [ClickRegion] = [], size: DrawnSize? = nil,
    thumb: Range<Int>? = nil
  ) {
    self.cursor = cursor
    self.regions = regions
    self.size = size
    self.thumb = thumb
  }

  /// The topmost region under a point.
  func region(at point: Point) -> ClickRegion? { regions.last { $0.rect.contains(point) } }
}

/// A part of the screen that can be clicked.
struct ClickRegion {
  var rect: Rect
  /// The command for a click at a point. `clicks` counts consecutive clicks.
  var command: @MainActor (_ point: Point, _ clicks: Int) -> Command?

  init(_ rect: Rect, command: @escaping @MainActor (Point, Int) -> Command?) {
    self.rect = rect
    self.command = command
  }

  init(_ rect: Rect, _ command: Command) {
    self.init(rect) { _, _ in command }
  }

  /// Rows that a click selects and a double click opens.
  init(rows rect: Rect, of place: PlaceID, from first: Int) {
    self.init(rect) { point, clicks in
      clicks > 1 ? .open : .select(place, row: first + point.y - rect.y)
    }
  }
}

/// Draws one place inside its frame.
///
/// A pane never writes to a view-model while drawing. It returns what it learns in ``Drawn``.
@MainActor
protocol Pane: AnyObject {
  /// The text in the top border, on the left and on the right.
  func title(_ context: PaneContext) -> PaneTitle
  /// The size of the pane's list or text inside the frame.
  func extent(in area: Rect) -> Extent
  /// Draws in `area`, which is the inside of the frame.
  func draw(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn
  /// Counts changes that aren't observed, such as moves of a list's cursor.
  var moves: Int { get }
  /// Draws what the cursor's last move changed, where nothing else has changed since the pane was
  /// drawn. Returns nil if that takes drawing all of it.
  func drawMove(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn?
  /// The seconds from now until a time that the pane shows is wrong by a unit of what it shows: one
  /// for a running counter, more for an age. Nil if it shows neither.
  func nextChange(_ now: Double) -> Double?
  /// Whether scrolling can bring other times into view.
  var showsTimesOfRows: Bool { get }
}

extension Pane {
  var moves: Int { 0 }
  func drawMove(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn? { nil }
  func extent(in area: Rect) -> Extent { Extent(rows: area.height, columns: area.width) }
  func nextChange(_ now: Double) -> Double? { nil }
  var showsTimesOfRows: Bool { false }
  /// Whether the pane shows something that changes every second.
  func isTicking(_ now: Double) -> Bool { nextChange(now).map { $0 <= 1 } ?? false }
}

/// The text in a pane's top border.
struct PaneTitle: Equatable {
  struct Typed: Equatable {
    var buffer: TextBuffer
    var isTyping: Bool
  }

  var text: String
  /// The pane's filter, shown after the text, with the cursor while it is being typed.
  var typed: Typed?
  var isBusy = false
  var note = ""
  /// What has to be said of the note even if the name is cut short for it; empty for nothing.
  var leastNote = ""
  var noteStyle = Style.count

  init(text: String) {
    self.text = text
  }
}

/// Draws the frame around a pane and, separately, its content with the scroll bar, which changes
/// with every key.
@MainActor
struct PaneFrame: Equatable {
  var key: Character?
  var isFocused: Bool
  var borders: BorderSet

  private var style: Style { isFocused ? .borderFocused : .border }

  /// Draws the title and the border without its right side. Returns the cursor's position, if it's
  /// in the title.
  func drawBorder(_ title: PaneTitle, on canvas: inout Canvas, in rect: Rect) -> Point? {
    canvas.box(rect, style: style, borders: borders, isOpen: true)
    return drawTitle(title, on: &canvas, in: rect)
  }

  /// Draws the content and the right border, which holds the scroll bar.
  func drawInside(
    of pane: any Pane, on canvas: inout Canvas, in rect: Rect, _ context: PaneContext
  ) -> Drawn {
    let area = rect.inset(by: 1)
    canvas.fill(area)
    let drawn = pane.draw(on: &canvas, in: area, context)
    drawScrollBar(drawn.thumb, on: &canvas, in: rect)
    return drawn
  }

  /// Draws only what the cursor's last move changed. Returns nil if the pane can't do that.
  func drawMove(
    of pane: any Pane, on canvas: inout Canvas, in rect: Rect, _ context: PaneContext
  ) -> Drawn? {
    guard let drawn = pane.drawMove(on: &canvas, in: rect.inset(by: 1), context) else {
      return nil
    }
    drawScrollBar(drawn.thumb, on: &canvas, in: rect)
    return drawn
  }

  private func drawScrollBar(_ thumb: Range<Int>?, on canvas: inout Canvas, in rect: Rect) {
    let side = Rect(x: rect.maxX - 1, y: rect.y + 1, width: 1, height: rect.height - 2)
    canvas.fill(side, borders.vertical, style: style)
    guard let thumb else { return }
    let bar = Rect(x: side.x, y: side.y + thumb.lowerBound, width: 1, height: thumb.count)
    canvas.fill(bar, borders.isASCII ? "#" : "┃", style: isFocused ? .borderFocused : .scrollbar)
  }

  private func drawTitle(_ title: PaneTitle, on canvas: inout Canvas, in rect: Rect) -> Point? {
    let bar = Rect(x: rect.x + 2, y: rect.y, width: rect.width - 4, height: 1)
    guard bar.width > 0 else { return nil }
    var cursor: Point?
    var x = bar.x
    let number = isFocused ? Style.accent.bold() : Style.dim
    x += canvas.write(key.map { " \($0) " } ?? " ", x: x, y: bar.y, style: number, in: bar)
    let name = isFocused ? Style.title.bold() : Style.title
    let room = bar.maxX - x - 1
    var note = title.note
    var noteWidth = note.isEmpty ? 0 : TextLayout.width(of: note, canvas.widths) + 3
    // The name isn't cut short for a note that is longer than the name.
    if noteWidth > room / 2, noteWidth + TextLayout.width(of: title.text, canvas.widths) > room {
      note = title.leastNote
      noteWidth = note.isEmpty ? 0 : TextLayout.width(of: note, canvas.widths) + 3
    }
    let text = TextLayout.truncate(
      title.text, width: max(4, title.typed == nil ? room - noteWidth : room),
      widths: canvas.widths)
    x += canvas.write(text, x: x, y: bar.y, style: name, in: bar)
    if let typed = title.typed {
      x += canvas.write(" /", x: x, y: bar.y, style: .accent, in: bar)
      let field = Rect(x: x, y: bar.y, width: max(0, bar.maxX - x - 1), height: 1)
      let line = TypedLine(buffer: typed.buffer, width: field.width, widths: canvas.widths)
      x += canvas.write(line.text, x: x, y: bar.y, style: .fieldFocused, in: field)
      if typed.isTyping, isFocused {
        cursor = Point(x: field.x + min(line.cursorColumn, field.width - 1), y: bar.y)
      }
    }
    x += canvas.write(title.isBusy ? " … " : " ", x: x, y: bar.y, style: .waiting, in: bar)
    if noteWidth > 0, bar.maxX - x >= noteWidth {
      canvas.write(
        " \(note) ", x: bar.maxX - noteWidth + 1, y: bar.y, style: title.noteStyle, in: bar)
    }
    return cursor
  }
}
