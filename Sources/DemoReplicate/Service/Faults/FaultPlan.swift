import ReplicateAPI
import Synchronization

/// Decides which calls fail, and how. The same seed and the same order of calls give the same
/// failures.
struct FaultPlan: Sendable {
  enum Failure: Sendable, Equatable {
    /// Rejected without any effect, with the seconds to wait.
    case throttled(seconds: Int)
    case serverError(status: Int, isHTML: Bool, takesEffect: Bool)
    case reset(takesEffect: Bool)
    /// The connection closes after this fraction of the body.
    case cutOff(fraction: Double)
    /// This fraction of the JSON is sent as if it were complete.
    case halfJSON(fraction: Double)
    /// A proxy's HTML page is sent as JSON.
    case htmlForJSON
  }

  struct Verdict: Sendable, Equatable {
    /// Seconds of service time.
    var delay = 0.0
    var failure: Failure?
  }

  private let faults: Set<DemoFault>
  /// One generator per fault, so that each sequence is independent of the other faults.
  private var generators: [DemoFault: SeededRandom]
  private var callsLeftInBurst = 0

  init(_ faults: Set<DemoFault>, seed: UInt64) {
    self.faults = faults
    generators = Dictionary(
      uniqueKeysWithValues: faults.map { ($0, SeededRandom("fault \($0.rawValue)", seed)) })
  }

  /// - Parameter changes: Whether the call can change something, so that it matters whether it
  ///   takes effect before it fails.
  mutating func verdict(changes: Bool) -> Verdict {
    // Every generator advances on each call, no matter which failure wins.
    let delay = self.delay() ?? 0
    let failures = [
      throttling(), serverError(changes), reset(changes), cutOff(), brokenJSON(),
    ]
    return Verdict(delay: delay, failure: failures.compactMap { $0 }.first)
  }

  /// The verdict for an output file or the start of a stream.
  mutating func outputVerdict() -> Verdict {
    let delay = self.delay() ?? 0
    let failures = [serverError(false), reset(false), cutOff()]
    return Verdict(delay: delay, failure: failures.compactMap { $0 }.first)
  }

  /// After how many events a stream's connection breaks; nil if it doesn't. At least one arrives,
  /// so that a client that reconnects reaches the end.
  mutating func eventsUntilBreak() -> Int? {
    drawing(.dropStreams) { $0.integer(1...24) }
  }

  private mutating func drawing<Result>(
    _ fault: DemoFault, _ body: (inout SeededRandom) -> Result
  ) -> Result? {
    guard var generator = generators[fault] else { return nil }
    defer { generators[fault] = generator }
    return body(&generator)
  }

  private mutating func delay() -> Double? {
    drawing(.latency) { random in
      let isHit = random.integer(0...3) == 0
      let isLong = random.integer(0...7) == 0
      let short = Double(random.number(0.05...1.5))
      let long = Double(random.number(2...6))
      guard isHit else { return 0 }
      return isLong ? long : short
    }
  }

  private mutating func throttling() -> Failure? {
    guard faults.contains(.tooManyRequests) else { return nil }
    let (begins, length, seconds) =
      drawing(.tooManyRequests) { random in
        (random.integer(0...9) == 0, random.integer(2...5), random.integer(1...3))
      } ?? (false, 0, 1)
    if callsLeftInBurst > 0 {
      callsLeftInBurst -= 1
    } else if begins {
      callsLeftInBurst = length - 1
    } else {
      return nil
    }
    return .throttled(seconds: seconds)
  }

  private mutating func serverError(_ changes: Bool) -> Failure? {
    let failure = drawing(.serverErrors) { random -> Failure? in
      let isHit = random.integer(0...3) == 0
      let status = [500, 502, 503, 504][random.integer(0...3)]
      let isHTML = random.integer(0...1) == 0
      let takesEffect = random.integer(0...1) == 0
      guard isHit else { return nil }
      return .serverError(status: status, isHTML: isHTML, takesEffect: changes && takesEffect)
    }
    return failure ?? nil
  }

  private mutating func reset(_ changes: Bool) -> Failure? {
    let failure = drawing(.reset) { random -> Failure? in
      let isHit = random.integer(0...3) == 0
      let takesEffect = random.integer(0...1) == 0
      return isHit ? .reset(takesEffect: changes && takesEffect) : nil
    }
    return failure ?? nil
  }

  private mutating func cutOff() -> Failure? {
    let failure = drawing(.cutOff) { random -> Failure? in
      let isHit = random.integer(0...3) == 0
      let fraction = Double(random.number(0.1...0.9))
      return isHit ? .cutOff(fraction: fraction) : nil
    }
    return failure ?? nil
  }

  private mutating func brokenJSON() -> Failure? {
    let failure = drawing(.brokenJSON) { random -> Failure? in
      let isHit = random.integer(0...3) == 0
      let isHTML = random.integer(0...2) == 0
      let fraction = Double(random.number(0.1...0.9))
      guard isHit else { return nil }
      return isHTML ? .htmlForJSON : .halfJSON(fraction: fraction)
    }
    return failure ?? nil
  }
}
