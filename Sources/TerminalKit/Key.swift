/// A key press, as the user would name it.
///
/// A printable key is its character: `G`, not Shift-G. With Control and Alt, it's the plain letter:
/// `.control("r")`.
public struct Key: Hashable, Sendable {
  public var code: Code
  public var modifiers: Modifiers

  public init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  public enum Code: Hashable, Sendable {
    case character(Character)
    case enter, escape, tab, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    case function(Int)
  }

  public struct Modifiers: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    public static let shift = Modifiers(rawValue: 1)
    public static let alt = Modifiers(rawValue: 2)
    public static let control = Modifiers(rawValue: 4)
  }

  public func with(_ modifiers: Modifiers) -> Key { Key(code, self.modifiers.union(modifiers)) }

  /// The character that the key types, or nil for all other keys.
  public var typed: Character? {
    if case .character(let character) = code, modifiers.isEmpty { return character }
    return nil
  }
}

extension Key {
  public static func character(_ character: Character) -> Key { Key(.character(character)) }
  public static func control(_ character: Character) -> Key {
    Key(.character(character), .control)
  }
  public static func alt(_ character: Character) -> Key { Key(.character(character), .alt) }
  public static func function(_ number: Int) -> Key { Key(.function(number)) }

  public static let enter = Key(.enter)
  public static let escape = Key(.escape)
  public static let tab = Key(.tab)
  public static let shiftTab = Key(.tab, .shift)
  public static let backspace = Key(.backspace)
  public static let delete = Key(.delete)
  public static let insert = Key(.insert)
  public static let up = Key(.up)
  public static let down = Key(.down)
  public static let left = Key(.left)
  public static let right = Key(.right)
  public static let home = Key(.home)
  public static let end = Key(.end)
  public static let pageUp = Key(.pageUp)
  public static let pageDown = Key(.pageDown)
  public static let space = Key(.character(" "))
}

extension Key: CustomStringConvertible {
  /// The key's name in the footer and the help: `Ctrl-R`, `↵`, `Esc`, `F2`, `g`.
  public var description: String {
    var text = ""
    if modifiers.contains(.control) { text += "Ctrl-" }
    if modifiers.contains(.alt) { text += "Alt-" }
    if modifiers.contains(.shift) { text += "Shift-" }
    switch code {
    case .character(" "): text += "Space"
    case .character(let character):
      text += modifiers.contains(.control) ? character.uppercased() : String(character)
    case .enter: text += "↵"
    case .escape: text += "Esc"
    case .tab: text += "Tab"
    case .backspace: text += "Backspace"
    case .delete: text += "Del"
    case .insert: text += "Ins"
    case .up: text += "↑"
    case .down: text += "↓"
    case .left: text += "←"
    case .right: text += "→"
    case .home: text += "Home"
    case .end: text += "End"
    case .pageUp: text += "PgUp"
    case .pageDown: text += "PgDn"
    case .function(let number): text += "F\(number)"
    }
    return text
  }
}
