/// Paints stacked sheets of colored paper, each with an opening onto the next.
enum PaperCut {
  static func painted(_ scene: Scene, _ size: PictureSize) -> Picture {
    let palette = scene.palette
    let unit = Float(min(size.width, size.height))
    let relief = scene.noise("relief")
    let fibers = scene.noise("fibers")
    var random = scene.random("middle")
    let middle = (
      x: Float(size.width) / unit * random.number(0.36...0.64),
      y: Float(size.height) / unit * random.number(0.36...0.64)
    )
    let sheets = 7
    let colors = (0..<sheets).map { sheet in
      Color.along(palette.sky.reversed() + [palette.near], Float(sheet) / Float(sheets - 1))
    }
    /// How many sheets deep the opening is at a point; 0 is the top sheet.
    func depth(_ x: Float, _ y: Float) -> Float {
      let bend = relief.layered(x * 1.3, y * 1.3, octaves: 3)
      let (dx, dy) = (x - middle.x, y - middle.y)
      let away = (dx * dx + dy * dy).squareRoot()
      return (1.06 - away * 1.25 + bend * 0.62) * Float(sheets)
    }
    let step = 1 / unit
    return Picture(size) { column, row in
      let (x, y) = (Float(column) / unit, Float(row) / unit)
      let here = depth(x, y).clamped(to: 0...(Float(sheets) - 0.001))
      let sheet = Int(here)
      // The slope gives the width of a pixel on this scale, which locates the edges.
      let slope = abs(depth(x + step, y) - here) + abs(depth(x, y + step) - here) + 0.0001
      var color = colors[sheets - 1 - sheet]
      // The sheet above casts a shadow, with light from the upper left.
      let toward = depth(x - 0.013, y - 0.018)
      let shadow = Float.step(Float(sheet) + 0.1, Float(sheet) - 0.25, toward)
      let contact = Float.step(0.34, 0, here - Float(sheet))
      if sheet > 0 {
        color = color.scaled(1 - 0.3 * shadow - 0.16 * contact * Float.step(0, 1, shadow + 0.4))
      }
      let grain = fibers.layered(x * 90, y * 90, octaves: 2) * 0.03
      color = color.scaled(1 + grain)
      // The cut edge of the sheet catches the light.
      let rim = ((Float(sheet) + 1 - here) / slope)
      if sheet < sheets - 1 {
        color = color.lit(by: Color(0xFFFFFF), 0.22 * max(0, 1 - rim * 0.6))
      }
      return color
    }
  }
}
