import Foundation
import Testing

/// The terminal is always restored, no matter how the program exits. Needs no service.
@Suite(.serialized) struct WaysOutTests {
  @Test func `q restores the terminal`() async throws {
    try await Replicant.run { terminal in
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await terminal.expectRestored()
    }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
  func `a signal restores the terminal`(signal: Int32) async throws {
    try await Replicant.run { terminal in
      try await terminal.signal(signal)
      #expect(try await terminal.exitStatus() == 128 + signal)
      try await terminal.expectRestored()
    }
  }

  @Test func `suspending restores the shell, and resuming brings the panes back`() async throws {
    try await Replicant.run { terminal in
      try await terminal.press("C-z")
      #expect(try await terminal.stopSignal() == SIGTSTP)
      #expect(try terminal.settingsWhileStopped == terminal.settingsBefore)
      #expect(try await !terminal.screen().modes.isAlternateScreen)
      try await terminal.foreground()
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("Collections") }
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await terminal.expectRestored()
    }
  }

  @Test func `the screen adapts to the size, and says when it's too small`() async throws {
    try await Replicant.run { terminal in
      try await terminal.resize(columns: 80, rows: 24)
      try await terminal.waits { $0.modes.columns == 80 && $0.contains("Collections") }
      try await terminal.resize(columns: 30, rows: 8)
      try await terminal.waits(for: "40×12")
      try await terminal.resize(columns: 160, rows: 48)
      try await terminal.waits { $0.contains("Collections") && $0.contains("Predictions") }
    }
  }

  @Test func `without a token, the screen says what to do`() async throws {
    try await withTerminal([Replicant.path]) { terminal in
      try await terminal.waits(for: "REPLICATE_API_TOKEN")
      try await terminal.press("C-c")
    }
  }
}
