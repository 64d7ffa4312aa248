/// Paints circles that never overlap, each with its own rings.
enum CirclePacking {
  static func painted(_ scene: Scene, _ size: PictureSize) -> Picture {
    let palette = scene.palette
    let unit = Float(min(size.width, size.height))
    let grain = scene.noise("paper")
    var picture = Picture(size) { x, y in
      let fiber = grain.layered(Float(x) / unit * 50, Float(y) / unit * 50, octaves: 2)
      return palette.paper.scaled(1 + fiber * 0.02)
    }
    let circles = packed(scene, size, unit)
    let shadow = palette.isNight ? Color(0x000000) : palette.near
    for circle in circles {
      // Light comes from the upper left; soft shadows lift the circles off the paper.
      let drop = min(circle.radius * 0.16, unit * 0.012)
      for layer in 0..<4 {
        let spread = drop * Float(layer) * 0.5
        picture.disc(
          shadow, x: circle.x + drop, y: circle.y + drop * 1.3, radius: circle.radius + spread,
          opacity: 0.07)
      }
    }
    var random = scene.random("rings")
    for circle in circles { draw(circle, palette, &random, on: &picture) }
    return picture
  }

  private struct Circle {
    var x: Float
    var y: Float
    var radius: Float
  }

  private static func packed(_ scene: Scene, _ size: PictureSize, _ unit: Float) -> [Circle] {
    var random = scene.random("circles")
    var circles: [Circle] = []
    let gap = unit * 0.006
    let margin = unit * 0.05
    let largest = unit * 0.17
    let smallest = unit * 0.006
    for attempt in 0..<3600 {
      let x = margin + random.unit() * (Float(size.width) - 2 * margin)
      let y = margin + random.unit() * (Float(size.height) - 2 * margin)
      var room = min(
        x - margin * 0.4, y - margin * 0.4, Float(size.width) - x - margin * 0.4,
        Float(size.height) - y - margin * 0.4)
      // The limit falls as the picture fills up, so that large circles become rarer.
      let share = 1 - Float(attempt) / 3600
      room = min(room, largest * (0.1 + 0.9 * share * share * share))
      for other in circles {
        let (dx, dy) = (other.x - x, other.y - y)
        room = min(room, (dx * dx + dy * dy).squareRoot() - other.radius - gap)
        if room < smallest { break }
      }
      if room >= smallest { circles.append(Circle(x: x, y: y, radius: room)) }
    }
    return circles
  }

  private static func draw(
    _ circle: Circle, _ palette: Palette, _ random: inout SeededRandom, on picture: inout Picture
  ) {
    let start = random.integer(0...(palette.accents.count - 1))
    let rings = max(1, min(5, Int(circle.radius / Float(min(picture.width, picture.height)) * 60)))
    let filled = random.unit() < 0.25 ? 1 : rings
    for ring in 0..<filled {
      let color = palette.accents[(start + ring * (1 + start % 2)) % palette.accents.count]
      let radius = circle.radius * (1 - Float(ring) / Float(filled) * 0.92)
      picture.disc(color, x: circle.x, y: circle.y, radius: radius)
    }
    // A soft highlight on the upper left.
    picture.glow(
      Color(0xFFFFFF), x: circle.x - circle.radius * 0.28, y: circle.y - circle.radius * 0.32,
      radius: circle.radius * 0.62, strength: 0.16)
  }
}
