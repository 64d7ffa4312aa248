extension Settings {
  /// The values of the config file; all have a default, so that it may hold any of them or none.
  public struct Config: Hashable, Sendable {
    public var theme = Theme.auto
    public var borders = Borders.auto
    /// Whether the mouse is the program's; else the terminal selects text with it.
    public var mouse = true
    /// Whether addresses are told to the terminal as links.
    public var links = true
    public var notice = Notice.auto
    /// The seconds that a run must have taken for its end to be told to who looks elsewhere.
    public var noticeAfter = 10.0
    public var tabProgress = TabProgress.auto
    public var clipboard = Clipboard.auto
    /// The words of the command that edits a file; none leave it to $VISUAL and $EDITOR.
    public var editor: [String] = []
    /// The words of the command that shows a file; none leave it to $PAGER.
    public var pager: [String] = []

    public init() {}
  }

  /// The colours; auto follows the terminal's own background.
  public enum Theme: String, CaseIterable, Sendable {
    case auto, dark, light
    case highContrast = "high-contrast"
    case mono
  }

  /// What the panes' borders are drawn with; auto goes by the kind of terminal.
  public enum Borders: String, CaseIterable, Sendable { case auto, rounded, plain, ascii }

  /// How the terminal is told of the end of a long run; auto goes by the kind of terminal.
  public enum Notice: String, CaseIterable, Sendable { case auto, osc99, osc777, osc9, bell, off }

  /// Whether the terminal's tab shows how far a run is; auto: where the terminal is known to.
  public enum TabProgress: String, CaseIterable, Sendable { case auto, on, off }

  /// How a copy gets to the clipboard.
  public enum Clipboard: String, CaseIterable, Sendable {
    /// By the display's own tool, and through the terminal where there is none or it is far away.
    case auto
    /// Through the terminal alone.
    case osc52
    /// By the display's own tool alone.
    case native
  }

  /// One row of the table of settings; the file's reader and the sample are its readers.
  struct Setting: Sendable {
    var key: String
    /// What the sample tells about it.
    var comment: String
    /// The line of the sample: what holds where the file doesn't have it.
    var sample: String
    /// Takes a value; where it can't, returns what it must be.
    var take: @Sendable (SettingsText.Value, inout Config) -> String?
  }

  static let all: [Setting] = [
    .word("theme", \.theme, "Colours; auto follows the terminal's background."),
    .word("borders", \.borders, "Borders of the panes; auto goes by the kind of terminal."),
    .flag("mouse", \.mouse, "Whether Replicant takes the mouse; false leaves it to the terminal."),
    .flag("links", \.links, "Whether the terminal is told of addresses as links (OSC 8)."),
    .word(
      "notice", \.notice, "How the end of a long run is told while you look elsewhere."),
    .number(
      "notice-after", \.noticeAfter, 0...86_400,
      "The seconds that a run must have taken for that."),
    .word(
      "tab-progress", \.tabProgress, "How far a run is, in the terminal's tab (OSC 9;4)."),
    .word(
      "clipboard", \.clipboard,
      "Copies: through the terminal (osc52), by wl-copy, xclip, xsel or pbcopy (native)."),
    .command(
      "editor", \.editor, "[\"code\", \"--wait\"]", "Your editor, instead of $VISUAL or $EDITOR."),
    .command("pager", \.pager, "\"less -S\"", "Your pager, instead of $PAGER."),
  ]

  /// A config file with every key and its default, to begin one's own with.
  public static var sample: String {
    all.map { "# \($0.comment)\n\($0.sample)\n" }.joined(separator: "\n")
  }
}

extension Settings.Setting {
  typealias Config = Settings.Config
  typealias Path<Value> = WritableKeyPath<Config, Value> & Sendable

  fileprivate static func word<Word: RawRepresentable & CaseIterable & Sendable>(
    _ key: String, _ path: any Path<Word>, _ comment: String
  ) -> Self where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    let standard = Config()[keyPath: path].rawValue
    return Self(
      key: key, comment: "\(comment) One of \(words).", sample: "\(key) = \"\(standard)\""
    ) { value, config in
      guard let word = value.string.flatMap(Word.init) else { return "it is one of \(words)" }
      config[keyPath: path] = word
      return nil
    }
  }

  fileprivate static func flag(_ key: String, _ path: any Path<Bool>, _ comment: String) -> Self {
    Self(key: key, comment: comment, sample: "\(key) = \(Config()[keyPath: path])") {
      value, config in
      guard let isOn = value.boolean else { return "it is true or false, without quotes" }
      config[keyPath: path] = isOn
      return nil
    }
  }

  fileprivate static func number(
    _ key: String, _ path: any Path<Double>, _ range: ClosedRange<Double>, _ comment: String
  ) -> Self {
    let standard = SettingsText.Value.number(Config()[keyPath: path])
    return Self(key: key, comment: comment, sample: "\(key) = \(standard.words)") {
      value, config in
      guard let number = value.number, range.contains(number) else {
        let bounds = [range.lowerBound, range.upperBound].map {
          SettingsText.Value.number($0).words
        }
        return "it is a number from \(bounds[0]) to \(bounds[1]), without quotes"
      }
      config[keyPath: path] = number
      return nil
    }
  }

  fileprivate static func command(
    _ key: String, _ path: any Path<[String]>, _ example: String, _ comment: String
  ) -> Self {
    Self(key: key, comment: comment, sample: "# \(key) = \(example)") { value, config in
      let words: [String]? =
        switch value {
        case .string(let text): CommandWords.split(text)
        case .list(let list): list
        case .number, .boolean: nil
        }
      guard let words, let program = words.first, !program.isEmpty else {
        return "it is a command, as \"code --wait\" or [\"code\", \"--wait\"]"
      }
      config[keyPath: path] = words
      return nil
    }
  }
}

extension SettingsText.Value {
  /// The value as it is told to a person, cut where it is long.
  var words: String {
    switch self {
    case .string(let text):
      let plain = text.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) }
      return "“\(String(plain.prefix(40)))\(plain.count > 40 ? "…" : "")”"
    case .number(let number):
      return number == number.rounded() && abs(number) < 1e9 ? "\(Int(number))" : "\(number)"
    case .boolean(let isOn): return isOn ? "true" : "false"
    case .list: return "a list"
    }
  }
}
