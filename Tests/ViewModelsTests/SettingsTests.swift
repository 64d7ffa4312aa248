import Foundation
import Support
import Testing

@testable import ViewModels

struct SettingsTests {
  /// A home of the test's own.
  private func environment(config: String? = nil, state: String? = nil) throws -> [String: String] {
    let home = FileManager.default.temporaryDirectory
      .appendingPathComponent("replicant-settings-\(UUID().uuidString)")
    for (folder, name, text) in [
      (".config/replicant", "config.toml", config), (".local/state/replicant", "state.toml", state),
    ] {
      guard let text else { continue }
      let place = home.appendingPathComponent(folder)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try text.write(to: place.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    return ["HOME": home.path]
  }

  @Test func `without files everything is as it comes, and nothing is told`() throws {
    let settings = Settings(environment: try environment())
    #expect(settings.config == Settings.Config())
    #expect(settings.shares == PaneShares())
    #expect(settings.problems.isEmpty)
  }

  @Test func `what is chosen is taken`() throws {
    let settings = Settings(
      environment: try environment(
        config: """
          theme = "light"
          borders = "ascii"
          mouse = false
          notice = "osc9"
          notice-after = 2.5
          tab-progress = "on"
          """))
    #expect(settings.problems == [])
    #expect(settings.config.theme == "light")
    #expect(settings.config.borders == "ascii")
    #expect(!settings.config.mouse)
    #expect(settings.config.notice == "osc9")
    #expect(settings.config.noticeAfter == 2.5)
    #expect(settings.config.tabProgress == "on")
  }

  @Test func `what is wrong is told, and the rest is taken`() throws {
    let settings = Settings(
      environment: try environment(
        config: "theme = \"drak\"\nmouse = 1\nnotice-after = -1\ncolour = 1\nborders = \"plain\"\n")
    )
    #expect(settings.problems.count == 4)
    #expect(settings.problems.contains { $0.contains("theme is one of auto, dark") })
    #expect(settings.problems.contains { $0.contains("no setting “colour”") })
    #expect(settings.config.borders == "plain")
    #expect(settings.config.theme == "auto")
  }

  @Test func `a mistake in the file is told with its place`() throws {
    let settings = Settings(environment: try environment(config: "theme = \"dark\"\nmouse = \n"))
    #expect(settings.problems.count == 1)
    #expect(settings.problems.first?.contains("line 2") == true)
    #expect(settings.config.theme == "dark")
  }

  @Test func `the panes are found again as they were left`() throws {
    let environment = try environment()
    var settings = Settings(environment: environment)
    var shares = PaneShares()
    shares[.left] = 0.41
    shares[.detail] = 7
    try settings.keep(shares, .half)
    let again = Settings(environment: environment)
    #expect(again.shares[.left] == 0.41)
    #expect(again.shares[.detail] == 0.95)
    #expect(again.zoom == .half)
    let mode = try FileManager.default.attributesOfItem(atPath: again.statePath)[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test(arguments: ["", "left = \"x\"", "[[[", "left = nan\nzoom = 3", "left = inf\nlist = -4.0"])
  func `a broken state file is no trouble`(text: String) throws {
    let settings = Settings(environment: try environment(state: text))
    #expect(settings.problems.isEmpty)
    #expect(settings.shares.left == 0.3)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `no bytes in the file end the program`(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let good = Array(
      "theme = \"dark\"\nnotice-after = 2.5\nmouse = true # yes\na.b = {c = [1]}\n".utf8)
    let signs = Array("[]{}\"'=.,#\n\r\t -+_0exo\\:TZ".utf8) + [0, 0x7F, 0x80, 0xC3, 0xFF]
    var settings = Settings(environment: try environment())
    for _ in 0..<200 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let sign = signs.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = sign
        case 1: bytes.insert(sign, at: place)
        default: bytes.remove(at: place)
        }
      }
      settings.readConfig(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func `where nothing can be kept, that is said`() throws {
    let home = try environment(config: "")["HOME"] ?? ""
    // A file stands where the folder should be.
    var settings = Settings(environment: [
      "XDG_STATE_HOME": "\(home)/.config/replicant/config.toml"
    ])
    #expect(throws: DesktopFailure.self) { try settings.keep(PaneShares(), .full) }
  }
}
