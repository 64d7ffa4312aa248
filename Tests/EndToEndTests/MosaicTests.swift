import Foundation
import Testing

/// Wide and narrow characters side by side, with links that begin and end anywhere.
@Suite(.serialized) struct MosaicTests {
  @Test func `wide and narrow characters stay where they are, with links, step by step`()
    async throws
  {
    let script = #"exec "$0" "" "$HOME/log" "$HOME/expected""#
    try await withTerminal(
      ["/bin/sh", "-c", script, try Replicant.program("TerminalSample")], columns: 40, rows: 12,
      environment: ["TERM": "xterm-256color"]
    ) { terminal in
      try await terminal.waits { $0.contains("ready") && $0.modes.wantsMouse }
      let expected = terminal.folder.appendingPathComponent("home/expected")
      for frame in 1...120 {
        try await terminal.type("w")
        let screen = try await terminal.waits { $0.lines.first == "frame \(frame)" }
        let wanted = try String(contentsOf: expected, encoding: .utf8)
        try #require(
          screen.text.precomposedStringWithCanonicalMapping.trimmingSuffix()
            == wanted.precomposedStringWithCanonicalMapping.trimmingSuffix(), "frame \(frame)")
      }
      // A repaint changes nothing.
      let before = try await terminal.screen().text
      let written = await terminal.written().count
      try await terminal.type("l")
      try await terminal.waits { _ in true }
      while await terminal.written().count == written { await Task.yield() }
      #expect(try await terminal.screen().text == before)
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
    }
  }
}

extension String {
  fileprivate func trimmingSuffix() -> String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
