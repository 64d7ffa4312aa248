extension Settings {
  /// The values of the config file. All have a default, so the file may set any of them or none.
  public struct Config: Hashable, Sendable {
    public var theme = Theme.auto
    public var borders = Borders.auto
    /// Whether the program uses the mouse; otherwise the terminal selects text with it.
    public var mouse = true
    /// Whether web addresses on the screen are links that the terminal can open (OSC 8).
    public var links = true
    public var notice = Notice.auto
    /// The shortest run, in seconds, to be notified about.
    public var noticeAfter = 10.0
    /// How often Predictions looks for runs started elsewhere while it has the focus, in seconds; 0
    /// for never.
    public var predictionsEvery = 30.0
    /// How many runs of a group may be under way at once.
    public var runsAtOnce = 5.0
    public var tabProgress = TabProgress.auto
    public var clipboard = Clipboard.auto
    /// The words of the command that edits a file; if empty, $VISUAL and $EDITOR decide.
    public var editor: [String] = []
    /// The words of the command that shows a file; if empty, $PAGER decides.
    public var pager: [String] = []
    /// The user's own keys, in the order of the file.
    public var keys: [KeySetting] = []
    /// Other accounts and servers, in the order of the file.
    public var profiles: [Profile] = []
    /// What the keys outside of all sections say about the account of $REPLICATE_API_TOKEN: its
    /// models, and its secret for files.
    public var standardProfile = Profile()

    public init() {}
  }

  /// The colors.
  public enum Theme: String, CaseIterable, Sendable {
    /// Dark or light, like the terminal's background.
    case auto
    case dark, light
    case highContrast = "high-contrast"
    case mono
  }

  /// The characters that the borders of panes are drawn with.
  public enum Borders: String, CaseIterable, Sendable {
    /// What the terminal is known to have.
    case auto
    case rounded, plain, ascii
  }

  /// How to notify the user when a long run ends.
  public enum Notice: String, CaseIterable, Sendable {
    /// With what the terminal is known to understand, or the bell.
    case auto
    /// OSC 99, by kitty.
    case osc99
    /// OSC 777, by rxvt, foot, Ghostty and WezTerm.
    case osc777
    /// OSC 9, by iTerm2.
    case osc9
    case bell, off
  }

  /// Whether the terminal's tab shows the progress of a run (OSC 9;4).
  public enum TabProgress: String, CaseIterable, Sendable {
    /// Only in terminals that are known to understand it: others show it as a notification.
    case auto
    case on, off
  }

  /// How text is copied to the clipboard.
  public enum Clipboard: String, CaseIterable, Sendable {
    /// With the desktop's own tool, or through the terminal if there is none or over SSH.
    case auto
    /// Only through the terminal.
    case osc52
    /// Only with the desktop's own tool.
    case native
  }

  /// The keys that the user has chosen for a command, one line of `[keys]`.
  public struct KeySetting: Hashable, Sendable {
    /// The command's name as written.
    public var command: String
    /// The keys as written; none to leave the command without a key.
    public var keys: [String]
    /// The line of the config file.
    public var line: Int

    public init(command: String, keys: [String], line: Int) {
      self.command = command
      self.keys = keys
      self.line = line
    }
  }
}

/// The table of settings: the reader, the sample file and the README are made from it.
struct SettingRow: Sendable {
  typealias Config = Settings.Config

  let key: String
  /// What the sample file says about it.
  let comment: String
  /// The line in the sample file, with the default.
  let sample: String
  /// Takes a value, or returns what the value has to be.
  let take: @Sendable (TOMLValue, inout Config, _ environment: [String: String]) -> String?

  static let all: [SettingRow] = [
    .word("theme", \.theme, "The colors. auto follows the terminal's background."),
    .word("borders", \.borders, "The borders of panes. auto depends on the terminal."),
    .flag(
      "mouse", \.mouse, "Use the mouse. With false, the terminal selects text with it instead."),
    .flag("links", \.links, "Show web addresses as links that the terminal can open (OSC 8)."),
    .word(
      "notice", \.notice, "How to notify you when a long run ends and you're in another window."),
    .number(
      "notice-after", \.noticeAfter, 0...86_400,
      "The shortest run, in seconds, to be notified about."),
    .number(
      "predictions-every", \.predictionsEvery, 0...3600,
      "How often Predictions looks for runs started elsewhere while you're in it, in seconds."),
    .number(
      "runs-at-once", \.runsAtOnce, 1...100,
      "How many runs of a group (F8 in the form) may be under way at once."),
    .word(
      "tab-progress", \.tabProgress, "Show the progress of a run in the terminal's tab (OSC 9;4)."),
    .word(
      "clipboard", \.clipboard,
      "How to copy: through the terminal (osc52), or with wl-copy, xclip, xsel or pbcopy (native)."
    ),
    .command(
      "editor", \.editor, "[\"code\", \"--wait\"]", "Your editor, instead of $VISUAL or $EDITOR."),
    .command("pager", \.pager, "\"less -S\"", "Your pager, instead of $PAGER."),
  ]
}

