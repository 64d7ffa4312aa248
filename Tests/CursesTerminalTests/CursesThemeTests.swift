import Settings
import TerminalKit
import Testing

@testable import CursesTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

private let depths: [CursesTheme.Depth] = [
  .mono, .basic(bright: false), .basic(bright: true), .indexed, .direct,
]

@Suite struct CursesThemeTests {
  @Test(arguments: depths)
  func `the selection doesn't rely on color alone`(depth: CursesTheme.Depth) {
    for isLight in [true, false] {
      let theme = CursesTheme(depth: depth, isLight: isLight)
      let plain = theme.look(of: .normal)
      let selected = theme.look(of: .normal.selected)
      let unfocused = theme.look(of: .normal.selectedUnfocused)
      #expect(selected != plain && unfocused != plain && selected != unfocused)
      #expect(selected.isBold || selected.isReversed)
    }
  }

  @Test(arguments: depths)
  func `the selection is visible without color`(depth: CursesTheme.Depth) {
    for isLight in [true, false] {
      for isHighContrast in [true, false] {
        let theme = CursesTheme(depth: depth, isLight: isLight, isHighContrast: isHighContrast)
        let plain = Self.colourless(theme.look(of: .normal))
        #expect(Self.colourless(theme.look(of: .normal.selected)) != plain)
        guard isHighContrast else { continue }
        for role in Style.Role.allCases {
          let selected = Self.colourless(theme.look(of: Style(role).selected))
          #expect(selected.isBold && selected.isReversed)
          #expect(selected != Self.colourless(theme.look(of: Style(role))), "\(role)")
          let unfocused = Self.colourless(theme.look(of: Style(role).selectedUnfocused))
          #expect(unfocused.isBold && unfocused.isUnderlined)
        }
      }
    }
  }

  @Test(arguments: Style.Role.allCases)
  func `high contrast makes all text stand out from its background`(role: Style.Role) {
    for depth in depths where depth != .mono {
      for isLight in [true, false] {
        let theme = CursesTheme(depth: depth, isLight: isLight, isHighContrast: true)
        for style in [
          Style(role), Style(role).selected, Style(role).selectedUnfocused, Style(role).dimmed(),
        ] {
          let look = theme.look(of: style)
          #expect(!look.isDim)
          let contrast = Self.contrast(
            Self.rgb(look.foreground, at: depth), Self.rgb(look.background, at: depth))
          #expect(contrast >= 7, "\(style), \(depth), light: \(isLight), \(contrast)")
        }
      }
    }
  }

  @Test(arguments: Style.Role.allCases)
  func `high contrast uses only the terminal's colors`(role: Style.Role) {
    for (depth, count) in [
      (CursesTheme.Depth.mono, 0), (.basic(bright: false), 8), (.basic(bright: true), 16),
      (.indexed, 256),
    ] {
      for isLight in [true, false] {
        let look = CursesTheme(depth: depth, isLight: isLight, isHighContrast: true)
          .look(of: Style(role))
        #expect((-1..<Int32(count)).contains(look.foreground))
        #expect((-1..<Int32(count)).contains(look.background))
      }
    }
  }

  @Test func `a theme chosen by the user ignores the terminal's background`() {
    let following = Settings.Theme.allCases.filter(TerminalFacts.followsBackground)
    #expect(following == [.auto, .highContrast])
  }

