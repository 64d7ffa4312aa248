import CNcurses
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is known of the terminal before it is asked: by TERM, the environment and terminfo.
struct TerminalFacts {
  /// The value of TERM.
  let name: String

  /// Throws where there is no terminal that can show a full screen.
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

  /// What frames are drawn with; ASCII wherever the locale has nothing else.
  func borders(_ chosen: TerminalPreferences.Borders, isUTF8: Bool) -> BorderSet {
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

  /// The theme to begin with; only after ncurses has started. NO_COLOR wins over what was chosen.
  func theme(_ chosen: TerminalPreferences.Theme) -> CursesTheme {
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

  /// Whether the terminal's answer decides between dark and light: never where a person has.
  static func followsBackground(_ chosen: TerminalPreferences.Theme) -> Bool {
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

  /// rxvt and Konsole say what colours they have: "15;0" is light text on black.
  static func isLight(byColors value: String?) -> Bool {
    guard let last = value?.split(separator: ";").last, let index = Int(last) else { return false }
    return index == 7 || (9...15).contains(index)
  }

  /// The Linux console and Terminal.app print parts of questions that they don't know.
  var canBeAsked: Bool {
    !["linux", "vt", "ansi", "sun", "cons"].contains(where: name.hasPrefix)
      && System.environment("TERM_PROGRAM") != "Apple_Terminal"
  }
}
