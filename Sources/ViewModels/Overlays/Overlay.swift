import ReplicateAPI
import Running

/// Something shown on top of the panes that receives the keys.
public enum Overlay {
  case help(HelpViewModel)
  case question(Confirmation)
  case palette(PaletteViewModel)
  case token(TokenPrompt)
  case columns(ColumnsViewModel)
  case request(RequestViewModel)
  case files(FileChooserViewModel)
  case chooser(ChooserViewModel)
  case text(TextPrompt)
}

/// A confirmation dialog. The harmless choice comes first and is the one that Enter selects.
public struct Confirmation: Hashable, Sendable {
  public struct Choice: Hashable, Sendable {
    public var label: String
    /// The shortcut for this choice. Never the key that opened the dialog, and a capital letter if
    /// the choice quits the app.
    public var key: Character
    /// The command to perform, or nil for none.
    public var command: Command?

    public init(_ label: String, key: Character, _ command: Command? = nil) {
      self.label = label
      self.key = key
      self.command = command
    }
  }

  public var title: String
  public var message: String
  public var choices: [Choice]
  public var focused = 0
  /// Which part of the message is shown where there isn't room for all of it. After the last one comes
  /// the first.
  public internal(set) var page = 0
  /// Whether it came up by itself, while keys may have been meant for something else.
  public internal(set) var isUnasked = false
  /// What Ctrl-C does. In the dialog about quitting it quits; in others it's the harmless choice.
  public var interrupt: Command?

  public init(title: String, message: String, choices: [Choice], interrupt: Command? = nil) {
    self.title = title
    self.message = message
    self.choices = choices
    self.interrupt = interrupt
  }
}

/// The prompt for an API token.
public struct TokenPrompt: Hashable, Sendable {
  public var text = TextBuffer()
  public var problem: String?
  /// The file of another program that has a token, which a key uses.
  public var offeredFrom: String?

  public init() {}

  public static func == (one: Self, other: Self) -> Bool {
    one.text == other.text && one.problem == other.problem && one.offeredFrom == other.offeredFrom
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(problem) }
}

/// A prompt for a line of text, such as a path or a secret.
@MainActor
public struct TextPrompt {
  public var title: String
  public var message: String
  public var text = TextBuffer()
  /// Whether what is typed must not be seen.
  public var isSecret = false
  public var problem: String?
  /// Takes the text. Returns what is wrong with it, and the prompt stays open then.
  var take: (String) async -> String?

  init(
    _ title: String, _ message: String, isSecret: Bool = false,
    take: @escaping (String) async -> String?
  ) {
    self.title = title
    self.message = message
    self.isSecret = isSecret
    self.take = take
  }
}

/// A one-line message about what just happened.
public struct Notice: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case done, working, failed
  }

  public var kind: Kind
  public var text: String

  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// A notice with an error and what to do about it.
  public init(_ error: ReplicateError) {
    kind = .failed
    text = error.inWords
  }
}

extension Notice {
  /// What became of a run that was being sent when a program ended.
  @MainActor
  init(_ recovered: Runs.Recovered) {
    switch recovered {
    case .found(let run):
      self.init(
        .failed,
        "Replicant ended while it was sending a run of \(run.modelName). The run was started: see "
          + "Predictions.")
    case .unknown(let model, let time):
      self.init(
        .failed,
        "Replicant ended while it was sending a run\(model.map { " of \($0.name)" } ?? "") "
          + "(\(time.text.prefix(16).replacing("T", with: " ")) UTC). It isn’t in Predictions, so it "
          + "probably wasn’t started. Running it again asks first.")
    }
  }

  /// Whether it stays until a key is pressed.
  var needsPerson: Bool { kind == .failed }
}

extension ReplicateError {
  /// The error and what to do about it, in one line.
  public var inWords: String {
    [errorDescription, advice].compactMap(\.self).joined(separator: " ")
  }

  /// What the user can do about the error.
  public var advice: String? {
    switch reason {
    case .noToken, .unauthorized:
      [recoverySuggestion, "Or press t to enter one."].compactMap(\.self).joined(separator: " ")
    default: recoverySuggestion
    }
  }
}