  @Test func `the background is read from rxvt's variable`() {
    #expect(
      TerminalFacts.isLight(byColors: "0;15") && TerminalFacts.isLight(byColors: "0;default;7"))
    #expect(!TerminalFacts.isLight(byColors: "15;0") && !TerminalFacts.isLight(byColors: nil))
    #expect(!TerminalFacts.isLight(byColors: "0;default"))
  }

  @Test(arguments: Style.Role.allCases)
  func `nothing is colored without colors`(role: Style.Role) {
    for style in [Style(role), Style(role).selected, Style(role).selectedUnfocused] {
      let look = CursesTheme(depth: .mono, isLight: false).look(of: style)
      #expect(look.foreground == -1 && look.background == -1)
    }
  }

  @Test(arguments: Style.Role.allCases)
  func `colors stay within the terminal's range`(role: Style.Role) {
    for isLight in [true, false] {
      for style in [Style(role), Style(role).selected, Style(role).selectedUnfocused] {
        for (depth, count) in [
          (CursesTheme.Depth.basic(bright: false), 8), (.basic(bright: true), 16), (.indexed, 256),
          (.direct, 1 << 24),
        ] {
          let look = CursesTheme(depth: depth, isLight: isLight).look(of: style)
          #expect((-1..<Int32(count)).contains(look.foreground))
          #expect((-1..<Int32(count)).contains(look.background))
        }
      }
    }
  }

  @Test(arguments: Style.Role.allCases)
  func `text stands out from its background`(role: Style.Role) {
    for isLight in [true, false] {
      let theme = CursesTheme(depth: .direct, isLight: isLight)
      for style in [Style(role), Style(role).selected, Style(role).selectedUnfocused] {
        let look = theme.look(of: style)
        let ground: Int32 = isLight ? 0xFFFFFF : 0
        let ink: Int32 = isLight ? 0 : 0xFFFFFF
        let contrast = Self.contrast(
          look.foreground < 0 ? ink : look.foreground,
          look.background < 0 ? ground : look.background)
        // Lines and bars don't need to be readable.
        let isLine = [.border, .scrollbar, .barEmpty, .barFilled].contains(role)
        #expect(contrast >= (isLine ? 1.3 : 4.5), "\(style), light: \(isLight), \(contrast)")
      }
    }
  }

  @Test func `the palette's colors match xterm's`() {
    #expect(CursesTheme.direct(16) == 0x000000)
    #expect(CursesTheme.direct(24) == 0x005F87)
    #expect(CursesTheme.direct(231) == 0xFFFFFF)
    #expect(CursesTheme.direct(232) == 0x080808)
    #expect(CursesTheme.direct(255) == 0xEEEEEE)
    #expect(CursesTheme.direct(-1) == -1)
  }

  @Test func `the style's attributes are kept`() {
    let look = CursesTheme(depth: .indexed, isLight: false)
      .look(of: Style.normal.bold().underlined().italic().dimmed().reversed())
    #expect(look.isBold && look.isUnderlined && look.isItalic && look.isDim && look.isReversed)
  }

  private static func colourless(_ look: CursesTheme.Look) -> CursesTheme.Look {
    var look = look
    (look.foreground, look.background) = (-1, -1)
    return look
  }

  /// A color in xterm's palette, with red, green, and blue in one number.
  private static func rgb(_ color: Int32, at depth: CursesTheme.Depth) -> Int32 {
    let basic: [Int32] = [
      0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
      0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
    switch depth {
    case .direct: return color
    case .indexed where color >= 16: return CursesTheme.direct(color)
    default: return basic[Int(color)]
    }
  }

  /// The contrast of two colors as defined by WCAG, from 1 to 21.
  private static func contrast(_ first: Int32, _ second: Int32) -> Double {
    func linear(_ value: Int32) -> Double {
      let part = Double(value) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    func luminance(_ color: Int32) -> Double {
      0.2126 * linear(color >> 16 & 255) + 0.7152 * linear(color >> 8 & 255)
        + 0.0722 * linear(color & 255)
    }
    let (a, b) = (luminance(first), luminance(second))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }
}

@Suite struct SystemTests {
  @Test func `widths come from the C library, in UTF-8 even without a locale`() {
    #expect(System.takeLocale())
    for scalar in ["a", "é", "─", "漢", "😀", "한"] as [Unicode.Scalar] {
      #expect(System.widths.width(of: scalar) == WidthTable.builtIn.width(of: scalar))
    }
    #expect(System.widths.width(of: "\u{301}") == 0)
  }
}
