/// An RGB color, with components from 0 to 1.
struct Color: Sendable, Equatable {
  var red: Float
  var green: Float
  var blue: Float

  init(_ red: Float, _ green: Float, _ blue: Float) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A color such as `0xFFB347`.
  init(_ hex: UInt32) {
    red = Float((hex >> 16) & 0xFF) / 255
    green = Float((hex >> 8) & 0xFF) / 255
    blue = Float(hex & 0xFF) / 255
  }

  func mixed(with other: Color, _ share: Float) -> Color {
    Color(
      red + (other.red - red) * share, green + (other.green - green) * share,
      blue + (other.blue - blue) * share)
  }

  func scaled(_ factor: Float) -> Color {
    Color(red * factor, green * factor, blue * factor)
  }

  /// Adds light: the result is brighter, but never beyond white.
  func lit(by light: Color, _ share: Float) -> Color {
    guard share > 0 else { return self }
    return Color(
      Self.lit(red, light.red * share), Self.lit(green, light.green * share),
      Self.lit(blue, light.blue * share))
  }

  private static func lit(_ part: Float, _ light: Float) -> Float {
    light >= 1 ? 1 : 1 - (1 - part) * (1 - light)
  }

  /// The perceived brightness.
  var luminance: Float {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  /// Such as `#ffb347`.
  var hex: String {
    "#"
      + [red, green, blue].map { part in
        let digits = String(Int((part.clamped(to: 0...1) * 255).rounded()), radix: 16)
        return digits.count < 2 ? "0" + digits : digits
      }.joined()
  }

  /// The color at a fraction of the way along a gradient.
  static func along(_ colors: [Color], _ share: Float) -> Color {
    guard let last = colors.last else { return Color(0) }
    let place = share.clamped(to: 0...1) * Float(colors.count - 1)
    let index = Int(place)
    guard index + 1 < colors.count else { return last }
    return colors[index].mixed(with: colors[index + 1], place - Float(index))
  }
}
