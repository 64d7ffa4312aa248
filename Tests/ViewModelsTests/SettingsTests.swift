import Foundation
import Running
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
          tab-progress = "on" # and a comment
          clipboard = 'osc52'
          editor = "'my editor' --wait"
          "pager" = [
            "less", # in two lines
            "-S",
          ]
          """))
    #expect(settings.problems == [])
    #expect(settings.config.theme == .light)
    #expect(settings.config.borders == .ascii)
    #expect(!settings.config.mouse)
    #expect(settings.config.notice == .osc9)
    #expect(settings.config.noticeAfter == 2.5)
    #expect(settings.config.tabProgress == .on)
    #expect(settings.config.clipboard == .osc52)
    #expect(settings.config.editor == ["my editor", "--wait"])
    #expect(settings.config.pager == ["less", "-S"])
  }

  /// Lines of a config file, and what is told of them.
  static let problems: [(config: String, problem: String)] = [
    (
      "theme = \"drak\"",
      "line 1: theme can’t be “drak”; it is one of auto, dark, light, high-contrast, mono."
    ),
    (
      "\n# x\ntheme = 1",
      "line 3: theme can’t be 1; it is one of auto, dark, light, high-contrast, mono."
    ),
    ("mouse = \"no\"", "line 1: mouse can’t be “no”; it is true or false, without quotes."),
    (
      "notice-after = -1",
      "line 1: notice-after can’t be -1; it is a number from 0 to 86400, without quotes."
    ),
    (
      "editor = \"code '\"",
      "line 1: editor can’t be “code '”; it is a command, as \"code --wait\" or "
        + "[\"code\", \"--wait\"]."
    ),
    (
      "pager = []",
      "line 1: pager can’t be a list; it is a command, as \"code --wait\" or "
        + "[\"code\", \"--wait\"]."
    ),
    (
      "Notice_after = 1",
      "line 1: there is no setting “Notice_after”; perhaps you mean notice-after."
    ),
    (
      "theme = dark",
      "line 1, column 9: the value of theme isn’t a string in quotes, a number, "
        + "true, false or a list; words stand in quotes."
    ),
    ("mouse = true false", "line 1, column 14: something stands behind the value of mouse."),
    ("theme = \"dark", "line 1, column 9: the string isn’t closed on its line."),
    ("theme = \"\"\"dark\"\"\"", "line 1, column 9: strings of several lines aren’t read here."),
    (
      "theme = \"da\\rk\"",
      "line 1, column 12: an unknown escape; a backslash itself is written \\\\."
    ),
    ("pager = [\"less\"\n", "line 1, column 9: the list isn’t closed with ]."),
    ("pager = [1]", "line 1, column 10: expected a string in quotes."),
    ("pager = [\"a\" \"b\"]", "line 1, column 14: expected a comma or the list’s end."),
    ("  [colours]", "line 1, column 3: there are no sections here; leave the line out."),
    ("theme", "line 1, column 6: expected a line like theme = \"dark\"."),
    (
      "mouse = true\nmouse = true",
      "line 2, column 1: mouse stands there twice; the first one is used."
    ),
  ]

  @Test(arguments: problems)
  func `what is wrong is told in words to act on, and the rest is taken`(
    config: String, problem: String
  ) throws {
    let settings = Settings(
      environment: try environment(config: config + "\ntab-progress = \"off\"\n"))
    #expect(settings.problems == ["~/.config/replicant/config.toml, \(problem)"])
    #expect(settings.config.tabProgress == .off)
    #expect(settings.config.theme == .auto)
  }

  @Test func `an unknown setting near to none is told with all there are`() throws {
    let settings = Settings(environment: try environment(config: "colour = 1"))
    let keys = Settings.all.map(\.key).joined(separator: ", ")
    #expect(settings.problems.count == 1)
    #expect(settings.problems[0].hasSuffix("no setting “colour”; there are \(keys)."))
  }

  @Test func `problems come in the order of the lines`() throws {
    let settings = Settings(environment: try environment(config: "mouse = 1\nx\ntheme = 2\n"))
    #expect(settings.problems.count == 3)
    for (index, problem) in settings.problems.enumerated() {
      #expect(problem.contains("line \(index + 1)"))
    }
  }

  @Test func `a file that can't be read as a whole is told of`() throws {
    let long = Settings(
      environment: try environment(config: String(repeating: "#\n", count: Settings.largest)))
    #expect(long.problems.count == 1 && long.problems[0].contains("longer than 64 kB"))

    let home = try environment(config: "")
    let path = Settings(environment: home).configPath
    try Data([0x23, 0xFF]).write(to: URL(fileURLWithPath: path))
    let foreign = Settings(environment: home)
    #expect(foreign.problems.count == 1 && foreign.problems[0].contains("UTF-8"))

    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let folder = Settings(environment: home)
    #expect(folder.problems.count == 1 && folder.problems[0].contains("can’t be read"))
  }

  @Test func `the sample has every setting, and its defaults`() throws {
    let settings = Settings(environment: try environment(config: Settings.sample))
    #expect(settings.problems == [])
    #expect(settings.config == Settings.Config())
    for setting in Settings.all {
      #expect(Settings.sample.contains("\n\(setting.key) = ") || setting.sample.hasPrefix("# "))
      #expect(Settings.sample.contains(setting.sample))
    }
    // What is commented out there would be taken as well.
    let all = Settings.all.map { String($0.sample.trimmingPrefix("# ")) }.joined(separator: "\n")
    let chosen = Settings(environment: try environment(config: all))
    #expect(chosen.problems == [])
    #expect(chosen.config.editor == ["code", "--wait"])
  }

  @Test func `files are found by the rules for them`() {
    let absolute = Settings(environment: [
      "HOME": "/home/x", "XDG_CONFIG_HOME": "/nowhere/c", "XDG_STATE_HOME": "/nowhere/s",
    ])
    #expect(absolute.configPath == "/nowhere/c/replicant/config.toml")
    #expect(absolute.statePath == "/nowhere/s/replicant/state.toml")
    let relative = Settings(environment: ["HOME": "/home/x", "XDG_CONFIG_HOME": "c"])
    #expect(relative.configPath == "/home/x/.config/replicant/config.toml")
    #expect(relative.statePath == "/home/x/.local/state/replicant/state.toml")
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
      (Settings.sample + "editor = [\"a\", # b\n'c']\npager = \"x\\u00e4\"\na.b = {c = [1]}\n").utf8
    )
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
    // Once is enough.
    try settings.keep(PaneShares(), .half)
    #expect(settings.zoom == .half)
  }

  @Test func `what couldn't be kept is kept by the next call`() throws {
    let home = try environment(config: "")["HOME"] ?? ""
    let obstacle = "\(home)/.config/replicant/config.toml"
    let environment = ["XDG_STATE_HOME": obstacle]
    var settings = Settings(environment: environment)
    #expect(throws: DesktopFailure.self) { try settings.keep(PaneShares(), .full) }
    try FileManager.default.removeItem(atPath: obstacle)
    try settings.keep(PaneShares(), .full)
    #expect(Settings(environment: environment).zoom == .full)
  }

  @Test func `panes that stand as before are not written again`() throws {
    var settings = Settings(environment: try environment())
    try settings.keep(PaneShares(), .none)
    #expect(!FileManager.default.fileExists(atPath: settings.statePath))
  }
}
