import TerminalKit
import ViewModels

extension KeyMap {
  /// The standard key bindings.
  @MainActor
  static func standard(_ places: [PlaceRow]) -> [KeyRow] {
    var rows = panes
    for place in places.map(\.place) where place.isListed {
      if let key = place.key {
        rows.append(KeyRow(.panes, [.character(key)], .focus(place.id)))
      }
    }
    for place in places {
      let scope = KeyScope.place(place.place.id, place.place.title)
      rows += place.keys.map { row in
        var row = row
        row.scope = scope
        return row
      }
    }
    return rows + form + typing + overlays + request + always
  }

  /// The standard key bindings of the program's own places.
  @MainActor
  public static var standard: KeyMap { KeyMap(standard(PlaceTable.rows)) }

  private static let panes: [KeyRow] = [
    KeyRow(.panes, [.enter], "open", footer: true),
    KeyRow(.panes, [.character("r")], "run", footer: true),
    KeyRow(.panes, [.character("/")], "filter", "filter", footer: true),
    KeyRow(.panes, [.character("c")], "cancel", "cancel", footer: true),
    KeyRow(.panes, [.character("s")], "columns", "sort", footer: true),
    KeyRow(.panes, [.character("o")], "open-on-web", "open on the web", footer: true),
    KeyRow(.panes, [.up, .character("k")], "up"),
    KeyRow(.panes, [.down, .character("j")], "down"),
    KeyRow(.panes, [.pageUp, .control("b"), .control("u")], "page-up"),
    KeyRow(.panes, [.pageDown, .control("f"), .control("d")], "page-down"),
    KeyRow(.panes, [.home, .character("g")], "to-start"),
    KeyRow(.panes, [.end, .character("G")], "to-end"),
    KeyRow(.panes, [.tab], "next-pane"),
    KeyRow(.panes, [.shiftTab], "previous-pane"),
    KeyRow(.panes, [.character("z")], "zoom", "zoom", footer: true),
    KeyRow(.panes, [.character(">")], "wider"),
    KeyRow(.panes, [.character("<")], "narrower"),
    KeyRow(.panes, [.character("+")], "taller"),
    KeyRow(.panes, [.character("-")], "shorter"),
    KeyRow(.panes, [.character("=")], "reset-panes"),
    KeyRow(.panes, [.character("y")], "copy"),
    KeyRow(.panes, [.character("Y")], "copy-address"),
    KeyRow(.panes, [.character("v")], "page"),
    KeyRow(.panes, [.control("r"), .function(5)], "refresh"),
    KeyRow(.panes, [.character(":"), .control("p")], "palette", "commands", footer: true),
    KeyRow(.panes, [.character("t")], "enter-token"),
    KeyRow(.panes, [.character("?"), .function(1)], "help", "help", footer: true),
    KeyRow(.panes, [.escape], "back"),
    KeyRow(.panes, [.character("q")], "quit", "quit", footer: true),
  ]

