import TerminalKit
import ViewModels

/// One row of the key table; the footer, the help overlay and the README are its readers.
public struct KeyBinding: Sendable {
  public var keys: [Key]
  public var command: Command
  public var title: String
  public var scope: Scope
  public var isInFooter: Bool

  init(
    _ scope: Scope, _ keys: [Key], _ command: Command, _ title: String, footer: Bool = false
  ) {
    self.scope = scope
    self.keys = keys
    self.command = command
    self.title = title
    isInFooter = footer
  }

  /// Where a row of the table applies.
  public enum Scope: String, CaseIterable, Sendable {
    case always = "Everywhere"
    case panes = "In the panes"
    case collections = "In Collections"
    case models = "In Models"
    case detail = "In a model"
    case predictions = "In Predictions"
    case live = "In Live"
    case form = "In the form"
    case formChoice = "In the form, on a choice"
    case typing = "While typing"
    case help = "In the help"
    case question = "In a question"
    case prompt = "At a prompt"
  }

  /// How the keys are named in the footer, the help and the README.
  public var keyNames: String {
    keys.map(\.description).joined(separator: " ")
  }

  /// What a key asks for in these scopes; the scope that stands first in the list wins.
  public static func command(for key: Key, in scopes: [Scope]) -> Command? {
    guard let uses = index[key] else { return nil }
    for scope in scopes {
      if let use = uses.first(where: { $0.scope == scope }) { return use.command }
    }
    return nil
  }

  private static let index: [Key: [(scope: Scope, command: Command)]] = {
    var index: [Key: [(scope: Scope, command: Command)]] = [:]
    for binding in all {
      for key in binding.keys { index[key, default: []].append((binding.scope, binding.command)) }
    }
    return index
  }()

  /// The table.
  public static let all: [KeyBinding] = panes + places + form + typing + overlays + always

  private static let panes: [KeyBinding] = [
    KeyBinding(.panes, [.enter], .open, "open", footer: true),
    KeyBinding(.panes, [.character("r")], .run, "run", footer: true),
    KeyBinding(.panes, [.character("/")], .filter, "search", footer: true),
    KeyBinding(.panes, [.character("c")], .cancelPrediction, "cancel", footer: true),
    KeyBinding(.panes, [.character("o")], .openInBrowser, "open on the web", footer: true),
    KeyBinding(.panes, [.up, .character("k")], .move(.up), "up"),
    KeyBinding(.panes, [.down, .character("j")], .move(.down), "down"),
    KeyBinding(.panes, [.pageUp, .control("b"), .control("u")], .move(.pageUp), "page up"),
    KeyBinding(.panes, [.pageDown, .control("f"), .control("d")], .move(.pageDown), "page down"),
    KeyBinding(.panes, [.home, .character("g")], .move(.start), "to the start"),
    KeyBinding(.panes, [.end, .character("G")], .move(.end), "to the end"),
    KeyBinding(.panes, [.character("1")], .focus(.collections), "Collections"),
    KeyBinding(.panes, [.character("2")], .focus(.models), "Models"),
    KeyBinding(.panes, [.character("3")], .focus(.detail), "the model"),
    KeyBinding(.panes, [.character("4")], .focus(.predictions), "Predictions"),
    KeyBinding(.panes, [.character("5")], .focus(.live), "Live"),
    KeyBinding(.panes, [.tab], .focusNext, "next pane"),
    KeyBinding(.panes, [.shiftTab], .focusPrevious, "previous pane"),
    KeyBinding(.panes, [.character("z")], .zoom, "zoom", footer: true),
    KeyBinding(.panes, [.character(">")], .resizePane(.wider), "wider pane"),
    KeyBinding(.panes, [.character("<")], .resizePane(.narrower), "narrower pane"),
    KeyBinding(.panes, [.character("+")], .resizePane(.taller), "taller pane"),
    KeyBinding(.panes, [.character("-")], .resizePane(.shorter), "shorter pane"),
    KeyBinding(.panes, [.character("=")], .resetPanes, "panes as they were at first"),
    KeyBinding(.panes, [.character("y")], .copy, "copy the id, or what Live’s tab shows"),
    KeyBinding(.panes, [.character("Y")], .copyAddress, "copy the web address"),
    KeyBinding(.panes, [.character("v")], .page, "read in the pager"),
    KeyBinding(.panes, [.control("r"), .function(5)], .refresh, "refresh"),
    KeyBinding(.panes, [.character(":")], .goTo, "go to", footer: true),
    KeyBinding(.panes, [.character("t")], .enterToken, "enter a token"),
    KeyBinding(.panes, [.character("?"), .function(1)], .help, "help", footer: true),
    KeyBinding(.panes, [.escape], .back, "back"),
    KeyBinding(.panes, [.character("q")], .quit, "quit", footer: true),
  ]

