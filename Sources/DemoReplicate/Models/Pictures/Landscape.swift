/// Paints sky, sun, clouds and hazy mountains, with water or trees if the prompt mentions them.
struct Landscape {
  private let scene: Scene
  private let size: PictureSize
  private let unit: Float
  private let horizon: Float
  private let sun: (x: Float, y: Float, radius: Float)
  private let hasSun: Bool
  private let hasWater: Bool
  private let hasTrees: Bool
  private let hasClouds: Bool

  init(_ scene: Scene, _ size: PictureSize) {
    self.scene = scene
    self.size = size
    var random = scene.random("composition")
    unit = Float(min(size.width, size.height))
    let height = Float(size.height)
    let water: Set = [
      "water", "sea", "ocean", "lake", "river", "harbour", "harbor", "lighthouse", "boat", "ship",
      "island", "whale", "coast", "beach", "bay", "waves", "wave", "reflection",
    ]
    let trees: Set = ["tree", "trees", "forest", "wood", "woods", "pine", "pines", "jungle", "fox"]
    hasWater = scene.wants(water)
    hasTrees = scene.wants(trees)
    hasClouds = !scene.refuses(["cloud", "clouds"])
    hasSun = !scene.refuses(["sun", "moon"])
    horizon = height * (hasWater ? random.number(0.58...0.64) : random.number(0.56...0.68))
    let side = random.unit() < 0.5 ? random.number(0.24...0.4) : random.number(0.6...0.76)
    let isHigh = scene.palette.isNight
    sun = (
      x: Float(size.width) * side,
      y: horizon * (isHigh ? random.number(0.24...0.4) : random.number(0.5...0.8)),
      radius: unit * random.number(0.035...0.06)
    )
  }

  func painted() -> Picture {
    var picture = sky()
    if scene.palette.isNight, !scene.refuses(["stars"]) { addStars(to: &picture) }
    addRidges(to: &picture)
    if hasWater {
      addWater(to: &picture)
      addShore(to: &picture)
      if scene.wants(["boat", "boats", "ship", "ships", "sailing", "sail"]) {
        addBoat(to: &picture)
      }
    }
    if !scene.refuses(["bird", "birds"]), !scene.palette.isNight { addBirds(to: &picture) }
    picture.vignette(0.32)
    return picture
  }
}

extension Landscape {
  private var hasLighthouse: Bool { scene.wants(["lighthouse", "lighthouses", "beacon"]) }

  private func sky() -> Picture {
    let clouds = scene.noise("clouds")
    let palette = scene.palette
    let cover = scene.wants(["cloud", "clouds", "storm", "rain", "fog"]) ? Float(0.0) : 0.12
    return Picture(size) { column, row in
      let (x, y) = (Float(column) + 0.5, Float(row) + 0.5)
      var color = Color.along(palette.sky, y / horizon)
      let (dx, dy) = (x - sun.x, y - sun.y)
      let distance = (dx * dx + dy * dy).squareRoot()
      let nearness = hasSun ? Numerics.exponential(-distance / (unit * 0.22)) : 0
      if hasSun {
        color = color.lit(by: palette.sun, nearness * (palette.isNight ? 0.35 : 0.6))
        let disc = (sun.radius - distance + 0.5).clamped(to: 0...1)
        color = color.mixed(with: palette.sun, disc)
      }
      guard hasClouds, y < horizon else { return color }
      // Clouds are flat and small in the distance, tall and large overhead.
      let depth = 0.25 + 0.75 * (1 - y / horizon)
      let field = clouds.layered(x / unit * 2.1 / depth, y / unit * 7 / depth, octaves: 5)
      let density = Float.step(cover, cover + 0.42, field) * Float.step(horizon, horizon * 0.7, y)
      let light = palette.sky[palette.sky.count - 1].mixed(with: palette.sun, 0.3 + 0.5 * nearness)
      let shade = color.mixed(with: light, palette.isNight ? 0.16 : 0.62)
      return color.mixed(with: shade, density * 0.85)
    }
  }

  private func addStars(to picture: inout Picture) {
    var random = scene.random("stars")
    let count = Int(Float(size.width * size.height) / (unit * unit) * 260)
    for _ in 0..<count {
      let x = random.unit() * Float(size.width)
      let y = random.unit() * random.unit() * horizon
      let brightness = random.unit() * random.unit()
      let tint = Color(0xFFF6E0).mixed(with: Color(0xBFD0FF), random.unit())
      let radius = unit / 512 * (0.7 + 1.6 * brightness)
      picture.glow(tint, x: x, y: y, radius: radius * 1.7, strength: 0.35 + 0.65 * brightness)
      if brightness > 0.7 {
        picture.glow(tint, x: x, y: y, radius: radius * 6, strength: 0.25)
      }
    }
  }

