import Foundation
import Testing

/// What surrounds the program may mislead or hinder it: variables, signals, limits, and arguments.
@Suite(.serialized) struct SurroundingsTests {
  // MARK: The size

  @Test func `the terminal's own size counts, not COLUMNS and LINES`() async throws {
    let environment = ["COLUMNS": "30", "LINES": "8"]
    try await Replicant.run(environment: environment) { terminal in
      // A screen of 30×8 would have been too small for panes.
      #expect(await !terminal.written().contains("40×12"))
      let screen = try await terminal.waits { $0.lines.last?.contains("quit") == true }
      #expect(screen.lines.count == 40 && TerminalScreen.columns(of: screen.lines[1]) == 120)
      try await terminal.resize(columns: 90, rows: 20)
      try await terminal.waits { $0.modes.rows == 20 && $0.lines.last?.contains("quit") == true }
      try await terminal.resize(columns: 150, rows: 45)
      try await terminal.waits { $0.modes.rows == 45 && $0.lines.last?.contains("quit") == true }
      #expect(await !terminal.written().contains("40×12"))
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
    }
  }

  // MARK: Signals

  @Test(arguments: [
    SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGPOLL, SIGSYS, SIGPWR, 34, 64,
  ])
  func `a signal that ends the program restores the terminal`(signal: Int32) async throws {
    try await Replicant.run { terminal in
      try await terminal.signal(signal)
      #expect(try await terminal.exitStatus() == 128 + signal)
      let words = signal == SIGSYS ? "replicant crashed (SIGSYS)" : "was ended by a signal ("
      try await terminal.waits(for: words)
      try await terminal.expectRestored()
    }
  }

  @Test(arguments: [SIGXFSZ, SIGPIPE, SIGURG])
  func `a signal without a meaning here is ignored`(signal: Int32) async throws {
    try await Replicant.run { terminal in
      try await terminal.signal(signal)
      try await terminal.type(":")
      try await terminal.waits(for: "Commands")
      try await terminal.press("Escape")
      try await terminal.waits(forEndOf: "Commands")
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await terminal.expectRestored()
    }
  }

  // MARK: Limits

  @Test(arguments: [[], ["--demo"]])
  func `with too few files there are words, and with enough there are panes`(
    arguments: [String]
  ) async throws {
    // Tries ever higher limits until one is enough.
    let script = #"""
      n=4
      while [ $n -lt 200 ]; do
        (ulimit -n $n; exec "$0" "$@") 2>err
        status=$?
        if [ $status != 2 ] || ! grep -q 'ulimit -n' err; then break; fi
        n=$((n + 1))
      done
      echo "ended at $n with $status"; cat err
      """#
    try await withTerminal(
      ["/bin/sh", "-c", script, try Replicant.path] + arguments, environment: Replicant.offline
    ) { terminal in
      let screen = try await terminal.waits { $0.contains("ended at") || $0.modes.wantsMouse }
      #expect(!screen.contains("ended at"), "\(screen)")
      try await terminal.waits { $0.contains(arguments.isEmpty ? "offline" : "Try these first") }
      try await terminal.type("q")
      let last = try await terminal.waits(for: "ended at")
      #expect(last.contains(" with 0"))
      let limit = last.text.firstMatch(of: #/ended at (\d+)/#).flatMap { Int($0.1) } ?? 0
      #expect(limit > 20)
    }
  }

  @Test func `with too little memory there are words`() async throws {
    let script = #"(ulimit -v 200000; exec "$0" --demo); echo "status $?""#
    try await withTerminal(["/bin/sh", "-c", script, try Replicant.path]) { terminal in
      let screen = try await terminal.waits(for: "status")
      #expect(screen.contains("ulimit -v"))
      #expect(screen.contains("status 2"))
    }
  }

  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
  func `closed files are no reason to write into others`(redirection: String) async throws {
    let script = #""$0" --demo \#(redirection); echo "status $?""#
    try await withTerminal(["/bin/sh", "-c", script, try Replicant.path]) { terminal in
      if redirection == "2>&-" {
        // The screen needs no stderr.
        try await terminal.waits { $0.contains("Try these first") && $0.modes.wantsMouse }
        try await terminal.type("q")
        try await terminal.waits(for: "status 0")
      } else {
        try await terminal.waits(for: "status 2")
      }
      _ = try await terminal.exitStatus()
      try await terminal.expectRestored()
    }
  }

  // MARK: Arguments

  @Test(arguments: [
    ["bad\u{1B}]0;title\u{7}\u{1B}[31m address\u{9B}1m\u{202E}"], ["--no\u{1B}[31mwhere"],
    ["demo-server", "--port", "\u{1B}[2J"], ["--fault", "\u{1B}[2J"],
    ["--demo", "--demo-models", "/nowhere/\u{1B}[2J"],
  ])
  func `an argument's control characters aren't echoed`(arguments: [String]) throws {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: try Replicant.path)
    process.arguments = arguments
    process.standardError = errors
    try process.run()
    let printed = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 64)
    let text = String(decoding: printed, as: UTF8.self)
    #expect(text.contains("Error: "))
    #expect(
      text.unicodeScalars.allSatisfy {
        $0 == "\n"
          || $0.properties.generalCategory != .control
            && $0.properties.generalCategory != .format
      }, "\(text.debugDescription)")
  }

  // MARK: The network

  @Test func `the demo needs no proxy and no certificates`() async throws {
    let environment = [
      "http_proxy": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1",
      "ALL_PROXY": "socks5://127.0.0.1:1", "SSL_CERT_FILE": "/nonexistent",
      "SSL_CERT_DIR": "/nonexistent",
    ]
    try await withTerminal([Replicant.path, "--demo"], environment: environment) { terminal in
      try await terminal.waits { $0.contains("Try these first") && $0.contains("painter") }
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
    }
  }

  @Test(arguments: [
    (["ALL_PROXY": "socks5://127.0.0.1:1"], "ALL_PROXY names a SOCKS proxy"),
    (["https_proxy": "nonsense://x"], "https_proxy isn't a URL"),
    (["SSL_CERT_FILE": "/nonexistent/ca.pem"], "/nonexistent/ca.pem (SSL_CERT_FILE)"),
  ])
  func `what the network settings prevent is shown in the window`(
    environment: [String: String], words: String
  ) async throws {
    let service = [
      "REPLICATE_BASE_URL": "https://replicate.test/v1", "REPLICATE_API_TOKEN": "r8_end_to_end",
    ]
    try await withTerminal(
      [Replicant.path], columns: 200, environment: service.merging(environment) { $1 }
    ) { terminal in
      let screen = try await terminal.waits(for: words)
      #expect(screen.modes.isAlternateScreen)
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
    }
  }

  // MARK: The token file

  @Test(arguments: [
    ("printf r8_secret >$f; chmod 644 $f", "chmod 600"),
    ("mkfifo -m 600 $f", "isn’t a regular file"),
    ("printf 'two words' >$f; chmod 600 $f", "doesn’t contain an API token"),
  ])
  func `a token file that can't be used is explained above the prompt`(
    setUp: String, words: String
  ) async throws {
    let script =
      #"mkdir -p .config/replicant; f=.config/replicant/token; \#(setUp); exec "$0""#
    try await withTerminal(["/bin/sh", "-c", script, try Replicant.path]) { terminal in
      try await terminal.waits { $0.contains(words) && $0.modes.wantsMouse }
      try await terminal.press("Escape")
      try await terminal.waits { !$0.contains("─ API token ─") && $0.contains("q quit") }
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      try await terminal.expectRestored()
    }
  }
}
