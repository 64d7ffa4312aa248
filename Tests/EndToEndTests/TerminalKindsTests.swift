import Testing

/// The program on terminals of several kinds, as TERM names them.
@Suite(.serialized) struct TerminalKindsTests {
  @Test(arguments: ["xterm-256color", "tmux-256color", "screen", "linux", "vt100"])
  func `panes appear, a key works, and q leaves the terminal as it was`(term: String) async throws {
    try await Replicant.run(environment: ["TERM": term]) { terminal in
      let screen = try await terminal.screen()
      let corner =
        switch term {
        case "vt100": "+- 1 Collections"
        case "linux": "┌─ 1 Collections"
        default: "╭─ 1 Collections"
        }
      #expect(screen.contains(corner))
      try await terminal.type(":")
      try await terminal.waits(for: "Go to")
      try await terminal.press("Escape")
      try await terminal.waits(forEndOf: "Go to")
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await terminal.expectRestored()
      let hasColour = await terminal.written().contains(#/\u{1B}\[(?:[\d;]*;)?[34][0-8][\d;]*m/#)
      #expect(hasColour == (term != "vt100"))
    }
  }

  @Test func `NO_COLOR is kept to`() async throws {
    try await Replicant.run(environment: ["NO_COLOR": "1"]) { terminal in
      let written = await terminal.written()
      #expect(!written.contains(#/\u{1B}\[(?:[\d;]*;)?[34][0-8][\d;]*m/#))
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
    }
  }
}
