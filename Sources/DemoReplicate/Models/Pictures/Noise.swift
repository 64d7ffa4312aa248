/// Gradient noise: smooth random fields, for hills, clouds and currents.
struct Noise: Sendable {
  private let seed: UInt32

  init(_ seed: UInt64) {
    self.seed = UInt32(truncatingIfNeeded: SeededRandom.mixed(seed))
  }

  /// From about -1 to 1, and 0 wherever x and y are integers.
  func value(_ x: Float, _ y: Float) -> Float {
    let left = x.rounded(.down)
    let top = y.rounded(.down)
    let (fx, fy) = (x - left, y - top)
    let (ix, iy) = (Int32(left), Int32(top))
    let u = fx * fx * fx * (fx * (fx * 6 - 15) + 10)
    let v = fy * fy * fy * (fy * (fy * 6 - 15) + 10)
    let upper = Float.mix(slope(ix, iy, fx, fy), slope(ix &+ 1, iy, fx - 1, fy), u)
    let lower = Float.mix(
      slope(ix, iy &+ 1, fx, fy - 1), slope(ix &+ 1, iy &+ 1, fx - 1, fy - 1), u)
    return 1.5 * Float.mix(upper, lower, v)
  }

  /// The sum of several octaves, each finer and weaker than the one before.
  func layered(_ x: Float, _ y: Float, octaves: Int) -> Float {
    var sum: Float = 0
    var weight: Float = 0.5
    var scale: Float = 1
    for octave in 0..<octaves {
      let shift = Float(octave) * 17.3
      sum += weight * value(x * scale + shift, y * scale - shift)
      weight *= 0.5
      scale *= 2.03
    }
    return sum
  }

  /// From 0 to 1, with sharp crests, like mountains.
  func ridged(_ x: Float, _ y: Float, octaves: Int) -> Float {
    var sum: Float = 0
    var weight: Float = 0.5
    var scale: Float = 1
    for octave in 0..<octaves {
      let shift = Float(octave) * 9.7
      let crest = 1 - abs(value(x * scale + shift, y * scale + shift))
      sum += weight * crest * crest
      weight *= 0.5
      scale *= 2.1
    }
    return sum
  }

  /// White noise from 0 to 1, unrelated to the neighboring points.
  func speck(_ x: Int, _ y: Int) -> Float {
    Float(hash(Int32(truncatingIfNeeded: x), Int32(truncatingIfNeeded: y)) >> 8) / 16_777_216
  }

  private func slope(_ x: Int32, _ y: Int32, _ dx: Float, _ dy: Float) -> Float {
    switch hash(x, y) >> 29 {
    case 0: dx + dy
    case 1: dx - dy
    case 2: dy - dx
    case 3: -dx - dy
    case 4: 1.4 * dx
    case 5: -1.4 * dx
    case 6: 1.4 * dy
    default: -1.4 * dy
    }
  }

  private func hash(_ x: Int32, _ y: Int32) -> UInt32 {
    var hash = UInt32(bitPattern: x) &* 0x27D4_EB2D ^ UInt32(bitPattern: y) &* 0x1656_67B1 ^ seed
    hash = (hash ^ (hash >> 15)) &* 0x85EB_CA6B
    hash = (hash ^ (hash >> 13)) &* 0xC2B2_AE35
    return hash ^ (hash >> 16)
  }
}
