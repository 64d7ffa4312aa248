/// Paints curtains of light over dark hills and a lake that mirrors them.
struct Aurora {
  private let scene: Scene
  private let size: PictureSize
  private let unit: Float
  private let shore: Float

  init(_ scene: Scene, _ size: PictureSize) {
    self.scene = scene
    self.size = size
    unit = Float(min(size.width, size.height))
    var random = scene.random("shore")
    shore = Float(size.height) * random.number(0.7...0.76)
  }

  func painted() -> Picture {
    var picture = sky()
    addStars(to: &picture)
    addHills(to: &picture)
    mirror(&picture)
    picture.vignette(0.35)
    return picture
  }

  /// The colors of each curtain, from the bottom up.
  private var curtains: [[Color]] {
    let palette = scene.palette
    let green = [Color(0xB8FFD0), Color(0x3CF29A), Color(0x1AA88C), Color(0x3F4FB0)]
    let own = palette.accents
    guard palette.name != "night", palette.name != "winter", own.count > 3 else {
      return [green, [Color(0xC8FFE8), Color(0x2FD6B0), Color(0x6B5BD8), Color(0x8A3FA8)]]
    }
    return [green, [own[0], own[1], own[2], own[3]]]
  }

  private func sky() -> Picture {
    let top = Color(0x040818)
    let low = Color(0x14294A).mixed(with: scene.palette.sky[1], 0.25)
    var columns: [[(foot: Float, length: Float, strength: Float)]] = []
    for (index, _) in curtains.enumerated() {
      let noise = scene.noise("curtain \(index)")
      columns.append(
        (0..<size.width).map { column in
          let x = Float(column) / unit
          let bend = noise.layered(x * 1.1, 3.3, octaves: 3)
          let fold = noise.value(x * 3.1 + bend * 2.2, 8.1)
          let foot = shore * (0.66 - 0.17 * Float(index)) + unit * (0.26 * bend + 0.03 * fold)
          let rays = 0.55 + 0.45 * noise.layered(x * 21 + fold * 3, 1.9, octaves: 3)
          let gaps = Float.step(-0.42, 0.3, noise.value(x * 0.9 + 4, 6.3))
          return (
            foot: foot, length: unit * (0.2 + 0.16 * rays + 0.07 * fold),
            strength: (0.3 + 0.75 * rays) * (0.2 + 0.8 * gaps)
          )
        })
    }
    return Picture(size) { column, row in
      let y = Float(row) + 0.5
      var color = top.mixed(with: low, Float.step(0, shore, y))
      for (index, colors) in curtains.enumerated() {
        let place = columns[index][column]
        let above = place.foot - y
        let share = above / place.length
        // A curtain also fades below its base, but faster.
        let edge = Float.step(-unit * (0.05 + 0.05 * place.strength), unit * 0.012, above)
        guard edge > 0, share < 4 else { continue }
        let fade = above > 0 ? Numerics.exponential(-share * 1.5) : 1
        let light = Color.along(colors, share * 0.55)
        color = color.lit(by: light, edge * fade * place.strength * 0.95)
      }
      return color
    }
  }

  private func addStars(to picture: inout Picture) {
    guard !scene.refuses(["stars"]) else { return }
    var random = scene.random("stars")
    let count = Int(Float(size.width * size.height) / (unit * unit) * 420)
    for _ in 0..<count {
      let x = random.unit() * Float(size.width)
      let y = random.unit() * shore
      let brightness = random.unit() * random.unit() * random.unit()
      picture.glow(
        Color(0xF2F4FF), x: x, y: y, radius: unit / 512 * (1 + 2.4 * brightness),
        strength: 0.3 + 0.7 * brightness)
    }
  }

  private func addHills(to picture: inout Picture) {
    for layer in 0..<2 {
      let noise = scene.noise("hills \(layer)")
      let nearness = Float(layer)
      let color = Color(0x0C1A33).mixed(with: Color(0x03070F), nearness)
      for column in 0..<size.width {
        let x = Float(column) / unit
        var rise = noise.ridged(x * (1.6 + nearness), nearness * 3, octaves: 5)
        rise = unit * (0.15 - 0.08 * nearness) * rise
        if layer == 1, !scene.refuses(["trees"]) {
          let tree = noise.speck(column / max(1, Int(unit * 0.011)), 3)
          let place = (x / 0.011).truncatingRemainder(dividingBy: 1)
          rise += unit * 0.05 * tree * max(0, 1 - abs(place - 0.5) * 2.3)
        }
        let top = shore - rise
        for row in max(0, Int(top))..<min(size.height, Int(shore) + 1) {
          picture.blend(color, (Float(row) + 1 - top).clamped(to: 0...1), x: column, y: row)
        }
      }
    }
  }

  private func mirror(_ picture: inout Picture) {
    let ripples = scene.noise("ripples")
    let above = picture
    for row in min(Int(shore), size.height - 1)..<size.height {
      let depth = (Float(row) - shore) / (Float(size.height) - shore)
      for column in 0..<size.width {
        let wave = ripples.layered(
          Float(column) / unit * 5 / (0.2 + depth), 6 / (0.06 + depth), octaves: 2)
        let source = shore - (Float(row) - shore) * 1.9 + wave * unit * 0.05 * depth
        let shift = Int(wave * unit * 0.02)
        let color = above[
          (column + shift).clamped(to: 0...(size.width - 1)),
          Int(source).clamped(to: 0...(size.height - 1))]
        picture[column, row] = color.mixed(with: Color(0x050B18), 0.3 + 0.3 * depth)
      }
    }
  }
}
