/// Prints the median and the minimum time of the terminal layer's operations.
///
///     benchmarks [NAME…] [--iterations N]
///
/// Without a name, runs all of them. `--list` prints the names.
@main enum Main {
  static func main() {
    var names: [String] = []
    var iterations: Int?
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--list":
        for benchmark in Benchmark.all { print(benchmark.name) }
        return
      case "--iterations":
        guard let count = arguments.popFirst().flatMap({ Int($0) }), count > 0 else {
          fatalError("--iterations must be 1 or greater")
        }
        iterations = count
      default: names.append(argument)
      }
    }
    for name in names where !Benchmark.all.contains(where: { $0.name == name }) {
      fatalError("Unknown benchmark \(name); use --list to print the names")
    }
    for benchmark in Benchmark.all where names.isEmpty || names.contains(benchmark.name) {
      run(benchmark, iterations ?? benchmark.iterations)
    }
  }

  private static func run(_ benchmark: Benchmark, _ iterations: Int) {
    let operation = benchmark.prepare()
    var durations: [Duration] = []
    durations.reserveCapacity(iterations)
    var result = 0
    let clock = ContinuousClock()
    for _ in 0..<iterations {
      durations.append(clock.measure { result &+= operation() })
    }
    durations.sort()
    let median = words(durations[iterations / 2])
    print("\(benchmark.name): median \(median), least \(words(durations[0])) (\(result))")
  }

  private static func words(_ duration: Duration) -> String {
    let nanoseconds = Int(duration / .nanoseconds(1))
    guard nanoseconds >= 10_000 else { return "\(nanoseconds) ns" }
    return nanoseconds < 10_000_000 ? "\(nanoseconds / 1000) µs" : "\(nanoseconds / 1_000_000) ms"
  }
}
