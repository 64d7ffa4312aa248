import Foundation
import Testing

/// A crash restores the terminal and prints a report with what led to it.
@Suite(.serialized) struct CrashTests {
  @Test(arguments: ["xterm-256color", "vt100"])
  func `a fatal signal restores the terminal`(term: String) async throws {
    for (signal, name) in [(SIGSEGV, "SIGSEGV"), (SIGABRT, "SIGABRT")] {
      try await Replicant.run(environment: ["TERM": term]) { terminal in
        try await terminal.signal(signal)
        #expect(try await terminal.exitStatus() == 128 + signal)
        let screen = try await terminal.waits(for: "The log: ")
        #expect(screen.contains("replicant crashed (\(name))."))
        #expect(screen.contains("replicant/replicant.log"))
        try await terminal.expectRestored()
      }
    }
  }

  @Test func `a Swift trap is reported with its message and the log's path`() async throws {
    let script = #"exec "$0" "" "$HOME/.local/state/replicant/replicant.log""#
    try await withTerminal(
      ["/bin/sh", "-c", script, try Replicant.program("TerminalSample")]
    ) { terminal in
      try await terminal.waits { $0.contains("ready") && $0.modes.wantsMouse }
      try await terminal.type("!")
      let screen = try await terminal.waits(for: "The log: ")
      let status = try await terminal.exitStatus()
      #expect([128 + SIGILL, 128 + SIGTRAP].contains(status))
      #expect(screen.text.contains(#/replicant crashed \(SIG(ILL|TRAP)\)\./#))
      #expect(screen.contains("the sample was asked to crash"))
      #expect(screen.contains("home/.local/state/replicant/replicant.log"))
      #expect(!screen.contains("replicant started"))
      try await terminal.expectRestored()
      let log = try String(contentsOf: terminal.log, encoding: .utf8)
      #expect(log.contains("replicant started, pid "))
      #expect(log.contains("Fatal error: the sample was asked to crash"))
    }
  }

  @Test func `a crash report shows only this session's lines, and at most twenty`() async throws {
    try await withTerminal([Replicant.path], environment: Replicant.offline) { terminal in
      try await terminal.waits { $0.contains("Collections") && $0.modes.wantsMouse }
      let lines = (1...30).map { "noise \($0) \u{1B}[31m\n" }.joined()
      try await terminal.writeToStandardError(lines)
      try await terminal.signal(SIGBUS)
      let screen = try await terminal.waits(for: "The log: ")
      let told = screen.lines.filter { $0.hasPrefix("noise ") }
      #expect(told == (11...30).map { "noise \($0) ?[31m" })
    }
  }

  @Test func `a redirected stderr stays redirected and gets the crash report`() async throws {
    let script = #"exec "$0" 2>errors"#
    try await withTerminal(
      ["/bin/sh", "-c", script, try Replicant.path], environment: Replicant.offline
    ) { terminal in
      try await terminal.waits { $0.contains("Collections") && $0.modes.wantsMouse }
      try await terminal.signal(SIGSEGV)
      #expect(try await terminal.exitStatus() == 128 + SIGSEGV)
      let errors = try String(
        contentsOf: terminal.folder.appendingPathComponent("home/errors"), encoding: .utf8)
      #expect(errors.contains("replicant crashed (SIGSEGV)."))
      #expect(!FileManager.default.fileExists(atPath: terminal.log.path))
      try await terminal.expectRestored()
    }
  }
}

/// Output to stderr while the panes are shown goes to the log.
@Suite(.serialized) struct ErrorLogTests {
  @Test func `noise goes to the log and never to the screen`() async throws {
    try await Replicant.run { terminal in
      try await terminal.writeToStandardError("a library's noise\n")
      try await terminal.type(":")
      let screen = try await terminal.waits(for: "Commands")
      #expect(!screen.contains("noise"))
      try await terminal.press("Escape")
      try await terminal.waits(forEndOf: "Commands")
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      #expect(try await !terminal.screen().contains("noise"))
      #expect(try String(contentsOf: terminal.log, encoding: .utf8).contains("a library's noise\n"))
      #expect(try permissions(terminal.log) == 0o600)
      #expect(try permissions(terminal.log.deletingLastPathComponent()) == 0o700)
    }
  }

  @Test func `a large log is rotated`() async throws {
    let script = #"""
      mkdir -p state/replicant && head -c 1000001 /dev/zero >state/replicant/replicant.log
      XDG_STATE_HOME="$PWD/state" exec "$0"
      """#
    try await withTerminal(
      ["/bin/sh", "-c", script, try Replicant.path], environment: Replicant.offline
    ) { terminal in
      try await terminal.waits { $0.contains("Collections") && $0.modes.wantsMouse }
      let folder = terminal.folder.appendingPathComponent("home/state/replicant")
      let old = try Data(contentsOf: folder.appendingPathComponent("replicant.log.old"))
      #expect(old.count == 1_000_001)
      let log = folder.appendingPathComponent("replicant.log")
      #expect(try String(contentsOf: log, encoding: .utf8).contains("replicant started"))
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
    }
  }

  @Test func `if no log can be opened, the noise is printed on exit`() async throws {
    // Puts a folder where the log should be.
    let script = #"mkdir -p .local/state/replicant/replicant.log; exec "$0""#
    try await withTerminal(
      ["/bin/sh", "-c", script, try Replicant.path], environment: Replicant.offline
    ) { terminal in
      try await terminal.waits { $0.contains("Collections") && $0.modes.wantsMouse }
      try await terminal.writeToStandardError("a library's noise\n")
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await terminal.waits { !$0.modes.isAlternateScreen && $0.contains("a library's noise") }
    }
  }

  private func permissions(_ place: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: place.path)[.posixPermissions] as? Int
  }
}

extension PseudoTerminal {
  /// The program's log file, in the home folder of this terminal.
  var log: URL { folder.appendingPathComponent("home/.local/state/replicant/replicant.log") }

  /// Writes to the program's stderr, as one of its libraries might.
  func writeToStandardError(_ text: String) async throws {
    let descriptor = open("/proc/\(try await programID())/fd/2", O_WRONLY | O_APPEND)
    guard descriptor >= 0 else { throw Failure(description: "the program has no stderr") }
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      .write(contentsOf: Data(text.utf8))
  }
}