extension Settings {
  /// A config file with every setting and its default, for users to start from.
  public static var sample: String {
    let rows =
      SettingRow.all.map { ($0.comment, $0.sample) }
      + ProfileRow.all.filter(\.isTopLevel).map { ($0.comment, "# \($0.sample)") }
    return rows.map { "# \($0)\n\($1)\n" }.joined(separator: "\n")
  }
}

extension Settings.Config {
  /// Takes an entry of the config file; returns what is wrong with it.
  ///
  /// - Parameter environment: for the variables in commands.
  mutating func take(
    _ entry: TOMLTable.Entry, _ environment: [String: String]
  ) -> [(line: Int, message: String)] {
    if entry.key == "keys" { return takeKeys(entry) }
    if entry.key == "profile" { return takeProfiles(entry) }
    if let row = ProfileRow.all.first(where: { $0.key == entry.key && $0.isTopLevel }) {
      return row.taken(entry, &standardProfile)
    }
    guard let row = SettingRow.all.first(where: { $0.key == entry.key }) else {
      return [(entry.line, Self.unknown(entry))]
    }
    guard let expected = row.take(entry.value, &self, environment) else { return [] }
    return [
      (entry.line, "\(entry.key) can’t be \(TOMLText.words(for: entry.value)); \(expected)")
    ]
  }

  private mutating func takeKeys(
    _ entry: TOMLTable.Entry
  ) -> [(line: Int, message: String)] {
    guard let table = entry.value.table else {
      return [(entry.line, "keys is a section; write [keys], and the keys below it")]
    }
    var problems: [(line: Int, message: String)] = []
    for entry in table.entries {
      if let keys = entry.value.string.map({ [$0] }) ?? entry.value.strings {
        self.keys.append(
          Settings.KeySetting(command: entry.key, keys: keys, line: entry.line))
      } else {
        problems.append(
          (
            entry.line,
            "\(TOMLText.quoted(entry.key)) can’t be \(TOMLText.words(for: entry.value)); it must be "
              + "a key in quotes, such as \"o\", or a list of keys, such as [\"o\", \"enter\"]"
          ))
      }
    }
    return problems
  }

  private static func unknown(_ entry: TOMLTable.Entry) -> String {
    if entry.value.table != nil {
      return "there is no section [\(TOMLText.excerpt(entry.key))]; the sections are [keys] and "
        + "[profile.NAME]"
    }
    let keys = SettingRow.all.map(\.key) + ProfileRow.all.filter(\.isTopLevel).map(\.key)
    let name = TOMLText.quoted(entry.key)
    if ProfileRow.all.contains(where: { $0.key == entry.key }) {
      return "\(entry.key) belongs in the section of a profile, such as [profile.work]"
    }
    if let closest = EditDistance.closest(to: entry.key, among: keys) {
      return "there is no setting \(name); maybe you meant \(closest)"
    }
    return "there is no setting \(name); the settings are \(keys.joined(separator: ", "))"
  }
}

extension SettingRow {
  typealias Path<Value> = WritableKeyPath<Config, Value> & Sendable

  fileprivate static func word<Word: RawRepresentable & CaseIterable & Sendable>(
    _ key: String, _ path: any Path<Word>, _ comment: String
  ) -> Self where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    let standard = Config()[keyPath: path].rawValue
    return Self(
      key: key, comment: "\(comment) One of \(words).", sample: "\(key) = \"\(standard)\""
    ) { value, config, _ in
      guard let word = value.string.flatMap(Word.init) else { return "it must be one of \(words)" }
      config[keyPath: path] = word
      return nil
    }
  }

  fileprivate static func flag(_ key: String, _ path: any Path<Bool>, _ comment: String) -> Self {
    Self(key: key, comment: comment, sample: "\(key) = \(Config()[keyPath: path])") {
      value, config, _ in
      guard let isOn = value.boolean else { return "it must be true or false, without quotes" }
      config[keyPath: path] = isOn
      return nil
    }
  }

  fileprivate static func number(
    _ key: String, _ path: any Path<Double>, _ range: ClosedRange<Double>, _ comment: String
  ) -> Self {
    func words(_ number: Double) -> String { TOMLText.words(for: TOMLValue(.float(number))) }
    let standard = words(Config()[keyPath: path])
    let bounds = "\(words(range.lowerBound)) to \(words(range.upperBound))"
    return Self(key: key, comment: comment, sample: "\(key) = \(standard)") { value, config, _ in
      guard let number = value.number, range.contains(number) else {
        return "it must be a number from \(bounds), without quotes"
      }
      config[keyPath: path] = number
      return nil
    }
  }

  fileprivate static func command(
    _ key: String, _ path: any Path<[String]>, _ example: String, _ comment: String
  ) -> Self {
    Self(key: key, comment: comment, sample: "# \(key) = \(example)") {
      value, config, environment in
      let words =
        value.string.map { CommandWords.split($0, environment) }
        ?? value.strings?.map { CommandWords.expanded($0, environment) }
      guard let words, let program = words.first, !program.isEmpty else {
        return "it must be a command, such as \"code --wait\" or [\"code\", \"--wait\"]"
      }
      config[keyPath: path] = words
      return nil
    }
  }
}
