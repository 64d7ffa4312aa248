import Foundation
import Testing

/// A pager that returns at once, such as `less -F` or `cat`.
@Suite(.serialized) struct PauseTests {
  @Test func `a short text stays on the screen until a key`() async throws {
    try await withPagedModel("cat") { terminal in
      let screen = try await terminal.waits(for: "Press any key to return")
      #expect(screen.contains("https://replicate.com/demo/painter"))
      #expect(!screen.modes.isAlternateScreen && !screen.modes.wantsMouse)
      #expect(screen.modes.isCursorVisible)
      // A key that would do something in the panes.
      try await terminal.type("q")
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("Collections") }
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await terminal.expectRestored()
    }
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGUSR1])
  func `a signal during the pause restores the terminal`(signal: Int32) async throws {
    try await withPagedModel("cat") { terminal in
      try await terminal.waits(for: "Press any key to return")
      try await terminal.signal(signal)
      #expect(try await terminal.exitStatus() == 128 + signal)
      let modes = try await terminal.screen().modes
      #expect(!modes.isAlternateScreen && !modes.wantsMouse && modes.isCursorVisible)
      if signal != SIGUSR1 { try await terminal.expectRestored() }
    }
  }

  private func withPagedModel(
    _ pager: String, _ body: (PseudoTerminal) async throws -> Void
  ) async throws {
    try await withDemoServer { server in
      var environment = server.environment
      environment["PAGER"] = pager
      try await withTerminal(
        [Replicant.path, "demo/painter"], environment: environment
      ) { terminal in
        try await terminal.waits(for: "https://replicate.com/demo/painter")
        try await terminal.type("v")
        try await body(terminal)
      }
    }
  }
}
