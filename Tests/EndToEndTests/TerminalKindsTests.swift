import Testing

/// Runs the program on several kinds of terminals, selected with TERM.
@Suite(.serialized) struct TerminalKindsTests {
  @Test(arguments: ["xterm-256color", "tmux-256color", "screen", "linux", "vt100"])
  func `panes appear, a key works, and q restores the terminal`(term: String) async throws {
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
      try await terminal.waits(for: "Commands")
      try await terminal.press("Escape")
      try await terminal.waits(forEndOf: "Commands")
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await terminal.expectRestored()
      let hasColour = await terminal.written().contains(#/\u{1B}\[(?:[\d;]*;)?[34][0-8][\d;]*m/#)
      #expect(hasColour == (term != "vt100"))
    }
  }

  /// tmux doesn't show links, but the program's output can be checked.
  @Test(arguments: ["xterm-256color", "linux"])
  func `addresses are links only if the terminal supports them`(
    term: String
  ) async throws {
    try await withDemoServer { server in
      var environment = server.environment
      environment["TERM"] = term
      try await withTerminal([Replicant.path], environment: environment) { terminal in
        try await terminal.waits(for: "Collections")
        try await terminal.type(":demo/painter\r")
        try await terminal.waits(for: "https://replicate.com/demo/painter")
        try await terminal.type("q")
        #expect(try await terminal.exitStatus() == 0)
        try await terminal.expectRestored()
        let written = await terminal.written()
        let begin = "\u{1B}]8;;https://replicate.com/demo/painter\u{1B}\\"
        #expect(written.contains(begin) == (term != "linux"))
        let begins = written.split(separator: "\u{1B}]8;;h").count
        #expect(written.split(separator: "\u{1B}]8;;\u{1B}").count == begins)
      }
    }
  }

  @Test func `NO_COLOR is respected`() async throws {
    try await Replicant.run(environment: ["NO_COLOR": "1"]) { terminal in
      let written = await terminal.written()
      #expect(!written.contains(#/\u{1B}\[(?:[\d;]*;)?[34][0-8][\d;]*m/#))
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
    }
  }
}
