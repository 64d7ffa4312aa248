/// An answer in Replicate’s form, made here for a server that doesn’t have that form itself.
struct CogAnswer: Sendable {
  var status: Int
  var body: [UInt8]
  var type = "application/json"

  static func json(_ value: JSONValue, status: Int = 200) -> Self {
    Self(status: status, body: Array(value.serialized().utf8))
  }

  /// A page of a list.
  static func page(_ results: [JSONValue], next: String? = nil) -> Self {
    .json([
      "previous": .null, "next": next.map(JSONValue.string) ?? .null, "results": .array(results),
    ])
  }

  /// An error in words.
  static func problem(_ status: Int, _ title: String, _ detail: String) -> Self {
    var answer = json(
      ["title": .string(title), "detail": .string(detail), "status": .number(JSONNumber(status))],
      status: status)
    answer.type = "application/problem+json"
    return answer
  }

  /// The error of a call that a cog server has nothing for.
  static func missing(_ detail: String) -> Self { problem(404, "Not found", detail) }

  var response: TransportResponse {
    TransportResponse(
      status: status, headers: [(name: "content-type", value: type)], body: TransportBody(body))
  }
}
