/// Paints glowing gas and stars.
enum Nebula {
  static func painted(
    _ scene: Scene, _ size: PictureSize, brightness: Float = 1
  ) -> Picture {
    let palette = scene.palette
    let unit = Float(min(size.width, size.height))
    let (warp, gas, dust) = (scene.noise("warp"), scene.noise("gas"), scene.noise("dust"))
    let deep = Color(0x03040C).mixed(with: palette.near, 0.2)
    let tints = palette.accents
    var picture = Picture(size) { column, row in
      let (x, y) = (Float(column) / unit * 1.7, Float(row) / unit * 1.7)
      let wx = warp.layered(x, y, octaves: 4)
      let wy = warp.layered(x + 5.2, y + 1.3, octaves: 4)
      let body = gas.layered(x + wx * 1.7, y + wy * 1.7, octaves: 6)
      let density = Float.step(-0.5, 0.62, body)
      let veil = Float.step(-0.1, 0.42, dust.layered(x * 1.6 + wy, y * 1.6 + wx, octaves: 5))
      let hue = (0.45 + wx * 1.1 + body * 0.25).clamped(to: 0...1)
      var color = deep
      // A faint glow everywhere, brighter gas, and bright cores.
      let tint = Color.along(tints, hue)
      color = color.lit(by: tint, (0.1 + 0.16 * (wx + wy)) * brightness)
      color = color.lit(by: tint, density * density * 0.8 * brightness)
      let heart = density * density * density * density * density
      color = color.lit(by: palette.sun, heart * 0.3 * brightness)
      return color.mixed(with: deep, veil * 0.6)
    }
    var random = scene.random("stars")
    let count = Int(Float(size.width * size.height) / (unit * unit) * 700)
    for _ in 0..<count {
      let (x, y) = (random.unit() * Float(size.width), random.unit() * Float(size.height))
      let brightness = random.unit() * random.unit() * random.unit() * random.unit()
      let tint = Color(0xFFE9D0).mixed(with: Color(0xCFE0FF), random.unit())
      let radius = unit / 512 * (0.9 + 2.6 * brightness)
      picture.glow(tint, x: x, y: y, radius: radius, strength: 0.4 + 0.6 * brightness)
      if brightness > 0.35 {
        picture.glow(tint, x: x, y: y, radius: radius * 7, strength: 0.34)
        let ray = radius * 6 * brightness
        picture.line(tint, from: (x - ray, y), to: (x + ray, y), width: 0.6, opacity: 0.35)
        picture.line(tint, from: (x, y - ray), to: (x, y + ray), width: 0.6, opacity: 0.35)
      }
    }
    picture.vignette(0.4)
    return picture
  }
}
