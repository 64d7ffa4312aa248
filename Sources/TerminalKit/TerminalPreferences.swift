/// What a person has chosen about the terminal; everything else is found out.
public struct TerminalPreferences: Hashable, Sendable {
  public enum Theme: String, CaseIterable, Sendable {
    /// Dark or light by the terminal's own background.
    case auto, dark, light
    case highContrast = "high-contrast"
    case mono
  }

  public enum Borders: String, CaseIterable, Sendable {
    case auto, rounded, plain, ascii
  }

  /// How a terminal is told of the end of a long run.
  public enum Notice: String, CaseIterable, Sendable {
    /// By what the terminal is known to understand, and the bell elsewhere.
    case auto
    /// OSC 99, kitty's.
    case osc99
    /// OSC 777, of rxvt, foot, Ghostty and WezTerm.
    case osc777
    /// OSC 9, iTerm2's.
    case osc9
    case bell, off
  }

  public enum TabProgress: String, CaseIterable, Sendable {
    /// Where the terminal is known to understand it: others take it for a notice.
    case auto
    case on, off
  }

  public var theme = Theme.auto
  public var borders = Borders.auto
  public var notice = Notice.auto
  public var tabProgress = TabProgress.auto
  public var usesMouse = true
  /// Whether addresses on the screen are told to the terminal as links (OSC 8).
  public var usesLinks = true
  /// Where what is written to stderr goes while the screen is full; nil keeps it in memory until the
  /// terminal is restored.
  public var logPath: String?

  public init() {}
}
