import Foundation
import Settings
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Desktop

/// The editor, the pager, and the clipboard, with small scripts in place of the user's programs.
@MainActor
final class OutsideTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("replicant-outside-\(UUID().uuidString)").path
  private let terminal = RecordingTerminal(width: 80, height: 24)

  init() throws {
    // Temporary files are created in this folder.
    try FileManager.default.createDirectory(
      atPath: folder + "/run", withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Creates a script in a folder that can be on the PATH.
  @discardableResult
  private func program(_ name: String, _ script: String) throws -> String {
    let path = "\(folder)/\(name)"
    try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
    chmod(path, 0o700)
    Self.awaitWriters(of: path)
    return path
  }

  /// Another test's child process may briefly inherit our open files, and a file that is open for
  /// writing can't be executed.
  private static func awaitWriters(of path: String) {
    #if os(Linux)
      let file = open(path, O_RDONLY | O_CLOEXEC)
      // A lease is granted once nobody has the file open for writing.
      while fcntl(file, leaseRequest, F_RDLCK) < 0, errno == EAGAIN { sched_yield() }
      close(file)
    #endif
  }

  private static let leaseRequest: Int32 = 1024

  private func desktop(
    _ environment: [String: String], _ change: (inout Settings.Config) -> Void = { _ in },
    atOnce: Duration = .zero, patience: Duration = .seconds(60)
  ) -> SystemDesktop {
    var settings = Settings.Config()
    change(&settings)
    let standard = ["PATH": "\(folder):/bin:/usr/bin", "XDG_RUNTIME_DIR": folder + "/run"]
    let desktop = SystemDesktop(
      environment: standard.merging(environment) { $1 }, settings: settings,
      limits: .init(clipboardTool: patience, opener: patience, atOnce: atOnce))
    desktop.terminal = terminal
    return desktop
  }

  private func seen(_ name: String = "seen") throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// The texts' files that still exist.
  private var left: [String] {
    (FileManager.default.subpaths(atPath: folder + "/run") ?? []).filter { $0.contains("/") }
  }

  private func failure(_ work: () async throws -> Void) async -> String {
    do {
      try await work()
      return "nothing failed"
    } catch {
      return (error as? DesktopFailure)?.message ?? "\(error)"
    }
  }

  // MARK: The editor

  @Test func `the editor gets the terminal, and the saved text is returned`() async throws {
    let editor = try program(
      "editor",
      #"printf 'and a goose\n' >> "$2"; touch "$2~"; stat -c %a "$2" > "$(dirname "$0")/seen""#)
    let desktop = desktop(["EDITOR": "'\(editor)' --wait"])
    #expect(try await desktop.edit("a fox ", named: "../prompt.txt").text == "a fox and a goose")
    #expect(terminal.handOvers == 1)
    #expect(!terminal.isHandedOver)
    #expect(try seen() == "600\n")
    #expect(FileManager.default.subpaths(atPath: folder + "/run") == [])
  }

  @Test func `a trailing newline is kept if there was one before`() async throws {
    let desktop = desktop(["EDITOR": try program("editor", "exit 0")])
    #expect(try await desktop.edit("a\n", named: "x").text == "a\n")
  }

  @Test func `the editor setting comes before VISUAL, and VISUAL before EDITOR`() async throws {
    for name in ["a", "b", "c"] { try program(name, "printf \(name) > \"$1\"") }
    let variables = ["VISUAL": "b", "EDITOR": "c"]
    #expect(try await desktop(variables, { $0.editor = ["a"] }).edit("", named: "x").text == "a")
    #expect(try await desktop(variables).edit("", named: "x").text == "b")
    #expect(try await desktop(["EDITOR": "c"]).edit("", named: "x").text == "c")
    try program("nano", "printf n > \"$1\"")
    #expect(try await desktop([:]).edit("", named: "x").text == "n")
  }

  @Test func `an editor that fails changes nothing, and saved text isn't lost`() async throws {
    let three = desktop(["VISUAL": try program("three", "exit 3")])
    let message = await failure { _ = try await three.edit("x", named: "x") }
    #expect(message.hasSuffix("three exited with status 3. The text wasn’t changed."))
    #expect(left == [])

    let saved = desktop(["VISUAL": try program("saved", #"printf y > "$1"; kill -9 $$"#)])
    let words = await failure { _ = try await saved.edit("x", named: "x") }
    #expect(words.contains("exited with status 137"))
    #expect(left.count == 1)
    #expect(words.contains("Your edits are in \(folder)/run/\(left[0])"))
  }

  @Test func `a missing editor never gets the terminal`() async throws {
    for editor in ["/nowhere/editor", "nosuch", "'open"] {
      let desktop = desktop(["EDITOR": editor])
      await #expect(throws: DesktopFailure.self) { try await desktop.edit("x", named: "x") }
    }
    // A program that exists but can't be started.
    let broken = try program("broken", "")
    try "#!/nowhere/sh\n".write(toFile: broken, atomically: false, encoding: .utf8)
    let message = await failure { _ = try await desktop(["EDITOR": broken]).edit("x", named: "x") }
    #expect(message.contains("couldn’t be started"))
    #expect(!terminal.isHandedOver)
    #expect(left == [])
  }

  @Test(arguments: [#"printf '\377' > "$1""#, #"head -c 16000001 /dev/zero > "$1""#])
  func `an edited text that can't be read stays in its file`(script: String) async throws {
    let desktop = desktop(["EDITOR": try program("editor", script)])
    let message = await failure { _ = try await desktop.edit("x", named: "x") }
    #expect(left.count == 1)
    #expect(message.contains("Your edits are in \(folder)/run/\(left[0])"))
  }

  @Test func `only one program can use the terminal at a time`() async throws {
    // The first program waits until the second one has been refused.
    let gate = "\(folder)/gate"
    mkfifo(gate, 0o600)
    let desktop = desktop(["EDITOR": try program("editor", "cat '\(gate)' > \"$1\"")])
    async let first = desktop.edit("x", named: "x")
    while !terminal.isHandedOver { await Task.yield() }
    let message = await failure { _ = try await desktop.edit("y", named: "y") }
    #expect(message == "Another program is using the terminal.")
    try "done".write(toFile: gate, atomically: false, encoding: .utf8)
    #expect(try await first.text == "done")
    #expect(terminal.handOvers == 1)
  }

  @Test func `a child process has the default signal handling`() async throws {
    let script = #"grep -E '^Sig(Blk|Ign)' /proc/self/status > "$(dirname "$0")/seen""#
    signal(SIGPIPE, SIG_IGN)
    try await desktop(["PAGER": try program("pager", script)]).page("x", named: "x")
    guard FileManager.default.fileExists(atPath: "/proc/self/status") else { return }
    let masks = try seen().split(separator: "\n").map { $0.split(separator: "\t").last ?? "" }
    // INT, QUIT, TSTP, CONT, WINCH, PIPE, TERM, HUP.
    let usual = [SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE, SIGTERM, SIGHUP]
      .reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
    #expect(masks.count == 2)
    for mask in masks { #expect(try #require(UInt64(mask, radix: 16)) & usual == 0) }
  }

  #if os(Linux)
    @Test func `a child process inherits no files except the terminal`() async throws {
      let open = fcntl(0, F_DUPFD, 150)
      defer { close(open) }
      try #require(open >= 150)
      let script = "[ ! -e /proc/$$/fd/\(open) ] || exit 7"
      try await desktop(["PAGER": try program("pager", script)]).page("x", named: "x")
    }
  #endif

  @Test func `an editor that returns at once without a change keeps its file`() async throws {
    let editor = try program("editor", #"echo "$1" > "$(dirname "$0")/seen""#)
    let desktop = desktop(["EDITOR": editor], atOnce: .seconds(600))
    guard case .maybeOpen(let file) = try await desktop.edit("a fox", named: "x") else {
      Issue.record("the file is gone")
      return
    }
    #expect(try seen() == file.path + "\n")
    #expect(try file.read() == "a fox")
    try "a hen\n".write(toFile: file.path, atomically: false, encoding: .utf8)
    #expect(try file.read() == "a hen")
    file.discard()
    #expect(left == [])
    #expect(throws: DesktopFailure.self) { try file.read() }
  }

  @Test func `an editor that changes the text at once needs no question`() async throws {
    let editor = try program("editor", #"printf hen > "$1""#)
    let desktop = desktop(["EDITOR": editor], atOnce: .seconds(600))
    #expect(try await desktop.edit("fox", named: "x").text == "hen")
    #expect(left == [])
  }

  @Test func `a configured program's home folder and variables are expanded`() async throws {
    try program("editor", "printf $2 > \"$3\"")
    let variables = ["HOME": folder, "DIR": folder, "WORD": "two words"]
    for command in ["~/editor \"$WORD\" a", "$HOME/editor '' a", "${DIR}/editor x a"] {
      let desktop = desktop(variables.merging(["EDITOR": command]) { $1 })
      #expect(try await desktop.edit("", named: "x").text == "a")
    }
  }

  // MARK: Secrets

  /// Sets variables of this process, which its child processes would inherit.
  private func withVariables(
    _ variables: [String: String], _ body: () async throws -> Void
  ) async throws {
    for (name, value) in variables { setenv(name, value, 1) }
    defer { for name in variables.keys { unsetenv(name) } }
    try await body()
  }

  @Test func `no program gets a token`() async throws {
    let names = ["editor", "pager", "browser", "xclip", "tmux"]
    for name in names { try program(name, #"env > "$(dirname "$0")/$(basename "$0")-env""#) }
    let variables = [
      "REPLICATE_API_TOKEN": "r8_inherited", "OTHER_TOKEN": "Bearer r8_in_use",
      "OLDER_TOKEN": "x=r8_used_before;", "HARMLESS_TEST": "stays",
    ]
    try await withVariables(variables) {
      let desktop = desktop([
        "EDITOR": "editor", "PAGER": "pager", "BROWSER": "browser", "DISPLAY": ":0", "TMUX": "t",
      ])
      desktop.protect("r8_used_before")
      desktop.protect("r8_in_use")
      _ = try await desktop.edit("x", named: "x")
      try await desktop.page("x", named: "x")
      try await desktop.openInBrowser("https://replicate.com")
      _ = try await desktop.copy("x")
    }
    for name in names {
      let environment = try seen("\(name)-env")
      #expect(!environment.contains("r8_"), "\(name)")
      #expect(environment.contains("HARMLESS_TEST=stays"), "\(name)")
    }
  }

  // MARK: The web browser

  @Test func `a browser that fails is reported, with its status`() async throws {
    let browser = try program("browser", "exit 3")
    let message = await failure {
      try await desktop(["BROWSER": browser]).openInBrowser("https://replicate.com")
    }
    #expect(message == "\(browser) exited with status 3.")
  }

  @Test func `a browser that goes on running has opened the address`() async throws {
    let gate = "\(folder)/gate"
    mkfifo(gate, 0o600)
    let browser = try program(
      "browser", #"echo "$1" > "$(dirname "$0")/seen"; cat '\#(gate)'; exit 3"#)
    let desktop = desktop(["BROWSER": browser], patience: .milliseconds(500))
    try await desktop.openInBrowser("https://replicate.com/a")
    #expect(try seen() == "https://replicate.com/a\n")
    try "end".write(toFile: gate, atomically: false, encoding: .utf8)
  }

  // MARK: The pager

  @Test func `what a pager leaves on the screen stays until a key`() async throws {
    let pager = try program("pager", #"cat "$1""#)
    try await desktop(["PAGER": pager], atOnce: .seconds(600)).page("x", named: "x")
    #expect(terminal.pauses == ["Press any key to return"])
    try await desktop(["PAGER": pager], atOnce: .zero).page("x", named: "x")
    #expect(terminal.pauses.count == 1)
    #expect(!terminal.isHandedOver)
    #expect(left == [])
  }

  @Test func `the pager gets the text without control sequences`() async throws {
    let script =
      #"cat "$2" > "$(dirname "$0")/seen"; echo $1 $LESSSECURE $LESSHISTFILE >> "$(dirname "$0")/seen""#
    let own = try program("own", script)
    let desktop = desktop(["PAGER": "less"], { $0.pager = [own, "-S"] })
    try await desktop.page("one\u{1B}[31m two\n", named: "../evil name")
    #expect(try seen() == "one two\n-S 1 -\n")
    #expect(terminal.handOvers == 1)
    #expect(left == [])
  }

  @Test func `a pager's failure is reported`() async throws {
    let desktop = desktop(["PAGER": try program("pager", "exit 2")])
    let message = await failure { try await desktop.page("x", named: "x") }
    #expect(message.hasSuffix("pager exited with status 2."))
    #expect(left == [])
  }

  // MARK: The clipboard

  static let remote = ["DISPLAY": ":0", "SSH_CONNECTION": "a 1 b 2"]

  #if os(Linux)
    @Test func `clipboard tools are used only for the user's own display`() {
      let x = [["xclip", "-selection", "clipboard"], ["xsel", "-ib"]]
      let display = ClipboardPlan(.auto, environment: ["DISPLAY": ":0"])
      #expect(display.tools == x && display.terminal == .fallback && !display.usesTmux)
      let wayland = ClipboardPlan(
        .auto, environment: ["DISPLAY": ":0", "WAYLAND_DISPLAY": "w", "TMUX": "t"])
      #expect(wayland.tools == [["wl-copy"]] + x && wayland.usesTmux)
      let console = ClipboardPlan(.auto, environment: [:])
      #expect(console.tools == [] && console.terminal == .fallback)
      let remote = ClipboardPlan(.auto, environment: Self.remote)
      #expect(remote.tools == [] && remote.terminal == .always)
      let native = ClipboardPlan(.native, environment: Self.remote)
      #expect(native.tools == x && native.terminal == .never)
      let osc = ClipboardPlan(.osc52, environment: ["DISPLAY": ":0", "TMUX": "t"])
      #expect(osc.tools == [] && osc.terminal == .always && !osc.usesTmux)
    }
  #endif

  private static let keep = #"cat > "$(dirname "$0")/$(basename "$0")-took""#

  @Test func `a copy goes only to the display's tool`() async throws {
    try program("xclip", Self.keep)
    let text = "fox 🦊" + String(repeating: "x", count: 1_000_000)
    #expect(
      try await desktop(["DISPLAY": ":0"]).copy(text) == "Copied 1 MB (xclip).")
    #expect(try seen("xclip-took") == text)
    #expect(terminal.messages == [])
  }

  @Test func `a copy is cleaned like what is drawn`() async throws {
    try program("xclip", Self.keep)
    let dirty =
      "one\ttwo\r\nthree\u{0}\u{8}\u{1B}[31m red\u{1B}]52;c;eA==\u{7}\u{9B}1m\u{202E}\u{61C}\u{200B}"
      + "\u{E0041}end\n"
    let clean = "one\ttwo\nthree redend\n"
    _ = try await desktop(["DISPLAY": ":0"]).copy(dirty)
    #expect(try seen("xclip-took") == clean)
    _ = try await desktop(Self.remote).copy(dirty)
    #expect(terminal.messages == [.clipboard(clean)])
  }

  @Test func `the next way to copy is tried if one fails`() async throws {
    try program("wl-copy", "exit 1")
    try program("xclip", "exec sleep 1000")
    try program("xsel", Self.keep)
    let variables = ["WAYLAND_DISPLAY": "w", "DISPLAY": ":0"]
    let words = try await desktop(variables, patience: .milliseconds(100)).copy(
      String(repeating: "x", count: 1_000_000))
    #expect(words == "Copied 1 MB (xsel).")
  }

  @Test func `the terminal is asked if no tool can copy`() async throws {
    try program("xclip", "exit 1")
    try program("xsel", "exit 1")
    #expect(
      try await desktop(["DISPLAY": ":0"]).copy("h") == "Copied 1 character (OSC 52).")
    #expect(terminal.messages == [.clipboard("h")])
  }

  @Test func `over SSH, tmux and the terminal get the copy`() async throws {
    try program("tmux", Self.keep)
    let words = try await desktop(Self.remote.merging(["TMUX": "t"]) { $1 }).copy("hen")
    #expect(words == "Copied 3 characters (tmux, OSC 52).")
    #expect(try seen("tmux-took") == "hen")
    #expect(terminal.messages == [.clipboard("hen")])
  }

  @Test func `a copy too long for the terminal is refused with an explanation`() async throws {
    let most = String(repeating: "x", count: ClipboardPlan.longestByTerminal)
    _ = try await desktop(Self.remote).copy(most)
    let message = await failure {
      _ = try await desktop(Self.remote).copy(String(repeating: "x", count: 240_000))
    }
    #expect(message.hasPrefix("The text has 240 kB, and OSC 52 allows only 74 kB."))
    #expect(terminal.messages.count == 1)
  }

  @Test func `an empty copy and a copy without any way left are refused`() async throws {
    #expect(await failure { _ = try await desktop([:]).copy("") } == "There’s nothing to copy.")
    let message = await failure {
      _ = try await desktop(["PATH": folder], { $0.clipboard = .native }).copy("x")
    }
    #expect(message.hasPrefix("Couldn’t copy. Install"))
    #expect(terminal.messages == [])
  }

  // MARK: Files

  @Test func `a file is saved for its owner only, and opened`() async throws {
    try program("opener", #"printf %s "$1" >"$(dirname "$0")/seen""#)
    let content: [UInt8] = [0x89, 0x50, 0, 0xFF]
    let words = try await desktop(["BROWSER": "opener"]).openFile(content, type: "image/png")
    let path = try #require(words.split(separator: " ").last?.dropLast()).description
    #expect(words == "Opened \(path)." && path.hasSuffix(".png"))
    #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == content)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test(arguments: ["text/html", "application/x-desktop", "image/svg+xml", "../../x"])
  func `a file that might be a program is saved, and not opened`(type: String) async throws {
    try program("opener", "exit 0")
    let words = try await desktop(["BROWSER": "opener"]).openFile([1], type: type)
    #expect(words.hasPrefix("Saved as \(folder)/run/replicant-"), "\(words)")
  }

  @Test func `without a program to open it, a file is saved`() async throws {
    let words = try await desktop(["PATH": folder]).openFile([1], type: "image/png")
    #expect(words.hasPrefix("Saved as "), "\(words)")
  }

  @Test func `a notification goes to the terminal`() {
    desktop([:]).announce(title: "Replicant", body: "acme/painter: succeeded")
    #expect(terminal.messages == [.notice(title: "Replicant", body: "acme/painter: succeeded")])
  }
}

extension EditedText {
  /// The text, if it was saved.
  fileprivate var text: String? { if case .saved(let text) = self { text } else { nil } }
}
