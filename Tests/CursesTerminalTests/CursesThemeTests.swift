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
  func `the selection shows in more than colour`(depth: CursesTheme.Depth) {
    for isLight in [true, false] {
      let theme = CursesTheme(depth: depth, isLight: isLight)
      let plain = theme.look(of: .normal)
      let selected = theme.look(of: .normal.selected)
      let unfocused = theme.look(of: .normal.selectedUnfocused)
      #expect(selected != plain && unfocused != plain && selected != unfocused)
      #expect(selected.isBold || selected.isReversed)
    }
  }

  @Test(arguments: Style.Role.allCases)
  func `without colours nothing has one`(role: Style.Role) {
    for style in [Style(role), Style(role).selected, Style(role).selectedUnfocused] {
      let look = CursesTheme(depth: .mono, isLight: false).look(of: style)
      #expect(look.foreground == -1 && look.background == -1)
    }
  }

  @Test(arguments: Style.Role.allCases)
  func `colours stay within what the terminal has`(role: Style.Role) {
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
  func `text stands out from what it is written on`(role: Style.Role) {
    for isLight in [true, false] {
      let theme = CursesTheme(depth: .direct, isLight: isLight)
      for style in [Style(role), Style(role).selected, Style(role).selectedUnfocused] {
        let look = theme.look(of: style)
        let ground: Int32 = isLight ? 0xFFFFFF : 0
        let ink: Int32 = isLight ? 0 : 0xFFFFFF
        let contrast = Self.contrast(
          look.foreground < 0 ? ink : look.foreground,
          look.background < 0 ? ground : look.background)
        // Lines and bars needn't be read.
        let isLine = [.border, .scrollbar, .barEmpty, .barFilled].contains(role)
        #expect(contrast >= (isLine ? 1.3 : 4.5), "\(style), light: \(isLight), \(contrast)")
      }
    }
  }

  @Test func `the palette's colours are those of xterm`() {
    #expect(CursesTheme.direct(16) == 0x000000)
    #expect(CursesTheme.direct(24) == 0x005F87)
    #expect(CursesTheme.direct(231) == 0xFFFFFF)
    #expect(CursesTheme.direct(232) == 0x080808)
    #expect(CursesTheme.direct(255) == 0xEEEEEE)
    #expect(CursesTheme.direct(-1) == -1)
  }

  @Test func `attributes of the style are kept`() {
    let look = CursesTheme(depth: .indexed, isLight: false)
      .look(of: Style.normal.bold().underlined().italic().dimmed().reversed())
    #expect(look.isBold && look.isUnderlined && look.isItalic && look.isDim && look.isReversed)
  }

  /// The contrast of two colours as WCAG reckons it, 1…21.
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
  @Test func `widths are the C library's, in UTF-8 even where no locale is set`() {
    #expect(System.takeLocale())
    for scalar in ["a", "é", "─", "漢", "😀", "한"] as [Unicode.Scalar] {
      #expect(System.widths.width(of: scalar) == WidthTable.builtIn.width(of: scalar))
    }
    #expect(System.widths.width(of: "\u{301}") == 0)
  }
}