  /// Adds mountains and hills, from the farthest to the nearest.
  private func addRidges(to picture: inout Picture) {
    let count = hasWater ? 4 : 6
    for layer in 0..<count {
      let nearness = Float(layer) / Float(count - 1)
      let tops = ridge(layer, nearness: nearness)
      let palette = scene.palette
      let share = hasWater ? 0.1 + nearness * 0.5 : 0.08 + nearness * 0.92
      let body = palette.haze.mixed(with: palette.near, share * share * 0.4 + share * 0.6)
      let foot = body.mixed(with: palette.haze, 0.42 * (1 - nearness) + 0.1)
      let lowest = hasWater ? Int(horizon) : size.height
      let reach = unit * (0.1 + 0.2 * nearness)
      for x in 0..<size.width {
        let top = tops[x]
        for y in max(0, Int(top))..<max(lowest, Int(top) + 1) where y < lowest {
          let depth = ((Float(y) - top) / reach).clamped(to: 0...1)
          var color = body.mixed(with: foot, depth)
          if hasSun {
            // A rim of light on the crests that face the sun.
            let near = Numerics.exponential(-abs(Float(x) - sun.x) / (unit * 0.3))
            let rim = max(0, 1 - (Float(y) - top) / (unit * 0.012))
            color = color.lit(by: palette.sun, near * (0.22 * rim + 0.16 * (1 - nearness)))
          }
          let cover = (Float(y) + 1 - top).clamped(to: 0...1)
          picture.blend(color, cover, x: x, y: y)
        }
      }
    }
  }

  /// The height of a ridge at each column.
  private func ridge(_ layer: Int, nearness: Float) -> [Float] {
    let noise = scene.noise("ridge \(layer)")
    let height = Float(size.height)
    let rise = hasWater ? unit * (0.16 - 0.11 * nearness) : unit * (0.3 - 0.16 * nearness)
    let base =
      hasWater
      ? horizon - unit * 0.01
      : Float.mix(horizon, height * 0.97, nearness * nearness * 0.7 + nearness * 0.3)
    let roughness = nearness < 0.55 || scene.wants(["mountain", "mountains"])
    var tops = (0..<size.width).map { column in
      let x = Float(column) / unit * (1.3 + 0.9 * nearness) + Float(layer) * 31
      let crest = noise.ridged(x, Float(layer) * 5.1, octaves: 6)
      let swell = noise.layered(x * 0.9, 7.7, octaves: 5) * 0.5 + 0.4
      return base - rise * (roughness ? crest * 1.1 - 0.1 : swell)
    }
    if hasTrees, layer >= (hasWater ? 3 : 3) {
      addTrees(to: &tops, layer: layer, nearness: nearness)
    }
    return tops
  }

  /// Adds conifers to the outline of a ridge, each a tall triangle with a ragged edge.
  private func addTrees(to tops: inout [Float], layer: Int, nearness: Float) {
    var random = scene.random("trees \(layer)")
    let tallest = unit * (hasWater ? 0.055 : 0.03 + 0.13 * nearness * nearness)
    let ground = tops
    var x = -tallest
    while x < Float(size.width) + tallest {
      let tall = tallest * random.number(0.45...1)
      let wide = tall * random.number(0.17...0.24)
      for column in Int(x - wide)...Int(x + wide) where tops.indices.contains(column) {
        let side = abs(Float(column) + 0.5 - x) / wide
        guard side < 1 else { continue }
        let branches = (side * 6).truncatingRemainder(dividingBy: 1) * 0.11
        let outline = max(0, 1 - side + branches - 0.06)
        tops[column] = min(tops[column], ground[column] + tall * 0.1 - tall * outline)
      }
      x += wide * random.number(0.5...2.1)
    }
  }

