import ReplicateAPI

/// An error in Replicate's own words, as documented or recorded. The Go backend answers
/// problem+json, Django plain JSON.
struct Problem: Error, Sendable {
  var status: Int
  var body: JSONValue
  var type = "application/problem+json"

  static let noToken = Problem(
    status: 401,
    body: [
      "title": "Unauthenticated", "detail": "You did not pass an authentication token",
      "status": 401,
    ])
  static let badToken = Problem(
    status: 401,
    body: [
      "title": "Unauthenticated", "detail": "You did not pass a valid authentication token",
      "status": 401,
    ])
  /// The Go backend's wording.
  static let notFound = Problem(
    status: 404,
    body: ["detail": "The requested resource could not be found.", "status": 404])
  /// Django's wording.
  static let missing = Problem(
    status: 404, body: ["detail": "Not found."], type: "application/json")
  static let forbidden = Problem(
    status: 403, body: ["detail": "You do not have permission to perform this action."],
    type: "application/json")
  static let noDestination = Problem(
    status: 404,
    body: ["detail": "The specified training destination does not exist", "status": 404])
  static let fileNotFound = Problem(status: 404, body: ["detail": "File not found"])
  static let badVersion = Problem(
    status: 422,
    body: [
      "title": "Invalid version or not permitted",
      "detail": """
      The specified version does not exist (or perhaps you don't have permission to use it?)
      """,
      "status": 422,
    ])
  static let fileTooLarge = Problem(
    status: 413, body: ["detail": "Files must be less than 100MB in size"])

  static let insufficientCredit = Problem(
    status: 402,
    body: [
      "title": "Insufficient credit",
      "detail": """
      You have insufficient credit to run this model. Go to \
      https://replicate.com/account/billing#billing to purchase credit. Once you purchase credit, \
      please wait a few minutes before trying again.
      """,
      "status": 402,
    ])
  static let billingRequired = Problem(
    status: 402,
    body: [
      "title": "Billing required",
      "detail": """
      You need to set up billing to run this model. Go to \
      https://replicate.com/account/billing#billing to set it up. If you have recently set up \
      billing, please wait a few minutes before trying again.
      """,
      "status": 402,
    ])
  /// No recording of this wording exists.
  static let freeTimeLimit = Problem(
    status: 402,
    body: [
      "title": "Free time limit reached",
      "detail": """
      You have reached the free time limit. To continue using Replicate, set up billing at \
      https://replicate.com/account/billing#billing.
      """,
      "status": 402,
    ])
  /// No recording of this wording exists.
  static let spendLimit = Problem(
    status: 402,
    body: [
      "title": "Monthly spend limit reached",
      "detail": """
      You've hit your monthly spend limit. You can change or remove your limit at \
      https://replicate.com/account/billing#limits.
      """,
      "status": 402,
    ])

  /// Injected by a fault. Ordinary rate limits have no `retry_after`.
  static func throttled(seconds: Int) -> Problem {
    Problem(
      status: 429,
      body: [
        "detail": .string("Request was throttled. Your rate limit resets in ~\(seconds)s."),
        "status": 429, "retry_after": .number(JSONNumber(seconds)),
      ])
  }

  static func overLimit(resetsIn seconds: Int) -> Problem {
    Problem(
      status: 429,
      body: [
        "detail": .string("Request was throttled. Your rate limit resets in ~\(seconds)s."),
        "status": 429,
      ])
  }

  static func lowCredit(wait seconds: Int) -> Problem {
    let detail = """
      Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per \
      minute with a burst of 1 requests while you have less than $5.0 in credit. Your rate limit \
      resets in ~\(seconds)s.
      """
    return Problem(
      status: 429,
      body: [
        "detail": .string(detail), "status": 429, "retry_after": .number(JSONNumber(seconds)),
      ])
  }

  static func notAllowed(_ method: String) -> Problem {
    Problem(
      status: 405, body: ["detail": .string("Method \"\(method)\" not allowed.")],
      type: "application/json")
  }

  /// For a body that isn't JSON: the message of Go's decoder, or of Django's.
  static func unreadable(_ body: [UInt8], by backend: Backend) -> Problem {
    if backend == .django {
      return badRequest("JSON parse error - Expecting value: line 1 column 1 (char 0)")
    }
    return Problem(
      status: 400,
      body: [
        "detail": .string("Failed to parse request body as JSON: \(Self.reason(body))"),
        "status": 400,
      ])
  }

  private static func reason(_ body: [UInt8]) -> String {
    if !body.contains(where: { !" \t\r\n".utf8.contains($0) }) { return "EOF" }
    do throws(JSONSyntaxError) {
      let kind = InputValidation.kind(of: try JSONValue(parsing: body))
      return "json: cannot unmarshal \(kind) into Go value of type map[string]interface {}"
    } catch {
      let rest = body.dropFirst(error.offset)
      guard let byte = rest.first else { return "unexpected EOF" }
      let letter = Unicode.Scalar(byte)
      return "invalid character '\(letter)' looking for beginning of value"
    }
  }

  /// For a header that the Go backend can't parse.
  static func badHeader(_ detail: String) -> Problem {
    Problem(status: 400, body: ["detail": .string(detail), "status": 400])
  }

  static func badRequest(_ detail: String) -> Problem {
    Problem(
      status: 400, body: ["detail": .string(detail)], type: "application/json")
  }

  /// 422 with the invalid fields.
  static func invalid(_ errors: [InvalidField]) -> Problem {
    let detail = errors.map { error in
      error.field.isEmpty ? "- \(error.description)\n" : "- \(error.field): \(error.description)\n"
    }.joined()
    return Problem(
      status: 422,
      body: [
        "detail": .string(detail), "status": 422, "title": "Input validation failed",
        "invalid_fields": .array(
          errors.map { error in
            [
              "type": .string(error.type), "field": .string(error.field),
              "description": .string(error.description),
            ]
          }),
      ])
  }
}
