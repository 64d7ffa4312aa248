import Running
import TerminalKit
import ViewModels

/// Values over time in a few cells: `▁▂▅▇█▆`, in one row or in several.
enum ChartWidget {
  private static let eighths: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  /// One row's heights where there are only ASCII characters.
  private static let heights: [Character] = ["_", ".", "-", "~", "=", "*", "%", "#"]

  /// The values as one row, each a character high. What isn't there is a blank.
  ///
  /// Heights begin at zero, so that twice as much looks like it.
  static func row(_ values: [Double?], isASCII: Bool) -> String {
    let largest = values.compactMap(\.self).filter(\.isFinite).max() ?? 0
    let marks = isASCII ? heights : eighths
    return String(
      values.map { value -> Character in
        guard let value, value.isFinite else { return isASCII ? " " : "·" }
        guard largest > 0, value > 0 else { return marks[0] }
        return marks[min(7, Int(clamping: (value / largest * 8).rounded(.up)) - 1)]
      })
  }

  /// Draws values in several rows, with the largest and the smallest at the left.
  static func draw(
    _ values: [Double?], on canvas: inout Canvas, in rect: Rect, isASCII: Bool
  ) {
    let known = values.compactMap(\.self).filter(\.isFinite)
    guard rect.height > 0, let most = known.max(), let least = known.min() else { return }
    let labels = [NumberText.short(most), NumberText.short(least)]
    let margin = (labels.map(\.count).max() ?? 0) + 1
    let area = Rect(
      x: rect.x + margin, y: rect.y, width: rect.width - margin, height: rect.height)
    guard area.width > 4 else { return }
    canvas.write(labels[0], x: rect.x, y: rect.y, style: .dim, in: rect)
    if rect.height > 1 {
      canvas.write(labels[1], x: rect.x, y: rect.maxY - 1, style: .dim, in: rect)
    }
    let span = most - least
    for (column, value) in values.prefix(area.width).enumerated() {
      guard let value, value.isFinite else { continue }
      let share = span > 0 ? (value - least) / span : 0.5
      // The smallest is seen, too.
      let steps = max(1, Int(clamping: (share * Double(area.height * 8)).rounded()))
      for row in 0..<area.height {
        let filled = min(8, max(0, steps - (area.height - 1 - row) * 8))
        guard filled > 0 else { continue }
        let mark = isASCII ? (filled == 8 ? "#" : heights[filled - 1]) : eighths[filled - 1]
        canvas.fill(
          Rect(x: area.x + column, y: area.y + row, width: 1, height: 1), mark,
          style: .accent)
      }
    }
  }
}
