/// Why a call failed. ``errorDescription`` and ``recoverySuggestion`` put it in words.
public struct ReplicateError: Error, Sendable, Hashable {
  public var reason: Reason
  /// The call that failed; nil if it wasn't an API call, such as reading a stream.
  public var route: Route?
  /// The service's ID for the request, to give to its support; nil if it sent none.
  public var requestID: String?
  /// What to call the service in words. See ``Client/Configuration/serviceName``.
  public var service = Client.Configuration.publicServiceName
  private var answer: Int?
  private var requestedWait: Duration?
  /// Whether another attempt is sure to fail in the same way.
  var isFinal = false

  public init(_ reason: Reason, route: Route? = nil, requestID: String? = nil) {
    self.reason = reason
    self.route = route
    self.requestID = requestID
  }

  /// An error with the status of the answer.
  init(_ reason: Reason, status: Int, requestID: String?, retryAfter: Duration? = nil) {
    self.reason = reason
    self.requestID = requestID
    answer = status
    requestedWait = retryAfter
  }

  /// What went wrong.
  public enum Reason: Sendable, Hashable {
    /// There is no token. Nothing was sent.
    case noToken
    /// The base URL, the token, a proxy, or a certificate isn't valid. Nothing was sent.
    case badConfiguration(reason: String)
    /// 401: the token is missing or wrong.
    case unauthorized(detail: String)
    /// 402: no credit, no billing, or a limit has been reached.
    case paymentRequired(PaymentProblem, detail: String)
    /// 403: the token's account may not do this.
    case forbidden(detail: String)
    /// 404: it doesn't exist, or this token may not see it.
    case notFound(detail: String)
    /// 409: the current state doesn't allow it.
    case conflict(detail: String)
    /// 413: the input or the file is too large.
    case payloadTooLarge(detail: String)
    /// 422 or 400: the request isn't valid. Lists the invalid fields if the service names them.
    case invalidInput([InvalidField], detail: String)
    /// 429: too many calls.
    case rateLimited(retryAfter: Duration?, detail: String)
    /// 5xx.
    case server(status: Int, detail: String)
    /// Any other status.
    case other(status: Int, detail: String)
    /// There was no connection. Nothing was sent.
    case unreachable(reason: String)
    /// The service's certificate isn't trusted, or it doesn't use TLS. Nothing was sent.
    case untrusted(reason: String)
    /// The connection was lost. The request may have arrived.
    case interrupted(reason: String)
    case timedOut
    /// The answer isn't what the API documents.
    case unreadable(what: String)
    /// The answer to a create was lost, and it is unknown whether the prediction was created. The
    /// candidates match, but there are several, or one may belong to another intent.
    case outcomeUnknown(candidates: [Prediction.ID])
    /// The answer to an identical create was lost at this time, and nobody knows yet whether it
    /// started. Nothing was sent this time.
    case mayHaveStarted(at: Timestamp)
    /// The intent to run couldn't be stored, so nothing was sent.
    case notRecorded(reason: String)
    /// A local file can't be read or written.
    case file(path: String, reason: String)
    /// The calling task was canceled.
    case canceled
  }
}

