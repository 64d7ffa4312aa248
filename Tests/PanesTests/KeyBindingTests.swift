import TerminalKit
import Testing
import ViewModels

@testable import Panes

struct KeyBindingTests {
  @Test func `within one scope a key means one thing`() {
    for scope in KeyBinding.Scope.allCases {
      var seen: Set<Key> = []
      for row in KeyBinding.all where row.scope == scope {
        for key in row.keys where scope != .form || key.modifiers.isEmpty {
          let isNew = seen.insert(key).inserted
          #expect(isNew, "\(key) twice in \(scope.rawValue)")
        }
      }
    }
  }

  @Test func `while something is typed no printable key is a command`() {
    for scope in [KeyBinding.Scope.typing, .form, .prompt, .help, .always] {
      for row in KeyBinding.all where row.scope == scope {
        for key in row.keys { #expect(key.typed == nil, "\(key) in \(scope.rawValue)") }
      }
    }
  }

  @Test func `Esc and Ctrl-C lead back from everywhere`() {
    for scopes in [
      [KeyBinding.Scope.models, .panes, .always], [.form, .always], [.formChoice, .form, .always],
      [.typing, .always], [.help, .always], [.question, .always], [.prompt, .always],
    ] {
      #expect(KeyBinding.command(for: .escape, in: scopes) == .back)
      #expect(KeyBinding.command(for: .control("c"), in: scopes) == .back)
      #expect(KeyBinding.command(for: .control("l"), in: scopes) == .repaint)
    }
  }

  @Test func `the nearest scope wins, in the footer too`() {
    let scopes: [KeyBinding.Scope] = [.predictions, .panes, .always]
    #expect(KeyBinding.command(for: .character("r"), in: scopes) == .rerun)
    let titles = KeyBinding.footer(in: scopes).map(\.title)
    #expect(titles.contains("run again"))
    #expect(!titles.contains("run"))
  }

  @Test func `the README's tables name every row`() {
    let text = KeyBinding.markdown
    for row in KeyBinding.all { #expect(text.contains("| \(row.title) |")) }
  }
}
