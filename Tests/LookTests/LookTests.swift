import Panes
import Support
import TerminalKit
import Testing
import ViewModels

@testable import CursesTerminal

/// Keeps what every pane shows, what it means and how it looks, so that a change of any shows in a
/// difference: `RECORD_SNAPSHOTS=1 swift test --filter LookTests` writes them anew.
@MainActor @Suite struct LookTests {
  /// The themes whose looks are kept; a new one is one more row.
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
  func `a scene shows and means the same as ever`(scene: Scene) async {
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
  func `a scene with ASCII borders shows the same as ever`(scene: Scene) async {
    let stage = await scene.play()
    for size in [Size(width: 120, height: 40), Size(width: 40, height: 12)] {
      let (screen, terminal) = stage.screen(size)
      terminal.borders = .ascii
      expectSnapshot(screen.frame().text(), "ascii/\(scene)-\(size.width)x\(size.height)")
    }
  }

  @Test func `each meaning that is shown looks the same as ever`() async {
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

  /// `114 on 236 bold`; `-` is the terminal's own colour.
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
