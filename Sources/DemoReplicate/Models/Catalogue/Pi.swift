import ReplicateAPI

extension DemoModel {
  static let pi = DemoModel(
    id: ModelID(owner: "quarry", name: "pi"),
    description: "Streams the digits of π, as many as you have patience for",
    runCount: 31_415_926,
    paperURL: "https://www.cs.williams.edu/~heeringa/classes/cs135/s15/readings/spigot.pdf",
    readme: """
      # π

      Rabinowitz and Wagon's spigot lets the digits of π drip out one by one, using nothing but \
      whole numbers. They are streamed in groups of ten, five groups a line.

      It is a good model for trying how a program copes with a long stream.
      """,
    versions: .history(
      of: ModelID(owner: "quarry", name: "pi"), cog: "0.9.26", "2026-03-14T15:09:26.535Z"),
    schema: .openAPI(
      [
        .integer("digits", "How many digits after the point.", default: 500, 1...2000),
        .number("pause", "Seconds from one group of ten to the next.", default: 0.1, 0...2),
      ], .textStream),
    exampleInput: ["digits": 500],
    run: { job in
      let count = job.whole("digits", or: 500)
      let digits = Spigot.digits(count + 1)
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

/// Rabinowitz and Wagon, "A Spigot Algorithm for the Digits of π", 1995.
enum Spigot {
  /// The first digits, beginning with the 3.
  static func digits(_ count: Int) -> [Int] {
    // A few more than asked for: the last ones may wait for a carry.
    let wanted = count + 8
    var remainders = [Int](repeating: 2, count: wanted * 10 / 3 + 1)
    var digits: [Int] = []
    var (nines, held) = (0, -1)
    for _ in 0..<wanted {
      var carry = 0
      for index in remainders.indices.reversed() {
        let value = 10 * remainders[index] + carry * (index + 1)
        let divisor = 2 * index + 1
        remainders[index] = value % divisor
        carry = value / divisor
      }
      remainders[0] = carry % 10
      carry /= 10
      switch carry {
      case 9: nines += 1
      case 10:
        if held >= 0 { digits.append(held + 1) }
        digits += Array(repeating: 0, count: nines)
        (nines, held) = (0, 0)
      default:
        if held >= 0 { digits.append(held) }
        digits += Array(repeating: 9, count: nines)
        (nines, held) = (0, carry)
      }
    }
    return Array(digits.prefix(count))
  }
}
