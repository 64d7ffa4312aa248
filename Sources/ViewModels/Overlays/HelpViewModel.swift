import Observation

/// A key binding as shown in the help and the palette.
public struct KeyEntry: Hashable, Sendable {
  public var id: CommandID
  public var command: Command
  /// The keys, such as `Ctrl-R F5`.
  public var keys: String
  public var title: String
  /// Where the keys apply, such as `In Models`.
  public var section: String
  /// Whether the keys apply to the current focus.
  public var isHere: Bool

  public init(
    id: CommandID, command: Command, keys: String, title: String, section: String, isHere: Bool
  ) {
    self.id = id
    self.command = command
    self.keys = keys
    self.title = title
    self.section = section
    self.isHere = isHere
  }
}

/// The searchable list of key bindings, with those that apply here first. Enter runs the selected
/// one.
@MainActor @Observable
public final class HelpViewModel {
  public private(set) var filter = TextBuffer()
  public private(set) var cursor: ListCursor
  public private(set) var rows: [KeyEntry]
  private let all: [KeyEntry]

  init(_ entries: [KeyEntry], height: Int) {
    all = entries.filter(\.isHere) + entries.filter { !$0.isHere }
    rows = all
    cursor = ListCursor(count: all.count, height: height)
  }

  public var selected: KeyEntry? {
    rows.indices.contains(cursor.selected) ? rows[cursor.selected] : nil
  }

  func edit(_ edit: TextEdit) {
    guard filter.apply(edit) else { return }
    let words = FilterWords(filter.text)
    rows = all.filter { words.match(["\($0.title) \($0.keys) \($0.section)"]) }
    cursor.setCount(rows.count)
    cursor.select(0)
  }

  func move(_ movement: Movement) { cursor.move(movement) }
  func select(_ row: Int) { cursor.select(row) }
  func setHeight(_ rows: Int) { cursor.setHeight(rows) }
}
