import ReplicateAPI

/// Adds waits of every kind to answers: `Retry-After` on refusals, errors and good answers, and rate
/// limit headers that can't be right.
package struct OddWaits: Sendable, Equatable {
  /// The status of an error that is sent instead of the answer, without the call taking effect.
  package var failure: Int?
  /// With more than one header of a name.
  package var headers: [Header] = []
  /// The `retry_after` of a 429.
  package var bodyWait: JSONValue?

  package struct Header: Sendable, Equatable {
    package var name: String
    package var value: String
  }

  /// - Parameters:
  ///   - call: How many calls to the same address came before. No two in a row fail.
  ///   - now: The service's time in seconds since 1970.
  package init(call: Int, now: Double, _ random: inout SeededRandom) {
    let isFailure = random.integer(0...5) == 0 && call.isMultiple(of: 2)
    let status = [429, 429, 503, 502, 500][random.integer(0...4)]
    // Waits of an hour are rare, or nothing would ever be asked for again.
    let isShort = random.integer(0...3) > 0
    let short = ["0", "1", "1", "2"][random.integer(0...3)]
    let waits = isShort ? [short] : random.pick(Self.waits(now)) ?? [short]
    let hasLimits = random.integer(0...4) == 0
    let limits = random.pick(Self.limits) ?? []
    let isWaitWithAnswer = random.integer(0...5) == 0
    let bodyWait = random.pick(OddNumbers.all)
    if isFailure { failure = status }
    if isFailure, status == 429, !isShort { self.bodyWait = bodyWait }
    if isFailure || isWaitWithAnswer {
      headers += waits.map { Header(name: "retry-after", value: $0) }
    }
    if hasLimits { headers += limits.map { Header(name: $0.0, value: $0.1) } }
  }

  package static func waits(_ now: Double) -> [[String]] {
    [
      ["3600"], ["99999"], ["18446744073709551616"], ["-5"], ["-99999999999999999999"], ["1.5"],
      ["1e3"], ["0x10"], [" 2 "], ["+2"], ["soon"], [""], ["NaN"], ["1, 2"], ["1", "3600"],
      ["3600", "1"], ["2;x=1"], [TimestampFormat.http(now + 2)], [TimestampFormat.http(now - 600)],
      ["Fri, 31 Dec 9999 23:59:59 GMT"], ["Thu, 01 Jan 1970 00:00:00 GMT"],
      ["Friday, 31-Dec-99 23:59:59 GMT"], ["2026-11-27T00:00:00Z"], ["Fri, 99 Foo 2026 99:99:99"],
    ]
  }

  private static let limits: [[(String, String)]] = [
    [("ratelimit-remaining", "-1"), ("ratelimit-reset", "-1")],
    [("ratelimit-remaining", "many"), ("ratelimit-reset", "soon")],
    [("ratelimit-remaining", "18446744073709551616"), ("ratelimit-reset", "1")],
    [("ratelimit-remaining", "0"), ("ratelimit-reset", "1.5")],
    [("ratelimit-remaining", "0"), ("ratelimit-reset", "0")],
    [("ratelimit-remaining", "0"), ("ratelimit-reset", "")],
    [("ratelimit-remaining", "1e9"), ("ratelimit-reset", "99999999999999999999")],
    [("ratelimit-remaining", "5"), ("ratelimit-remaining", "7")],
    [("ratelimit", "limit=100, remaining=0, reset=5"), ("ratelimit-policy", "100;w=60")],
    [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "4102444800")],
  ]

  /// The error answer; nil if there is none.
  var answer: DemoAnswer? {
    guard let failure else { return nil }
    var answer = DemoAnswer(body: []).after(
      failure == 429
        ? .throttled(seconds: 1)
        : .serverError(status: failure, isHTML: failure == 502, takesEffect: false))
    if let bodyWait, var body = (try? JSONValue(parsing: answer.body))?.object {
      body["retry_after"] = bodyWait
      answer.body = Array(JSONValue.object(body).serialized().utf8)
    }
    return answer
  }

  /// The answer with the odd headers instead of its own of the same names.
  func added(to answer: DemoAnswer) -> DemoAnswer {
    var answer = answer
    answer.headers.removeAll { own in headers.contains { $0.name == own.0 } }
    answer.headers += headers.map { ($0.name, $0.value) }
    return answer
  }
}
