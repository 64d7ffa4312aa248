import ReplicateAPI

/// One server-sent event of a prediction's stream.
struct StreamEvent: Sendable {
  var name: String
  /// `timestamp:index`, as the service's ids are.
  var id: String
  var data: String

  var isLast: Bool { name == "done" }

  /// As it goes over the wire: a line of `data:` for each line of the data.
  var text: String {
    var text = "event: \(name)\nid: \(id)\n"
    for line in data.split(separator: "\n", omittingEmptySubsequences: false) {
      text += "data: \(line)\n"
    }
    return text + "\n"
  }

  /// The index in an id.
  static func index(of id: String) -> Int? {
    id.split(separator: ":").last.flatMap { Int($0) }
  }
}
