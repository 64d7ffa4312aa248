import Foundation
import Testing

/// The terminal is always restored, whichever way the program ends; no service is needed for that.
@Suite(.serialized) struct WaysOutTests {
  /// Nothing listens on this port, so every call fails at once.
  static let offline = [
    "REPLICATE_BASE_URL": "http://127.0.0.1:9/v1", "REPLICATE_API_TOKEN": "r8_end_to_end",
  ]

  @Test func `q leaves the terminal as it was`() async throws {
    try await inReplicant { terminal in
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await expectRestored(terminal)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal leaves the terminal as it was`(signal: Int32) async throws {
    try await inReplicant { terminal in
      try await terminal.signal(signal)
      #expect(try await terminal.exitStatus() == 128 + signal)
      try await expectRestored(terminal)
    }
  }

  @Test(arguments: [(SIGSEGV, "SIGSEGV"), (SIGABRT, "SIGABRT"), (SIGILL, "SIGILL")])
  func `a crash leaves the terminal as it was, and says where the log is`(
    signal: Int32, name: String
  ) async throws {
    try await inReplicant { terminal in
      try await terminal.signal(signal)
      #expect(try await terminal.exitStatus() == 128 + signal)
      try await terminal.waits(for: "replicant crashed: \(name).")
      // The path is long, so it may be broken.
      let told = try await terminal.screen().lines.joined()
      #expect(told.contains(".local/state/replicant/replicant.log"))
      try await expectRestored(terminal)
    }
  }

  @Test(arguments: ["dumb", ""])
  func `a terminal that can't show a screen is told in words, with status 2`(
    name: String
  ) async throws {
    var environment = Self.offline
    environment["TERM"] = name
    try await withTerminal([Replicant.path], environment: environment) { terminal in
      #expect(try await terminal.exitStatus() == 2)
      try await terminal.waits(for: "for example")
    }
  }

  @Test(arguments: ["%s | cat", "%s </dev/null"])
  func `without a terminal on both sides it says so, with status 2`(line: String) async throws {
    let line = line.replacing("%s", with: try Replicant.path)
    let command = ["/bin/bash", "-c", "set -o pipefail; \(line)"]
    try await withTerminal(command, environment: Self.offline) { terminal in
      #expect(try await terminal.exitStatus() == 2)
      try await terminal.waits(for: "needs a terminal")
    }
  }

  @Test(arguments: ["xterm-256color", "screen", "linux", "vt100"])
  func `it works on terminals of other kinds`(name: String) async throws {
    var environment = Self.offline
    environment["TERM"] = name
    try await withTerminal([Replicant.path], environment: environment) { terminal in
      try await terminal.waits { $0.modes.columns == 120 && $0.contains("Collections") }
      try await terminal.type("2?")
      try await terminal.waits(for: "Keys")
      if name == "vt100" { try await terminal.waits(for: "+- ") }
      try await terminal.press("F1")
      try await terminal.waits(forEndOf: "Keys")
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      #expect(try terminal.settingsAfter == terminal.settingsBefore)
    }
  }

  @Test func `suspended, the terminal is the shell's; resumed, the panes are back`() async throws {
    try await inReplicant { terminal in
      try await terminal.press("C-z")
      #expect(try await terminal.stopSignal() == SIGTSTP)
      #expect(try terminal.settingsWhileStopped == terminal.settingsBefore)
      #expect(try await !terminal.screen().modes.isAlternateScreen)
      try await terminal.foreground()
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("Collections") }
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await expectRestored(terminal)
    }
  }

  @Test func `the screen follows the size, and says when it is too small`() async throws {
    try await inReplicant { terminal in
      try await terminal.resize(columns: 80, rows: 24)
      try await terminal.waits { $0.modes.columns == 80 && $0.contains("Collections") }
      try await terminal.resize(columns: 30, rows: 8)
      try await terminal.waits(for: "40×12")
      try await terminal.resize(columns: 160, rows: 48)
      try await terminal.waits { $0.contains("Collections") && $0.contains("Predictions") }
    }
  }

  @Test func `without a token the screen says what to do`() async throws {
    try await withTerminal([Replicant.path]) { terminal in
      try await terminal.waits(for: "REPLICATE_API_TOKEN")
      try await terminal.press("C-c")
    }
  }

  /// Runs the program until its panes are there.
  private func inReplicant(_ body: (PseudoTerminal) async throws -> Void) async throws {
    try await withTerminal([Replicant.path], environment: Self.offline) { terminal in
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("Collections") }
      try await body(terminal)
    }
  }

  private func expectRestored(
    _ terminal: PseudoTerminal, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    #expect(
      try terminal.settingsAfter == terminal.settingsBefore, sourceLocation: sourceLocation)
    let modes = try await terminal.screen().modes
    #expect(!modes.isAlternateScreen, sourceLocation: sourceLocation)
    #expect(!modes.wantsMouse, sourceLocation: sourceLocation)
    #expect(modes.isCursorVisible, sourceLocation: sourceLocation)
    // What the terminal answered to the program's questions wasn't left for the shell.
    #expect(try await !terminal.screen().contains("^["), sourceLocation: sourceLocation)
    // Paste, focus, mouse, alternate screen: the last word on each is that it is off.
    let written = await terminal.written()
    for mode in ["2004", "1004", "1002", "1006", "1049"] {
      let lastOn = written.ranges(of: "\u{1b}[?\(mode)h").last?.lowerBound
      let lastOff = written.ranges(of: "\u{1b}[?\(mode)l").last?.lowerBound
      #expect(lastOn ?? written.startIndex <= lastOff ?? written.startIndex, "mode \(mode)")
    }
  }
}
