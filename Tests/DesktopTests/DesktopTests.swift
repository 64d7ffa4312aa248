import Foundation
import Support
import Testing
import ViewModels

@testable import Desktop

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct DesktopTests {
  private func folder() -> String {
    var template = Array("/tmp/replicant-test-XXXXXX".utf8CString)
    return template.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress, let path = mkdtemp(start) else { return "/tmp" }
      return String(cString: path)
    }
  }

  @Test func `the token file is its owner's alone`() throws {
    let file = TokenFile(environment: ["XDG_CONFIG_HOME": folder() + "/deep/er"])
    #expect(file.read() == nil)
    let path = try file.save("r8_secret")
    #expect(path == file.path)
    #expect(file.read() == "r8_secret")
    var facts = stat()
    #expect(stat(path, &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o600)
    _ = try file.save("r8_second")
    #expect(file.read() == "r8_second")
  }

  @Test func `a token file that others can read isn't trusted`() throws {
    let file = TokenFile(environment: ["XDG_CONFIG_HOME": folder()])
    chmod(try file.save("r8_secret"), 0o644)
    #expect(file.read() == nil)
  }

  @Test func `a place that can't be written is named`() {
    let file = TokenFile(environment: ["XDG_CONFIG_HOME": "/dev/null/x"])
    #expect(throws: DesktopFailure.self) { try file.save("r8_secret") }
  }

  @Test(arguments: [
    "file:///etc/passwd", "javascript:alert(1)", "https://a b", "--help", "", "https://x\u{7}y",
  ])
  func `only web addresses are opened`(address: String) async {
    #expect(!SystemDesktop.isWebAddress(address))
    let desktop = await SystemDesktop(environment: [:])
    await #expect(throws: DesktopFailure.self) { try await desktop.openInBrowser(address) }
  }

  @Test func `without a web browser it says so`() async {
    let desktop = await SystemDesktop(environment: ["PATH": "/nowhere"])
    await #expect(throws: DesktopFailure.self) {
      try await desktop.openInBrowser("https://replicate.com")
    }
  }

  @Test(arguments: [
    ("vi", ["vi"]), ("code --wait", ["code", "--wait"]),
    (#""/opt/my editor/e" -f"#, ["/opt/my editor/e", "-f"]),
    ("a 'b c' d\\ e", ["a", "b c", "d e"]),
    ("  ", []), ("e ''", ["e", ""]),
  ])
  func `a command is split as a person writes it`(text: String, words: [String]) {
    #expect(CommandWords.split(text) == words)
  }

  /// A small program of the test's own.
  private func program(_ script: String) throws -> String {
    let path = folder() + "/program"
    try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
    chmod(path, 0o700)
    return path
  }

  @MainActor @Test func `the editor has the terminal, and what it saves comes back`() async throws {
    let terminal = RecordingTerminal(width: 80, height: 24)
    let editor = try program(#"printf 'and a goose\n' >> "$2""#)
    let desktop = SystemDesktop(environment: ["EDITOR": "\(editor) --wait"])
    desktop.terminal = terminal
    #expect(try await desktop.edit("a fox ", named: "prompt.txt") == "a fox and a goose")
    #expect(!terminal.isHandedOver)
  }

  @MainActor @Test func `an editor that fails changes nothing, and says so`() async throws {
    let desktop = SystemDesktop(environment: ["VISUAL": try program("exit 3")])
    await #expect(throws: DesktopFailure.self) { try await desktop.edit("x", named: "x") }
    let missing = SystemDesktop(environment: ["EDITOR": "/nowhere/editor"])
    await #expect(throws: DesktopFailure.self) { try await missing.edit("x", named: "x") }
    let binary = SystemDesktop(environment: ["EDITOR": try program(#"printf '\377' > "$1""#)])
    await #expect(throws: DesktopFailure.self) { try await binary.edit("x", named: "x") }
  }

  @MainActor @Test func `the pager gets the text without what could drive a terminal`() async throws
  {
    let place = folder() + "/seen"
    let pager = try program("cp \"$1\" \(place)")
    let desktop = SystemDesktop(environment: ["PAGER": pager])
    try await desktop.page("one\u{1B}[31m two\n", named: "../evil name")
    #expect(try String(contentsOfFile: place, encoding: .utf8) == "one two\n")
  }

  @MainActor @Test func `a copy goes to the display's tool and to the terminal`() async throws {
    let bin = folder()
    let place = bin + "/clipboard"
    let tool = bin + "/xclip"
    try "#!/bin/sh\ncat > \(place)\n".write(toFile: tool, atomically: true, encoding: .utf8)
    chmod(tool, 0o700)
    let terminal = RecordingTerminal(width: 80, height: 24)
    let desktop = SystemDesktop(environment: ["DISPLAY": ":0", "PATH": "\(bin):/bin:/usr/bin"])
    desktop.terminal = terminal
    #expect(try await desktop.copy("fox 🦊").contains("(xclip)"))
    #expect(try String(contentsOfFile: place, encoding: .utf8) == "fox 🦊")
    #expect(terminal.messages == [.clipboard("fox 🦊")])

    // Over SSH the display is another one.
    let remote = SystemDesktop(environment: ["DISPLAY": ":0", "SSH_TTY": "/x", "PATH": bin])
    remote.terminal = terminal
    #expect(try await remote.copy("hen").contains("OSC 52"))
    #expect(terminal.messages.last == .clipboard("hen"))
    let long = String(repeating: "x", count: SystemDesktop.longestByTerminal + 1)
    await #expect(throws: DesktopFailure.self) { try await remote.copy(long) }
  }
}
