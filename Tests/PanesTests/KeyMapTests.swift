import TerminalKit
import Testing
import ViewModels

@testable import Panes

@MainActor
struct KeyMapTests {
  let map = KeyMap.standard
  let catalog = CommandCatalog(PlaceTable.places)

  /// The scopes as the focus puts them together, the nearest first.
  static let chains: [[KeyScope]] =
    PlaceTable.rows.map { [.place($0.place.id, $0.place.title), .panes, .always] } + [
      [.form, .always], [.formChoice, .form, .always],
      [.formList, .form, .always], [.formList, .formChoice, .form, .always], [.typing, .always],
      [.palette, .always],
      [.help, .always], [.columns, .always], [.question, .always], [.prompt, .always],
    ]

  @Test func `within one scope a key means one thing`() {
    for scope in map.scopes {
      var seen: [Key: CommandID] = [:]
      for row in map.rows where row.scope == scope {
        for key in row.keys {
          let other = seen.updateValue(row.id, forKey: key)
          #expect(other == nil, "\(key) is \(other ?? "") and \(row.id), \(scope.title)")
        }
      }
    }
  }

  @Test func `in the form Ctrl-U unsets the field, and Ctrl-X deletes to the start`() {
    for scopes in [
      [KeyScope.form, .always], [.formChoice, .form, .always], [.formList, .form, .always],
    ] {
      #expect(map.id(for: .control("u"), in: scopes) == "form.unset")
      #expect(map.id(for: .control("x"), in: scopes) == "form.edit.delete-to-start")
    }
  }

  @Test func `while something is typed no printable key is a command`() {
    let typed: [KeyScope] = [.form, .typing, .prompt, .palette, .help, .always]
    #expect(typed.allSatisfy { $0.isTyped })
    for scope in map.scopes where scope.isTyped {
      for row in map.rows where row.scope == scope {
        // Space is the one key that a choice has for itself.
        let keys = row.keys.filter { scope != .formChoice || $0 != .space }
        for key in keys { #expect(key.typed == nil, "\(key) \(scope.title)") }
      }
    }
  }

  @Test func `Esc leads back from everywhere, and Ctrl-C always is the way out`() {
    for scopes in Self.chains {
      #expect(map.id(for: .escape, in: scopes) == "back", "\(scopes[0].title)")
      #expect(map.id(for: .control("c"), in: scopes) == "interrupt", "\(scopes[0].title)")
      #expect(map.id(for: .control("l"), in: scopes) == "repaint", "\(scopes[0].title)")
    }
  }

  @Test func `the nearest scope wins, in the footer too`() {
    let scopes: [KeyScope] = [.place(.init("predictions")), .panes, .always]
    #expect(map.id(for: .character("r"), in: scopes) == "rerun")
    let named = map.footer(in: scopes).map(\.id)
    #expect(named.contains("rerun"))
    #expect(!named.contains("run"))
  }

  @Test func `every key asks for something that the catalog has`() {
    for row in map.rows {
      #expect(catalog[row.id] != nil, "\(row.keyNames) asks for \(row.id)")
      #expect(!row.keys.isEmpty, "\(row.id) \(row.scope.title)")
    }
    var seen: Set<CommandID> = []
    for row in catalog.rows { #expect(seen.insert(row.id).inserted, "\(row.id) is there twice") }
  }

  @Test func `the documents' table names every row`() {
    let text = map.markdown(catalog)
    for row in map.rows {
      let title = row.title ?? catalog[row.id]?.title ?? ""
      #expect(text.contains("| \(title) | `\(row.id)` |"), "\(row.id)")
    }
  }
}
