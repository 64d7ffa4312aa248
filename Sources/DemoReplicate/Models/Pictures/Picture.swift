/// A picture in memory.
struct Picture: Sendable {
  let size: PictureSize
  var pixels: [Color]

  var width: Int { size.width }
  var height: Int { size.height }

  init(_ size: PictureSize, filledWith color: Color = Color(0)) {
    self.size = size
    pixels = Array(repeating: color, count: size.width * size.height)
  }

  /// A picture whose pixels are computed one by one.
  init(_ size: PictureSize, _ color: (_ x: Int, _ y: Int) -> Color) {
    self.size = size
    pixels = []
    pixels.reserveCapacity(size.width * size.height)
    for y in 0..<size.height {
      for x in 0..<size.width { pixels.append(color(x, y)) }
    }
  }

  subscript(x: Int, y: Int) -> Color {
    get { pixels[y * size.width + x] }
    set { pixels[y * size.width + x] = newValue }
  }

  mutating func blend(_ color: Color, _ share: Float, x: Int, y: Int) {
    guard x >= 0, y >= 0, x < size.width, y < size.height, share > 0 else { return }
    let index = y * size.width + x
    pixels[index] = pixels[index].mixed(with: color, min(1, share))
  }

  mutating func light(_ color: Color, _ share: Float, x: Int, y: Int) {
    guard x >= 0, y >= 0, x < size.width, y < size.height, share > 0 else { return }
    let index = y * size.width + x
    pixels[index] = pixels[index].lit(by: color, share)
  }

  /// Draws a disc with a soft edge.
  mutating func disc(_ color: Color, x: Float, y: Float, radius: Float, opacity: Float = 1) {
    for row in rows(y, radius) {
      for column in columns(x, radius) {
        let dx = Float(column) + 0.5 - x
        let dy = Float(row) + 0.5 - y
        let edge = (radius + 0.5 - (dx * dx + dy * dy).squareRoot()).clamped(to: 0...1)
        blend(color, edge * opacity, x: column, y: row)
      }
    }
  }

  /// Draws a glow that fades from its center, like a star or a lamp.
  mutating func glow(_ color: Color, x: Float, y: Float, radius: Float, strength: Float) {
    for row in rows(y, radius) {
      for column in columns(x, radius) {
        let dx = (Float(column) + 0.5 - x) / radius
        let dy = (Float(row) + 0.5 - y) / radius
        let fall = max(0, 1 - dx * dx - dy * dy)
        light(color, fall * fall * fall * strength, x: column, y: row)
      }
    }
  }

  /// Draws a straight line with round ends.
  mutating func line(
    _ color: Color, from: (Float, Float), to: (Float, Float), width: Float, opacity: Float = 1
  ) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1)
    let length = max(0.001, dx * dx + dy * dy)
    let reach = width / 2 + 1
    let top = Int(max(0, min(from.1, to.1) - reach))
    let bottom = Int(min(Float(height - 1), max(from.1, to.1) + reach))
    let left = Int(max(0, min(from.0, to.0) - reach))
    let right = Int(min(Float(self.width - 1), max(from.0, to.0) + reach))
    guard top <= bottom, left <= right else { return }
    for y in top...bottom {
      for x in left...right {
        let (px, py) = (Float(x) + 0.5 - from.0, Float(y) + 0.5 - from.1)
        let along = ((px * dx + py * dy) / length).clamped(to: 0...1)
        let (ex, ey) = (px - along * dx, py - along * dy)
        let edge = (width / 2 + 0.5 - (ex * ex + ey * ey).squareRoot()).clamped(to: 0...1)
        blend(color, edge * opacity, x: x, y: y)
      }
    }
  }

  /// Draws a filled polygon, with 16 samples per pixel for smooth edges.
  mutating func polygon(_ color: Color, _ points: [(Float, Float)], opacity: Float = 1) {
    let (xs, ys) = (points.map(\.0), points.map(\.1))
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max()
    else { return }
    for row in span((top + bottom) / 2, (bottom - top) / 2, height) {
      for column in span((left + right) / 2, (right - left) / 2, width) {
        var hits: Float = 0
        for place in 0..<16 {
          let x = Float(column) + (Float(place % 4) + 0.5) / 4
          let y = Float(row) + (Float(place / 4) + 0.5) / 4
          var isInside = false
          var (previousX, previousY) = points[points.count - 1]
          for (nextX, nextY) in points {
            if (nextY > y) != (previousY > y),
              x < (previousX - nextX) * (y - nextY) / (previousY - nextY) + nextX
            {
              isInside.toggle()
            }
            (previousX, previousY) = (nextX, nextY)
          }
          if isInside { hits += 1 }
        }
        blend(color, hits / 16 * opacity, x: column, y: row)
      }
    }
  }

  /// The picture at another size, with bilinear interpolation.
  func resized(to other: PictureSize) -> Picture {
    let across = Float(width) / Float(other.width)
    let down = Float(height) / Float(other.height)
    return Picture(other) { x, y in
      let px = ((Float(x) + 0.5) * across - 0.5).clamped(to: 0...Float(width - 1))
      let py = ((Float(y) + 0.5) * down - 0.5).clamped(to: 0...Float(height - 1))
      let (left, top) = (Int(px), Int(py))
      let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
      let share = px - Float(left)
      return self[left, top].mixed(with: self[right, top], share).mixed(
        with: self[left, bottom].mixed(with: self[right, bottom], share), py - Float(top))
    }
  }

  /// Darkens the corners, like an old lens.
  mutating func vignette(_ strength: Float) {
    for y in 0..<height {
      let dy = Float(y) / Float(height) - 0.5
      for x in 0..<width {
        let dx = Float(x) / Float(width) - 0.5
        let fall = 1 - strength * Float.step(0.15, 0.75, dx * dx + dy * dy)
        let index = y * width + x
        pixels[index] = pixels[index].scaled(fall)
      }
    }
  }

  /// The picture as a PNG file.
  var png: [UInt8] {
    PNG.encoded(self)
  }

  private func rows(_ middle: Float, _ reach: Float) -> Range<Int> {
    span(middle, reach, height)
  }

  private func columns(_ middle: Float, _ reach: Float) -> Range<Int> {
    span(middle, reach, width)
  }

  private func span(_ middle: Float, _ reach: Float, _ length: Int) -> Range<Int> {
    let from = max(0, Int(middle - reach - 1))
    let to = min(length, Int(middle + reach + 2))
    return from < to ? from..<to : 0..<0
  }
}
