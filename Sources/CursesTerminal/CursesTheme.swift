import TerminalKit

/// How each style role looks. No other code knows colors.
///
/// Text keeps the terminal's own foreground and background where possible, and the palette is never
/// redefined.
struct CursesTheme: Hashable, Sendable {
  enum Depth: Hashable, Sendable {
    /// No colors, because of the terminal or NO_COLOR: only bold, underline and reverse.
    case mono
    /// The eight or sixteen colors of the terminal's palette, which the user can choose.
    case basic(bright: Bool)
    /// The 256 colors of xterm.
    case indexed
    /// Colors are red, green and blue in one number, as in terminfo's `*-direct` entries.
    case direct
  }

  var depth: Depth
  var isLight: Bool
  var isHighContrast = false

  /// Colors (−1 is the terminal's own) and attributes.
  struct Look: Hashable, Sendable {
    var foreground: Int32 = -1
    var background: Int32 = -1
    var isBold = false
    var isDim = false
    var isUnderlined = false
    var isReversed = false
    var isItalic = false
  }

  func look(of style: Style) -> Look {
    var look: Look
    if isHighContrast {
      look = highContrastLook(of: style)
    } else {
      look =
        switch depth {
        case .mono: monoLook(of: style)
        case .basic(let bright): basicLook(of: style, bright: bright)
        case .indexed, .direct: indexedLook(of: style)
        }
    }
    if depth == .direct {
      look.foreground = Self.direct(look.foreground)
      look.background = Self.direct(look.background)
    }
    if style.isBold { look.isBold = true }
    if style.isDim, !isHighContrast { look.isDim = true }
    if style.isUnderlined { look.isUnderlined = true }
    if style.isItalic { look.isItalic = true }
    if style.isReversed { look.isReversed.toggle() }
    return look
  }

  // MARK: 256 colors

  private func indexedLook(of style: Style) -> Look {
    if style.isSelected || style.isSelectedUnfocused {
      return indexedSelection(of: style)
    }
    let colors = isLight ? Self.light(style.role) : Self.dark(style.role)
    return Look(
      foreground: colors.0, background: colors.1, isBold: Self.isBold(style.role),
      isUnderlined: style.role == .link || style.role == .tabActive)
  }

  /// The selected row: a bar on which statuses keep their colors. It is also bold, for terminals and
  /// eyes that don't distinguish the colors well.
  private func indexedSelection(of style: Style) -> Look {
    var look = Look(isUnderlined: style.role == .link)
    if style.isSelected {
      look.background = style.role == .barFilled || style.role == .barEmpty ? 236 : 24
      look.foreground = Self.onSelection(style.role)
      look.isBold = true
    } else {
      look.background = isLight ? 254 : 236
      look.foreground = isLight ? Self.onPaleGrey(style.role) : Self.onDarkGrey(style.role)
    }
    return look
  }

  private static func onSelection(_ role: Style.Role) -> Int32 {
    switch role {
    case .dim, .count, .log, .placeholder, .canceled, .label, .border, .scrollbar: 153
    case .success, .string: 157
    case .failure, .error, .invalid, .required: 224
    case .warning, .waiting, .changed, .number, .notice: 222
    case .running, .accent, .official, .barFilled, .headerAccent: 123
    default: 231
    }
  }

  private static func onDarkGrey(_ role: Style.Role) -> Int32 {
    switch role {
    case .failure, .error, .invalid, .required: 210
    case .success, .string, .warning, .changed, .waiting, .running, .accent, .number, .title,
      .heading, .code, .label, .link:
      dark(role).0
    case .official: 147
    case .dim, .canceled, .count, .log, .placeholder, .tab, .border, .scrollbar: 248
    default: 253
    }
  }

  private static func onPaleGrey(_ role: Style.Role) -> Int32 {
    switch role {
    case .failure, .error, .invalid, .required: 124
    case .success, .string: 22
    case .warning, .changed, .waiting, .number, .code: 94
    case .running, .accent, .label, .link: 24
    case .title, .heading, .official: light(role).0
    case .dim, .canceled, .count, .log, .placeholder, .tab, .border, .scrollbar: 240
    default: 235
    }
  }

  static func isBold(_ role: Style.Role) -> Bool {
    switch role {
    case .title, .heading, .headerAccent, .footerKey, .tabActive, .required, .invalid,
      .overlayTitle, .buttonFocused, .error, .borderFocused:
      true
    default: false
    }
  }

