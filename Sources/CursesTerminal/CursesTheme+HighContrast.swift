import TerminalKit

// The high-contrast theme: the contrast of text is at least 7:1, nothing is gray or dim, and what
// matters is also bold, underlined or reversed.
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
      // Text that is reversed anyway is underlined to stand out from the rest of the row.
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

  /// From the 256 colors, for a black background.
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

  /// From the 256 colors, for a white background.
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

  /// The few of the terminal's own colors that have enough contrast in xterm's palette.
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
