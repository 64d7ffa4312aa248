/// What a program can tell a terminal beside its frames.
public enum TerminalMessage: Hashable, Sendable {
  /// A text for the desktop's clipboard (OSC 52).
  case clipboard(String)
  /// Something to tell a person who looks elsewhere.
  case notice(title: String, body: String)
  /// How far the work is, for the tab or the task bar (OSC 9;4); nil takes the mark away.
  case progress(TerminalProgress?)
  case bell
}

/// How far the work is that a tab or a task bar shows.
public enum TerminalProgress: Hashable, Sendable {
  /// Under way for an unknown time.
  case indeterminate
  /// 0…100.
  case percent(Int)
}