  private static let form: [KeyRow] =
    [
      KeyRow(.properties, [.control("r"), .function(5)], "properties.send", "send", footer: true),
      KeyRow(.form, [.control("r"), .function(5)], "run", footer: true),
      KeyRow(.form, [.function(2)], "form.request", "request", footer: true),
      KeyRow(.form, [.function(6)], "form.values", "values", footer: true),
      KeyRow(.form, [.function(7)], "form.options", "options", footer: true),
      KeyRow(.form, [.function(8)], "form.sweep", "sweep", footer: true),
      KeyRow(.form, [.enter], "form.activate", "next field", footer: true),
      KeyRow(.form, [.control("u")], "form.unset", "unset", footer: true),
      KeyRow(.form, [.tab], "form.next-field"),
      KeyRow(.form, [.shiftTab], "form.previous-field"),
      KeyRow(.form, [.up], "form.up"),
      KeyRow(.form, [.down], "form.down"),
      KeyRow(.form, [Key(.enter, .alt), .control("j")], "form.new-line"),
      KeyRow(.form, [.alt("u")], "form.reset"),
      KeyRow(.form, [.control("f")], "form.find"),
      KeyRow(.form, [.control("y")], "form.undo"),
      KeyRow(.form, [.alt("y")], "form.redo"),
      KeyRow(.form, [Key(.up, .alt), Key(.up, .control)], "form.more"),
      KeyRow(.form, [Key(.down, .alt), Key(.down, .control)], "form.less"),
      KeyRow(.form, [Key(.home, .alt)], "form.minimum"),
      KeyRow(.form, [Key(.end, .alt)], "form.maximum"),
      KeyRow(.form, [.alt("r")], "form.random-seed"),
      KeyRow(.form, [.alt("e"), .function(4)], "edit-text"),
      KeyRow(.form, [.pageUp], "form.page-up"),
      KeyRow(.form, [.pageDown], "form.page-down"),
      KeyRow(.form, [Key(.home, .control)], "form.first-field"),
      KeyRow(.form, [Key(.end, .control)], "form.last-field"),
      KeyRow(.form, [.alt("g")], "form.version"),
      KeyRow(.form, [.alt("o")], "form.read-sweep", "from a file", footer: true),
      KeyRow(.form, [.alt("z"), .function(3)], "zoom"),
      KeyRow(.form, [.control("p")], "palette"),
      KeyRow(.form, [.control("q")], "quit"),
      KeyRow(.form, [.function(1)], "help", "help", footer: true),
      KeyRow(.form, [.escape], "back", footer: true),
      KeyRow(.form, [.control("o")], "form.choose-file"),
      KeyRow(.form, [.alt("v")], "form.paste-picture"),
      KeyRow(.formPicker, [.enter], "form.activate", "choose", footer: true),
      KeyRow(.formPicker, [.escape], "back", "close", footer: true),
      KeyRow(.formFile, [.enter], "form.activate", "choose a file", footer: true),
      KeyRow(.formFile, [.tab], "form.complete", "complete", footer: true),
      KeyRow(.formChoice, [.enter], "form.activate", "choose", footer: true),
      KeyRow(.formChoice, [.space], "form.toggle", "toggle", footer: true),
      KeyRow(.formChoice, [.right], "form.next-choice"),
      KeyRow(.formChoice, [.left], "form.previous-choice"),
      KeyRow(.formChoice, [.home], "form.first-field"),
      KeyRow(.formChoice, [.end], "form.last-field"),
      KeyRow(.formJSON, [.enter], "form.activate", "open", footer: true),
      KeyRow(.formExpanded, [.enter], "form.activate", "take it", footer: true),
      KeyRow(.formList, [.enter], "form.activate", "next row", footer: true),
      KeyRow(.formList, [.alt("n")], "form.add-row", "add a row", footer: true),
      KeyRow(.formList, [.alt("d")], "form.remove-row", "remove it", footer: true),
      KeyRow(.formList, [Key(.up, .alt), Key(.up, .control)], "form.more", "move the row up"),
      KeyRow(
        .formList, [Key(.down, .alt), Key(.down, .control)], "form.less", "move the row down"),
    ] + editing(.form, "form.", toStart: [.control("x")])

  private static let typing: [KeyRow] =
    [
      KeyRow(.typing, [.enter], "accept", "open", footer: true),
      KeyRow(.typing, [.up], "up", footer: true),
      KeyRow(.typing, [.down], "down", footer: true),
      KeyRow(.typing, [.pageUp], "page-up"),
      KeyRow(.typing, [.pageDown], "page-down"),
      KeyRow(.typing, [.tab], "next-pane"),
      KeyRow(.typing, [.shiftTab], "previous-pane"),
      KeyRow(.typing, [.control("p")], "palette"),
      KeyRow(.typing, [.escape], "back", "stop filtering", footer: true),
    ] + editing(.typing, "")

