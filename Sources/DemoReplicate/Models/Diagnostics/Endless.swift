import ReplicateAPI

extension DemoModel {
  static let endless = DemoModel(
    id: ModelID(owner: "demo", name: "endless"),
    description: "Keeps the log of a lighthouse and never stops, so that you can cancel it",
    runCount: 41_377,
    readme: """
      # Endless

      Some runs have to be canceled, and this one always does: it writes a line to its log every \
      second and never finishes on its own.

      The wind and the visibility are made up as it goes along. They change in small steps from \
      one line to the next, like real weather.
      """,
    versions: .history(
      of: ModelID(owner: "demo", name: "endless"), cog: "0.14.12",
      "2026-05-05T05:05:05.555Z", "2026-01-02T11:30:00.1Z"),
    schema: .openAPI(
      [
        .text("keeper", "Who signs the log.", default: "the keeper"),
        .number("every", "Seconds between two lines.", default: 1, 0.1...10),
      ], .text),
    exampleInput: ["keeper": "E. Brandt", "every": 1],
    coldStart: 0.5,
    run: { job in
      var random = SeededRandom(job.seed)
      var weather = LighthouseWeather(&random)
      let pause = job.number("every", or: 1)
      var minutes = 18 * 60
      await job.log("Lamp lit. This log goes on until you cancel it.\n")
      while true {
        try await job.work(pause)
        minutes += 10
        weather.change(&random)
        await job.log("\(weather.line(atMinute: minutes)) Signed: \(job.text("keeper"))\n")
      }
    })
}

private struct LighthouseWeather {
  private var force: Float
  private var bearing: Float
  private var miles: Float

  init(_ random: inout SeededRandom) {
    force = random.number(2...6)
    bearing = random.number(0...8)
    miles = random.number(6...14)
  }

  mutating func change(_ random: inout SeededRandom) {
    force = (force + random.number(-0.7...0.7)).clamped(to: 0...11)
    bearing = (bearing + random.number(-0.4...0.4) + 8).truncatingRemainder(dividingBy: 8)
    miles = (miles + random.number(-1.5...1.5)).clamped(to: 0.4...20)
  }

  func line(atMinute minutes: Int) -> String {
    let clock =
      "\((minutes / 60) % 24 < 10 ? "0" : "")\((minutes / 60) % 24):"
      + "\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    let quarters = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"]
    let sight = miles < 2 ? "fog, horn sounding." : "visibility \(Int(miles)) miles."
    return "\(clock)  Wind \(quarters[Int(bearing) % 8]) \(Int(force)), \(sight)"
  }
}
