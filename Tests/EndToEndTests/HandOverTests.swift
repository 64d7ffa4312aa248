import Foundation
import Testing

/// Another program, such as an editor, temporarily takes over the terminal.
@Suite(.serialized) struct HandOverTests {
  @Test func `the other program gets the keys, work continues, and no input is lost`()
    async throws
  {
    let script = #"""
      read -r line <&3; echo "work: $line"
      read -r line; echo "read: $line"
      cat gate
      exit 7
      """#
    try await withSample(script) { terminal in
      try await terminal.type("e")
      // Written by the main actor while the script has the terminal.
      try await terminal.waits { !$0.modes.isAlternateScreen && $0.contains("work: go") }
      #expect(try await !terminal.screen().modes.wantsMouse)
      try await terminal.type("one\r")
      try await terminal.waits(for: "read: one")
      // No longer meant for the script. The terminal's echo shows that it has arrived.
      try await terminal.type("xy\r")
      try await terminal.waits(for: "xy")
      try await terminal.resize(columns: 70, rows: 20)
      try openGate(of: terminal)
      try await terminal.waits { screen in
        screen.modes.isAlternateScreen && screen.modes.wantsMouse && !screen.contains("work:")
          && ["back 7", "size 70x20", "key x", "key y", "key enter"].allSatisfy(screen.contains)
      }
      try await leave(terminal)
    }
  }

  @Test func `interrupt and quit keys go to the other program`() async throws {
    let script = #"""
      trap 'echo interrupted' INT; trap 'echo quitted' QUIT; echo asking
      read -r line; read -r line; read -r line; echo "read: $line"
      """#
    try await withSample(script) { terminal in
      try await terminal.type("e")
      try await terminal.waits(for: "asking")
      try await terminal.press("C-c")
      try await terminal.waits(for: "interrupted")
      try await terminal.press(#"C-\"#)
      try await terminal.waits(for: "quitted")
      try await terminal.type("\r\rlast\r")
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("back 0") }
      try await leave(terminal)
    }
  }

  @Test func `Ctrl-Z suspends the whole job, and fg resumes it`() async throws {
    let script = #"echo asking; read -r line; echo "read: $line"; cat gate"#
    try await withSample(script) { terminal in
      try await terminal.type("e")
      try await terminal.waits(for: "asking")
      try await terminal.press("C-z")
      #expect(try await terminal.stopSignal() == SIGSTOP)
      #expect(try terminal.settingsWhileStopped == terminal.settingsBefore)
      try await terminal.foreground()
      try await terminal.type("two\r")
      try await terminal.waits(for: "read: two")
      try openGate(of: terminal)
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("back 0") }
      try await leave(terminal)
    }
  }

  @Test func `a program that doesn't stop on Ctrl-Z keeps the terminal`() async throws {
    try await withSample("trap '' TSTP; echo asking; read -r line; echo \"read: $line\"; cat gate")
    {
      terminal in
      try await terminal.type("e")
      try await terminal.waits(for: "asking")
      try await terminal.press("C-z")
      try await terminal.type("on\r")
      try await terminal.waits(for: "read: on")
      try openGate(of: terminal)
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("back 0") }
      try await leave(terminal)
    }
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func `a termination signal works while the terminal is lent`(signal: Int32) async throws {
    try await withSample("echo asking; read -r line") { terminal in
      try await terminal.type("e")
      try await terminal.waits(for: "asking")
      try await terminal.signal(signal)
      #expect(try await terminal.exitStatus() == 128 + signal)
      try await terminal.expectRestored()
    }
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func `a pager that has the terminal is terminated with the program`(signal: Int32) async throws {
    try await withDemoServer { server in
      let pager = FileManager.default.temporaryDirectory
        .appendingPathComponent("pager-\(UUID().uuidString)")
      try "#!/bin/sh\nstty raw -echo; printf '\\033[?1049h\\033[?1hpaging'; exec sleep 600\n"
        .write(to: pager, atomically: true, encoding: .utf8)
      defer { try? FileManager.default.removeItem(at: pager) }
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: pager.path)
      var environment = server.environment
      environment["PAGER"] = pager.path
      try await withTerminal([Replicant.path], environment: environment) { terminal in
        try await terminal.waits(for: "Collections")
        try await terminal.type(":demo/painter\r")
        try await terminal.waits(for: "https://replicate.com/demo/painter")
        try await terminal.type("v")
        try await terminal.waits(for: "paging")
        try await terminal.signal(signal)
        #expect(try await terminal.exitStatus() == 128 + signal)
        try await terminal.expectRestored()
      }
    }
  }

  @Test func `the mouse setting takes effect and survives a handover`() async throws {
    try await withSample("true") { terminal in
      #expect(try await terminal.screen().modes.wantsMouse)
      try await terminal.type("m")
      try await terminal.waits { $0.contains("mouse false") && !$0.modes.wantsMouse }
      try await terminal.type("e")
      try await terminal.waits { $0.contains("back 0") && $0.modes.isAlternateScreen }
      #expect(try await !terminal.screen().modes.wantsMouse)
      try await terminal.type("m")
      try await terminal.waits { $0.contains("mouse true") && $0.modes.wantsMouse }
      try await leave(terminal)
    }
  }

  @Test func `progress is cleared during a handover and on exit`()
    async throws
  {
    let (on, off) = ("\u{1B}]9;4;3;0\u{7}", "\u{1B}]9;4;0;0\u{7}")
    try await withSample("echo asking; cat gate") { terminal in
      try await terminal.type("p")
      try await terminal.waits(for: "progress")
      #expect(await last(of: [on, off], in: terminal) == on)
      try await terminal.type("e")
      try await terminal.waits(for: "asking")
      #expect(await last(of: [on, off], in: terminal) == off)
      try openGate(of: terminal)
      try await terminal.waits { $0.contains("back 0") && $0.modes.isAlternateScreen }
      #expect(await last(of: [on, off], in: terminal) == on)
      try await terminal.signal(SIGSEGV)
      #expect(try await terminal.exitStatus() == 128 + SIGSEGV)
      #expect(await last(of: [on, off], in: terminal) == off)
      try await terminal.expectRestored()
    }
  }

  /// Runs the sample. Pressing `e` runs a script in it. `cat gate` in the script waits for
  /// `openGate`.
  private func withSample(
    _ script: String, _ body: (PseudoTerminal) async throws -> Void
  ) async throws {
    let start = #"mkfifo gate; exec "$0" "$@""#
    try await withTerminal(
      ["/bin/sh", "-c", start, try Replicant.program("TerminalSample"), script],
      columns: 80, rows: 24, environment: ["WT_SESSION": "1"]
    ) { terminal in
      try await terminal.waits { $0.contains("ready") && $0.modes.wantsMouse }
      try await body(terminal)
    }
  }

  private func openGate(of terminal: PseudoTerminal) throws {
    let gate = open(terminal.folder.appendingPathComponent("home/gate").path, O_WRONLY)
    try #require(gate >= 0)
    close(gate)
  }

  private func leave(_ terminal: PseudoTerminal) async throws {
    try await terminal.type("q")
    #expect(try await terminal.exitStatus() == 0)
    try await terminal.expectRestored()
  }

  private func last(of texts: [String], in terminal: PseudoTerminal) async -> String? {
    let written = await terminal.written()
    return texts.compactMap { text in
      written.ranges(of: text).last.map { (text, $0.lowerBound) }
    }
    .max { $0.1 < $1.1 }?.0
  }
}
