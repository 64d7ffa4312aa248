import ViewModels

/// Where a row of the key map applies.
public struct KeyScope: Hashable, Sendable {
  /// The stable name, such as `form`.
  public var name: String
  /// What the help and the documents call it, such as `In the form`.
  public var title: String

  init(_ name: String, _ title: String) {
    self.name = name
    self.title = title
  }

  public static func == (one: Self, other: Self) -> Bool { one.name == other.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The place whose row it is in; for the table of places.
  static let here = KeyScope("here", "Here")
  static let always = KeyScope("always", "Everywhere")
  static let panes = KeyScope("panes", "In the panes")
  static let form = KeyScope("form", "In the form")
  static let formChoice = KeyScope("form-choice", "In the form, on a choice")
  static let typing = KeyScope("typing", "While you type a filter")
  static let palette = KeyScope("palette", "In the palette")
  static let help = KeyScope("help", "In the help")
  static let columns = KeyScope("columns", "In the menu of columns")
  static let question = KeyScope("question", "In a question")
  static let prompt = KeyScope("prompt", "At the token prompt")

  static func place(_ id: PlaceID, _ title: String = "") -> KeyScope {
    KeyScope("place:\(id)", "In \(title)")
  }

  static func mode(_ mode: KeyMode) -> KeyScope { KeyScope(mode.rawValue, "") }

  /// Whether printable keys are typed there, so that none of them can be a command.
  var isTyped: Bool {
    [.form, .formChoice, .typing, .palette, .help, .prompt, .always].contains(self)
  }
}

@MainActor
extension Navigator {
  /// The parts of the key map that apply now, the nearest first.
  var scopes: [KeyScope] {
    switch overlay {
    case .help: return [.help, .always]
    case .question: return [.question, .always]
    case .palette: return [.palette, .always]
    case .token: return [.prompt, .always]
    case .columns: return [.columns, .always]
    case nil: break
    }
    let modes = place.modes
    if !modes.isEmpty { return modes.map(KeyScope.mode) + [.always] }
    if isTyping { return [.typing, .always] }
    // A detail has the keys of its list.
    let owner = descriptor(of: focus)?.id ?? focus
    return [.place(owner), .panes, .always]
  }
}
