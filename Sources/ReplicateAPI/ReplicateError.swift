/// Why a call failed: the facts here, the words in ``errorDescription`` and ``recoverySuggestion``.
public struct ReplicateError: Error, Sendable, Hashable {
  public var reason: Reason
  /// The call that failed; nil where it was none of the API's, such as reading a stream.
  public var route: Route?
  /// What the service calls the exchange, for a report to its support; nil where none was given.
  public var requestID: String?
  private var answer: Int?

  public init(_ reason: Reason, route: Route? = nil, requestID: String? = nil) {
    self.reason = reason
    self.route = route
    self.requestID = requestID
  }

  /// What an answer with this status says.
  init(_ reason: Reason, status: Int, requestID: String?) {
    self.reason = reason
    self.requestID = requestID
    answer = status
  }

  /// What went wrong.
  public enum Reason: Sendable, Hashable {
    /// There is no token to call with; nothing was sent.
    case noToken
    /// The base URL, the token, a proxy or a certificate can't be used as they are.
    case badConfiguration(reason: String)
    /// 401: the token is missing or wrong.
    case unauthorized(detail: String)
    /// 402: no credit, no billing, or a limit was reached.
    case paymentRequired(PaymentProblem, detail: String)
    /// 403.
    case forbidden(detail: String)
    /// 404: it isn't there, or isn't for this token's eyes.
    case notFound(detail: String)
    /// 409: it can't be done in the state that things are in.
    case conflict(detail: String)
    /// 413: the input or the file is too large.
    case payloadTooLarge(detail: String)
    /// 422, and 400: what was sent isn't valid. The fields are named where the service named them.
    case invalidInput([InvalidField], detail: String)
    /// 429: too many calls.
    case rateLimited(retryAfter: Duration?, detail: String)
    /// 5xx.
    case server(status: Int, detail: String)
    /// Any other status.
    case other(status: Int, detail: String)
    /// There was no connection, so that nothing has been sent.
    case unreachable(reason: String)
    /// The service's certificate isn't trusted, or there is no TLS; nothing has been sent.
    case untrusted(reason: String)
    /// The connection broke; what was sent may have arrived.
    case interrupted(reason: String)
    case timedOut
    /// The answer isn't what the API promises.
    case unreadable(what: String)
    /// Nobody knows whether a prediction was created: the answer was lost, and looking for it found
    /// none that is surely it. The candidates fit, but there is more than one, or another may own it.
    case outcomeUnknown(candidates: [Prediction.ID])
    /// The run couldn't be noted down before it was sent, and so it wasn't sent.
    case notRecorded(reason: String)
    /// A file of this machine can't be read or written.
    case file(path: String, reason: String)
    /// The task that called was cancelled.
    case cancelled
  }
}

/// What stands behind a 402, told from its title.
public enum PaymentProblem: Sendable, Hashable {
  case insufficientCredit
  case billingRequired
  case freeTimeLimit
  case monthlySpendLimit
  /// A title that this version of the package doesn't know; empty where there is none.
  case other(title: String)

  public init(title: String) {
    self =
      switch title.lowercased() {
      case "insufficient credit": .insufficientCredit
      case "billing required": .billingRequired
      case "free time limit reached": .freeTimeLimit
      case "monthly spend limit reached": .monthlySpendLimit
      default: .other(title: title)
      }
  }
}

/// One input that the service refused.
public struct InvalidField: Sendable, Hashable {
  /// The input's name, so that a form can mark it; empty where the fault lies elsewhere.
  public var field: String
  /// `required`, `number_lte`, `enum`, …
  public var type: String
  public var description: String

  public init(field: String, type: String = "", description: String) {
    self.field = field
    self.type = type
    self.description = description
  }
}

extension ReplicateError {
  /// The status that the service answered with, where there was an answer.
  public var status: Int? {
    if let answer { return answer }
    return switch reason {
    case .unauthorized: 401
    case .paymentRequired: 402
    case .forbidden: 403
    case .notFound: 404
    case .conflict: 409
    case .payloadTooLarge: 413
    case .invalidInput: 422
    case .rateLimited: 429
    case .server(let status, _), .other(let status, _): status
    case .noToken, .badConfiguration, .unreachable, .untrusted, .interrupted, .timedOut,
      .unreadable, .outcomeUnknown, .notRecorded, .file, .cancelled:
      nil
    }
  }

  /// Whether the same call may well succeed later without anything being changed.
  public var isTransient: Bool {
    switch reason {
    case .rateLimited, .server, .unreachable, .interrupted, .timedOut: true
    case .other(let status, _): status == 408
    default: false
    }
  }

  /// Whether a call that changes something may have changed it all the same.
  public var isAmbiguous: Bool {
    switch reason {
    case .server, .interrupted, .timedOut, .unreadable, .cancelled: true
    case .other(let status, _): status == 408
    default: false
    }
  }

