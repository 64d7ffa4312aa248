import ReplicateAPI

/// What lies over the panes and takes the keys.
public enum Overlay {
  case help(HelpViewModel)
  case question(Confirmation)
  case palette(PaletteViewModel)
  case token(TokenPrompt)
  case columns(ColumnsViewModel)
}

/// A question before something that can't be taken back; the harmless answer comes first and is
/// the one that Enter gives.
public struct Confirmation: Hashable, Sendable {
  public struct Choice: Hashable, Sendable {
    public var label: String
    /// The letter that gives this answer at once; never the key that raised the question, and a
    /// capital where the answer ends the program.
    public var key: Character
    /// What the answer asks for; nil does nothing.
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
  /// What Ctrl-C means here; elsewhere than in the question about leaving it is the harmless answer.
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

  public init() {}

  public static func == (one: Self, other: Self) -> Bool {
    one.text == other.text && one.problem == other.problem
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(problem) }
}

/// One line that says what just happened.
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

  /// What went wrong and what to do about it.
  public init(_ error: ReplicateError) {
    kind = .failed
    text = error.inWords
  }
}

extension ReplicateError {
  /// What happened and what to do, in one line.
  public var inWords: String {
    [errorDescription, advice].compactMap(\.self).joined(separator: " ")
  }

  /// What to do about it here.
  public var advice: String? {
    switch reason {
    case .noToken, .unauthorized:
      [recoverySuggestion, "Or press t to enter one."].compactMap(\.self).joined(separator: " ")
    default: recoverySuggestion
    }
  }
}
