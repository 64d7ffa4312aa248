/// A fault to inject, to see how a client copes with it. Most faults hit about one in four calls,
/// depending on the seed.
public enum DemoFault: String, CaseIterable, Sendable {
  /// Slow answers, sometimes slower than the client's next request.
  case latency
  /// Answers that are cut off, after the call took effect.
  case cutOff = "cut-off"
  /// Connection resets, before or after the call took effect.
  case reset
  /// Bursts of 429 answers.
  case tooManyRequests = "429"
  /// Errors of the service or a proxy, before or after the call took effect.
  case serverErrors = "5xx"
  /// Invalid JSON, after the call took effect.
  case brokenJSON = "broken-json"
  /// Event streams that keep disconnecting.
  case dropStreams = "drop-streams"
  /// A clock that is frozen at the time the service started.
  case stoppedClock = "stopped-clock"
  /// An account that is limited to 6 predictions per minute, one at a time, until it runs out of
  /// credit.
  case lowCredit = "low-credit"
}
