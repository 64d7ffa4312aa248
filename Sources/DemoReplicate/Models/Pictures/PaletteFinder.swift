import ReplicateAPI

extension DemoModel {
  static let paletteFinder = DemoModel(
    id: ModelID(owner: "darkroom", name: "palette-finder"),
    description: "Finds the main colors of a picture, and paints a swatch of them",
    runCount: 5_402_618,
    readme: """
      # Palette finder

      Which five colors would you need to paint this picture? Palette finder groups its pixels by \
      color (k-means, starting with the pixels that are farthest apart) and outputs the center of \
      each group, the most common first: as hexadecimal codes, as fractions of the picture, and \
      as a swatch.

      Without a picture, it paints one from the prompt, in the style of demo/painter, and uses \
      that.
      """,
    versions: .history(
      of: ModelID(owner: "darkroom", name: "palette-finder"), cog: "0.16.1",
      "2026-06-06T06:06:06.606Z", "2026-01-20T20:20:20.2Z"),
    schema: .openAPI(
      [
        .file("image", "A PNG file. Leave it empty to paint one from the prompt.").nullable(),
        .text("prompt", "What to paint if there is no image.", default: "a harbor at dusk"),
        .integer("colors", "How many colors to find.", default: 5, 2...12),
      ],
      .object([
        ("swatch", SchemaOutput.uri), ("colors", ["type": "array", "items": ["type": "string"]]),
        ("shares", ["type": "array", "items": ["type": "number"]]),
        ("darkest", ["type": "string"]), ("lightest", ["type": "string"]),
      ])),
    exampleInput: ["prompt": "a harbor at dusk", "colors": 5],
    run: { job in
      let picture: Picture
      if let address = job.address("image") {
        picture = try PNG.decoded(try await job.read(address))
      } else {
        await job.log("No image given: painting one\n")
        let scene = Scene(prompt: job.text("prompt"), seed: job.seed)
        picture = Landscape(scene, PictureSize(width: 192, height: 128)).painted()
      }
      var groups = ColorGroups(picture, count: job.integer("colors", or: 5))
      try await job.steps(12, label: "Grouping", seconds: 2) { _ in groups.refine() }
      let found = groups.found
      let swatch = ColorGroups.swatch(found)
      let address = await job.file(swatch.png, name: "swatch.png", type: PNG.type)
      let byLight = found.sorted { $0.color.luminance < $1.color.luminance }
      await job.output([
        "swatch": .string(address),
        "colors": .array(found.map { .string($0.color.hex) }),
        "shares": .array(
          found.map { .number(JSONNumber(Double($0.share).rounded(toDigits: 3))) }),
        "darkest": .string(byLight.first?.color.hex ?? "#000000"),
        "lightest": .string(byLight.last?.color.hex ?? "#ffffff"),
      ])
    })
}

/// Groups similar pixels (k-means).
private struct ColorGroups {
  private let pixels: [Color]
  private var middles: [Color]
  private var counts: [Int]

  init(_ picture: Picture, count: Int) {
    // A few thousand evenly spaced pixels are enough.
    let step = max(1, picture.pixels.count / 4000)
    pixels = stride(from: 0, to: picture.pixels.count, by: step).map { picture.pixels[$0] }
    middles = []
    counts = []
    if let first = pixels.first { middles = [first] }
    while middles.count < count {
      let farthest = pixels.max { nearest($0).distance < nearest($1).distance }
      guard let farthest else { break }
      middles.append(farthest)
    }
    counts = Array(repeating: 0, count: middles.count)
  }

  mutating func refine() {
    var sums = Array(repeating: Color(0), count: middles.count)
    counts = Array(repeating: 0, count: middles.count)
    for pixel in pixels {
      let index = nearest(pixel).index
      let sum = sums[index]
      sums[index] = Color(sum.red + pixel.red, sum.green + pixel.green, sum.blue + pixel.blue)
      counts[index] += 1
    }
    for index in middles.indices where counts[index] > 0 {
      middles[index] = sums[index].scaled(1 / Float(counts[index]))
    }
  }

  /// The centers of the groups and their fractions of the picture, largest first.
  var found: [(color: Color, share: Float)] {
    let total = Float(max(1, counts.reduce(0, +)))
    return zip(middles, counts).map { (color: $0.0, share: Float($0.1) / total) }
      .filter { $0.share > 0 }.sorted { $0.share > $1.share }
  }

  static func swatch(_ found: [(color: Color, share: Float)]) -> Picture {
    let size = PictureSize(width: 640, height: 160)
    var edges: [Float] = []
    var sum: Float = 0
    for group in found {
      // Even the rarest color gets enough room to be visible.
      sum += 0.3 / Float(found.count) + 0.7 * group.share
      edges.append(sum)
    }
    return Picture(size) { x, _ in
      let place = Float(x) / Float(size.width) * sum
      let index = edges.firstIndex { place < $0 } ?? found.count - 1
      return found.indices.contains(index) ? found[index].color : Color(0)
    }
  }

  private func nearest(_ color: Color) -> (index: Int, distance: Float) {
    var best = (index: 0, distance: Float.infinity)
    for (index, middle) in middles.enumerated() {
      let (red, green, blue) = (
        middle.red - color.red, middle.green - color.green, middle.blue - color.blue
      )
      let distance = red * red + green * green + blue * blue
      if distance < best.distance { best = (index: index, distance: distance) }
    }
    return best
  }
}
