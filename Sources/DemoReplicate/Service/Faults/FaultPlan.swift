import ReplicateAPI
import Synchronization

/// What goes wrong with which call, decided beforehand by random: the same seed and the same order of
/// calls give the same failures.
struct FaultPlan: Sendable {
  enum Failure: Sendable, Equatable {
    /// Refused, with the seconds to wait; nothing is done.
    case throttled(seconds: Int)
    case serverError(status: Int, isHTML: Bool, takesEffect: Bool)
    case reset(takesEffect: Bool)
    /// This share of the body is sent, then the connection is closed.
    case cutOff(share: Double)
    /// This share of the JSON is sent as if it were all.
    case halfJSON(share: Double)
    /// A page of a proxy is sent as if it were JSON.
    case htmlForJSON
  }

  struct Verdict: Sendable, Equatable {
    /// Seconds of the service's time.
    var delay = 0.0
    var failure: Failure?
  }

  private let faults: Set<DemoFault>
  /// Each fault has random of its own, so that its course doesn't depend on what else is switched on.
  private var random: [DemoFault: SeededRandom]
  private var callsLeftInStorm = 0

  init(_ faults: Set<DemoFault>, seed: UInt64) {
    self.faults = faults
    random = Dictionary(
      uniqueKeysWithValues: faults.map { ($0, SeededRandom("fault \($0.rawValue)", seed)) })
  }

  /// - Parameter changes: whether the call may change something, so that before and after differ.
  mutating func verdict(changes: Bool) -> Verdict {
    // All random are thrown at each call, whichever failure wins.
    let late = self.delay() ?? 0
    let failures = [
      throttling(), serverError(changes), reset(changes), cutOff(), brokenJSON(),
    ]
    return Verdict(delay: late, failure: failures.compactMap { $0 }.first)
  }

  /// What goes wrong at the second port, with an output file or the opening of a stream.
  mutating func outputVerdict() -> Verdict {
    let late = self.delay() ?? 0
    let failures = [serverError(false), reset(false), cutOff()]
    return Verdict(delay: late, failure: failures.compactMap { $0 }.first)
  }

  /// After how many events a stream's connection breaks; nil where it lasts. At least one arrives,
  /// so that a client that takes the stream up again comes to its end.
  mutating func eventsUntilBreak() -> Int? {
    throwing(.dropStreams) { $0.integer(1...24) }
  }

  private mutating func throwing<Result>(
    _ fault: DemoFault, _ body: (inout SeededRandom) -> Result
  ) -> Result? {
    guard var own = random[fault] else { return nil }
    defer { random[fault] = own }
    return body(&own)
  }

  private mutating func delay() -> Double? {
    throwing(.latency) { random in
      let isStruck = random.integer(0...3) == 0
      let isLong = random.integer(0...7) == 0
      let short = Double(random.number(0.05...1.5))
      let long = Double(random.number(2...6))
      guard isStruck else { return 0 }
      return isLong ? long : short
    }
  }

  private mutating func throttling() -> Failure? {
    guard faults.contains(.tooManyRequests) else { return nil }
    let (begins, length, seconds) =
      throwing(.tooManyRequests) { random in
        (random.integer(0...9) == 0, random.integer(2...5), random.integer(1...3))
      } ?? (false, 0, 1)
    if callsLeftInStorm > 0 {
      callsLeftInStorm -= 1
    } else if begins {
      callsLeftInStorm = length - 1
    } else {
      return nil
    }
    return .throttled(seconds: seconds)
  }

  private mutating func serverError(_ changes: Bool) -> Failure? {
    let failure = throwing(.serverErrors) { random -> Failure? in
      let isStruck = random.integer(0...3) == 0
      let status = [500, 502, 503, 504][random.integer(0...3)]
      let isHTML = random.integer(0...1) == 0
      let takesEffect = random.integer(0...1) == 0
      guard isStruck else { return nil }
      return .serverError(status: status, isHTML: isHTML, takesEffect: changes && takesEffect)
    }
    return failure ?? nil
  }

  private mutating func reset(_ changes: Bool) -> Failure? {
    let failure = throwing(.reset) { random -> Failure? in
      let isStruck = random.integer(0...3) == 0
      let takesEffect = random.integer(0...1) == 0
      return isStruck ? .reset(takesEffect: changes && takesEffect) : nil
    }
    return failure ?? nil
  }

  private mutating func cutOff() -> Failure? {
    let failure = throwing(.cutOff) { random -> Failure? in
      let isStruck = random.integer(0...3) == 0
      let share = Double(random.number(0.1...0.9))
      return isStruck ? .cutOff(share: share) : nil
    }
    return failure ?? nil
  }

  private mutating func brokenJSON() -> Failure? {
    let failure = throwing(.brokenJSON) { random -> Failure? in
      let isStruck = random.integer(0...3) == 0
      let isHTML = random.integer(0...2) == 0
      let share = Double(random.number(0.1...0.9))
      guard isStruck else { return nil }
      return isHTML ? .htmlForJSON : .halfJSON(share: share)
    }
    return failure ?? nil
  }
}
