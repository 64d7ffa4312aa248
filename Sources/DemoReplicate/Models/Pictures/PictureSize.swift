/// The size of a picture in pixels, at least 1×1.
struct PictureSize: Sendable, Equatable {
  var width: Int
  var height: Int

  init(width: Int, height: Int) {
    self.width = max(1, width)
    self.height = max(1, height)
  }

  /// A size with an aspect ratio such as `3:2` and about so many pixels.
  init(ratio: String, pixels: Int) {
    let parts = ratio.split(separator: ":").compactMap { Double($0) }
    let (across, down) = parts.count == 2 ? (parts[0], parts[1]) : (1, 1)
    let unit = (Double(pixels) / (across * down)).squareRoot()
    // Multiples of 16, as in real image models.
    self.init(
      width: Int((across * unit / 16).rounded()) * 16,
      height: Int((down * unit / 16).rounded()) * 16)
  }

  func scaled(_ factor: Double) -> PictureSize {
    PictureSize(width: Int(Double(width) * factor), height: Int(Double(height) * factor))
  }
}
