import ReplicateAPI

extension DemoModel {
  static let mural = DemoModel(
    id: ModelID(owner: "atelier", name: "mural-xl"),
    description: "Starts a mural larger than its memory and fails halfway, every time",
    runCount: 88_213,
    readme: """
      # Mural XL

      Large pictures need a lot of memory, and this model has less than it thinks. It gets \
      through half of its steps, leaves a traceback in the log and ends as *failed*.

      It is here to show you what a failed run looks like. No GPU is involved; only the sizes in \
      the message are computed, from the width and height you choose.
      """,
    versions: .history(
      of: ModelID(owner: "atelier", name: "mural-xl"), cog: "0.9.21",
      "2025-10-30T16:45:59.987654Z"),
    schema: .openAPI(
      [
        .text("prompt", "What the mural should show.").required(),
        .integer("width", "Width in pixels.", default: 16_384, 4096...32_768),
        .integer("height", "Height in pixels.", default: 8192, 2048...16_384),
        .integer("steps", "The number of passes over the wall.", default: 40, 10...100),
      ], .file),
    exampleInput: ["prompt": "the history of the sea, left to right"],
    coldStart: 1,
    run: { job in
      let (width, height) = (job.integer("width", or: 16_384), job.integer("height", or: 8192))
      let steps = job.integer("steps", or: 40)
      await job.log("Preparing a wall of \(width)×\(height)\n")
      var line = ProgressLine(total: steps)
      for _ in 0..<(steps / 2) {
        try await job.work(5 / Double(steps))
        line.advance(seconds: 5 / Double(steps))
        await job.log(line.text + "\n")
      }
      // 64 channels of four bytes, and never enough memory for them.
      let gibibytes = Double(width * height) * 64 * 4 / 1_073_741_824
      let free = min(13.15, gibibytes * 0.41)
      let message =
        "CUDA out of memory. Tried to allocate \(gibibytes.fixed(2)) GiB. GPU 0 has a total "
        + "capacity of 44.35 GiB of which \(free.fixed(2)) GiB is free."
      await job.log(
        """
        Traceback (most recent call last):
          File "/src/predict.py", line 118, in predict
            wall = self.brush(wall, prompt, step)
          File "/src/mural/brush.py", line 64, in __call__
            layer = torch.empty((64, height, width), device="cuda")
        torch.cuda.OutOfMemoryError: \(message)

        """)
      throw DemoFailure(message: message)
    })
}
