import ReplicateAPI

extension DemoModel {
  static let slowExposure = DemoModel(
    id: ModelID(owner: "atelier", name: "slow-exposure"),
    description:
      "Develops a picture in five plates, from a blur to full sharpness, and outputs each "
      + "one as soon as it is done",
    runCount: 12_604_551,
    licenseURL: "https://choosealicense.com/licenses/mit/",
    readme: """
      # Slow exposure

      Some pictures are worth watching as they develop. Slow exposure outputs five plates, one \
      after another: the first has a sixteenth of the resolution of the last, and each has twice \
      the detail of the one before. Every plate replaces the previous one.

      The scenes are those of demo/painter, where the same prompt, style and seed give the same \
      picture. The output is an iterator of files, so programs that follow a run can show \
      the plates as they arrive.
      """,
    versions: .history(
      of: ModelID(owner: "atelier", name: "slow-exposure"), cog: "0.15.4",
      "2026-08-21T19:20:03.004Z", "2026-04-17T06:55:31.77Z"),
    schema: .openAPI(
      [
        .text("prompt", "What to paint.", default: "northern lights over a winter lake"),
        .choice(
          "style", "The style to paint in.",
          PaintingStyle.allCases.map { .string($0.rawValue) }, default: "aurora"),
        .choice(
          "aspect_ratio", "The ratio of width to height.",
          ["1:1", "3:2", "16:9", "2:3"], default: "16:9"),
        .integer("plates", "How many plates to develop.", default: 5, 2...5),
        .integer("seed", "The same seed gives the same picture.").nullable(),
      ], .fileStream),
    exampleInput: ["prompt": "northern lights over a winter lake", "style": "aurora", "seed": 11],
    run: { job in
      let seed = await job.chosenSeed()
      let style = PaintingStyle(rawValue: job.text("style")) ?? .aurora
      let size = PictureSize(ratio: job.text("aspect_ratio"), pixels: 262_144)
      let scene = Scene(prompt: job.text("prompt"), seed: seed)
      let plates = job.integer("plates", or: 5)
      for plate in 0..<plates {
        let divisor = 1 << (plates - 1 - plate)
        try await job.steps(
          8, label: "Plate \(plate + 1) of \(plates)", seconds: 0.6 + 0.4 * Double(plate))
        let small = style.paint(scene, size.scaled(1 / Double(divisor)))
        let picture = divisor == 1 ? small : small.resized(to: size)
        let address = await job.file(picture.png, name: "plate-\(plate + 1).png", type: PNG.type)
        await job.append(.string(address))
      }
    })
}
