import CNcurses
import Settings
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is known about the terminal without asking it: from TERM, the environment and terminfo.
struct TerminalFacts {
  /// The value of TERM.
  let name: String

  /// Throws if there is no terminal that can show a full screen.
  init() throws(TerminalError) {
    name = System.environment("TERM") ?? ""
    guard isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 else {
      throw TerminalError(
        description: "This needs a terminal: its input and output can't be a pipe or a file.")
    }
    guard !name.isEmpty else {
      throw TerminalError(
        description: "TERM isn't set: set it to your terminal's type, for example xterm-256color.")
    }
    guard name != "dumb", name != "unknown", nc_can_show(name) else {
      throw TerminalError(
        description: "A terminal of type “\(name)” can't show a full screen: "
          + "set TERM to your terminal's type, for example xterm-256color.")
    }
  }

  /// The characters for borders; always ASCII if the locale isn't UTF-8.
  func borders(_ chosen: Settings.Borders, isUTF8: Bool) -> BorderSet {
    guard isUTF8 else { return .ascii }
    switch chosen {
    case .ascii: return .ascii
    case .plain: return .plain
    case .rounded: return .rounded
    case .auto:
      if ["vt", "ansi", "sun", "wy", "cons", "pc"].contains(where: name.hasPrefix) {
        return .ascii
      }
      // The console's font has no rounded corners.
      return name == "linux" ? .plain : .rounded
    }
  }

  /// The theme to start with. Call this after ncurses has started. NO_COLOR overrides the setting.
  func theme(_ chosen: Settings.Theme) -> CursesTheme {
    let isLight =
      switch chosen {
      case .light: true
      case .dark: false
      default: Self.isLight(byColors: System.environment("COLORFGBG"))
      }
    return CursesTheme(
      depth: chosen == .mono ? .mono : depth, isLight: isLight,
      isHighContrast: chosen == .highContrast)
  }

  /// Whether the terminal's background decides between dark and light; not if the user has.
  static func followsBackground(_ chosen: Settings.Theme) -> Bool {
    switch chosen {
    case .auto, .highContrast: true
    case .dark, .light, .mono: false
    }
  }

  private var depth: CursesTheme.Depth {
    if let value = System.environment("NO_COLOR"), !value.isEmpty { return .mono }
    guard has_colors() else { return .mono }
    return switch nc_colors() {
    case ..<8: .mono
    case 8..<16: .basic(bright: false)
    case 16..<256: .basic(bright: true)
    case 256: .indexed
    default: .direct
    }
  }

  /// Reads COLORFGBG, which rxvt and Konsole set: "15;0" is light text on black.
  static func isLight(byColors value: String?) -> Bool {
    guard let last = value?.split(separator: ";").last, let index = Int(last) else { return false }
    return index == 7 || (9...15).contains(index)
  }

  /// Whether it is safe to send queries. The Linux console and Terminal.app print parts of queries that
  /// they don't know.
  var canBeAsked: Bool {
    !["linux", "vt", "ansi", "sun", "cons"].contains(where: name.hasPrefix)
      && System.environment("TERM_PROGRAM") != "Apple_Terminal"
  }
}
