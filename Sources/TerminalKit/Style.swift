/// The meaning of a piece of text rather than its appearance. The theme maps meanings to colors.
///
///     canvas.write("Models", x: 1, y: 0, style: .title.bold())
///     canvas.write(name, x: 1, y: 2, style: .normal.selected)
public struct Style: Hashable, Sendable {
  public var role: Role
  var flags: Flags

  public init(_ role: Role) {
    self.role = role
    flags = []
  }

  /// The number of possible values of `index`.
  public static let indexCount = 128 * 64
  /// A small number that identifies the style, for lookup tables.
  public var index: Int { Int(role.rawValue) << 7 | Int(flags.rawValue) }

  /// The selected row in the focused pane.
  public var isSelected: Bool {
    get { flags.contains(.selected) }
    set { set(.selected, newValue) }
  }

  /// The selected row in a pane without the focus.
  public var isSelectedUnfocused: Bool {
    get { flags.contains(.selectedUnfocused) }
    set { set(.selectedUnfocused, newValue) }
  }

  public var isBold: Bool {
    get { flags.contains(.bold) }
    set { set(.bold, newValue) }
  }

  public var isUnderlined: Bool {
    get { flags.contains(.underlined) }
    set { set(.underlined, newValue) }
  }

  public var isDim: Bool {
    get { flags.contains(.dim) }
    set { set(.dim, newValue) }
  }

  public var isReversed: Bool {
    get { flags.contains(.reversed) }
    set { set(.reversed, newValue) }
  }

  public var isItalic: Bool {
    get { flags.contains(.italic) }
    set { set(.italic, newValue) }
  }

  /// The meanings that panes can give to text. `CursesTheme` defines how each one looks.
  public enum Role: UInt8, CaseIterable, Sendable {
    case normal, dim, title, heading, accent, label, value, number, string, link, code
    case success, failure, warning, running, waiting, canceled, official, count
    case border, borderFocused, header, headerAccent, footer, footerKey, tab, tabActive
    case required, changed, invalid, field, fieldFocused, placeholder
    case barFilled, barEmpty, overlay, overlayBorder, overlayTitle, button, buttonFocused
    case notice, error, log, scrollbar
  }

  struct Flags: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let selected = Flags(rawValue: 1)
    static let selectedUnfocused = Flags(rawValue: 2)
    static let bold = Flags(rawValue: 4)
    static let underlined = Flags(rawValue: 8)
    static let dim = Flags(rawValue: 16)
    static let reversed = Flags(rawValue: 32)
    static let italic = Flags(rawValue: 64)
  }

  private mutating func set(_ flag: Flags, _ on: Bool) {
    if on { flags.insert(flag) } else { flags.remove(flag) }
  }

  private func with(_ flag: Flags, _ on: Bool) -> Style {
    var style = self
    style.set(flag, on)
    return style
  }
}

// Modifiers that return a changed copy.
extension Style {
  public var selected: Style { with(.selected, true) }
  public var selectedUnfocused: Style { with(.selectedUnfocused, true) }

  public func selected(_ on: Bool) -> Style { with(.selected, on) }
  public func selectedUnfocused(_ on: Bool) -> Style { with(.selectedUnfocused, on) }
  public func bold(_ on: Bool = true) -> Style { with(.bold, on) }
  public func underlined(_ on: Bool = true) -> Style { with(.underlined, on) }
  public func dimmed(_ on: Bool = true) -> Style { with(.dim, on) }
  public func reversed(_ on: Bool = true) -> Style { with(.reversed, on) }
  public func italic(_ on: Bool = true) -> Style { with(.italic, on) }

  /// The same flags with a different role.
  public func role(_ role: Role) -> Style {
    var style = self
    style.role = role
    return style
  }
}

extension Style {
  public static var normal: Style { Style(.normal) }
  public static var dim: Style { Style(.dim) }
  public static var title: Style { Style(.title) }
  public static var heading: Style { Style(.heading) }
  public static var accent: Style { Style(.accent) }
  public static var label: Style { Style(.label) }
  public static var value: Style { Style(.value) }
  public static var number: Style { Style(.number) }
  public static var string: Style { Style(.string) }
  public static var link: Style { Style(.link) }
  public static var code: Style { Style(.code) }
  public static var success: Style { Style(.success) }
  public static var failure: Style { Style(.failure) }
  public static var warning: Style { Style(.warning) }
  public static var running: Style { Style(.running) }
  public static var waiting: Style { Style(.waiting) }
  public static var canceled: Style { Style(.canceled) }
  public static var official: Style { Style(.official) }
  public static var count: Style { Style(.count) }
  public static var border: Style { Style(.border) }
  public static var borderFocused: Style { Style(.borderFocused) }
  public static var header: Style { Style(.header) }
  public static var headerAccent: Style { Style(.headerAccent) }
  public static var footer: Style { Style(.footer) }
  public static var footerKey: Style { Style(.footerKey) }
  public static var tab: Style { Style(.tab) }
  public static var tabActive: Style { Style(.tabActive) }
  public static var required: Style { Style(.required) }
  public static var changed: Style { Style(.changed) }
  public static var invalid: Style { Style(.invalid) }
  public static var field: Style { Style(.field) }
  public static var fieldFocused: Style { Style(.fieldFocused) }
  public static var placeholder: Style { Style(.placeholder) }
  public static var barFilled: Style { Style(.barFilled) }
  public static var barEmpty: Style { Style(.barEmpty) }
  public static var overlay: Style { Style(.overlay) }
  public static var overlayBorder: Style { Style(.overlayBorder) }
  public static var overlayTitle: Style { Style(.overlayTitle) }
  public static var button: Style { Style(.button) }
  public static var buttonFocused: Style { Style(.buttonFocused) }
  public static var notice: Style { Style(.notice) }
  public static var error: Style { Style(.error) }
  public static var log: Style { Style(.log) }
  public static var scrollbar: Style { Style(.scrollbar) }
}

extension Style: CustomStringConvertible {
  /// The role and flags as shown in snapshots: `title+bold+selected`.
  public var description: String {
    var text = "\(role)"
    let names: [(Flags, String)] = [
      (.bold, "bold"), (.underlined, "underlined"), (.dim, "dimmed"), (.reversed, "reversed"),
      (.italic, "italic"), (.selected, "selected"), (.selectedUnfocused, "selectedUnfocused"),
    ]
    for (flag, name) in names where flags.contains(flag) { text += "+\(name)" }
    return text
  }
}
