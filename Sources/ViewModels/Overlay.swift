import ReplicateAPI

/// What lies over the panes and takes the keys.
public enum Overlay: Equatable, Sendable {
  case help
  case confirmation(Confirmation)
  case goTo(TextBuffer, problem: String?)
  case token(TextBuffer, problem: String?)
}

/// A question before something that can't be taken back; the harmless answer comes first and is
/// the one that Enter gives.
public struct Confirmation: Hashable, Sendable {
  public struct Choice: Hashable, Sendable {
    public var label: String
    /// The letter that gives this answer at once; never the key that raised the question, and a
    /// capital where the answer ends the program.
    public var key: Character
    public var action: Action

    public init(_ label: String, key: Character, _ action: Action) {
      self.label = label
      self.key = key
      self.action = action
    }
  }

  public enum Action: Hashable, Sendable {
    case nothing
    case cancelPrediction(Prediction.ID)
    case launchAgain
    case quit
    case cancelAllAndQuit
  }

  public var title: String
  public var message: String
  public var choices: [Choice]
  public var focused = 0

  public init(title: String, message: String, choices: [Choice]) {
    self.title = title
    self.message = message
    self.choices = choices
  }
}

/// One line that tells what just happened.
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
