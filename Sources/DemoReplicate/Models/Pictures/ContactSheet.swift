import ReplicateAPI

extension DemoModel {
  static let contactSheet = DemoModel(
    id: ModelID(owner: "darkroom", name: "contact-sheet"),
    description: "Lays out up to a dozen pictures on one sheet",
    runCount: 640_077,
    readme: """
      # Contact sheet

      Takes a list of PNG files and outputs one picture with all of them side by side, each \
      scaled to fit its frame without being cropped.

      It reads the same kinds of PNG as darkroom/monochrome. With *numbered* on, dots below each \
      picture give its number: one dot for the first, two for the second, and so on.
      """,
    versions: .history(
      of: ModelID(owner: "darkroom", name: "contact-sheet"), cog: "0.14.7",
      "2026-05-19T15:30:30.303Z"),
    schema: .openAPI(
      [
        .list("images", "PNG files, in order.", of: SchemaOutput.uri, count: 1...12).required(),
        .integer("columns", "Pictures per row.", default: 3, 1...6),
        .text(
          "background", "The background color, such as #f4efe6.", default: "#f4efe6",
          pattern: "^#[0-9a-fA-F]{6}$"),
        .boolean("numbered", "Number the pictures with dots.", default: true),
      ], .file),
    exampleInput: [
      "images": .array(
        ["sunset sea", "winter forest", "neon night"].map {
          .string(DataURI.thumbnail($0, width: 36, height: 24))
        })
    ],
    run: { job in
      let addresses = (job.input["images"]?.array ?? []).compactMap(\.string)
      var pictures: [Picture] = []
      try await job.steps(
        addresses.count, label: "Reading", unit: "file", seconds: 0.5 * Double(addresses.count)
      ) { index in
        pictures.append(try PNG.decoded(try await job.read(addresses[index])))
      }
      let columns = min(job.integer("columns", or: 3), max(1, pictures.count))
      let rows = (pictures.count + columns - 1) / columns
      let frame = (width: 240, height: 180, gap: 24)
      let paper = UInt32(job.text("background").dropFirst(), radix: 16) ?? 0xF4EFE6
      var sheet = Picture(
        PictureSize(
          width: columns * (frame.width + frame.gap) + frame.gap,
          height: rows * (frame.height + frame.gap) + frame.gap), filledWith: Color(paper))
      let ink = Color(paper).luminance > 0.5 ? Color(0x333333) : Color(0xDDDDDD)
      for (index, picture) in pictures.enumerated() {
        let scale = min(
          Double(frame.width) / Double(picture.width), Double(frame.height) / Double(picture.height)
        )
        let small = picture.resized(to: picture.size.scaled(scale))
        let left =
          frame.gap + (index % columns) * (frame.width + frame.gap)
          + (frame.width - small.width) / 2
        let top =
          frame.gap + (index / columns) * (frame.height + frame.gap)
          + (frame.height - small.height) / 2
        for y in 0..<small.height {
          for x in 0..<small.width { sheet[left + x, top + y] = small[x, y] }
        }
        guard job.flag("numbered") else { continue }
        for dot in 0...index {
          sheet.disc(
            ink, x: Float(left + 4 + dot * 9), y: Float(top + small.height + 10), radius: 2.4)
        }
      }
      try await job.work(0.5)
      await job.output(
        .string(await job.file(sheet.png, name: "contact-sheet.png", type: PNG.type)))
    })
}
