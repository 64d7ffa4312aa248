import Panes
import Support
import TerminalKit
import Testing
import ViewModels

@testable import CursesTerminal

/// Records the text, meanings, and appearance of every pane, so that any change shows up in a diff.
/// `RECORD_SNAPSHOTS=1 swift test --filter LookTests` updates the snapshots.
@MainActor @Suite struct LookTests {
  /// The themes to record. Add a row for a new theme.
  static let themes: [(name: String, theme: CursesTheme)] = [
    ("dark", CursesTheme(depth: .indexed, isLight: false)),
    ("light", CursesTheme(depth: .indexed, isLight: true)),
    ("basic-dark", CursesTheme(depth: .basic(bright: true), isLight: false)),
    ("basic-light", CursesTheme(depth: .basic(bright: false), isLight: true)),
    ("mono", CursesTheme(depth: .mono, isLight: false)),
    (
      "high-contrast-dark",
      CursesTheme(depth: .indexed, isLight: false, isHighContrast: true)
    ),
    (
      "high-contrast-light",
      CursesTheme(depth: .indexed, isLight: true, isHighContrast: true)
    ),
  ]

  @Test(arguments: Scene.allCases)
  func `a scene's text and meanings haven't changed`(scene: Scene) async {
    let stage = await scene.play()
    for size in keptSizes {
      let (screen, _) = stage.screen(size)
      let canvas = screen.frame()
      let cursor = canvas.cursor.map { "\($0.x), \($0.y)" } ?? "none"
      expectSnapshot(
        "\(canvas.text())\n\n= cursor: \(cursor)\n\(canvas.styles())",
        "\(scene)-\(size.width)x\(size.height)")
    }
  }

  @Test(arguments: Scene.allCases)
  func `a scene with ASCII borders hasn't changed`(scene: Scene) async {
    let stage = await scene.play()
    for size in [Size(width: 120, height: 40), Size(width: 40, height: 12)] {
      let (screen, terminal) = stage.screen(size)
      terminal.borders = .ascii
      expectSnapshot(screen.frame().text(), "ascii/\(scene)-\(size.width)x\(size.height)")
    }
  }

  @Test(arguments: Scene.allCases)
  func `with ASCII borders every mark of ours is ASCII`(scene: Scene) async {
    // The scenes' own texts have letters of many scripts and emoji, and these marks.
    let foreign = Set("█▊…•\u{FFFD}".unicodeScalars)
    let stage = await scene.play()
    for size in keptSizes + [Size(width: 30, height: 8)] {
      let (screen, terminal) = stage.screen(size)
      terminal.borders = .ascii
      let canvas = screen.frame()
      for y in 0..<size.height {
        for x in 0..<size.width {
          let text = canvas[x, y].text
          let isOurs = text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case _ where scalar.isASCII: false
            // Emoji, and Asian punctuation.
            case _
            where scalar.value >= 0x2E80 || scalar.value == 0x2764
              || scalar.properties.isEmojiPresentation:
              false
            case .uppercaseLetter, .lowercaseLetter, .otherLetter, .modifierLetter,
              .nonspacingMark:
              false
            default:
              !(foreign.contains(scalar) && Self.foreignRoles.contains(canvas[x, y].style.role))
            }
          }
          #expect(!isOurs, "\(text) at \(x), \(y), \(scene) at \(size)")
        }
      }
    }
  }

  /// Where the scenes' own texts may have marks.
  private static let foreignRoles: Set<Style.Role> = [.log, .normal, .string, .value, .link, .code]

  @Test func `the appearance of every meaning hasn't changed`() async {
    var styles: [String: Style] = [:]
    for scene in Scene.allCases {
      let stage = await scene.play()
      for size in keptSizes {
        let (screen, _) = stage.screen(size)
        for cell in screen.frame().cells { styles["\(cell.style)"] = cell.style }
      }
    }
    for (name, theme) in Self.themes {
      let lines = styles.sorted { $0.key < $1.key }.map { description, style in
        "\(description): \(Self.words(theme.look(of: style)))"
      }
      expectSnapshot(lines.joined(separator: "\n"), "themes/\(name)")
    }
  }

  /// `114 on 236 bold`; `-` is the terminal's default color.
  private static func words(_ look: CursesTheme.Look) -> String {
    func color(_ index: Int32) -> String { index < 0 ? "-" : "\(index)" }
    let attributes: [(Bool, String)] = [
      (look.isBold, "bold"), (look.isDim, "dim"), (look.isUnderlined, "underlined"),
      (look.isReversed, "reversed"), (look.isItalic, "italic"),
    ]
    return
      (["\(color(look.foreground)) on \(color(look.background))"]
      + attributes.filter(\.0).map(\.1)).joined(separator: " ")
  }
}