  private static let places: [KeyBinding] = [
    KeyBinding(.collections, [.character("/")], .filter, "filter", footer: true),
    KeyBinding(.collections, [.right, .character("l")], .open, "open"),
    KeyBinding(.models, [.right, .character("l")], .open, "open"),
    KeyBinding(.models, [.left, .character("h")], .back, "back"),
    KeyBinding(.predictions, [.character("/")], .filter, "filter", footer: true),
    KeyBinding(.predictions, [.right, .character("l")], .open, "open"),
    KeyBinding(.predictions, [.character("r")], .rerun, "run again", footer: true),
    KeyBinding(
      .detail, [.right, .character("l"), .character("]")], .nextTab, "next tab", footer: true),
    KeyBinding(.detail, [.left, .character("h"), .character("[")], .previousTab, "previous tab"),
    KeyBinding(
      .live, [.right, .character("l"), .character("]")], .nextTab, "next tab", footer: true),
    KeyBinding(.live, [.left, .character("h"), .character("[")], .previousTab, "previous tab"),
    KeyBinding(.live, [.enter], .openInBrowser, "open on the web"),
    KeyBinding(.live, [.character("r")], .rerun, "run again", footer: true),
  ]

  private static let form: [KeyBinding] = [
    KeyBinding(.form, [.control("r"), .function(5)], .run, "run", footer: true),
    KeyBinding(.form, [.tab], .form(.next), "next field", footer: true),
    KeyBinding(.form, [.shiftTab], .form(.previous), "previous field"),
    KeyBinding(.form, [.up], .form(.edit(.up)), "up"),
    KeyBinding(.form, [.down], .form(.edit(.down)), "down"),
    KeyBinding(.form, [.enter], .form(.activate), "choose", footer: true),
    KeyBinding(.form, [.control("u")], .form(.unset), "unset", footer: true),
    KeyBinding(.form, [.alt("u")], .form(.resetAll), "unset all"),
    KeyBinding(.form, [.control("f")], .form(.startFilter), "find a field"),
    KeyBinding(.form, [Key(.up, .alt), Key(.up, .control)], .form(.stepUp), "more"),
    KeyBinding(.form, [Key(.down, .alt), Key(.down, .control)], .form(.stepDown), "less"),
    KeyBinding(.form, [Key(.home, .alt)], .form(.toMinimum), "to the minimum"),
    KeyBinding(.form, [Key(.end, .alt)], .form(.toMaximum), "to the maximum"),
    KeyBinding(.form, [.alt("r")], .form(.randomSeed), "random seed"),
    KeyBinding(.form, [.alt("e"), .function(4)], .editField, "edit the text in your editor"),
    KeyBinding(.form, [.pageUp], .form(.pageUp), "page up"),
    KeyBinding(.form, [.pageDown], .form(.pageDown), "page down"),
    KeyBinding(.form, [Key(.home, .control)], .form(.first), "first field"),
    KeyBinding(.form, [Key(.end, .control)], .form(.last), "last field"),
    KeyBinding(.form, [Key(.enter, .alt), .control("j")], .form(.edit(.newline)), "new line"),
    KeyBinding(.form, [.function(1)], .help, "help", footer: true),
    KeyBinding(.form, [.escape], .back, "back", footer: true),
    KeyBinding(.formChoice, [.space], .form(.toggle), "switch", footer: true),
    KeyBinding(.formChoice, [.right, .character("l")], .form(.cycleForward), "next choice"),
    KeyBinding(.formChoice, [.left, .character("h")], .form(.cycleBackward), "previous choice"),
    KeyBinding(.formChoice, [.character("j")], .form(.next), "next field"),
    KeyBinding(.formChoice, [.character("k")], .form(.previous), "previous field"),
    KeyBinding(.formChoice, [.home, .character("g")], .form(.first), "first field"),
    KeyBinding(.formChoice, [.end, .character("G")], .form(.last), "last field"),
    KeyBinding(.formChoice, [.character("r")], .run, "run"),
    KeyBinding(.formChoice, [.character("z")], .zoom, "zoom"),
    KeyBinding(.formChoice, [.character("?")], .help, "help"),
    KeyBinding(.formChoice, [.character("q")], .quit, "quit"),
  ]

  private static let typing: [KeyBinding] =
    [
      KeyBinding(.typing, [.enter], .accept, "open", footer: true),
      KeyBinding(.typing, [.up], .move(.up), "up", footer: true),
      KeyBinding(.typing, [.down], .move(.down), "down", footer: true),
      KeyBinding(.typing, [.pageUp], .move(.pageUp), "page up"),
      KeyBinding(.typing, [.pageDown], .move(.pageDown), "page down"),
      KeyBinding(.typing, [.tab], .focusNext, "next pane"),
      KeyBinding(.typing, [.shiftTab], .focusPrevious, "previous pane"),
      KeyBinding(.typing, [.escape], .back, "stop searching", footer: true),
    ] + editing(.typing) { .edit($0) } + editing(.form) { .form(.edit($0)) }

