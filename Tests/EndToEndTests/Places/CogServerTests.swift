import Foundation
import Support
import Testing

/// The servers to test with.
private struct CogServers: Sendable {
  /// Its model writes a text in capitals.
  let capitals: Substring
  /// Its model puts out the words of a text one by one.
  let stream: Substring
  /// Its setup has failed.
  let broken: Substring

  static let given: CogServers? = {
    let names = ProcessInfo.processInfo.environment["REPLICANT_COG_SERVERS"]?.split(separator: " ")
    guard let names, names.count == 3 else { return nil }
    return CogServers(capitals: names[0], stream: names[1], broken: names[2])
  }()
}

/// Profiles that are servers of a single model, with cog's own HTTP server. `scripts/cog` starts the
/// servers and runs these tests.
@Suite(
  .serialized,
  .enabled(if: CogServers.given != nil, "scripts/cog runs these with servers of cog"))
struct CogServerTests {
  /// Runs the program with one server as a profile.
  private func with(
    _ server: KeyPath<CogServers, Substring>, _ body: (PseudoTerminal) async throws -> Void
  ) async throws {
    let folder = try TestFolder()
    defer { withExtendedLifetime(folder) {} }
    let address = try #require(CogServers.given)[keyPath: server]
    try folder.write(
      "replicant/config.toml",
      Array("[profile.local]\nkind = \"cog\"\nbase-url = \"\(address)\"\n".utf8))
    let environment = [
      "XDG_CONFIG_HOME": folder.path, "XDG_DATA_HOME": folder.path, "XDG_STATE_HOME": folder.path,
    ]
    try await withTerminal(
      [try Replicant.path, "--profile", "local"], environment: environment, body)
  }

  /// Opens the form of the model, in place of what it was filled in with, and runs it.
  private func fillIn(
    _ terminal: PseudoTerminal, text: String, seconds: String, isAgain: Bool = false
  ) async throws {
    if isAgain {
      try await terminal.press("3")
      try await terminal.waits(for: "F2 request")
      try await terminal.press("Escape")
      try await terminal.waits(forEndOf: "F2 request")
    }
    try await terminal.press("r")
    if isAgain {
      // It opens where it was left.
      try await terminal.waits(for: "How long it takes")
      try await terminal.press("BTab")
    }
    try await terminal.waits(for: "Text to write in capitals")
    if isAgain { try await terminal.pressAndSee("C-u") }
    try await terminal.typeSlowly(text)
    try await terminal.pressAndSee("Tab")
    if isAgain { try await terminal.pressAndSee("C-u") }
    try await terminal.typeSlowly(seconds)
    try await terminal.press("C-r")
  }

  @Test func `the model's page opens, its form is filled in, and runs end or are canceled`()
    async throws
  {
    try await with(\.capitals) { terminal in
      try await terminal.waits(for: "inputs        2, required: text")
      try await fillIn(terminal, text: "a quiet harbor", seconds: "1")
      try await terminal.waits(for: "A QUIET HARBOR")
      try await terminal.waits(for: "succeeded")
      try await fillIn(terminal, text: "fail", seconds: "1", isAgain: true)
      try await terminal.waits(for: "it failed, as asked")
      try await fillIn(terminal, text: "never", seconds: "60", isAgain: true)
      try await terminal.waits(for: "processing")
      try await terminal.press("c")
      try await terminal.waits(for: "Cancel this prediction?")
      try await terminal.answer("y", until: "was canceled.")
      try await terminal.press("4")
      try await terminal.waits { screen in
        ["a quiet h", "failed", "canceled"].allSatisfy(screen.contains)
      }
    }
  }

  @Test func `words are seen as they come`() async throws {
    try await with(\.stream) { terminal in
      try await terminal.waits(for: "required: text")
      try await fillIn(terminal, text: "one two three four five six", seconds: "3")
      try await terminal.waits { $0.contains("ONE TWO") && !$0.contains("SIX") }
      try await terminal.waits(for: "ONE TWO THREE FOUR FIVE SIX")
      try await terminal.waits(for: "succeeded")
    }
  }

  @Test func `a failed setup is told with its log`() async throws {
    try await with(\.broken) { terminal in
      try await terminal.waits(for: "no weights.")
    }
  }

  @Test func `what a cog server doesn't have says so`() async throws {
    try await with(\.capitals) { terminal in
      try await terminal.waits(for: "required: text")
      try await terminal.press("n")
      try await terminal.waits(for: "A cog server has no deployments.")
      try await terminal.press("D")
      try await terminal.waits(for: "D Deployments")
      try await terminal.waits(for: "A cog server has no deployments.")
      try await terminal.press("T")
      try await terminal.waits(for: "A cog server has no trainings.")
      try await terminal.press("F")
      try await terminal.waits(for: "A cog server has no uploaded files.")
      try await terminal.press("A")
      try await terminal.waits(for: "cog server at")
    }
  }
}
