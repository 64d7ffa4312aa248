import ReplicateAPI

/// Sends the events of one connection to a stream in odd ways.
package struct OddStream: Sendable {
  private var random: SeededRandom
  /// Whether the connection ends without the last event. No two in a row do.
  package let lacksDone: Bool
  /// How many events that arrived before are sent again after a reconnect.
  package let repeats: Int

  /// - Parameter connection: How many connections to the same stream came before.
  package init(connection: Int, _ random: SeededRandom) {
    self.random = random
    lacksDone = self.random.integer(0...1) == 0 && connection.isMultiple(of: 2)
    repeats = self.random.integer(0...3)
  }

  /// An event as sent, with whatever else comes before it.
  package mutating func text(name: String, id: String, data: String) -> String {
    var lines = extra()
    lines += ["event: \(name)", "id: \(id)"]
    let pieces = data.split(separator: "\n", omittingEmptySubsequences: false)
    // The space after the colon is optional, unless the data begins with one.
    let isTight = random.integer(0...3) == 0 && !pieces.contains { $0.hasPrefix(" ") }
    lines += pieces.map { (isTight ? "data:" : "data: ") + $0 }
    lines.append("")
    // A lone carriage return at the end would wait for its line feed.
    let ending = random.pick(["\n", "\n", "\r\n", "\r"])
    let isMixed = random.integer(0...3) == 0
    return lines.map { line in
      line + (isMixed ? random.pick(["\n", "\r\n"]) : ending)
    }.joined()
  }

  /// Lines that a client has to pass over.
  private mutating func extra() -> [String] {
    switch random.integer(0...47) {
    case 0...3: [": keep-alive", ""]
    case 4, 5: ["event: heartbeat", "data: {}", ""]
    case 6: ["event: output", "data:", ""]
    case 7: ["event: output", ""]
    case 8: ["data", "", "", ""]
    case 9: ["retry: soon", "unknown: field", "nothing", ":", ""]
    case 10: [": " + Self.long, "", "event: debug", "data: " + Self.long, ""]
    case 11: ["retry: -1", "event: output", "event: metrics", "data: [1]", ""]
    default: []
    }
  }

  private static let long = String(repeating: "0123456789abcdef", count: 4096)
}
