/// Draws a list of numbers as an SVG chart.
struct Chart: Sendable {
  var values: [Double]
  var labels: [String]
  var title: String
  var color: String
  var isLine: Bool

  var svg: String {
    let (low, high) = bounds
    let (left, right, top, bottom) = (64.0, 776.0, 64.0, 400.0)
    func height(_ value: Double) -> Double {
      bottom - (value - low) / (high - low) * (bottom - top)
    }
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 450\" width=\"800\" "
        + "height=\"450\" font-family=\"Helvetica, Arial, sans-serif\">",
      "<rect width=\"800\" height=\"450\" fill=\"#fcfaf5\"/>",
    ]
    if !title.isEmpty {
      parts.append(text(title, x: 400, y: 36, size: 20, anchor: "middle", color: "#2b2b2b"))
    }
    for line in 0...4 {
      let value = low + (high - low) * Double(line) / 4
      let y = height(value)
      parts.append(rule(y, from: left, to: right, color: "#e4ded2"))
      parts.append(
        text(short(value), x: left - 10, y: y + 4, size: 12, anchor: "end", color: "#7a756b"))
    }
    let step = (right - left) / Double(max(1, values.count))
    parts += isLine ? line(step, left, height) : bars(step, left, height)
    if low < 0 { parts.append(rule(height(0), from: left, to: right, color: "#8d877b")) }
    for (index, label) in labels.prefix(values.count).enumerated() {
      let x = left + (Double(index) + 0.5) * step
      parts.append(text(label, x: x, y: 424, size: 12, anchor: "middle", color: "#7a756b"))
    }
    parts.append("</svg>")
    return parts.joined(separator: "\n") + "\n"
  }

  /// From zero, or a round number below the lowest value, to a round number above the highest.
  private var bounds: (Double, Double) {
    let greatest = max(0, values.max() ?? 0)
    let least = min(0, values.min() ?? 0)
    guard greatest > least else { return (0, 1) }
    var unit = 1.0
    let quarter = (greatest - least) / 4
    while unit * 10 <= quarter { unit *= 10 }
    while unit > quarter { unit /= 10 }
    let step = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].first { unit * $0 * 4 >= greatest - least } ?? 10
    let below = (-least / (unit * step)).rounded(.up) * unit * step
    // With values on both sides of zero, five even steps may not be enough. If so, double the step.
    let reach = unit * step * 4
    if greatest <= reach - below { return (-below, reach - below) }
    return (-below, reach * 2 - below)
  }

  private func bars(_ step: Double, _ left: Double, _ height: (Double) -> Double) -> [String] {
    values.enumerated().map { index, value in
      let (top, foot) = (height(max(0, value)), height(min(0, value)))
      let x = left + (Double(index) + 0.16) * step
      return "<rect x=\"\(x.fixed(1))\" y=\"\(top.fixed(1))\" width=\"\((step * 0.68).fixed(1))\" "
        + "height=\"\((foot - top).fixed(1))\" rx=\"2\" fill=\"\(color)\"/>"
    }
  }

  private func line(_ step: Double, _ left: Double, _ height: (Double) -> Double) -> [String] {
    let points = values.enumerated().map { index, value in
      (x: (left + (Double(index) + 0.5) * step).fixed(1), y: height(value).fixed(1))
    }
    let path = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
    return [
      "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2.5\" "
        + "stroke-linejoin=\"round\"/>"
    ]
      + points.map { "<circle cx=\"\($0.x)\" cy=\"\($0.y)\" r=\"4\" fill=\"\(color)\"/>" }
  }

  private func rule(_ y: Double, from: Double, to: Double, color: String) -> String {
    "<line x1=\"\(from.fixed(1))\" y1=\"\(y.fixed(1))\" x2=\"\(to.fixed(1))\" "
      + "y2=\"\(y.fixed(1))\" stroke=\"\(color)\"/>"
  }

  private func text(
    _ text: String, x: Double, y: Double, size: Int, anchor: String, color: String
  ) -> String {
    "<text x=\"\(x.fixed(1))\" y=\"\(y.fixed(1))\" font-size=\"\(size)\" "
      + "text-anchor=\"\(anchor)\" fill=\"\(color)\">\(Self.escaped(text))</text>"
  }

  private func short(_ value: Double) -> String {
    Int(exactly: value).map(\.grouped) ?? value.fixed(2)
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
