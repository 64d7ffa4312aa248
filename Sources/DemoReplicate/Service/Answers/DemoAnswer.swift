import ReplicateAPI

/// An answer of the service, before it is encoded as an HTTP response.
struct DemoAnswer: Sendable {
  var status = 200
  var type = "application/json"
  var headers: [(String, String)] = []
  var body: [UInt8]
  /// A cache key for a body that never changes, so that it is only compressed once.
  var constantName: String?

  static func json(_ value: JSONValue, status: Int = 200) -> DemoAnswer {
    DemoAnswer(status: status, body: Array(value.serialized().utf8))
  }

  /// JSON as the Go backend sends it, with a newline at the end.
  static func director(_ value: JSONValue, status: Int = 200) -> DemoAnswer {
    var answer = json(value, status: status)
    answer.body.append(UInt8(ascii: "\n"))
    return answer
  }

  /// A page of a list whose items are already serialized.
  static func page(_ items: [String], next: String?) -> DemoAnswer {
    let next = next.map { JSONValue.string($0).serialized() } ?? "null"
    var text = #"{"previous":null,"next":\#(next),"results":["#
    text += items.joined(separator: ",")
    text += "]}"
    return DemoAnswer(body: Array(text.utf8))
  }

  static func text(_ text: String) -> DemoAnswer {
    DemoAnswer(type: "text/plain; charset=utf-8", body: Array(text.utf8))
  }

  static let noContent = DemoAnswer(
    status: 204, type: "text/plain; charset=UTF-8", body: [])
}

extension DemoAnswer {
  /// An error answer. Those of the Go backend end with a newline.
  init(_ problem: Problem) {
    self.init(
      status: problem.status, type: problem.type, body: Array(problem.body.serialized().utf8))
    if problem.type == "application/problem+json" { body.append(UInt8(ascii: "\n")) }
  }
}
