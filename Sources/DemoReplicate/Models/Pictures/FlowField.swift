/// Paints thousands of strokes that follow an invisible current.
enum FlowField {
  static func painted(_ scene: Scene, _ size: PictureSize) -> Picture {
    let palette = scene.palette
    let unit = Float(min(size.width, size.height))
    let ground = palette.isNight ? palette.paper : palette.paper.scaled(0.985)
    let grain = scene.noise("paper")
    var picture = Picture(size) { x, y in
      let fiber = grain.layered(Float(x) / unit * 60, Float(y) / unit * 60, octaves: 2)
      return ground.scaled(1 + fiber * 0.018)
    }
    let current = scene.noise("current")
    var random = scene.random("strokes")
    let turn = random.number(0...6.283)
    let scale = random.number(1.2...2.1)
    let coloring = scene.noise("coloring")
    let margin = unit * 0.07
    let count = Int(Float(size.width * size.height) / (unit * unit) * 1500)
    for _ in 0..<count {
      var x = margin + random.unit() * (Float(size.width) - 2 * margin)
      var y = margin + random.unit() * (Float(size.height) - 2 * margin)
      let mood = coloring.layered(x / unit * 1.6, y / unit * 1.6, octaves: 2) * 0.9 + 0.5
      let place = (mood + random.number(-0.2...0.2)).clamped(to: 0...1)
      var color = Color.along(palette.accents, place)
      if random.unit() < 0.06 { color = palette.isNight ? palette.sun : palette.near }
      let width = unit * (0.0012 + 0.0052 * random.unit() * random.unit())
      let stride = unit * 0.0065
      let steps = random.integer(18...70)
      for step in 0..<steps {
        let field = current.layered(x / unit * scale, y / unit * scale, octaves: 2)
        let angle = turn + field * 5.2
        let next = (
          x + Numerics.cosine(angle) * stride, y + Numerics.sine(angle) * stride
        )
        guard next.0 > margin, next.1 > margin, next.0 < Float(size.width) - margin,
          next.1 < Float(size.height) - margin
        else { break }
        let along = Float(step) / Float(steps)
        let taper = (4 * along * (1 - along)).squareRoot()
        picture.line(
          color, from: (x, y), to: next, width: max(0.7, width * taper), opacity: 0.82)
        (x, y) = next
      }
    }
    return picture
  }
}
