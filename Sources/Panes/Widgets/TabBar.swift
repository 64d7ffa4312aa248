import TerminalKit
import ViewModels

/// A row of tabs, one of which is selected.
struct TabBar {
  var names: [String]
  var selected: Int
  var style = Style.tab
  var selectedStyle = Style.tabActive.bold()

  /// The total width in columns.
  var width: Int { names.reduce(0) { $0 + $1.count + 3 } - 1 }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    for (index, span) in spans(in: rect) {
      canvas.write(
        " \(names[index]) ", x: span.x, y: span.y,
        style: index == selected ? selectedStyle : style, in: span)
    }
  }

  /// The clickable regions of the tabs.
  @MainActor
  func regions(in rect: Rect, command: (Int) -> Command) -> [ClickRegion] {
    spans(in: rect).map { ClickRegion($1, command($0)) }
  }

  @MainActor
  func regions(in rect: Rect, of place: PlaceID) -> [ClickRegion] {
    regions(in: rect) { .selectTab(place, $0) }
  }

  private func spans(in rect: Rect) -> [(Int, Rect)] {
    // Where there isn't room for all of them, the selected one can be seen nevertheless.
    let gap = width <= rect.width ? 3 : 2
    let end = names.prefix(selected + 1).reduce(0) { $0 + $1.count + gap }
    var x = rect.x - max(0, end - rect.width)
    return names.enumerated().compactMap { index, name in
      let span = Rect(x: x, y: rect.y, width: name.count + 2, height: 1).intersection(rect)
      x += name.count + gap
      return span.isEmpty ? nil : (index, span)
    }
  }
}
