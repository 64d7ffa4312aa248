import Settings
import TerminalKit
import ViewModels

/// One row of the key map: the keys for a command in one scope.
public struct KeyRow: Hashable, Sendable {
  public var scope: KeyScope
  public var keys: [Key]
  public var id: CommandID
  /// The title to show in this scope, if it differs from the catalog's.
  public var title: String?
  public var isInFooter: Bool

  init(
    _ scope: KeyScope, _ keys: [Key], _ id: CommandID, _ title: String? = nil,
    footer: Bool = false
  ) {
    self.scope = scope
    self.keys = keys
    self.id = id
    self.title = title
    isInFooter = footer
  }

  /// The keys' names as shown in the footer, the help, and the documents.
  public var keyNames: String { keys.map(\.description).joined(separator: " ") }
}

/// Maps keys to commands, by scope. The footer, the help, the palette, and the documents all read
/// it.
public struct KeyMap: Sendable {
  public private(set) var rows: [KeyRow]
  private var index: [Key: [(scope: KeyScope, id: CommandID)]] = [:]
  /// The rows of each scope that the footer shows.
  private var footers: [KeyScope: [KeyRow]] = [:]

  /// An entry in the config's `[keys]` that can't be used.
  public struct Problem: Hashable, Sendable {
    public var line: Int
    public var message: String
  }

  init(_ rows: [KeyRow]) {
    self.rows = rows
    for row in rows {
      for key in row.keys { index[key, default: []].append((row.scope, row.id)) }
      if row.isInFooter { footers[row.scope, default: []].append(row) }
    }
  }

  /// The command for a key. Earlier scopes take precedence.
  func id(for key: Key, in scopes: [KeyScope]) -> CommandID? {
    guard let uses = index[key] else { return nil }
    for scope in scopes {
      if let use = uses.first(where: { $0.scope == scope }) { return use.id }
    }
    return nil
  }

  /// The rows that the footer shows for these scopes. Each command appears once, in its nearest
  /// scope.
  func footer(in scopes: [KeyScope]) -> [KeyRow] {
    var found: [KeyRow] = []
    for (place, scope) in scopes.enumerated() {
      for row in footers[scope] ?? [] {
        guard let key = row.keys.first, !found.contains(where: { $0.id == row.id }),
          !(index[key] ?? []).contains(where: { scopes[..<place].contains($0.scope) })
        else { continue }
        found.append(row)
      }
    }
    return found
  }

  /// Every scope, in the order of the rows.
  public var scopes: [KeyScope] {
    var seen: Set<KeyScope> = []
    return rows.map(\.scope).filter { seen.insert($0).inserted }
  }
}

// Key bindings from the config file.
extension KeyMap {
  /// The standard key map, changed as the config says.
  @MainActor
  public static func configured(
    _ settings: [Settings.KeySetting]
  ) -> (map: KeyMap, problems: [Problem]) {
    let catalog = CommandCatalog(PlaceTable.places)
    var rows = standard(PlaceTable.rows)
    var problems: [Problem] = []
    var bound: [(id: CommandID, keys: [Key], line: Int)] = []
    for setting in settings {
      let id = CommandID(setting.command)
      guard catalog[id] != nil else {
        problems.append(
          Problem(line: setting.line, message: unknown(setting.command, catalog)))
        continue
      }
      guard id != "interrupt" else {
        problems.append(
          Problem(
            line: setting.line, message: "Ctrl-C can’t be rebound: it always cancels or quits"))
        continue
      }
      var keys: [Key] = []
      for name in setting.keys {
        guard let key = Key(name: name) else {
          problems.append(
            Problem(
              line: setting.line,
              message:
                "unknown key “\(name)”; keys are written like r, G, ctrl-r, alt-enter, f5, space"
            ))
          continue
        }
        keys.append(key)
      }
      bound.append((id, keys, setting.line))
      // Custom bindings replace all of a command's standard keys, except in scopes where they are
      // typed as text.
      for index in rows.indices where rows[index].id == id {
        let isUsable = !rows[index].scope.isTyped || keys.contains { $0.typed == nil }
        if isUsable || keys.isEmpty { rows[index].keys = [] }
      }
    }
    for (id, keys, line) in bound {
      let places = rows.indices.filter { rows[$0].id == id }
      let scopes = places.isEmpty ? [home(of: id, in: catalog)] : places.map { rows[$0].scope }
      for key in keys {
        for (number, scope) in scopes.enumerated() {
          if scope.isTyped, key.typed != nil {
            // The key still works in scopes where it isn't typed as text.
            guard scopes.allSatisfy(\.isTyped) else { continue }
            problems.append(
              Problem(
                line: line,
                message: "\(key) types text \(scope.title.lowercased()), so it can’t be "
                  + "bound to \(id) there"))
            continue
          }
          if let other = rows.first(where: {
            $0.scope == scope && $0.id != id && $0.keys.contains(key)
          }) {
            problems.append(
              Problem(
                line: line,
                message: "\(key) is already bound to \(other.id) \(scope.title.lowercased())"))
            continue
          }
          if places.isEmpty {
            rows.append(KeyRow(scope, [key], id))
          } else if !rows[places[number]].keys.contains(key) {
            rows[places[number]].keys.append(key)
          }
        }
      }
    }
    return (KeyMap(rows.filter { !$0.keys.isEmpty }), problems)
  }

  /// The default scope of a command that has no key yet.
  private static func home(of id: CommandID, in catalog: CommandCatalog) -> KeyScope {
    id.rawValue.hasPrefix("form.") ? .form : .panes
  }

  private static func unknown(_ name: String, _ catalog: CommandCatalog) -> String {
    let near = catalog.rows.map(\.id.rawValue).filter {
      $0.hasPrefix(name) || name.hasPrefix($0) || $0.contains(name)
    }
    let hint = near.first.map { "; did you mean \($0)?" } ?? "; see docs/keys.md for a list"
    return "unknown command “\(name)”\(hint)"
  }
}

extension Key {
  /// Parses a key's name from the config file: `r`, `G`, `ctrl-r`, `alt-enter`, `f5`.
  public init?(name: String) {
    var modifiers: Modifiers = []
    var rest = Substring(name.count == 1 ? name : name.lowercased())
    if name.count > 1 {
      while let dash = rest.firstIndex(of: "-"), dash != rest.startIndex,
        rest.index(after: dash) < rest.endIndex
      {
        switch rest[..<dash] {
        case "ctrl", "control", "c": modifiers.insert(.control)
        case "alt", "meta", "m": modifiers.insert(.alt)
        case "shift", "s": modifiers.insert(.shift)
        default: return nil
        }
        rest = rest[rest.index(after: dash)...]
      }
    }
    let named: [Substring: Code] = [
      "enter": .enter, "return": .enter, "esc": .escape, "escape": .escape, "tab": .tab,
      "backspace": .backspace, "del": .delete, "delete": .delete, "ins": .insert,
      "insert": .insert, "up": .up, "down": .down, "left": .left, "right": .right,
      "home": .home, "end": .end, "pgup": .pageUp, "pageup": .pageUp, "pgdn": .pageDown,
      "pagedown": .pageDown, "space": .character(" "),
    ]
    if let code = named[rest] {
      self.init(code, modifiers)
    } else if rest.first == "f", let number = Int(rest.dropFirst()), (1...24).contains(number) {
      self.init(.function(number), modifiers)
    } else if rest.count == 1, let character = rest.first {
      // Alt is case-sensitive: Alt-R isn't Alt-r.
      let written = modifiers.contains(.control) ? character : name.last ?? character
      self.init(.character(written), modifiers)
    } else {
      return nil
    }
  }
}
