import ReplicateAPI

extension DemoModel {
  static let nebula = DemoModel(
    id: ModelID(owner: "lumen-lab", name: "nebula"),
    description: "Paints clouds of glowing gas and a few hundred stars, in the mood of your prompt",
    runCount: 3_118_940,
    paperURL: "https://en.wikipedia.org/wiki/Perlin_noise",
    readme: """
      # Nebula

      Nebula warps noise with noise until it looks like gas, lights it, covers it with dust and \
      scatters stars. Mood words in the prompt choose the colors, as in demo/painter.

      ## The log

      This model shows its progress the way larger ones do: three downloads, then the steps, then \
      the decoding of tiles, each with a bar that is redrawn in place with carriage returns. \
      Nothing is actually downloaded; the picture is computed at the end, on this machine.
      """,
    versions: .history(
      of: ModelID(owner: "lumen-lab", name: "nebula"), cog: "0.16.2",
      "2026-07-04T00:00:01.000001Z", "2026-03-29T13:14:15.16Z", "2025-12-12T12:12:12.12Z"),
    schema: .openAPI(
      [
        .text("prompt", "The mood of the picture.", default: "a neon galaxy"),
        .inlineChoice(
          "size", "Width and height in pixels.", [384, 512, 768, 1024], default: 512),
        .number(
          "brightness", "How brightly the gas glows.", default: 1, 0.2...2),
        .integer("seed", "The same seed gives the same picture.").nullable(),
      ], .file),
    exampleInput: ["prompt": "a neon galaxy", "size": 512, "seed": 3],
    coldStart: 1.5,
    run: { job in
      let seed = await job.chosenSeed()
      await job.log("Fetching weights\n")
      for (name, megabytes) in [("gas", 512), ("dust", 128), ("stars", 64)] {
        try await job.steps(
          16, label: "\(name).safetensors", unit: "MB", count: megabytes / 16,
          seconds: 0.3 + Double(megabytes) / 400, inPlace: true)
      }
      await job.log("Sampling\n")
      try await job.steps(25, seconds: 3, inPlace: true)
      await job.log("Decoding tiles\n")
      let side = job.integer("size", or: 512)
      let scene = Scene(prompt: job.text("prompt"), seed: seed)
      try await job.steps(9, label: "tiles", unit: "tile", seconds: 1, inPlace: true)
      let picture = Nebula.painted(
        scene, PictureSize(width: side, height: side),
        brightness: Float(job.number("brightness", or: 1)))
      await job.output(
        .string(await job.file(picture.png, name: "nebula.png", type: PNG.type)))
    })
}