  private static let overlays: [KeyRow] =
    [
      KeyRow(.palette, [.enter], "accept", "run", footer: true),
      KeyRow(.palette, [.tab], "next-choice", "complete", footer: true),
      KeyRow(.palette, [.escape, .control("p")], "back", "close", footer: true),
      KeyRow(.help, [.enter], "accept", "run", footer: true),
      KeyRow(.help, [.escape, .function(1)], "back", "close", footer: true),
      KeyRow(.columns, [.enter], "accept", "sort", footer: true),
      KeyRow(.columns, [.space], "toggle", "show or hide", footer: true),
      KeyRow(.columns, [.up, .character("k"), .shiftTab], "up"),
      KeyRow(.columns, [.down, .character("j"), .tab], "down"),
      KeyRow(
        .columns, [.escape, .character("q"), .character("s")], "back", "close", footer: true),
      KeyRow(.files, [.enter], "accept", "take", footer: true),
      KeyRow(.files, [.tab], "next-choice", "other sources", footer: true),
      KeyRow(.files, [.shiftTab], "previous-choice"),
      KeyRow(.files, [.left, Key(.up, .alt)], "files.parent", "parent folder", footer: true),
      KeyRow(.files, [.right], "files.enter"),
      KeyRow(.files, [.control("t")], "files.sort", "sort", footer: true),
      KeyRow(.files, [.alt("m")], "files.mark", "mark"),
      KeyRow(.files, [Key(.enter, .alt)], "files.take-folder", "take the folder"),
      KeyRow(.files, [Key(.home, .alt)], "files.home"),
      KeyRow(.files, [.home], "to-start"),
      KeyRow(.files, [.end], "to-end"),
      KeyRow(.files, [.alt("v")], "form.paste-picture"),
      KeyRow(.files, [.escape, .control("o")], "back", "close", footer: true),
      KeyRow(.chooser, [.enter], "accept", "choose", footer: true),
      KeyRow(.chooser, [.control("s")], "values.save", "save as preset", footer: true),
      KeyRow(.chooser, [.alt("r")], "values.rename", "rename", footer: true),
      KeyRow(.chooser, [.alt("d")], "values.delete", "delete", footer: true),
      KeyRow(.chooser, [.alt("c")], "compare-versions", "compare", footer: true),
      KeyRow(.chooser, [.function(6)], "form.values", "close the list"),
      KeyRow(.chooser, [.escape], "back", "close", footer: true),
      KeyRow(.question, [.enter], "accept", "choose", footer: true),
      KeyRow(.question, [.right, .tab, .down], "next-choice", footer: true),
      KeyRow(.question, [.left, .shiftTab, .up], "previous-choice"),
      KeyRow(.question, [.pageDown], "page-down", "more"),
      KeyRow(.question, [.pageUp], "page-up"),
      KeyRow(.question, [.escape], "back", "no", footer: true),
      KeyRow(.prompt, [.enter], "accept", "use", footer: true),
      KeyRow(.prompt, [.control("r")], "save-token", "use and save", footer: true),
      KeyRow(.prompt, [.control("o")], "use-offered-token"),
      KeyRow(.prompt, [.escape], "back", "close", footer: true),
      KeyRow(.text, [.enter], "accept", "accept", footer: true),
      KeyRow(.text, [.escape], "back", "close", footer: true),
    ] + moving(.palette) + editing(.palette, "") + moving(.help) + editing(.help, "")
    + editing(.prompt, "") + editing(.text, "") + moving(.chooser) + editing(.chooser, "")
    + moving(.files)
    + editing(.files, "").filter { row in
      // The arrows walk through folders.
      !["edit.left", "edit.right", "edit.line-start", "edit.line-end"].contains(row.id.rawValue)
    }

