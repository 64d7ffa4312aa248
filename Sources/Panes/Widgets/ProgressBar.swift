import ReplicateAPI
import TerminalKit

/// A progress bar with a resolution of one eighth of a cell: `███████▌    `.
enum ProgressBar {
  private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// - Parameter fraction: 0 to 1.
  static func draw(
    _ fraction: Double, on canvas: inout Canvas, in rect: Rect, borders: BorderSet
  ) {
    guard rect.width > 0 else { return }
    let steps = Int(clamping: min(max(fraction, 0), 1) * Double(rect.width * 8))
    if borders.isASCII {
      canvas.fill(rect, "-", style: .barEmpty)
      canvas.fill(
        Rect(x: rect.x, y: rect.y, width: steps / 8, height: 1), "#", style: .barFilled)
      return
    }
    canvas.fill(rect, "─", style: .barEmpty)
    let full = Rect(x: rect.x, y: rect.y, width: steps / 8, height: 1)
    canvas.fill(full, "█", style: .barFilled)
    if steps % 8 > 0 {
      canvas.fill(
        Rect(x: full.maxX, y: rect.y, width: 1, height: 1), eighths[steps % 8 - 1],
        style: .barFilled)
    }
  }
}
