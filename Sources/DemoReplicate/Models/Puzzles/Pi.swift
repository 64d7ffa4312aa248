import ReplicateAPI

extension DemoModel {
  static let pi = DemoModel(
    id: ModelID(owner: "quarry", name: "pi"),
    description: "Streams as many digits of π as you have the patience for",
    runCount: 31_415_926,
    paperURL: "https://www.cs.williams.edu/~heeringa/classes/cs135/s15/readings/spigot.pdf",
    readme: """
      # π

      Rabinowitz and Wagon's spigot algorithm computes the digits of π one by one, using only \
      integers. They are streamed in groups of ten, with five groups per line.

      Use it to see how a program copes with a long stream.
      """,
    versions: .history(
      of: ModelID(owner: "quarry", name: "pi"), cog: "0.9.26", "2026-03-14T15:09:26.535Z"),
    schema: .openAPI(
      [
        .integer("digits", "The number of digits after the decimal point.", default: 500, 1...2000),
        .number("pause", "Seconds between two groups of ten digits.", default: 0.1, 0...2),
      ], .textStream),
    exampleInput: ["digits": 500],
    run: { job in
      let count = job.integer("digits", or: 500)
      let digits = PiSpigot.digits(count + 1)
      var line = ProgressLine(total: (count + 9) / 10, unit: "group")
      await job.token("3.")
      for (index, begin) in stride(from: 1, through: count, by: 10).enumerated() {
        let pause = job.number("pause", or: 0.1)
        try await job.work(pause)
        let group = digits[begin..<min(begin + 10, count + 1)].map(String.init).joined()
        await job.token((index == 0 ? "" : index % 5 == 0 ? "\n  " : " ") + group)
        line.advance(seconds: max(0.001, pause))
        if index % 5 == 4 { await job.log(line.text + "\n") }
      }
      await job.metric("output_digit_count", .number(JSONNumber(count)))
    })
}
