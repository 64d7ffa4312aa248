import Foundation
import Testing

@testable import Settings

final class StateTests {
  private let home = FileManager.default.temporaryDirectory
    .appendingPathComponent("replicant-state-\(UUID().uuidString)").path
  private var environment: [String: String] { ["HOME": home] }
  private var path: String { home + "/.local/state/replicant/state.toml" }

  deinit { try? FileManager.default.removeItem(atPath: home) }

  private func write(_ text: String, to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func `the state is restored at the next start from a private file`() throws {
    var settings = Settings(environment: environment)
    var state = settings.state
    state.borders["left"] = 0.41
    state.lists["models"] = Settings.ListState(
      sort: "runs", isDescending: true, columns: ["name", "owner"])
    state.lists["files"] = Settings.ListState(sort: "size")
    state.folder = "/home/me/a \"b\""
    try settings.keep(state)
    #expect(Settings(environment: environment).state == state)
    #expect(
      try text() == """
        [borders]
        left = 0.41

        [files]
        folder = "/home/me/a \\"b\\""

        [lists.files]
        sort = "size"
        descending = false

        [lists.models]
        sort = "runs"
        descending = true
        columns = ["name", "owner"]

        """)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func `state from an older version is read and saved in the new format`() throws {
    try write("left = 0.3\ndetail = 0.6\nzoom = \"half\"\n", to: path)
    var settings = Settings(environment: environment)
    #expect(settings.state.borders == ["left": 0.3, "detail": 0.6])
    var state = settings.state
    state.borders["left"] = nil
    try settings.keep(state)
    #expect(try text() == "[borders]\ndetail = 0.6\n")
  }

  @Test func `state from a newer version is kept`() throws {
    let theirs = """
      version = 2

      [borders]
      chat = "wide"

      [lists.models]
      width = 12

      [lists.models.filter]
      owner = "acme"

      [[recent]]
      name = "painter"

      """
    try write(theirs, to: path)
    var settings = Settings(environment: environment)
    var state = settings.state
    state.borders["left"] = 0.5
    state.lists["models"] = Settings.ListState(columns: ["name"])
    try settings.keep(state)
    #expect(
      try text()
        == theirs
        .replacingOccurrences(of: "\"wide\"\n", with: "\"wide\"\nleft = 0.5\n")
        .replacingOccurrences(of: "width = 12\n", with: "width = 12\ncolumns = [\"name\"]\n"))
  }

  @Test(arguments: [
    "", "left = \"x\"", "[[[", "left = nan\nzoom = 3", "left = inf\nborders = 1\nlists = [1]",
    "[lists]\nmodels = 1", "[borders]\nleft = []\n[lists.models]\nsort = 1\ncolumns = [1]",
  ])
  func `a broken state file does no harm`(text: String) throws {
    try write(text, to: path)
    var settings = Settings(environment: environment)
    #expect(settings.problems.isEmpty)
    #expect(settings.state.borders.isEmpty)
    var state = settings.state
    state.borders["left"] = 0.5
    state.lists["models"] = Settings.ListState(sort: "name")
    try settings.keep(state)
    let again = Settings(environment: environment).state
    #expect(again.borders == ["left": 0.5])
    #expect(again.lists["models"]?.sort == "name")
  }

  @Test func `a state that hasn't changed isn't saved again`() throws {
    var settings = Settings(environment: environment)
    try settings.keep(Settings.State())
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a failure to save is reported once, and saving is retried`() throws {
    // Puts a file where the folder should be.
    let obstacle = home + "/state"
    try write("", to: obstacle)
    let environment = ["XDG_STATE_HOME": obstacle]
    var settings = Settings(environment: environment)
    var state = settings.state
    state.borders["left"] = 0.5
    let failure = #expect(throws: FileFailure.self) { try settings.keep(state) }
    #expect(failure?.message.hasPrefix("Couldn’t write \(obstacle)/replicant") == true)
    try settings.keep(state)
    try FileManager.default.removeItem(atPath: obstacle)
    try settings.keep(state)
    #expect(Settings(environment: environment).state == state)
  }
}
