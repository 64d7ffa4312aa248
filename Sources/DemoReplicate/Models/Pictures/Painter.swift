import ReplicateAPI

extension DemoModel {
  static let painter = DemoModel(
    id: ModelID(owner: "demo", name: "painter"),
    description: "Paints landscapes, northern lights, currents, circles, stained glass and paper "
      + "cuts from the words of a prompt",
    runCount: 284_913_207,
    githubURL: "https://github.com/replicate/cog",
    licenseURL: "https://choosealicense.com/licenses/mit/",
    readme: """
      # Painter

      Painter turns a prompt, a style and a seed into a picture. The same three always give the \
      same picture, on any machine.

      ## How it works

      There is no neural network in here. Painter looks at single words of the prompt. Mood words, \
      such as *sunset*, *winter*, *neon* or *autumn*, choose one of twelve palettes. Things, such \
      as *sea*, *forest*, *lighthouse*, *boat* or *clouds*, are painted if the style has a place \
      for them. The rest of the prompt counts too: together with the seed, it decides where the \
      mountains are and where the sun sets.

      The pictures are made with layered gradient noise, circle packing, Voronoi cells and stroke \
      tracing, all computed on this machine while you wait.

      ## Styles

      - **landscape**: hazy mountains, with a sun or moon, and water if the prompt mentions it
      - **aurora**: curtains of light over a lake
      - **flow field**: thousands of strokes that follow an invisible current
      - **circles**: circles that never overlap
      - **stained glass**: a landscape as a leaded window
      - **paper cut**: sheets of colored paper, lit from the upper left

      ## Tips

      Leave the seed empty for a surprise. To leave something out, name it in the negative prompt: \
      *sun*, *moon*, *stars*, *clouds*, *birds*, *trees*, or the name of a mood.
      """,
    versions: .history(
      of: ModelID(owner: "demo", name: "painter"), cog: "0.16.9",
      "2026-10-19T14:02:51.482913Z", "2026-06-30T09:41:07.03Z", "2026-02-11T17:25:44.918Z",
      "2025-11-03T08:00:12.5Z"),
    schema: .openAPI(
      Painting.inputs(
        prompt: "What to paint. Words such as sunset, forest, winter or neon set the mood.",
        default: "a lighthouse by the sea at sunset", style: .landscape),
      .files),
    exampleInput: [
      "prompt": "a lighthouse by the sea at sunset", "style": "landscape", "aspect_ratio": "3:2",
      "seed": 42,
    ],
    run: { job in
      let seed = await job.chosenSeed()
      let style = PaintingStyle(rawValue: job.text("style")) ?? .landscape
      let size = PictureSize(
        ratio: job.text("aspect_ratio"), pixels: Painting.pixels(job.text("megapixels")))
      let count = job.integer("num_outputs", or: 1)
      let scene = Scene(
        prompt: job.text("prompt"), negativePrompt: job.text("negative_prompt"), seed: seed)
      await job.log("Palette: \(scene.palette.name)\n")
      await job.log("Painting \(count) × \(size.width)×\(size.height), \(style.rawValue)\n")
      try await job.steps(job.integer("steps", or: 30), seconds: 5 + Double(count) * 0.6)

      var addresses: [JSONValue] = []
      for index in 0..<count {
        let scene = Scene(
          prompt: job.text("prompt"), negativePrompt: job.text("negative_prompt"),
          seed: seed &+ UInt64(index))
        let file = style.paint(scene, size).png
        addresses.append(
          .string(await job.file(file, name: "out-\(index).png", type: PNG.type)))
        try await job.work(0.1)
      }
      await job.metric("image_count", .number(JSONNumber(count)))
      await job.output(.array(addresses))
    })
}

/// What the painting models have in common.
enum Painting {
  /// The number of pixels for the `megapixels` input.
  static func pixels(_ megapixels: String) -> Int {
    Int((Double(megapixels) ?? 0.5) * 1_048_576)
  }

  /// The inputs of a painter.
  ///
  /// - Parameters:
  ///   - prompt: The description of the prompt.
  ///   - style: The style to paint in by default.
  static func inputs(
    prompt: String, default: String?, style: PaintingStyle
  ) -> [SchemaInput] {
    [
      .text("prompt", prompt, default: `default`),
      .text(
        "negative_prompt",
        "What to leave out: sun, moon, stars, clouds, birds, trees, or the name of a mood.",
        default: ""),
      .choice(
        "style", "The style to paint in.",
        PaintingStyle.allCases.map { .string($0.rawValue) },
        default: .string(style.rawValue)),
      .choice(
        "aspect_ratio", "The ratio of width to height.",
        ["1:1", "4:3", "3:2", "16:9", "21:9", "3:4", "2:3", "9:16"], default: "3:2"),
      .inlineChoice(
        "megapixels", "The approximate size of the picture.", ["0.25", "0.5", "1"],
        default: "0.5"),
      .integer("num_outputs", "How many pictures to paint.", default: 1, 1...4),
      .integer(
        "steps", "The number of passes. More take longer and look no different.",
        default: 30, 1...100),
      .integer("seed", "The same seed paints the same picture. Leave it empty for a new one.")
        .nullable(),
      .choice("output_format", "The file format.", ["png"], default: "png"),
    ]
  }
}
