import ReplicateAPI

/// An answer before it becomes HTTP.
struct DemoAnswer: Sendable {
  var status = 200
  var type = "application/json"
  var headers: [(String, String)] = []
  var body: [UInt8]
  /// Names a body that never changes, so that it is packed once only.
  var constantName: String?

  static func json(_ value: JSONValue, status: Int = 200) -> DemoAnswer {
    DemoAnswer(status: status, body: Array(value.serialized().utf8))
  }

  /// As the Go side writes: with a new line at the end.
  static func director(_ value: JSONValue, status: Int = 200) -> DemoAnswer {
    var answer = json(value, status: status)
    answer.body.append(UInt8(ascii: "\n"))
    return answer
  }

  /// A list's page out of items that are written already.
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
  /// A refusal. The Go side ends its own with a new line.
  init(_ problem: Problem) {
    self.init(
      status: problem.status, type: problem.type, body: Array(problem.body.serialized().utf8))
    if problem.type == "application/problem+json" { body.append(UInt8(ascii: "\n")) }
  }
}
