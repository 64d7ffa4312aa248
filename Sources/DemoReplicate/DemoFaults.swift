import ReplicateAPI
import Synchronization

/// What goes wrong with which call, decided beforehand by dice: the same seed and the same order of
/// calls give the same mishaps.
struct FaultPlan: Sendable {
  enum Mishap: Sendable, Equatable {
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
    var mishap: Mishap?
  }

  private let faults: Set<DemoFault>
  /// Each fault has dice of its own, so that its course doesn't depend on what else is switched on.
  private var dice: [DemoFault: Dice]
  private var callsLeftInStorm = 0

  init(_ faults: Set<DemoFault>, seed: UInt64) {
    self.faults = faults
    dice = Dictionary(
      uniqueKeysWithValues: faults.map { ($0, Dice("fault \($0.rawValue)", seed)) })
  }

  /// - Parameter changes: whether the call may change something, so that before and after differ.
  mutating func verdict(changes: Bool) -> Verdict {
    // All dice are thrown at each call, whichever mishap wins.
    let late = self.delay() ?? 0
    let mishaps = [
      throttling(), serverError(changes), reset(changes), cutOff(), brokenJSON(),
    ]
    return Verdict(delay: late, mishap: mishaps.compactMap { $0 }.first)
  }

  /// What goes wrong at the second port, with an output file or the opening of a stream.
  mutating func outputVerdict() -> Verdict {
    let late = self.delay() ?? 0
    let mishaps = [serverError(false), reset(false), cutOff()]
    return Verdict(delay: late, mishap: mishaps.compactMap { $0 }.first)
  }

  /// After how many events a stream's connection breaks; nil where it lasts. At least one arrives,
  /// so that a client that takes the stream up again comes to its end.
  mutating func eventsUntilBreak() -> Int? {
    throwing(.dropStreams) { $0.whole(1...24) }
  }

  private mutating func throwing<Result>(
    _ fault: DemoFault, _ body: (inout Dice) -> Result
  ) -> Result? {
    guard var own = dice[fault] else { return nil }
    defer { dice[fault] = own }
    return body(&own)
  }

  private mutating func delay() -> Double? {
    throwing(.latency) { dice in
      let isStruck = dice.whole(0...3) == 0
      let isLong = dice.whole(0...7) == 0
      let short = Double(dice.number(0.05...1.5))
      let long = Double(dice.number(2...6))
      guard isStruck else { return 0 }
      return isLong ? long : short
    }
  }

  private mutating func throttling() -> Mishap? {
    guard faults.contains(.tooManyRequests) else { return nil }
    let (begins, length, seconds) =
      throwing(.tooManyRequests) { dice in
        (dice.whole(0...9) == 0, dice.whole(2...5), dice.whole(1...3))
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

  private mutating func serverError(_ changes: Bool) -> Mishap? {
    let mishap = throwing(.serverErrors) { dice -> Mishap? in
      let isStruck = dice.whole(0...3) == 0
      let status = [500, 502, 503, 504][dice.whole(0...3)]
      let isHTML = dice.whole(0...1) == 0
      let takesEffect = dice.whole(0...1) == 0
      guard isStruck else { return nil }
      return .serverError(status: status, isHTML: isHTML, takesEffect: changes && takesEffect)
    }
    return mishap ?? nil
  }

  private mutating func reset(_ changes: Bool) -> Mishap? {
    let mishap = throwing(.reset) { dice -> Mishap? in
      let isStruck = dice.whole(0...3) == 0
      let takesEffect = dice.whole(0...1) == 0
      return isStruck ? .reset(takesEffect: changes && takesEffect) : nil
    }
    return mishap ?? nil
  }

  private mutating func cutOff() -> Mishap? {
    let mishap = throwing(.cutOff) { dice -> Mishap? in
      let isStruck = dice.whole(0...3) == 0
      let share = Double(dice.number(0.1...0.9))
      return isStruck ? .cutOff(share: share) : nil
    }
    return mishap ?? nil
  }

  private mutating func brokenJSON() -> Mishap? {
    let mishap = throwing(.brokenJSON) { dice -> Mishap? in
      let isStruck = dice.whole(0...3) == 0
      let isHTML = dice.whole(0...2) == 0
      let share = Double(dice.number(0.1...0.9))
      guard isStruck else { return nil }
      return isHTML ? .htmlForJSON : .halfJSON(share: share)
    }
    return mishap ?? nil
  }
}

/// The plan that all of the service's connections share.
final class FaultDice: Sendable {
  private let plan: Mutex<FaultPlan>

  init(_ faults: Set<DemoFault>, seed: UInt64) {
    plan = Mutex(FaultPlan(faults, seed: seed))
  }

  func verdict(changes: Bool) -> FaultPlan.Verdict {
    plan.withLock { $0.verdict(changes: changes) }
  }

  func outputVerdict() -> FaultPlan.Verdict {
    plan.withLock { $0.outputVerdict() }
  }

  func eventsUntilBreak() -> Int? {
    plan.withLock { $0.eventsUntilBreak() }
  }
}

extension DemoAnswer {
  /// What a call that met this mishap is answered; the answer itself where the mishap is none of
  /// words.
  func after(_ mishap: FaultPlan.Mishap?) -> DemoAnswer {
    switch mishap {
    case .throttled(let seconds): .throttled(seconds: seconds)
    case .serverError(let status, let isHTML, _): .serverError(status, isHTML: isHTML)
    case .halfJSON(let share) where isSuccessfulJSON: cut(to: share)
    case .htmlForJSON where isSuccessfulJSON:
      DemoAnswer(
        status: status, type: type, headers: headers,
        body: Array(Self.page("Just a moment...").utf8))
    default: self
    }
  }

  private var isSuccessfulJSON: Bool {
    (200..<300).contains(status) && type.hasPrefix("application/json") && !body.isEmpty
  }

  private func cut(to share: Double) -> DemoAnswer {
    var answer = self
    // Whatever is left without its end isn't JSON; but a new line alone would be no loss.
    let most = max(1, body.count - 2)
    answer.body = Array(body.prefix(max(1, min(most, Int(Double(body.count) * share)))))
    return answer
  }

  private static func throttled(seconds: Int) -> DemoAnswer {
    var answer = DemoAnswer(.throttled(seconds: seconds))
    answer.headers = [("ratelimit-remaining", "0"), ("ratelimit-reset", String(seconds))]
    return answer
  }

  private static func serverError(_ status: Int, isHTML: Bool) -> DemoAnswer {
    let title = reasons[status] ?? "Internal Server Error"
    if isHTML {
      return DemoAnswer(
        status: status, type: "text/html", body: Array(page("\(status) \(title)").utf8))
    }
    return DemoAnswer(
      Problem(
        status: status,
        body: [
          "title": .string(title), "detail": "An unexpected error occurred. Please try again.",
          "status": .number(JSONNumber(status)),
        ]))
  }

  /// As nginx writes it.
  static func page(_ title: String) -> String {
    """
    <html>\r
    <head><title>\(title)</title></head>\r
    <body>\r
    <center><h1>\(title)</h1></center>\r
    <hr><center>nginx</center>\r
    </body>\r
    </html>\r

    """
  }

  private static let reasons = [
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout",
  ]
}
