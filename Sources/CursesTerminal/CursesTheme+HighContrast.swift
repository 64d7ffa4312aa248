import TerminalKit

// The theme for eyes that need more: text stands out from its ground by 7:1 or more, nothing is
// grey or dim, and what matters shows by bold, underline and reverse as well.
extension CursesTheme {
  func highContrastLook(of style: Style) -> Look {
    var look = Look(isBold: Self.isStrong(style.role))
    (look.foreground, look.background) =
      switch depth {
      case .mono: (-1, -1)
      case .basic(let bright): basicContrast(style.role, bright: bright)
      case .indexed, .direct: isLight ? (Self.ink(style.role), 231) : (Self.glow(style.role), 16)
      }
    switch style.role {
    case .header, .headerAccent, .footer, .footerKey, .error, .buttonFocused, .fieldFocused,
      .barFilled:
      look.isReversed = true
    case .link, .field, .tabActive, .button, .failure, .invalid: look.isUnderlined = true
    default: break
    }
    if style.isSelected {
      // What is reversed by itself is told from the rest of the row by a line.
      look.isUnderlined = look.isUnderlined || look.isReversed
      look.isReversed = true
      look.isBold = true
    } else if style.isSelectedUnfocused {
      look.isUnderlined = true
      look.isBold = true
    }
    return look
  }

  private static func isStrong(_ role: Style.Role) -> Bool {
    switch role {
    case .failure, .warning, .running, .changed, .success, .notice, .button, .scrollbar: true
    default: isBold(role)
    }
  }

  /// On black, of the 256 colours.
  private static func glow(_ role: Style.Role) -> Int32 {
    switch role {
    case .title, .heading, .label, .link, .borderFocused, .overlayBorder, .tabActive: 117
    case .accent, .running, .headerAccent, .barFilled: 51
    case .success, .string: 46
    case .failure, .required, .invalid, .error: 210
    case .warning, .waiting, .changed, .number, .code, .notice, .footerKey: 226
    case .official: 213
    default: 231
    }
  }

  /// On white, of the 256 colours.
  private static func ink(_ role: Style.Role) -> Int32 {
    switch role {
    case .title, .heading, .label, .link, .borderFocused, .overlayBorder, .tabActive: 18
    case .accent, .running, .headerAccent, .barFilled: 23
    case .success, .string: 22
    case .failure, .required, .invalid, .error: 88
    case .warning, .waiting, .changed, .number, .code, .notice, .footerKey: 52
    case .official: 90
    default: 16
    }
  }

  /// Of the terminal's own colours, those few that stand out in xterm's palette.
  private func basicContrast(_ role: Style.Role, bright: Bool) -> (Int32, Int32) {
    let more: Int32 = bright ? 8 : 0
    switch role {
    case .title, .heading, .label, .link, .borderFocused, .overlayBorder, .tabActive, .accent,
      .running, .headerAccent, .barFilled:
      return isLight ? (4, 7 + more) : (6 + more, 0)
    case .success, .string: return isLight ? (0, 7 + more) : (2 + more, 0)
    case .warning, .waiting, .changed, .number, .code, .notice, .footerKey, .failure, .required,
      .invalid, .error:
      return isLight ? (0, 7 + more) : (3 + more, 0)
    default: return isLight ? (0, 7 + more) : (7 + more, 0)
    }
  }
}
