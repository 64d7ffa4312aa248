/// Why a call failed: the facts here, the words in ``errorDescription`` and ``recoverySuggestion``.
public enum ReplicateError: Error, Sendable, Hashable {
  /// There is no token to call with; nothing was sent.
  case noToken
  /// The base URL or the token can't be used as they are.
  case badConfiguration(reason: String)
  /// 401: the token is missing or wrong.
  case unauthorized(detail: String)
  /// 402: no credit, no billing, or a limit was reached.
  case paymentRequired(title: String, detail: String)
  /// 403.
  case forbidden(detail: String)
  /// 404: it isn't there, or isn't for this token's eyes.
  case notFound(detail: String)
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
  /// The service couldn't be reached, or the connection broke.
  case offline(reason: String)
  case timedOut
  /// The answer isn't what the API promises.
  case unreadable(what: String)
  /// The task that called was cancelled.
  case cancelled
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
    switch self {
    case .unauthorized: 401
    case .paymentRequired: 402
    case .forbidden: 403
    case .notFound: 404
    case .payloadTooLarge: 413
    case .invalidInput: 422
    case .rateLimited: 429
    case .server(let status, _), .other(let status, _): status
    case .noToken, .badConfiguration, .offline, .timedOut, .unreadable, .cancelled: nil
    }
  }

  /// Whether the same call may well succeed later without anything being changed.
  public var isTransient: Bool {
    switch self {
    case .rateLimited, .server, .offline, .timedOut: true
    case .other(let status, _): status == 408 || status == 409
    default: false
    }
  }

  /// What happened, in one sentence.
  public var errorDescription: String? {
    switch self {
    case .noToken: "There is no API token."
    case .badConfiguration(let reason): reason
    case .unauthorized: "Replicate didn't accept the API token."
    case .paymentRequired(let title, _):
      title.isEmpty ? "Replicate asks for payment." : "\(title)."
    case .forbidden(let detail): Self.sentence("Replicate refuses this", detail)
    case .notFound(let detail): Self.sentence("Replicate doesn't find this", detail)
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
    case .offline(let reason): "Couldn't reach Replicate: \(reason)."
    case .timedOut: "Replicate didn't answer in time."
    case .unreadable(let what): "Replicate's answer can't be read: \(what)."
    case .cancelled: "The call was cancelled."
    }
  }

  /// What to do about it; nil where there is nothing to do.
  public var recoverySuggestion: String? {
    switch self {
    case .noToken: "Set REPLICATE_API_TOKEN, or start with --demo."
    case .badConfiguration: "Correct it, and start again."
    case .unauthorized: "Set REPLICATE_API_TOKEN to a valid token, or start with --demo."
    case .paymentRequired(_, let detail):
      detail.isEmpty ? "See https://replicate.com/account/billing." : detail
    case .forbidden: "Check that the token's account may do this."
    case .notFound: "Check the name; what is private shows only to its owner's token."
    case .payloadTooLarge: "Send a smaller file, or the address of one."
    case .invalidInput: "Correct what is marked, and run again."
    case .rateLimited: "Wait; with more credit the limits are wider."
    case .server: "Try again in a while; https://www.replicatestatus.com tells of outages."
    case .other: nil
    case .offline: "Check the connection, and try again."
    case .timedOut: "Try again."
    case .unreadable: "Try again; if it stays so, report it."
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
}

extension ReplicateError: CustomStringConvertible {
  public var description: String { errorDescription ?? "" }
}