  /// What happened, in one sentence.
  public var errorDescription: String? {
    switch reason {
    case .noToken: "There is no API token."
    case .badConfiguration(let reason): reason
    case .unauthorized: "Replicate didn't accept the API token."
    case .paymentRequired(let problem, _): Self.words(problem)
    case .forbidden(let detail): Self.sentence("Replicate refuses this", detail)
    case .notFound(let detail): Self.sentence("Replicate doesn't find this", detail)
    case .conflict(let detail): Self.sentence("This can't be done as things stand", detail)
    case .payloadTooLarge(let detail): Self.sentence("This is too large to be sent", detail)
    case .invalidInput(let fields, let detail):
      Self.sentence(
        "Replicate doesn't accept the input",
        fields.isEmpty
          ? detail
          : fields.map { $0.field.isEmpty ? $0.description : "\($0.field): \($0.description)" }
            .joined(separator: "; "))
    case .rateLimited(let wait?, _):
      "Too many calls: Replicate asks to wait \(Self.words(wait))."
    case .rateLimited(nil, _): "Too many calls: Replicate asks to wait."
    case .server(let status, let detail):
      Self.sentence("Replicate has a fault of its own (\(status))", detail)
    case .other(let status, let detail):
      Self.sentence("Replicate answered with status \(status)", detail)
    case .unreachable(let reason): "Couldn't reach Replicate: \(reason)."
    case .untrusted(let reason): "No safe connection to Replicate: \(reason)."
    case .interrupted(let reason): "The connection to Replicate broke: \(reason)."
    case .timedOut: "Replicate didn't answer in time."
    case .unreadable(let what): "Replicate's answer can't be read: \(what)."
    case .outcomeUnknown(let candidates): Self.words(candidates)
    case .notRecorded(let reason): "The run couldn't be noted down: \(reason)."
    case .file(let path, let reason): "\(path): \(reason)."
    case .cancelled: "The call was cancelled."
    }
  }

  /// What to do about it; nil where there is nothing to do.
  public var recoverySuggestion: String? {
    switch reason {
    case .noToken: "Set REPLICATE_API_TOKEN, or start with --demo."
    case .badConfiguration: "Correct it, and start again."
    case .unauthorized: "Set REPLICATE_API_TOKEN to a valid token, or start with --demo."
    case .paymentRequired(_, let detail):
      detail.isEmpty ? "See https://replicate.com/account/billing." : detail
    case .forbidden: "Check that the token's account may do this."
    case .notFound: "Check the name; what is private shows only to its owner's token."
    case .conflict: "Look at what is there already, and change that or the request."
    case .payloadTooLarge: "Send a smaller file, or the address of one."
    case .invalidInput: "Correct what is marked, and run again."
    case .rateLimited: "Wait; with more credit the limits are wider."
    case .server: "Try again in a while; https://www.replicatestatus.com tells of outages."
    case .other: nil
    case .unreachable: "Check the connection, and try again."
    case .untrusted:
      "Check the clock and the network; SSL_CERT_FILE names the root of a network of one's own."
    case .interrupted: "Check the connection, and try again."
    case .timedOut: "Try again."
    case .unreadable: "Try again; if it stays so, report it."
    case .outcomeUnknown(let candidates):
      candidates.isEmpty
        ? "Look at the predictions before it is run again; each run is billed."
        : "Open those, and run it again only if none is yours; each run is billed."
    case .notRecorded: "Nothing was sent. Make room on the disk, and run again."
    case .file: "Check the path and what may be done there."
    case .cancelled: nil
    }
  }

  private static func sentence(_ start: String, _ detail: String) -> String {
    var detail = detail[...]
    while let last = detail.last, last.isWhitespace || last == "." { detail.removeLast() }
    return detail.isEmpty ? "\(start)." : "\(start): \(detail)."
  }

  private static func words(_ wait: Duration) -> String {
    let seconds = wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)
    return seconds == 1 ? "one second" : "\(seconds) seconds"
  }

  private static func words(_ problem: PaymentProblem) -> String {
    switch problem {
    case .insufficientCredit: "The account has too little credit."
    case .billingRequired: "The account has no billing set up."
    case .freeTimeLimit: "The account's free time is used up."
    case .monthlySpendLimit: "The account's monthly spend limit is reached."
    case .other(let title): title.isEmpty ? "Replicate asks for payment." : "\(title)."
    }
  }

  private static func words(_ candidates: [Prediction.ID]) -> String {
    let start = "The answer was lost, and nobody knows whether the run was started"
    if candidates.isEmpty { return "\(start): there is none like it among the predictions." }
    let names = candidates.map(\.rawValue).joined(separator: ", ")
    return "\(start): it may be \(names)."
  }
}

extension ReplicateError: CustomStringConvertible {
  public var description: String { errorDescription ?? "" }
}
