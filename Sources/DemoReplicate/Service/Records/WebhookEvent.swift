/// The kinds of event that a webhook can receive.
enum WebhookEvent: String, CaseIterable, Sendable {
  case start
  case output
  case logs
  case completed

  /// Whether it is sent at most twice per second.
  var isThrottled: Bool { self == .output || self == .logs }
}