  private static let request: [KeyRow] =
    [
      KeyRow(.request, [.enter, .character("e")], "request.edit", "edit", footer: true),
      KeyRow(.request, [.right, .tab], "next-tab", "tabs", footer: true),
      KeyRow(.request, [.left, .shiftTab], "previous-tab"),
      KeyRow(.request, [.character("1")], "request.json"),
      KeyRow(.request, [.character("2")], "request.curl"),
      KeyRow(.request, [.character("3")], "request.python"),
      KeyRow(.request, [.character("4")], "request.javaScript"),
      KeyRow(.request, [.character("5")], "request.swift"),
      KeyRow(.request, [.character("y")], "copy", "copy", footer: true),
      KeyRow(.request, [.up, .character("k")], "up"),
      KeyRow(.request, [.down, .character("j")], "down"),
      KeyRow(.request, [.pageUp, .control("b"), .control("u")], "page-up"),
      KeyRow(.request, [.pageDown, .control("f"), .control("d"), .space], "page-down"),
      KeyRow(.request, [.home, .character("g")], "to-start"),
      KeyRow(.request, [.end, .character("G")], "to-end"),
      KeyRow(
        .request, [.escape, .function(2), .character("q")], "back", "close", footer: true),
      KeyRow(
        .requestText, [.control("s"), .function(2)], "request.take", "take", footer: true),
      KeyRow(.requestText, [.enter, Key(.enter, .alt), .control("j")], "request.new-line"),
      KeyRow(.requestText, [.up], "request.up"),
      KeyRow(.requestText, [.down], "request.down"),
      KeyRow(.requestText, [.pageUp], "page-up"),
      KeyRow(.requestText, [.pageDown], "page-down"),
      KeyRow(.requestText, [Key(.home, .control)], "to-start"),
      KeyRow(.requestText, [Key(.end, .control)], "to-end"),
      KeyRow(.requestText, [.escape], "back", "stop editing", footer: true),
    ] + editing(.requestText, "")

  private static let always: [KeyRow] = [
    KeyRow(.always, [.control("c")], "interrupt"),
    KeyRow(.always, [.control("l")], "repaint"),
    KeyRow(.always, [.control("z")], "suspend"),
    KeyRow(.always, [.function(9)], "toggle-mouse"),
  ]

  private static func moving(_ scope: KeyScope) -> [KeyRow] {
    [
      KeyRow(scope, [.up], "up"), KeyRow(scope, [.down], "down"),
      KeyRow(scope, [.pageUp], "page-up"), KeyRow(scope, [.pageDown], "page-down"),
    ]
  }

  /// Line editing keys, the same in every text field.
  private static func editing(
    _ scope: KeyScope, _ prefix: String, toStart: [Key] = [.control("u")]
  ) -> [KeyRow] {
    let rows: [([Key], String)] = [
      ([.backspace], "delete-left"),
      ([.delete], "delete-right"),
      ([.control("w"), Key(.backspace, .alt)], "delete-word"),
      (toStart, "delete-to-start"),
      ([.control("k")], "delete-to-end"),
      ([.left], "left"),
      ([.right], "right"),
      ([Key(.left, .control), .alt("b")], "word-left"),
      ([Key(.right, .control), .alt("f")], "word-right"),
      ([.home, .control("a")], "line-start"),
      ([.end, .control("e")], "line-end"),
    ]
    return rows.map { KeyRow(scope, $0.0, CommandID("\(prefix)edit.\($0.1)")) }
  }
}

extension KeyMap {
  /// All key bindings as Markdown, for docs/keys.md.
  public func markdown(_ catalog: CommandCatalog) -> String {
    var lines: [String] = []
    for scope in scopes {
      lines += ["", "## \(scope.title)", "", "| Keys | What they do | Command |", "|---|---|---|"]
      for row in rows where row.scope == scope {
        let keys = row.keys.map { $0.description == "`" ? "`` ` ``" : "`\($0)`" }
        let title = row.title ?? catalog[row.id]?.title ?? row.id.rawValue
        lines.append("| \(keys.joined(separator: " ")) | \(title) | `\(row.id)` |")
      }
    }
    return lines.dropFirst().joined(separator: "\n") + "\n"
  }
}
