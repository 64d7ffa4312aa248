import Foundation
import Running
import Support
import Testing

@testable import Settings

struct SettingsTests {
  /// A home folder for a single test.
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

  @Test func `without files, everything has its default and there are no problems`() throws {
    let settings = Settings(environment: try environment())
    #expect(settings.config == Settings.Config())
    #expect(settings.state == Settings.State())
    #expect(settings.problems.isEmpty)
  }

  @Test func `every setting can be set`() throws {
    let file = """
      theme = "light"
      borders = "ascii"
      mouse = false
      links = false
      notice = "osc9"
      notice-after = 2.5
      predictions-every = 7
      runs-at-once = 20
      tab-progress = "on" # and a comment
      clipboard = 'osc52'
      editor = "'my editor' --wait"
      "pager" = [
        "less", # in two lines
        "-S",
      ]
      """
    for row in SettingRow.all {
      #expect(
        file.contains("\(row.key) =") || file.contains("\"\(row.key)\" ="),
        "\(row.key) isn't tried here")
    }
    let settings = Settings(environment: try environment(config: file))
    #expect(settings.problems == [])
    #expect(settings.config.theme == .light)
    #expect(settings.config.borders == .ascii)
    #expect(!settings.config.mouse)
    #expect(!settings.config.links)
    #expect(settings.config.notice == .osc9)
    #expect(settings.config.noticeAfter == 2.5)
    #expect(settings.config.predictionsEvery == 7)
    #expect(settings.config.runsAtOnce == 20)
    #expect(settings.config.tabProgress == .on)
    #expect(settings.config.clipboard == .osc52)
    #expect(settings.config.editor == ["my editor", "--wait"])
    #expect(settings.config.pager == ["less", "-S"])
  }

  @Test func `keys are kept as written, with their lines`() throws {
    let settings = Settings(
      environment: try environment(
        config: """
          theme = "mono"
          [keys]
          open = "o"
          move-down = ["j", "down"]
          "quit" = []
          help = 1
          run = ["r", 2]
          """))
    #expect(
      settings.config.keys == [
        Settings.KeySetting(command: "open", keys: ["o"], line: 3),
        Settings.KeySetting(command: "move-down", keys: ["j", "down"], line: 4),
        Settings.KeySetting(command: "quit", keys: [], line: 5),
      ])
    #expect(
      settings.problems == [
        settings.problem(
          "“help” can’t be 1; it must be a key in quotes, such as \"o\", or a list of keys, such as "
            + "[\"o\", \"enter\"]", line: 6),
        settings.problem(
          "“run” can’t be a list; it must be a key in quotes, such as \"o\", or a list of keys, such "
            + "as [\"o\", \"enter\"]", line: 7),
      ])
    #expect(
      settings.problem("x", line: 3) == "~/.config/replicant/config.toml, line 3: x.")
  }

  /// Config lines with the problem each one causes.
  static let problems: [(config: String, problem: String)] = [
    (
      "theme = \"drak\"",
      "line 1: theme can’t be “drak”; it must be one of auto, dark, light, high-contrast, mono."
    ),
    (
      "\n# x\ntheme = 1",
      "line 3: theme can’t be 1; it must be one of auto, dark, light, high-contrast, mono."
    ),
    ("mouse = \"no\"", "line 1: mouse can’t be “no”; it must be true or false, without quotes."),
    (
      "notice-after = -1",
      "line 1: notice-after can’t be -1; it must be a number from 0 to 86400, without quotes."
    ),
    (
      "editor = \"code '\"",
      "line 1: editor can’t be “code '”; it must be a command, such as \"code --wait\" or "
        + "[\"code\", \"--wait\"]."
    ),
    (
      "pager = []",
      "line 1: pager can’t be a list; it must be a command, such as \"code --wait\" or "
        + "[\"code\", \"--wait\"]."
    ),
    (
      "Notice_after = 1",
      "line 1: there is no setting “Notice_after”; maybe you meant notice-after."
    ),
    (
      "theme = dark",
      "line 1, column 9: “dark” isn’t a value; put text in quotes: \"dark\"."
    ),
    (
      "mouse = true false",
      "line 1, column 14: unexpected text at the end of the line; comments begin with #."
    ),
    ("theme = \"dark", "line 1, column 9: the string isn’t closed on its line."),
    ("theme = \"\"\"dark", "line 1, column 9: the string isn’t closed with \"\"\"."),
    (
      "theme = \"da\\kr\"",
      "line 1, column 12: unknown escape; a backslash itself is written \\\\."
    ),
    ("pager = [\"less\"\n", "line 1, column 9: the list isn’t closed with ]."),
    (
      "pager = [1]",
      "line 1: pager can’t be a list; it must be a command, such as \"code --wait\" or "
        + "[\"code\", \"--wait\"]."
    ),
    ("pager = [\"a\" \"b\"]", "line 1, column 14: expected a comma or ] after the value."),
    ("theme", "line 1, column 6: expected = and a value after “theme”."),
    (
      "mouse = true\nmouse = true",
      "line 2, column 1: “mouse” is already set on line 1; that value is used."
    ),
  ]

  @Test(arguments: problems)
  func `a mistake is reported with a fix, and the rest of the file is used`(
    config: String, problem: String
  ) throws {
    let settings = Settings(
      environment: try environment(config: config + "\ntab-progress = \"off\"\n"))
    #expect(settings.problems == ["~/.config/replicant/config.toml, \(problem)"])
    #expect(settings.config.tabProgress == .off)
    #expect(settings.config.theme == .auto)
  }

  @Test func `all settings are listed if an unknown one resembles none of them`() throws {
    let settings = Settings(environment: try environment(config: "colour = 1"))
    let rows = SettingRow.all.map(\.key) + ProfileRow.all.filter(\.isTopLevel).map(\.key)
    let keys = rows.joined(separator: ", ")
    #expect(settings.problems.count == 1)
    #expect(settings.problems[0].hasSuffix("no setting “colour”; the settings are \(keys)."))
  }

  @Test func `problems are sorted by line`() throws {
    let settings = Settings(environment: try environment(config: "mouse = 1\nx\ntheme = 2\n"))
    #expect(settings.problems.count == 3)
    for (index, problem) in settings.problems.enumerated() {
      #expect(problem.contains("line \(index + 1)"))
    }
  }

  @Test func `a file that can't be read at all is a problem`() throws {
    let long = Settings(
      environment: try environment(config: String(repeating: "#\n", count: Settings.sizeLimit)))
    #expect(long.problems.count == 1 && long.problems[0].contains("longer than 64 KB"))

    let home = try environment(config: "")
    let path = Settings(environment: home).configPath
    try Data([0x23, 0xFF]).write(to: URL(fileURLWithPath: path))
    let foreign = Settings(environment: home)
    #expect(foreign.problems.count == 1 && foreign.problems[0].contains("UTF-8"))

    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let folder = Settings(environment: home)
    #expect(folder.problems.count == 1 && folder.problems[0].contains("isn’t a regular file"))
    try FileManager.default.removeItem(atPath: path)
    // Nothing waits for someone to write into it.
    #expect(mkfifo(path, 0o600) == 0)
    let pipe = Settings(environment: home)
    #expect(pipe.problems.count == 1 && pipe.problems[0].contains("isn’t a regular file"))
  }

  @Test func `the sample has every setting with its default`() throws {
    let settings = Settings(environment: try environment(config: Settings.sample))
    #expect(settings.problems == [])
    #expect(settings.config == Settings.Config())
    for setting in SettingRow.all {
      #expect(Settings.sample.contains("\n\(setting.key) = ") || setting.sample.hasPrefix("# "))
      #expect(Settings.sample.contains(setting.sample))
    }
    // The examples in comments are valid, too.
    let all = SettingRow.all.map { String($0.sample.trimmingPrefix("# ")) }.joined(separator: "\n")
    let chosen = Settings(environment: try environment(config: all))
    #expect(chosen.problems == [])
    #expect(chosen.config.editor == ["code", "--wait"])
  }

  @Test func `files are where the XDG Base Directory specification says`() {
    let absolute = Settings(environment: [
      "HOME": "/home/x", "XDG_CONFIG_HOME": "/nowhere/c", "XDG_STATE_HOME": "/nowhere/s",
    ])
    #expect(absolute.configPath == "/nowhere/c/replicant/config.toml")
    #expect(absolute.statePath == "/nowhere/s/replicant/state.toml")
    let relative = Settings(environment: ["HOME": "/home/x", "XDG_CONFIG_HOME": "c"])
    #expect(relative.configPath == "/home/x/.config/replicant/config.toml")
    #expect(relative.statePath == "/home/x/.local/state/replicant/state.toml")
  }

  @Test func `an unknown section is a problem, and the rest of the file is used`() throws {
    let settings = Settings(
      environment: try environment(config: "mouse = false\n[colours]\nred = 1\n"))
    #expect(
      settings.problems == [
        settings.problem(
          "there is no section [colours]; the sections are [keys] and [profile.NAME]", line: 2)
      ])
    #expect(!settings.config.mouse)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `no bytes in the file crash the program`(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let good = Array(
      (Settings.sample + "editor = [\"a\", # b\n'c']\npager = \"x\\u00e4\"\na.b = {c = [1]}\n"
        + Settings.profileSample.replacing("\n# ", with: "\n")).utf8
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
}
