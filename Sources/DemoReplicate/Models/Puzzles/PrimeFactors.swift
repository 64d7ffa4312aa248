import ReplicateAPI

extension DemoModel {
  static let primeFactors = DemoModel(
    id: ModelID(owner: "quarry", name: "prime-factors"),
    description: "Factors an integer into primes, exactly",
    runCount: 359_424,
    paperURL: "https://en.wikipedia.org/wiki/Pollard%27s_rho_algorithm",
    readme: """
      # Prime factors

      Takes a number of up to 18 digits, as text so that no digit gets lost, and outputs its prime \
      factors. Small factors are divided out, the Miller–Rabin test recognizes primes, \
      and Pollard's rho algorithm splits the rest. The answer is exact.
      """,
    versions: .history(
      of: ModelID(owner: "quarry", name: "prime-factors"), cog: "0.12.1",
      "2025-07-07T07:07:07.777Z"),
    schema: .openAPI(
      [
        .text(
          "number", "An integer, in decimal digits.", minLength: 1, maxLength: 18,
          pattern: "^[0-9]+$"
        ).required(),
        .boolean("powers", "Write 2 × 2 × 2 as 2³.", default: true),
      ], .text),
    exampleInput: ["number": "600851475143"],
    coldStart: 0.1,
    run: { job in
      let digits = job.text("number")
      guard let number = UInt64(digits), digits.count <= 18 else {
        throw DemoFailure(message: "“\(digits)” isn't an integer of at most 18 digits.")
      }
      await job.log("Factoring \(number)\n")
      try await job.work(0.7)
      let factors = Factorizer.factors(number)
      switch factors.count {
      case 0: await job.output("\(digits) has no prime factors.")
      case 1: await job.output("\(digits) is prime.")
      default:
        let product = job.flag("powers") ? Self.withPowers(factors) : factors.map(String.init)
        await job.output(.string("\(number) = " + product.joined(separator: " × ")))
      }
    })

  private static func withPowers(_ factors: [UInt64]) -> [String] {
    var counts: [(factor: UInt64, count: Int)] = []
    for factor in factors {
      if counts.last?.factor == factor {
        counts[counts.count - 1].count += 1
      } else {
        counts.append((factor: factor, count: 1))
      }
    }
    let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return counts.map { factor, count in
      let power = String(count).compactMap(\.wholeNumberValue).map { raised[$0] }
      return String(factor) + (count > 1 ? String(power) : "")
    }
  }
}