  private static let overlays: [KeyBinding] =
    [
      KeyBinding(.help, [.enter], .accept, "do it", footer: true),
      KeyBinding(.help, [.up], .move(.up), "up"),
      KeyBinding(.help, [.down], .move(.down), "down"),
      KeyBinding(.help, [.pageUp], .move(.pageUp), "page up"),
      KeyBinding(.help, [.pageDown], .move(.pageDown), "page down"),
      KeyBinding(.help, [.escape, .function(1)], .back, "close", footer: true),
      KeyBinding(.question, [.enter], .accept, "choose", footer: true),
      KeyBinding(.question, [.right, .tab, .down], .nextChoice, "next answer", footer: true),
      KeyBinding(.question, [.left, .shiftTab, .up], .previousChoice, "previous answer"),
      KeyBinding(.question, [.escape, .character("q")], .back, "no", footer: true),
      KeyBinding(.prompt, [.enter], .accept, "go on", footer: true),
      KeyBinding(.prompt, [.control("r")], .run, "go on, and keep the token in a file"),
      KeyBinding(.prompt, [.escape], .back, "close", footer: true),
    ] + editing(.help) { .edit($0) } + editing(.prompt) { .edit($0) }

  private static let always: [KeyBinding] = [
    KeyBinding(.always, [.control("c")], .back, "back; at home, quit"),
    KeyBinding(.always, [.control("l")], .repaint, "repaint the screen"),
    KeyBinding(.always, [.control("z")], .suspend, "suspend"),
    KeyBinding(
      .always, [.function(9)], .toggleMouse, "let go of the mouse, to select text with it"),
  ]

  /// The keys that edit a line, alike wherever there is one.
  private static func editing(
    _ scope: Scope, _ command: (TextEdit) -> Command
  ) -> [KeyBinding] {
    [
      KeyBinding(scope, [.backspace], command(.deleteBackward), "delete to the left"),
      KeyBinding(scope, [.delete], command(.deleteForward), "delete to the right"),
      KeyBinding(
        scope, [.control("w"), Key(.backspace, .alt)], command(.deleteWordBackward),
        "delete a word"),
      KeyBinding(scope, [.control("u")], command(.deleteToStart), "delete to the start"),
      KeyBinding(scope, [.control("k")], command(.deleteToEnd), "delete to the end"),
      KeyBinding(scope, [.left], command(.left), "left"),
      KeyBinding(scope, [.right], command(.right), "right"),
      KeyBinding(scope, [Key(.left, .control), .alt("b")], command(.wordLeft), "a word left"),
      KeyBinding(scope, [Key(.right, .control), .alt("f")], command(.wordRight), "a word right"),
      KeyBinding(scope, [.home, .control("a")], command(.home), "to the start of the line"),
      KeyBinding(scope, [.end, .control("e")], command(.end), "to the end of the line"),
    ]
  }
}

extension Browser {
  /// The parts of the key table that apply now, the nearest first.
  var scopes: [KeyBinding.Scope] {
    switch overlay {
    case .help: return [.help, .always]
    case .confirmation: return [.question, .always]
    case .goTo, .token: return [.prompt, .always]
    case nil: break
    }
    if focus == .detail, form != nil {
      return isTyping ? [.form, .always] : [.formChoice, .form, .always]
    }
    if isTyping { return [.typing, .always] }
    let place: KeyBinding.Scope =
      switch focus {
      case .collections: .collections
      case .models: .models
      case .detail: .detail
      case .predictions: .predictions
      case .live: .live
      }
    return [place, .panes, .always]
  }
}

extension KeyBinding {
  /// The rows that the footer names in these scopes, each command once, the nearest scope first.
  static func footer(in scopes: [Scope]) -> [KeyBinding] {
    var seen: Set<Command> = []
    var shadowed: Set<Key> = []
    var rows: [KeyBinding] = []
    for scope in scopes {
      let here = all.filter { $0.scope == scope }
      for binding in here where binding.isInFooter {
        guard !binding.keys.isEmpty, let key = binding.keys.first, !shadowed.contains(key),
          seen.insert(binding.command).inserted
        else { continue }
        rows.append(binding)
      }
      for binding in here { shadowed.formUnion(binding.keys) }
    }
    return rows
  }

  /// The README's table of keys, in Markdown.
  public static var markdown: String {
    var lines: [String] = []
    for scope in Scope.allCases {
      let rows = all.filter { $0.scope == scope }
      guard !rows.isEmpty else { continue }
      lines += ["", "**\(scope.rawValue)**", "", "| Keys | What they do |", "|---|---|"]
      for row in rows {
        let keys = row.keys.map { "`\($0)`" }.joined(separator: " ")
        lines.append("| \(keys) | \(row.title) |")
      }
    }
    return lines.dropFirst().joined(separator: "\n") + "\n"
  }
}
