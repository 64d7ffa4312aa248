/// Something that the demo service does badly on purpose, so that clients can be tried against it.
///
/// Each strikes about every fourth call, as the service's seed has it.
public enum DemoFault: String, CaseIterable, Sendable {
  /// Answers come late, some of them later than a client's next question.
  case latency
  /// Answers break off in the middle, after the call took effect.
  case cutOff = "cut-off"
  /// Connections are reset without an answer, before or after the call took effect.
  case reset
  /// Some calls in a row are refused as too many.
  case tooManyRequests = "429"
  /// The service or a proxy before it fails, before or after the call took effect.
  case serverErrors = "5xx"
  /// Answers aren't valid JSON, after the call took effect.
  case brokenJSON = "broken-json"
  /// Streams of events break off, again and again.
  case dropStreams = "drop-streams"
  /// Every time that is told is the one at which the service started.
  case stoppedClock = "stopped-clock"
  /// The account may make 6 predictions a minute, one at a time, until its credit is used up.
  case lowCredit = "low-credit"
}
