/// Paints a landscape as a leaded window, with one color per pane.
enum StainedGlass {
  static func painted(_ scene: Scene, _ size: PictureSize) -> Picture {
    let unit = Float(min(size.width, size.height))
    // The landscape needs no detail, since each pane only takes one color from it.
    let behind = Landscape(scene, size.scaled(128 / Double(unit))).painted()
    let cell = unit / 19
    let random = scene.noise("panes")
    let texture = scene.noise("glass")
    let lead = Color(0x14120F)
    return Picture(size) { column, row in
      let (x, y) = (Float(column) + 0.5, Float(row) + 0.5)
      let (cx, cy) = (Int(x / cell), Int(y / cell))
      var nearest = (distance: Float.infinity, x: Float(0), y: Float(0), cell: (0, 0))
      var second = nearest
      for oy in -1...1 {
        for ox in -1...1 {
          let (ix, iy) = (cx + ox, cy + oy)
          let px = (Float(ix) + 0.08 + 0.84 * random.speck(ix, iy)) * cell
          let py = (Float(iy) + 0.08 + 0.84 * random.speck(iy + 911, ix - 17)) * cell
          let (dx, dy) = (px - x, py - y)
          let distance = (dx * dx + dy * dy).squareRoot()
          if distance < nearest.distance {
            second = nearest
            nearest = (distance, px, py, (ix, iy))
          } else if distance < second.distance {
            second = (distance, px, py, (ix, iy))
          }
        }
      }
      let color = paneColor(nearest.x, nearest.y, nearest.cell, behind, size, random)
      // The distance to the line between the two panes.
      let (sx, sy) = (second.x - nearest.x, second.y - nearest.y)
      let apart = max(0.01, (sx * sx + sy * sy).squareRoot())
      let edge =
        (second.distance * second.distance - nearest.distance * nearest.distance) / (2 * apart)
      let grain = texture.layered(x / unit * 16, y / unit * 16, octaves: 3)
      let glow = 0.84 + 0.3 * (1 - nearest.distance / cell) + grain * 0.16
      let width = unit * 0.0042
      let metal = lead.lit(by: Color(0xFFFFFF), 0.16 * Float.step(width, 0, edge))
      return metal.mixed(with: color.scaled(glow), Float.step(width - 0.6, width + 0.9, edge))
    }
  }

  private static func paneColor(
    _ x: Float, _ y: Float, _ cell: (Int, Int), _ behind: Picture, _ size: PictureSize,
    _ random: Noise
  ) -> Color {
    let column = Int(x / Float(size.width) * Float(behind.width))
    let row = Int(y / Float(size.height) * Float(behind.height))
    let color = behind[
      column.clamped(to: 0...(behind.width - 1)), row.clamped(to: 0...(behind.height - 1))]
    let lift = 0.9 + 0.35 * random.speck(cell.0 - 400, cell.1 + 77)
    // Glass is more vivid than paint.
    let gray = color.luminance
    let vivid = Color(gray, gray, gray).mixed(with: color, 1.35)
    return Color(
      max(0.03, vivid.red), max(0.03, vivid.green), max(0.05, vivid.blue)
    ).scaled(lift)
  }
}
