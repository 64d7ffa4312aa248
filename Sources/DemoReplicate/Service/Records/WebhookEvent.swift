/// What a webhook can be told.
enum WebhookEvent: String, CaseIterable, Sendable {
  case start
  case output
  case logs
  case completed

  /// Whether it is told twice a second at most.
  var isThrottled: Bool { self == .output || self == .logs }
}