/// The cause of a 402, recognized by its title.
public enum PaymentProblem: Sendable, Hashable {
  case insufficientCredit
  case billingRequired
  case freeTimeLimit
  case monthlySpendLimit
  /// A title that this version of the package doesn't know, or an empty one.
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

/// An input that the service rejected.
public struct InvalidField: Sendable, Hashable {
  /// The input's name, so that a form can mark it; empty if the problem isn't with one input.
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
  /// The status of the service's answer, if there was one.
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
      .unreadable, .outcomeUnknown, .mayHaveStarted, .notRecorded, .file, .canceled:
      nil
    }
  }

  /// How long the service asks to wait before the next attempt, if it says so.
  public var retryAfter: Duration? {
    if case .rateLimited(let wait?, _) = reason { return wait }
    return requestedWait
  }

  /// Whether the same call may succeed later, with nothing changed.
  public var isTransient: Bool {
    switch reason {
    case .rateLimited, .server, .unreachable, .interrupted, .timedOut: true
    case .other(let status, _): status == 408
    default: false
    }
  }

  /// Whether a call that changes something may have succeeded despite the error.
  public var isAmbiguous: Bool {
    switch reason {
    case .server, .interrupted, .timedOut, .unreadable, .canceled: true
    case .other(let status, _): status == 408
    default: false
    }
  }

  /// One sentence that says what happened.
  public var errorDescription: String? {
    switch reason {
    case .noToken: "There is no API token."
    case .badConfiguration(let reason): reason
    case .unauthorized: "\(service) didn't accept the API token."
    case .paymentRequired(let problem, _): Self.words(problem)
    case .forbidden(let detail): Self.sentence("\(service) doesn't allow this", detail)
    case .notFound(let detail): Self.sentence("Not found on \(service)", detail)
    case .conflict(let detail): Self.sentence("The current state doesn't allow this", detail)
    case .payloadTooLarge(let detail): Self.sentence("This is too large to send", detail)
    case .invalidInput(let fields, let detail):
      Self.sentence(
        "\(service) rejected the input",
        fields.isEmpty
          ? detail
          : fields.map { $0.field.isEmpty ? $0.description : "\($0.field): \($0.description)" }
            .joined(separator: "; "))
    case .rateLimited(let wait?, _):
      "Too many requests: \(service) asks to wait \(Self.words(wait))."
    case .rateLimited(nil, _): "Too many requests: \(service) asks to wait."
    case .server(let status, let detail):
      Self.sentence("\(service) had an internal error (\(status))", detail)
    case .other(let status, let detail):
      Self.sentence("\(service) answered with status \(status)", detail)
    case .unreachable(let reason): "Couldn't reach \(service): \(reason)."
    case .untrusted(let reason): "Couldn't connect to \(service) securely: \(reason)."
    case .interrupted(let reason): "The connection to \(service) was lost: \(reason)."
    case .timedOut: "\(service) didn't answer in time."
    case .unreadable(let what): "\(service) sent an answer that can't be read: \(what)."
    case .outcomeUnknown(let candidates): Self.words(candidates)
    case .mayHaveStarted(let time):
      "The same run may have started already: its answer was lost at \(time.text.prefix(16)) UTC."
    case .notRecorded(let reason): "The run couldn't be saved before it was sent: \(reason)."
    case .file(let path, let reason): "\(path): \(reason)."
    case .canceled: "The call was canceled."
    }
  }

  /// What to do about it; nil if there is nothing to do.
  public var recoverySuggestion: String? {
    switch reason {
    case .noToken: "Set REPLICATE_API_TOKEN, or start with --demo."
    case .badConfiguration: "Correct it, then start again."
    case .unauthorized where !isReplicate: "Check the token that the profile names."
    case .unauthorized: "Set REPLICATE_API_TOKEN to a valid token, or start with --demo."
    case .paymentRequired(_, let detail):
      detail.isEmpty ? "See https://replicate.com/account/billing." : detail
    case .forbidden: "Check whether the token's account has access."
    case .notFound where !isReplicate: "Check the address and the name."
    case .notFound: "Check the name. Private models are visible only with their owner's token."
    case .conflict: "Check the current state, then change it or the request."
    case .payloadTooLarge: "Send a smaller file, or a URL instead."
    case .invalidInput: "Correct the marked inputs, then run again."
    case .rateLimited where !isReplicate: "Wait a moment."
    case .rateLimited: "Wait a moment. Accounts with more credit have higher limits."
    case .server where !isReplicate: "Try again in a while."
    case .server: "Try again in a while. Outages are listed at https://www.replicatestatus.com."
    case .other: nil
    case .unreachable where !isReplicate: "Check that it runs and its address, then try again."
    case .unreachable: "Check your connection, then try again."
    case .untrusted:
      "Check your clock and network. For a private root certificate, set SSL_CERT_FILE."
    case .interrupted: "Check your connection, then try again."
    case .timedOut: "Try again."
    case .unreadable: "Try again. If this keeps happening, report it."
    case .outcomeUnknown(let candidates):
      candidates.isEmpty
        ? "Check your predictions before you run it again. Each run is billed."
        : "Open them, and run it again only if none of them is yours. Each run is billed."
    case .mayHaveStarted: "Check your predictions before you run it again. Each run is billed."
    case .notRecorded: "Nothing was sent."
    case .file: "Check the path and its permissions."
    case .canceled: nil
    }
  }

  private var isReplicate: Bool { service == Client.Configuration.publicServiceName }

  private static func sentence(_ start: String, _ detail: String) -> String {
    var detail = detail[...]
    while let last = detail.last, last.isWhitespace || last == "." { detail.removeLast() }
    return detail.isEmpty ? "\(start)." : "\(start): \(detail)."
  }

  private static func words(_ wait: Duration) -> String {
    let seconds = Int(clamping: (wait / .seconds(1)).rounded(.up))
    func counted(_ unit: Int, _ noun: String) -> String {
      let count = (seconds + unit / 2) / unit
      return count == 1 ? "one \(noun)" : "\(count) \(noun)s"
    }
    return switch seconds {
    case ..<120: counted(1, "second")
    case ..<7200: counted(60, "minute")
    case ..<172_800: counted(3600, "hour")
    case ..<31_536_000: counted(86_400, "day")
    default: "more than a year"
    }
  }

  private static func words(_ problem: PaymentProblem) -> String {
    switch problem {
    case .insufficientCredit: "The account doesn't have enough credit."
    case .billingRequired: "Billing isn't set up for this account."
    case .freeTimeLimit: "The account has used up its free time."
    case .monthlySpendLimit: "The account has reached its monthly spend limit."
    case .other(let title): title.isEmpty ? "Replicate requires payment." : "\(title)."
    }
  }

  private static func words(_ candidates: [Prediction.ID]) -> String {
    let start = "The answer was lost, so the run may have started"
    if candidates.isEmpty { return "\(start). It couldn't be found among your predictions." }
    let names = candidates.map(\.rawValue).joined(separator: ", ")
    return "\(start). It may be \(names)."
  }
}

extension ReplicateError: CustomStringConvertible {
  public var description: String { errorDescription ?? "" }
}