  /// Mirrors everything above the horizon, broken by ripples, with a path of sunlight on it.
  private func addWater(to picture: inout Picture) {
    let ripples = scene.noise("ripples")
    let above = picture
    let palette = scene.palette
    let height = Float(size.height)
    for row in Int(horizon)..<size.height {
      let depth = (Float(row) + 0.5 - horizon) / (height - horizon)
      let scale = 0.05 + depth * 0.9
      for column in 0..<size.width {
        let x = (Float(column) - Float(size.width) / 2) / unit / scale
        let wave = ripples.layered(x * 1.4, 9 / scale + depth * 5, octaves: 3)
        let shiftX = Int(wave * unit * 0.05 * (0.3 + depth))
        let mirrored = horizon - (Float(row) - horizon) * 1.15 + wave * unit * 0.07 * depth
        let from = above[
          (column + shiftX).clamped(to: 0...(size.width - 1)),
          Int(mirrored).clamped(to: 0...max(0, Int(horizon) - 1))]
        let deep = palette.near.mixed(with: palette.sky[0], 0.45)
        var color = from.mixed(with: deep, 0.16 + 0.5 * depth)
        let crest = Float.step(0.12, 0.42, wave)
        color = color.lit(by: palette.sky[palette.sky.count - 1], crest * 0.16)
        if hasSun {
          let width = unit * (0.035 + 0.12 * depth)
          let offset = (Float(column) + 0.5 - sun.x) / width
          let glitter = Numerics.exponential(-offset * offset) * Float.step(-0.05, 0.25, wave)
          color = color.lit(by: palette.sun, glitter * (0.85 - 0.4 * depth))
        }
        picture[column, row] = color
      }
    }
  }

  /// Adds a dark shore in front of the water, on one side.
  private func addShore(to picture: inout Picture) {
    let noise = scene.noise("shore")
    var random = scene.random("shore")
    let fromLeft = sun.x > Float(size.width) / 2
    let reach = Float(size.width) * random.number(0.42...0.62)
    let rise = unit * random.number(0.1...0.16) * (hasLighthouse ? 1.5 : 1)
    var tops = (0..<size.width).map { column in
      let side = (fromLeft ? Float(column) : Float(size.width - column)) / reach
      let slope = Float.step(1, 0, side)
      let rough = noise.layered(Float(column) / unit * 5, 1.5, octaves: 5) * 0.35
      return Float(size.height) + unit * 0.03 - rise * slope * (1 + rough) - unit * 0.03 * slope
    }
    let ground = tops
    if hasTrees { addTrees(to: &tops, layer: 6, nearness: 0.6) }
    if hasLighthouse {
      // Its base is behind the rocks, which are painted over it.
      let place = Int(Float(size.width) * (fromLeft ? 0.12 : 0.88))
      Motifs(palette: scene.palette, unit: unit).addLighthouse(
        to: &picture, x: Float(place), y: ground[place] + unit * 0.05, looksRight: fromLeft)
    }
    for x in 0..<size.width where tops[x] < Float(size.height) {
      for y in max(0, Int(tops[x]))..<size.height {
        let depth = ((Float(y) - tops[x]) / (unit * 0.1)).clamped(to: 0...1)
        let color = scene.palette.near.mixed(with: scene.palette.haze, 0.12 * (1 - depth))
        picture.blend(color, (Float(y) + 1 - tops[x]).clamped(to: 0...1), x: x, y: y)
      }
    }
  }

  private func addBoat(to picture: inout Picture) {
    var random = scene.random("boat")
    let shift =
      Float(size.width) * random.number(0.1...0.2) * (sun.x > Float(size.width) / 2 ? -1 : 1)
    Motifs(palette: scene.palette, unit: unit).addBoat(
      to: &picture, x: sun.x + shift, y: horizon + unit * random.number(0.06...0.11))
  }

  private func addBirds(to picture: inout Picture) {
    var random = scene.random("birds")
    let count = random.integer(3...7)
    let middle = (
      x: Float(size.width) * random.number(0.3...0.7), y: horizon * random.number(0.2...0.45)
    )
    let color = scene.palette.near.mixed(with: scene.palette.sky[1], 0.25)
    for _ in 0..<count {
      let x = middle.x + unit * random.number(-0.17...0.17)
      let y = middle.y + unit * random.number(-0.07...0.07)
      let span = unit * random.number(0.008...0.018)
      let lift = span * random.number(0.35...0.7)
      let width = max(1, unit * 0.0026)
      for side in [-1, 1] as [Float] {
        let bend = (x + side * span * 0.55, y - lift)
        picture.line(color, from: (x, y), to: bend, width: width)
        picture.line(
          color, from: bend, to: (x + side * span, y - lift * 0.7), width: width * 0.8)
      }
    }
  }
}
