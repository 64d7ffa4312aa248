import Foundation
import Testing

/// Tests the harness itself with programs that every system has.
@Suite(.serialized) struct PseudoTerminalTests {
  @Test func `typed text appears, the size is right, and the exit status is returned`()
    async throws
  {
    let script = "stty size; echo \"$GREETING in $TERM\"; read -r line; echo \"<$line>\"; exit 7"
    try await withTerminal(
      ["/bin/sh", "-c", script], columns: 50, rows: 9, environment: ["GREETING": "hé 漢"]
    ) { terminal in
      let screen = try await terminal.waits(for: "hé 漢 in tmux-256color")
      #expect(screen.lines.first == "9 50")
      #expect(try #require(screen.position(of: "in tmux")) == (6, 1))
      try await terminal.type("it's $HOME;\r")
      try await terminal.waits(for: "<it's $HOME;>")
      #expect(try await terminal.exitStatus() == 7)
      #expect(try terminal.settingsBefore == terminal.settingsAfter)
    }
  }

  @Test func `styles are recognized`() async throws {
    let script = #"printf '\033[1;31mred\033[0m plain \033[7;38;5;208mselected\033[0m'; read -r _"#
    try await withTerminal(["/bin/sh", "-c", script]) { terminal in
      let screen = try await terminal.waits(for: "selected")
      #expect(screen.style(of: "red") == TerminalScreen.Style(isBold: true, foreground: "1"))
      #expect(screen.style(of: "plain") == TerminalScreen.Style())
      #expect(
        screen.style(of: "selected") == TerminalScreen.Style(isReversed: true, foreground: "208"))
    }
  }

  @Test func `a full-screen program can be controlled, resized, stopped, and ended`() async throws {
    try await withTerminal(["/bin/sh", "-c", "seq 1 500 | less"], columns: 40, rows: 10) {
      terminal in
      let first = try await terminal.waits { $0.lines.first == "1" && $0.contains("9") }
      #expect(first.modes.isAlternateScreen)
      try await terminal.press("NPage")
      try await terminal.waits { $0.lines.first == "10" }
      try await terminal.resize(columns: 30, rows: 20)
      let resized = try await terminal.waits { $0.modes.rows == 20 && $0.contains("28") }
      #expect(resized.modes.columns == 30)

      try await terminal.press("C-z")
      #expect(try await terminal.stopSignal() == SIGTSTP)
      try await terminal.waits { !$0.modes.isAlternateScreen }
      try await terminal.foreground()
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("28") }
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      #expect(try terminal.settingsBefore == terminal.settingsAfter)
    }
  }

  @Test func `a signal ends a program, and a paste arrives in full`() async throws {
    try await withTerminal(["/bin/cat"]) { terminal in
      try await terminal.paste("one\ntwo 'three'\n")
      // Once from the terminal's echo, and once from cat.
      try await terminal.waits { screen in
        ["one", "two 'three'"].allSatisfy { text in screen.lines.count { $0 == text } == 2 }
      }
      try await terminal.signal(SIGTERM)
      #expect(try await terminal.exitStatus() == 128 + SIGTERM)
    }
  }

  @Test func `a failed wait includes the screen`() async throws {
    try await withTerminal(["/bin/sh", "-c", "echo something else; read -r _"]) { terminal in
      try await terminal.waits(for: "something else")
      let failure = await #expect(throws: PseudoTerminal.Failure.self) {
        try await terminal.waits(for: "never", within: .milliseconds(50))
      }
      #expect(failure?.description.contains("|something else ") == true)
    }
  }

  @Test func `nothing is left behind`() async throws {
    let folder = try await withTerminal(["/bin/cat"]) { $0.folder }
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
