import ViewModels

/// Where a row of the key map applies.
public struct KeyScope: Hashable, Sendable {
  /// A stable name, such as `form`.
  public var name: String
  /// The title in the help and the documents, such as `In the form`.
  public var title: String

  private let isPlace: Bool

  init(_ name: String, _ title: String, isPlace: Bool = false) {
    self.name = name
    self.title = title
    self.isPlace = isPlace
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.name == other.name && one.isPlace == other.isPlace
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// Stands for the place whose row in the table of places lists the key.
  static let here = KeyScope("here", "Here")
  static let always = KeyScope("always", "Everywhere")
  static let panes = KeyScope("panes", "In the panes")
  static let form = KeyScope("form", "In the form")
  static let properties = KeyScope("properties", "In a form about the account")
  static let formChoice = KeyScope("form-choice", "In the form, on a choice")
  static let formJSON = KeyScope("form-json", "In the form, on JSON")
  static let formExpanded = KeyScope("form-expanded", "In the form, in opened JSON")
  static let formList = KeyScope("form-list", "In the form, in a list")
  static let formPicker = KeyScope("form-picker", "In the form, in an open list")
  static let formFile = KeyScope("form-file", "In the form, on a file")
  static let files = KeyScope("files", "In the file chooser")
  static let typing = KeyScope("typing", "While typing a filter")
  static let palette = KeyScope("palette", "In the palette")
  static let help = KeyScope("help", "In the help")
  static let columns = KeyScope("columns", "In the column menu")
  static let request = KeyScope("request", "In the request")
  static let requestText = KeyScope("request-text", "In the request, editing its JSON")
  static let chooser = KeyScope("chooser", "In a list to choose from")
  static let question = KeyScope("question", "In a dialog")
  static let prompt = KeyScope("prompt", "At the token prompt")
  static let text = KeyScope("text", "At another prompt")

  static func place(_ id: PlaceID, _ title: String = "") -> KeyScope {
    KeyScope(id.rawValue, title.isEmpty ? "" : "In \(title)", isPlace: true)
  }

  /// The scopes while a place itself has the keys.
  static func all(of place: PlaceID) -> [KeyScope] { [.place(place), .panes, .always] }

  static func mode(_ mode: KeyMode) -> KeyScope { KeyScope(mode.rawValue, "") }

  /// Whether printable keys are text in this scope, so that none of them can be a command.
  var isTyped: Bool {
    let typed: [Self] = [
      .form, .properties, .formChoice, .formJSON, .formExpanded, .formList, .formFile, .formPicker,
      .typing,
      .palette, .help, .requestText, .files, .chooser, .prompt, .always,
    ]
    return typed.contains(self)
  }
}

@MainActor
extension Navigator {
  /// The key map's scopes that apply now, nearest first.
  var scopes: [KeyScope] { modalScopes ?? KeyScope.all(of: owner) }

  /// The scopes of an overlay, a form, or a filter. Nil if none of them has the keys.
  var modalScopes: [KeyScope]? {
    switch overlay {
    case .help: return [.help, .always]
    case .question: return [.question, .always]
    case .palette: return [.palette, .always]
    case .token: return [.prompt, .always]
    case .text: return [.text, .always]
    case .columns: return [.columns, .always]
    case .request(let request):
      return [request.isEditing ? .requestText : .request, .always]
    case .files: return [.files, .always]
    case .chooser(let chooser): return [chooser.question == nil ? .chooser : .text, .always]
    case nil: break
    }
    let modes = place.modes
    if !modes.isEmpty { return modes.map(KeyScope.mode) + [.always] }
    return place.isTyping ? [.typing, .always] : nil
  }
}
