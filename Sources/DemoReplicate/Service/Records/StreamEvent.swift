import ReplicateAPI

/// One server-sent event of a prediction's stream.
struct StreamEvent: Sendable {
  var name: String
  /// `timestamp:index`, as in Replicate's streams.
  var id: String
  var data: String

  var isLast: Bool { name == "done" }

  /// The event as sent over the wire, with one `data:` line per line of data.
  var text: String {
    var text = "event: \(name)\nid: \(id)\n"
    for line in data.split(separator: "\n", omittingEmptySubsequences: false) {
      text += "data: \(line)\n"
    }
    return text + "\n"
  }

  /// The index in an event's ID.
  static func index(of id: String) -> Int? {
    id.split(separator: ":").last.flatMap { Int($0) }.flatMap { $0 < 1 << 40 ? $0 : nil }
  }
}
