import ReplicateAPI

/// A refusal, in the service's own words.
///
/// Bodies as published and recorded; the Go side answers problem+json, Django plain JSON.
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
  static let notFound = Problem(
    status: 404,
    body: ["detail": "The requested resource could not be found.", "status": 404])
  static let forbidden = Problem(
    status: 403, body: ["detail": "You do not have permission to perform this action."],
    type: "application/json")
  static let noDestination = Problem(
    status: 404,
    body: ["detail": "The specified training destination does not exist", "status": 404])
  static let fileNotFound = Problem(
    status: 404, body: ["detail": "File not found"], type: "application/json")
  static let unreadableBody = Problem(
    status: 400,
    body: ["detail": "Failed to parse request body as JSON: EOF", "status": 400])
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
    status: 413, body: ["detail": "Files must be less than 100MB in size", "status": 413])

  static func notAllowed(_ method: String) -> Problem {
    Problem(
      status: 405, body: ["detail": "Method \"\(method)\" not allowed."],
      type: "application/json")
  }

  static func badRequest(_ detail: String) -> Problem {
    Problem(
      status: 400, body: ["detail": .string(detail)], type: "application/json")
  }

  /// 422 with the fields that are wrong.
  static func invalid(_ faults: [InputFault]) -> Problem {
    let detail = faults.map { fault in
      fault.field.isEmpty ? "- \(fault.description)\n" : "- \(fault.field): \(fault.description)\n"
    }.joined()
    return Problem(
      status: 422,
      body: [
        "detail": .string(detail), "status": 422, "title": "Input validation failed",
        "invalid_fields": .array(
          faults.map { fault in
            [
              "type": .string(fault.type), "field": .string(fault.field),
              "description": .string(fault.description),
            ]
          }),
      ])
  }
}

/// One thing that is wrong with a body, in gojsonschema's words.
struct InputFault: Sendable, Hashable {
  var type: String
  var field: String
  var description: String

  init(type: String, field: String, description: String) {
    self.type = type
    self.field = field
    self.description = description
  }

  /// A value of a wrong type.
  init(_ field: String, expected: String, given: JSONValue) {
    self.init(
      type: "invalid_type", field: field,
      description: "Invalid type. Expected: \(expected), given: \(InputValidation.kind(of: given))")
  }
}
