import ReplicateAPI

extension DemoModel {
  static let monochrome = DemoModel(
    id: ModelID(owner: "darkroom", name: "monochrome"),
    description: "Prints a color picture in black and white, sepia, cyanotype or selenium",
    runCount: 27_950_312,
    githubURL: "https://github.com/replicate/cog-examples",
    readme: """
      # Monochrome

      A darkroom for PNG files: it reads a picture, computes its perceived brightness, and prints \
      it in the tone of your choice.

      It reads PNG files with 8 bits per channel that aren't interlaced, which is what nearly all \
      programs write, including this service's painting models: paste the URL of one of their \
      pictures. Transparency is ignored.
      """,
    versions: .history(
      of: ModelID(owner: "darkroom", name: "monochrome"), cog: "0.11.3",
      "2026-02-28T23:59:59.999Z", "2025-06-15T10:10:10.101Z"),
    schema: .openAPI(
      [
        .file("image", "A PNG file.").required(),
        .choice(
          "tone", "The color of the print.", ["neutral", "sepia", "cyanotype", "selenium"],
          default: "neutral"),
        .number(
          "contrast", "Above 1 is harsher, below 1 is softer.", default: 1.1, 0.2...3),
        .boolean("negative", "Print the negative.", default: false),
        .file("mask", "A PNG file. Where it is black, the picture keeps its colors.").nullable(),
      ], .file),
    exampleInput: [
      "image": .string(DataURI.thumbnail("autumn mountains", width: 60, height: 40)),
      "tone": "sepia",
    ],
    run: { job in
      await job.log("Reading the picture\n")
      let picture = try PNG.decoded(try await job.read(job.text("image")))
      var mask: Picture?
      if let address = job.address("mask") {
        mask = try PNG.decoded(try await job.read(address)).resized(to: picture.size)
      }
      await job.log("\(picture.width)×\(picture.height), tone \(job.text("tone"))\n")
      try await job.steps(10, label: "Developing", seconds: 2)
      let print = Monochrome(
        tone: job.text("tone"), contrast: Float(job.number("contrast", or: 1.1)),
        isNegative: job.flag("negative"))
      let printed = print.printed(picture, sparing: mask)
      await job.output(
        .string(await job.file(printed.png, name: "print.png", type: PNG.type)))
    })
}

private struct Monochrome {
  var tone: String
  var contrast: Float
  var isNegative: Bool

  func printed(_ picture: Picture, sparing mask: Picture?) -> Picture {
    let tones = Self.tones[tone] ?? [Color(0x000000), Color(0xFFFFFF)]
    return Picture(picture.size) { x, y in
      let color = picture[x, y]
      var light = ((color.luminance - 0.5) * contrast + 0.5).clamped(to: 0...1)
      if isNegative { light = 1 - light }
      let toned = Color.along(tones, light)
      guard let mask else { return toned }
      return color.mixed(with: toned, mask[x, y].luminance)
    }
  }

  private static let tones: [String: [Color]] = [
    "sepia": [Color(0x1E130B), Color(0x7A5B3E), Color(0xD9BE94), Color(0xFBF1DC)],
    "cyanotype": [Color(0x06183A), Color(0x1F4E8C), Color(0x8DB4D9), Color(0xF4F8F7)],
    "selenium": [Color(0x120E16), Color(0x514A5C), Color(0xA7A1AC), Color(0xF6F2F0)],
  ]
}