  private static func dark(_ role: Style.Role) -> (Int32, Int32) {
    switch role {
    case .normal, .value: (-1, -1)
    case .dim, .canceled, .count: (245, -1)
    case .title: (111, -1)
    case .heading: (183, -1)
    case .accent, .running: (80, -1)
    case .label: (110, -1)
    case .number: (216, -1)
    case .string: (150, -1)
    case .link: (75, -1)
    case .code: (180, -1)
    case .success: (114, -1)
    case .failure, .required, .invalid: (203, -1)
    case .warning, .changed: (221, -1)
    case .waiting: (179, -1)
    case .official: (141, -1)
    case .border: (240, -1)
    case .borderFocused: (75, -1)
    case .header: (252, 236)
    case .headerAccent: (80, 236)
    case .footer: (249, 236)
    case .footerKey: (221, 236)
    case .tab: (246, -1)
    case .tabActive: (117, -1)
    case .field: (252, 236)
    case .fieldFocused: (231, 239)
    case .placeholder: (247, 236)
    case .barFilled: (80, 238)
    case .barEmpty: (240, 238)
    case .overlay: (252, -1)
    case .overlayBorder: (75, -1)
    case .overlayTitle: (231, -1)
    case .button: (252, 239)
    case .buttonFocused: (231, 25)
    case .notice: (221, 236)
    case .error: (231, 124)
    case .log: (250, -1)
    case .scrollbar: (242, -1)
    }
  }

  private static func light(_ role: Style.Role) -> (Int32, Int32) {
    switch role {
    case .normal, .value: (-1, -1)
    case .dim, .canceled, .count: (242, -1)
    case .title: (25, -1)
    case .heading: (90, -1)
    case .accent, .running: (23, -1)
    case .label: (24, -1)
    case .number: (130, -1)
    case .string: (22, -1)
    case .link: (26, -1)
    case .code: (94, -1)
    case .success: (28, -1)
    case .failure, .required, .invalid: (160, -1)
    case .warning, .changed, .waiting: (130, -1)
    case .official: (91, -1)
    case .border: (249, -1)
    case .borderFocused: (26, -1)
    case .header: (236, 254)
    case .headerAccent: (24, 254)
    case .footer: (238, 254)
    case .footerKey: (90, 254)
    case .tab: (242, -1)
    case .tabActive: (25, -1)
    case .field: (235, 255)
    case .fieldFocused: (16, 252)
    case .placeholder: (241, 255)
    case .barFilled: (31, 252)
    case .barEmpty: (248, 252)
    case .overlay: (235, -1)
    case .overlayBorder: (26, -1)
    case .overlayTitle: (16, -1)
    case .button: (235, 252)
    case .buttonFocused: (231, 25)
    case .notice: (94, 230)
    case .error: (231, 124)
    case .log: (239, -1)
    case .scrollbar: (246, -1)
    }
  }

  /// Converts an index of xterm's color cube or gray ramp to a 24-bit color.
  static func direct(_ index: Int32) -> Int32 {
    guard index >= 16 else { return index }
    if index >= 232 {
      let grey = 8 + (index - 232) * 10
      return grey << 16 | grey << 8 | grey
    }
    let steps: [Int32] = [0, 95, 135, 175, 215, 255]
    let cube = Int(index - 16)
    return steps[cube / 36] << 16 | steps[cube / 6 % 6] << 8 | steps[cube % 6]
  }

  // MARK: The terminal's own colors

  private func basicLook(of style: Style, bright: Bool) -> Look {
    var look = Look()
    // Bright colors on a dark background if the terminal has them, otherwise the plain ones.
    func color(_ index: Int32) -> Int32 { bright && !isLight ? index + 8 : index }
    switch style.role {
    case .title, .heading, .borderFocused, .overlayBorder, .accent, .running, .label, .barFilled:
      look.foreground = isLight ? 4 : 6
    case .success, .string: look.foreground = 2
    case .failure, .required, .invalid: look.foreground = color(1)
    // Yellow on white is unreadable.
    case .warning, .waiting, .changed, .number, .code, .notice: look.foreground = isLight ? 5 : 3
    case .official: look.foreground = color(5)
    case .link:
      look.foreground = color(isLight ? 4 : 5)
      look.isUnderlined = true
    case .error: (look.foreground, look.background) = (7, 1)
    case .header, .headerAccent, .footer, .footerKey, .buttonFocused, .fieldFocused:
      look.isReversed = true
    case .dim, .canceled, .count, .placeholder, .border, .scrollbar, .barEmpty, .tab:
      if bright { look.foreground = 8 } else { look.isDim = true }
    case .field, .button, .tabActive: look.isUnderlined = true
    case .normal, .value, .log, .overlay, .overlayTitle: break
    }
    look.isBold = Self.isBold(style.role)
    select(style, &look)
    return look
  }

  private func monoLook(of style: Style) -> Look {
    var look = Look()
    switch style.role {
    case .header, .headerAccent, .footer, .footerKey, .error, .buttonFocused, .fieldFocused:
      look.isReversed = true
    case .link, .field, .tabActive, .button: look.isUnderlined = true
    case .dim, .placeholder, .canceled, .barEmpty, .tab: look.isDim = true
    default: break
    }
    look.isBold = Self.isBold(style.role) || style.role == .failure || style.role == .running
    select(style, &look)
    return look
  }

  /// The selected row without a color: reversed if it has the focus, otherwise underlined.
  private func select(_ style: Style, _ look: inout Look) {
    if style.isSelected {
      look = Look(isBold: true, isReversed: true)
    } else if style.isSelectedUnfocused {
      look.isUnderlined = true
      look.isBold = true
      look.isDim = false
    }
  }
}
