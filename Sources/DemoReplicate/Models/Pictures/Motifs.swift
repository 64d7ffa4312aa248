/// Draws objects in a landscape if the prompt mentions them.
struct Motifs {
  var palette: Palette
  /// The shorter side of the picture; all sizes are relative to it.
  var unit: Float

  /// Draws a lighthouse with its base at x, y, and its light over the water.
  func addLighthouse(to picture: inout Picture, x: Float, y: Float, looksRight: Bool) {
    let height = unit * 0.34
    let (foot, head) = (unit * 0.034, unit * 0.021)
    let dusk = palette.haze.mixed(with: palette.near, 0.35)
    let white = Color(0xFFF8EC).mixed(with: dusk, 0.42)
    let red = Color(0xC8372D).mixed(with: dusk, 0.42)
    let bands = 5
    for band in 0..<bands {
      let (low, high) = (Float(band) / Float(bands), Float(band + 1) / Float(bands))
      let (lowHalf, highHalf) = (Float.mix(foot, head, low), Float.mix(foot, head, high))
      let color = band % 2 == 0 ? white : red
      // The side away from the light is darker.
      for (side, shade) in [(-1, looksRight ? 0.72 : 1), (1, looksRight ? 1 : 0.72)]
        as [(Float, Float)]
      {
        picture.polygon(
          color.scaled(shade),
          [
            (x, y - height * low), (x + side * lowHalf, y - height * low),
            (x + side * highHalf, y - height * high), (x, y - height * high),
          ])
      }
    }
    let top = y - height
    let dark = palette.near.mixed(with: palette.haze, 0.12)
    let lamp = Color(0xFFE9A8)
    rectangle(dark, x - head * 1.5, top - unit * 0.004, x + head * 1.5, top, &picture)
    rectangle(
      lamp, x - head * 0.72, top - unit * 0.036, x + head * 0.72, top - unit * 0.004, &picture)
    rectangle(
      dark, x - head * 0.08, top - unit * 0.036, x + head * 0.08, top - unit * 0.004, &picture)
    picture.polygon(
      dark,
      [
        (x - head * 1.05, top - unit * 0.034), (x + head * 1.05, top - unit * 0.034),
        (x, top - unit * 0.06),
      ])
    let lampY = top - unit * 0.02
    addBeam(to: &picture, x: x, y: lampY, looksRight: looksRight)
    picture.glow(lamp, x: x, y: lampY, radius: unit * 0.12, strength: 0.75)
  }

  /// Draws a boat with two sails and its reflection.
  func addBoat(to picture: inout Picture, x: Float, y: Float) {
    let size = unit * 0.05
    let dark = palette.near.mixed(with: palette.haze, 0.1)
    let sail = palette.sun.mixed(with: palette.haze, 0.22)
    picture.polygon(
      sail,
      [
        (x - size * 0.06, y - size * 0.2), (x - size * 0.06, y - size * 2),
        (x - size, y - size * 0.2),
      ])
    picture.polygon(
      sail.scaled(0.86),
      [
        (x + size * 0.06, y - size * 0.2), (x + size * 0.06, y - size * 1.75),
        (x + size * 0.8, y - size * 0.2),
      ])
    picture.polygon(
      dark,
      [
        (x - size * 1.1, y - size * 0.12), (x + size * 1.15, y - size * 0.12),
        (x + size * 0.75, y + size * 0.24), (x - size * 0.8, y + size * 0.24),
      ])
    for row in 0..<7 {
      let share = Float(row) / 7
      let half = size * (0.8 - 0.5 * share)
      let shift = size * 0.14 * (row % 2 == 0 ? 1 : -1)
      let line = y + size * (0.34 + share * 1.3)
      picture.line(
        sail.mixed(with: dark, 0.45), from: (x - half + shift, line), to: (x + half + shift, line),
        width: size * 0.07, opacity: 0.5 * (1 - share))
    }
  }

  private func addBeam(to picture: inout Picture, x: Float, y: Float, looksRight: Bool) {
    let reach = unit * 0.95
    let strength: Float = palette.isNight ? 0.4 : 0.22
    let direction: Float = looksRight ? 1 : -1
    for row in max(0, Int(y - reach * 0.2))..<min(picture.height, Int(y + reach * 0.2)) {
      for column in 0..<picture.width {
        let along = (Float(column) + 0.5 - x) * direction
        guard along > 0, along < reach else { continue }
        let across = (Float(row) + 0.5 - y + along * 0.05) / (unit * 0.01 + along * 0.085)
        guard abs(across) < 1 else { continue }
        let fade = (1 - along / reach) * (1 - across * across)
        picture.light(Color(0xFFE9B8), fade * strength, x: column, y: row)
      }
    }
  }

  private func rectangle(
    _ color: Color, _ left: Float, _ top: Float, _ right: Float, _ bottom: Float,
    _ picture: inout Picture
  ) {
    picture.polygon(color, [(left, top), (right, top), (right, bottom), (left, bottom)])
  }
}
