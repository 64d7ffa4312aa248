import Foundation
import Settings
import Support
import Testing
import ViewModels

@testable import Desktop

/// Secrets from the places that a config file can name.
@MainActor
struct SecretTests {
  private let folder: TestFolder
  private let terminal = RecordingTerminal(width: 80, height: 24)

  init() throws { folder = try TestFolder() }

  private func desktop(
    _ environment: [String: String] = [:], patience: Duration = .seconds(600)
  ) -> SystemDesktop {
    var limits = SystemDesktop.Limits()
    limits.secretCommand = patience
    let standard = ["PATH": "/bin:/usr/bin", "HOME": folder.path]
    let desktop = SystemDesktop(
      environment: standard.merging(environment) { $1 }, settings: Settings.Config(),
      limits: limits)
    desktop.terminal = terminal
    return desktop
  }

  /// A command that runs a script, in which `$0` is the path of a file in this test's folder.
  private func shell(_ script: String) -> Settings.SecretSource {
    .command(["sh", "-c", script, folder.path + "/mark"])
  }

  private func failure(
    _ source: Settings.SecretSource, _ desktop: SystemDesktop? = nil
  ) async -> String {
    do {
      let secret = try await (desktop ?? self.desktop()).secret("API token", from: source)
      return "nothing failed: \(secret)"
    } catch {
      return error.message
    }
  }

  // MARK: Variables and files

  @Test func `a variable holds the secret`() async throws {
    let desktop = desktop(["WORK": " r8_work\n", "EMPTY": " "])
    #expect(try await desktop.secret("API token", from: .variable("WORK")) == "r8_work")
    for name in ["EMPTY", "NOWHERE"] {
      #expect(
        await failure(.variable(name), desktop)
          == "The environment variable \(name), which should hold the API token, isn’t set.")
    }
  }

  @Test func `a file that only its owner can access holds the secret`() async throws {
    let path = try folder.write("keys/work", Array("r8_work\n".utf8))
    chmod(path, 0o600)
    #expect(try await desktop().secret("API token", from: .file("~/keys/work")) == "r8_work")
    #expect(try await desktop().secret("API token", from: .file(path)) == "r8_work")
    chmod(path, 0o640)
    #expect(
      await failure(.file(path))
        == "The file with the API token was ignored because others can access it. To use it, run:\n"
        + "chmod 600 \(path)")
    #expect(
      await failure(.file("~/none"))
        == "The file with the API token is missing or empty:\n\(folder.path)/none")
  }

  // MARK: Commands

  @Test func `a command's first line is the secret, and the screen is left alone`() async throws {
    let source = shell("echo noise >&2; printf '\\n  r8_work \\nuser: me\\n'")
    #expect(try await desktop().secret("API token", from: source) == "r8_work")
    #expect(terminal.handOvers == 0)
  }

  @Test func `no shell reads a command's words`() async throws {
    let source = Settings.SecretSource.command(["echo", "$HOME;", "~", "*"])
    #expect(try await desktop().secret("API token", from: source) == "$HOME; ~ *")
    try folder.write("bin/token", Array("r8_work".utf8))
    #expect(
      try await desktop().secret("API token", from: .command(["cat", "~/bin/token"])) == "r8_work")
  }

  @Test func `a command gets neither input nor the terminal nor other secrets`() async throws {
    // A variable of this process that child processes would inherit.
    let inherited = try #require(ProcessInfo.processInfo.environment["PATH"])
    let desktop = desktop(["OTHER": inherited])
    _ = try await desktop.secret("API token", from: .variable("OTHER"))
    let source = shell(
      #"""
      if (: < /dev/tty) 2> /dev/null; then echo terminal; exit; fi
      if read -r line; then echo input; exit; fi
      if /usr/bin/env | /usr/bin/grep -q '^PATH='; then echo secrets; exit; fi
      echo "nothing$GPG_TTY"
      """#)
    #expect(try await desktop.secret("API token", from: source) == "nothing")
  }

  @Test func `a command that wants to ask gets the terminal`() async throws {
    let source = shell(
      #"if [ -e "$0" ]; then echo r8_work; else : > "$0"; echo 'no tty' >&2; exit 2; fi"#)
    #expect(try await desktop().secret("API token", from: source) == "r8_work")
    #expect(terminal.handOvers == 1)
    #expect(!terminal.isHandedOver)
  }

  @Test func `a command that waits for something is killed, and then gets the terminal`()
    async throws
  {
    // The script's own child has to end, too, or its output would stay open.
    let source = shell(
      #"if [ -e "$0" ]; then echo r8_work; else : > "$0"; sleep 1000; echo late; fi"#)
    let desktop = desktop(patience: .milliseconds(500))
    #expect(try await desktop.secret("API token", from: source) == "r8_work")
    #expect(terminal.handOvers == 1)
  }

  @Test func `a command's failure is told in its own words`() async {
    let words = await failure(shell("echo one >&2; printf 'no \\033[31mkey\\n\\n' >&2; exit 7"))
    #expect(words == "sh, which should print the API token, exited with status 7: no key")
    #expect(!terminal.isHandedOver)
    let stopped = await failure(shell(#"[ -e "$0" ] && kill -INT $$; : > "$0"; exit 1"#))
    #expect(stopped == "sh was stopped.")
  }

  @Test func `a command that doesn't print a secret has failed`() async {
    #expect(await failure(shell("echo; echo ' '")) == "sh didn’t print the API token.")
    #expect(
      await failure(shell("while :; do echo r8_work; done"))
        == "sh printed more than 4 KB, which can’t be the API token.")
    #expect(
      await failure(.command(["nosuch-program"]))
        == "The program “nosuch-program”, which should print the API token, wasn’t found.")
    #expect(terminal.handOvers == 0)
  }

  @Test func `long messages don't stop a command`() async throws {
    let source = shell("head -c 1000000 /dev/zero >&2; echo r8_work")
    #expect(try await desktop().secret("API token", from: source) == "r8_work")
  }

  @Test func `what a command leaves running isn't waited for`() async throws {
    let source = shell(#"sleep 1000 & echo $! > "$0"; echo r8_work"#)
    #expect(try await desktop().secret("API token", from: source) == "r8_work")
    let text = try String(contentsOfFile: folder.path + "/mark", encoding: .utf8)
    if let id = pid_t(text.filter(\.isNumber)), id > 1 { kill(id, SIGKILL) }
  }

  @Test func `a command ends when nobody waits for it any more`() async throws {
    let gate = folder.path + "/mark"
    mkfifo(gate, 0o600)
    let desktop = desktop()
    let source = shell(#"echo started > "$0"; sleep 1000"#)
    let task = Task { await failure(source, desktop) }
    // Waits until the command has started.
    let opened = await Task.detached { open(gate, O_RDONLY) }.value
    close(opened)
    task.cancel()
    #expect(await task.value == "sh was stopped.")
    #expect(terminal.handOvers == 0)
  }

  @Test func `a command doesn't get a terminal that another program has`() async throws {
    let gate = folder.path + "/gate"
    mkfifo(gate, 0o600)
    let desktop = desktop(["PAGER": "cat '\(gate)'"])
    async let paged: Void = desktop.page("x", named: "x")
    while !terminal.isHandedOver { await Task.yield() }
    let words = await failure(shell("exit 1"), desktop)
    #expect(words == "Another program is using the terminal.")
    try "end".write(toFile: gate, atomically: false, encoding: .utf8)
    try await paged
  }
}
