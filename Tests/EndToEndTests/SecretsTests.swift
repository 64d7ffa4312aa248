import Foundation
import Testing

/// A tour of everything that involves other programs, after which the token is looked for wherever it
/// may have been left.
@Suite(.serialized) struct SecretsTests {
  enum Source: String, CaseIterable { case environment, prompt, savedPrompt, file }

  private static let token = "r8_tour7gq2mXw4zK9pLs5vBn8cRt3yHd6"

  @Test(arguments: Source.allCases)
  func `the token is nowhere but in its own file`(source: Source) async throws {
    try await withDemoServer("--speed", "4") { server in
      let script = #"""
        mkdir -p bin rec tmp run .config/replicant
        for name in editor pager browser xclip; do
          {
            echo '#!/bin/sh'
            echo "cd '$PWD/rec'; name=$name.\$\$"
            echo 'env >$name.env; printf "%s\n" "$@" >$name.args'
            case $name in
              xclip) echo 'cat >$name.stdin';;
              editor) echo 'for file in "$@"; do cat "$file" >$name.text; done'
                echo 'echo " at night" >>"$file"';;
              pager) echo 'cat "$1" >$name.text; clear; echo "paging"; read -r line';;
            esac
            echo ': >$name.done'
          } >bin/$name
          chmod 755 bin/$name
        done
        if [ "$SOURCE" = file ]; then
          (umask 077; echo "$GIVEN" >.config/replicant/token)
        fi
        unset GIVEN SOURCE
        PATH="$PWD/bin:$PATH" TMPDIR="$PWD/tmp" XDG_RUNTIME_DIR="$PWD/run" exec "$0"
        """#
      var environment = [
        "REPLICATE_BASE_URL": server.baseURL, "EDITOR": "editor --wait", "PAGER": "pager",
        "BROWSER": "browser", "DISPLAY": ":99", "SOURCE": source.rawValue, "GIVEN": Self.token,
      ]
      if source == .environment {
        environment["REPLICATE_API_TOKEN"] = Self.token
        environment["MY_COPY_OF_IT"] = "Bearer \(Self.token)"
      }
      try await withTerminal(
        ["/bin/sh", "-c", script, try Replicant.path], columns: 160, rows: 48,
        environment: environment
      ) { terminal in
        if source == .prompt || source == .savedPrompt {
          try await terminal.waits(for: "API token")
          try await terminal.paste(Self.token)
          try await terminal.waits(for: "••••")
          try await terminal.press(source == .prompt ? "Enter" : "C-r")
        }
        try await terminal.waits(for: "Try these first")
        try await tour(terminal)
        try await expectNoToken(terminal, savesIt: source == .savedPrompt || source == .file)
      }
    }
  }

  private func tour(_ terminal: PseudoTerminal) async throws {
    let home = terminal.folder.appendingPathComponent("home")
    @Sendable func recorded(_ name: String) -> Int {
      (try? FileManager.default.contentsOfDirectory(atPath: home.path + "/rec"))?
        .filter { $0.hasPrefix(name + ".") && $0.hasSuffix(".done") }.count ?? 0
    }
    /// Waits for a copy. The message about it may be the same as the one before.
    func copied(_ count: Int) async throws {
      let deadline = ContinuousClock.now + PseudoTerminal.patience
      while recorded("xclip") < count {
        try #require(ContinuousClock.now < deadline)
        try await Task.sleep(for: .milliseconds(10))
      }
      try await terminal.waits(for: "Copied")
    }
    /// Opens something through the palette.
    func go(_ text: String) async throws {
      try await terminal.type(":")
      try await terminal.waits(for: "Commands")
      try await terminal.paste(text)
      try await terminal.waits(for: text)
      try await terminal.press("Enter")
      try await terminal.waits(forEndOf: "Commands")
    }
    func page() async throws {
      try await terminal.type("v")
      try await terminal.waits(for: "paging")
      try await terminal.press("Enter")
      // It may have taken less than a second.
      let screen = try await terminal.waits {
        $0.modes.isAlternateScreen || $0.contains("Press any key")
      }
      if !screen.modes.isAlternateScreen { try await terminal.press("Space") }
      try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("quit") }
    }

    try await go("demo/painter")
    try await terminal.waits(for: "https://replicate.com/demo/painter")
    try await page()
    try await terminal.type("o")
    try await terminal.waits(for: "Opened https://replicate.com/demo/painter")
    for key in ["y", "Y"] {
      let before = recorded("xclip")
      try await terminal.type(key)
      try await copied(before + 1)
    }
    try await terminal.type("r")
    try await terminal.waits { $0.contains("Run demo/painter") && $0.contains("num_outputs") }
    try await terminal.paste("a lighthouse")
    try await terminal.waits(for: "a lighthouse")
    try await terminal.press("M-e")
    try await terminal.waits { $0.modes.isAlternateScreen && $0.contains("at night") }
    try await terminal.press("C-r")
    try await terminal.waits { $0.contains("succeeded") && $0.contains("out-0.png") }
    try await terminal.type("y")
    try await terminal.waits(for: "Copied")
    try await page()
    try await go("log")
    try await terminal.waits(for: "/predictions")
    for key in ["y", "C"] {
      let before = recorded("xclip")
      try await terminal.type(key)
      try await copied(before + 1)
    }
    try await page()
    // The program's own environment doesn't hold it, either: that is what a crash handler sees.
    let inner = try Data(
      contentsOf: URL(fileURLWithPath: "/proc/\(try await terminal.programID())/environ"))
    #expect(!String(decoding: inner, as: UTF8.self).contains(Self.token))
    try await terminal.type("q")
    #expect(try await terminal.exitStatus() == 0)
    #expect(recorded("editor") == 1 && recorded("pager") == 3 && recorded("browser") == 1)
    #expect(recorded("xclip") == 5)
  }

  private func expectNoToken(_ terminal: PseudoTerminal, savesIt: Bool) async throws {
    #expect(await !terminal.written().contains(Self.token))
    let home = terminal.folder.appendingPathComponent("home").path
    let tokenFile = ".config/replicant/token"
    var isSaved = false
    var read = 0
    for name in try FileManager.default.subpathsOfDirectory(atPath: home) {
      guard let data = FileManager.default.contents(atPath: "\(home)/\(name)") else { continue }
      read += 1
      let hasToken = String(decoding: data, as: UTF8.self).contains(Self.token)
      if name == tokenFile, hasToken {
        isSaved = true
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(home)/\(name)")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
      } else {
        #expect(!hasToken, "\(name)")
      }
    }
    #expect(isSaved == savesIt)
    #expect(read > 30)
    let curl = try FileManager.default.contentsOfDirectory(atPath: home + "/rec")
      .filter { $0.hasSuffix(".stdin") }
      .map { try String(contentsOfFile: "\(home)/rec/\($0)", encoding: .utf8) }
    #expect(curl.contains { $0.hasPrefix("curl ") && $0.contains("$REPLICATE_API_TOKEN") })
    // Nothing is left of what was edited and paged.
    #expect(try FileManager.default.contentsOfDirectory(atPath: home + "/run") == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: home + "/tmp") == [])
  }
}
