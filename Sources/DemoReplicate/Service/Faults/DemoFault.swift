/// A fault to inject, to see how a client copes with it. Most faults hit about one in four calls,
/// depending on the seed.
public enum DemoFault: String, CaseIterable, Sendable {
  case latency
  case cutOff = "cut-off"
  case reset
  case tooManyRequests = "429"
  case serverErrors = "5xx"
  case brokenJSON = "broken-json"
  case lostCreates = "lost-creates"
  case dropStreams = "drop-streams"
  case stoppedClock = "stopped-clock"
  case lowCredit = "low-credit"
  case noSearch = "no-search"
  // The odd ones: nothing fails, but the data is what the real world has been seen to send.
  case oddRows = "odd-rows"
  case oddMembers = "odd-members"
  case oddNumbers = "odd-numbers"
  case oddDates = "odd-dates"
  case oddClock = "odd-clock"
  case oddStatuses = "odd-statuses"
  case oddPages = "odd-pages"
  case oddOutputs = "odd-outputs"
  case oddLogs = "odd-logs"
  case oddInputs = "odd-inputs"
  case oddWaits = "odd-waits"
  case oddStreams = "odd-streams"

  /// What it does, in up to 55 letters, as a line of the program's help.
  public var summary: String {
    switch self {
    case .latency: "Slow answers, some slower than the next request"
    case .cutOff: "Answers cut off after the call took effect"
    case .reset: "Connections reset before or after it took effect"
    case .tooManyRequests: "Bursts of 429 answers"
    case .serverErrors: "500, 502, 503 and 504, before or after it took effect"
    case .brokenJSON: "Invalid JSON after the call took effect"
    case .lostCreates: "Every create takes effect, and its answer is lost"
    case .dropStreams: "Event streams that keep disconnecting"
    case .stoppedClock: "A clock that is frozen at the service’s start"
    case .lowCredit: "6 runs per minute, one at a time, until credit is out"
    case .noSearch: "No GET /search, which is in beta"
    case .oddRows: "Elements of lists that can’t be read, among good rows"
    case .oddMembers: "Null and absent members"
    case .oddNumbers: "Negative, huge, fractional and text numbers"
    case .oddDates: "Dates in other formats, absurd or out of order"
    case .oddClock: "A clock that is minutes ahead or behind"
    case .oddStatuses: "Unknown statuses, and ends without a final one"
    case .oddPages: "Pages that are empty, overlap or lead back"
    case .oddOutputs: "Outputs of every shape, whatever the schema says"
    case .oddLogs: "Logs with escape sequences, nested bars and NUL"
    case .oddInputs: "Inputs in another order, with seeds of 64 bits"
    case .oddWaits: "Retry-After and rate limit headers of every kind"
    case .oddStreams: "Streams with doubled, unknown, long and no last events"
    }
  }

  /// The name that stands for all of ``odd``.
  public static let oddName = "odd"

  /// The faults of the data rather than the network.
  public static let odd = Set(allCases.filter { $0.rawValue.hasPrefix("\(oddName)-") })

  /// The faults with this name on the command line; nil if there are none.
  public static func named(_ name: String) -> Set<DemoFault>? {
    if name == oddName { return odd }
    return DemoFault(rawValue: name).map { [$0] }
  }
}
