import Foundation
import Testing

/// Without a usable terminal, the program explains why and exits. It also exits if its terminal
/// goes away.
@Suite(.serialized) struct NoTerminalTests {
  @Test(arguments: [
    ("stdout is a pipe", #"{ "$0"; echo "status $?" >&2; } | cat"#),
    ("stdin is a file", #""$0" </dev/null; echo "status $?""#),
    ("stdin is closed", #""$0" <&-; echo "status $?""#),
  ])
  func `without a terminal for input and output, the program says what it needs`(
    name: String, script: String
  ) async throws {
    try await expectRefusal(script, saying: "This needs a terminal")
  }

  @Test(arguments: [
    (#"TERM=dumb "$0"; echo "status $?""#, "A terminal of type “dumb” can't show"),
    (#"env -u TERM "$0"; echo "status $?""#, "TERM isn't set"),
    (#"TERM=no-such-terminal "$0"; echo "status $?""#, "set TERM to your terminal's type"),
  ])
  func `a terminal that can't show panes gets an explanation and a fix`(
    script: String, message: String
  ) async throws {
    try await expectRefusal(script, saying: message)
  }

  @Test func `the program exits when its terminal goes away`() async throws {
    // A terminal inside the terminal, provided by `script`, which is killed. SIGHUP is ignored, so
    // that the program only notices the end of its input.
    let inner = #"trap "" HUP; "$REPLICANT"; echo "status $?" >end"#
    let script =
      #"mkfifo end; sh -c 'echo $$ >holder; exec script -qfc "$INNER" /dev/null'; cat end"#
    let environment = [
      "INNER": inner, "REPLICANT": try Replicant.path, "TERM": "xterm-256color",
    ]
    try await withTerminal(
      ["/bin/sh", "-c", script], environment: Replicant.offline.merging(environment) { $1 }
    ) { terminal in
      try await terminal.waits { $0.contains("Collections") && $0.modes.wantsMouse }
      let holder = try String(
        contentsOf: terminal.folder.appendingPathComponent("home/holder"), encoding: .utf8)
      let process = try #require(Int32(holder.trimmingCharacters(in: .whitespacesAndNewlines)))
      kill(process, SIGKILL)
      try await terminal.waits(for: "status \(128 + SIGHUP)")
    }
  }

  private func expectRefusal(_ script: String, saying message: String) async throws {
    try await withTerminal(
      ["/bin/sh", "-c", script, try Replicant.path], environment: Replicant.offline
    ) { terminal in
      let screen = try await terminal.waits(for: "status")
      #expect(screen.contains("replicant: " + message) || screen.contains(message))
      #expect(screen.contains("status 2"))
      #expect(await !terminal.written().contains("\u{1B}[?1049h"))
      _ = try await terminal.exitStatus()
      try await terminal.expectRestored()
    }
  }
}
