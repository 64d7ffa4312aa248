/// A message to the terminal that isn't part of a frame.
public enum TerminalMessage: Hashable, Sendable {
  /// Text for the system clipboard (OSC 52).
  case clipboard(String)
  /// A desktop notification, for a user who is looking at something else.
  case notice(title: String, body: String)
  /// The progress to show in the tab or taskbar (OSC 9;4). Nil removes it.
  case progress(TerminalProgress?)
  case bell
}

/// Progress as shown in a tab or taskbar.
public enum TerminalProgress: Hashable, Sendable {
  /// In progress, for an unknown time.
  case indeterminate
  /// From 0 to 100.
  case percent(Int)
}
