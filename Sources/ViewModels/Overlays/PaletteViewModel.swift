import Observation
import Running

/// A searchable list of all commands and places, which also opens addresses.
@MainActor @Observable
public final class PaletteViewModel {
  /// One row of the list.
  public enum Row: Hashable, Sendable {
    /// Opens the typed address.
    case address(Address, text: String)
    case command(CommandRow, keys: String, Availability)
    /// Searches Replicate's models for the typed text.
    case search(String)
  }

  public private(set) var text = TextBuffer()
  public private(set) var cursor: ListCursor
  public private(set) var rows: [Row] = []
  public private(set) var problem: String?
  @ObservationIgnored private let commands: [(row: Row, title: String)]
  @ObservationIgnored private let history: [String]
  @ObservationIgnored private let completions: @MainActor (String) -> [String]
  /// The names of places, so that `log` finds the log no matter what its command is called.
  @ObservationIgnored private let names: [CommandID: [String]]
  /// The history entry shown in the field, counted from the newest.
  @ObservationIgnored private var recalled: Int?
  /// Whether the text was pasted and hasn't been changed, so that it's rather searched for than the
  /// name of a command.
  @ObservationIgnored private var isOffered: Bool

  /// - Parameters:
  ///   - offered: Text that was pasted where nothing is typed.
  ///   - isSearch: Whether that text is rather to be searched for than the name of a command.
  init(
    commands: [(CommandRow, keys: String, Availability)], names: [CommandID: [String]],
    history: [String], height: Int, offering offered: String = "", isSearch: Bool = false,
    completions: @escaping @MainActor (String) -> [String]
  ) {
    // Commands that are available now come first.
    let sorted =
      commands.filter { $0.2 == .yes } + commands.filter { $0.2 != .yes }
    self.commands = sorted.map { (.command($0.0, keys: $0.1, $0.2), $0.0.title.lowercased()) }
    self.names = names
    self.history = history
    self.completions = completions
    cursor = ListCursor(height: height)
    isOffered = isSearch
    text.apply(.insert(offered))
    find()
  }

  public var selected: Row? {
    rows.indices.contains(cursor.selected) ? rows[cursor.selected] : nil
  }

  /// Whether the selected row may cost or lose something.
  public var isRisky: Bool {
    if case .command(let row, _, _) = selected { row.command.isRisky } else { false }
  }

  /// The placeholder of the empty field.
  public var placeholder: String { "command, place, owner/name, p/ID, or web address" }

  func edit(_ edit: TextEdit) {
    let before = text.text
    guard text.apply(edit) else { return }
    if text.text != before {
      recalled = nil
      problem = nil
      isOffered = false
      find()
    }
  }

  /// In the first row, Up recalls earlier entries.
  func move(_ movement: Movement) {
    if movement == .up, cursor.selected == 0, !history.isEmpty {
      let next = min((recalled ?? -1) + 1, history.count - 1)
      text = TextBuffer(history[next])
      recalled = next
      find()
      return
    }
    cursor.move(movement)
  }

  func select(_ row: Int) { cursor.select(row) }
  func setHeight(_ rows: Int) { cursor.setHeight(rows) }

  /// Completes the text from the selected row.
  func complete() {
    switch selected {
    case .address(_, let address): text = TextBuffer(address)
    case .command(let row, _, _): text = TextBuffer(names[row.id]?.first ?? row.title)
    case .search, nil: return
    }
    find()
  }

  func show(problem words: String) { problem = words }

  /// Bytes of text, more than any command's title or model's name has. What was pasted by mistake
  /// isn't looked for, so that a key after it costs no more than another.
  private static let longest = 400

  private func find() {
    let exact = String(text.text.trimmingBlanks())
    var found: [Row] = []
    var seen: Set<Address> = []
    func offer(_ text: String) {
      guard let address = Address(text), seen.insert(address).inserted else { return }
      found.append(.address(address, text: text))
    }
    if exact.isEmpty {
      rows = commands.map(\.row)
    } else if exact.utf8.count > Self.longest {
      offer(exact)
      rows = found
    } else {
      let typed = exact.lowercased()
      let words = typed.split(separator: " ")
      let ranked = commands.compactMap { entry -> (rank: Int, row: Row)? in
        rank(of: entry.row, title: entry.title, typed, words).map { ($0, entry.row) }
      }
      // Equal ranks keep the catalog's order.
      let ordered = ranked.enumerated().sorted {
        ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
      }
      offer(exact)
      for name in completions(exact).prefix(8) { offer(name) }
      let named = ordered.prefix { $0.element.rank == 0 }.map(\.element.row)
      let others = ordered.dropFirst(named.count).map(\.element.row)
      let search = Row.search(exact)
      rows = isOffered ? found + [search] + named + others : named + found + others + [search]
    }
    cursor.setCount(rows.count)
    cursor.select(0)
  }

  /// The rank of a match: 0 for a place's name, then by how the title matches. Nil if it doesn't.
  private func rank(
    of row: Row, title: String, _ typed: String, _ words: [Substring]
  ) -> Int? {
    guard case .command(let command, _, _) = row else { return nil }
    if names[command.id]?.contains(typed) == true || command.id.rawValue == typed { return 0 }
    if title.hasPrefix(typed) { return 1 }
    let titleWords = title.split { $0 == " " || $0 == "-" }
    if words.allSatisfy({ word in titleWords.contains { $0.hasPrefix(word) } }) { return 2 }
    if words.allSatisfy({ title.contains($0) }) { return 3 }
    if words.allSatisfy({ command.id.rawValue.contains($0) }) { return 4 }
    return typed.count > 2 && Self.isSubsequence(typed, of: title) ? 5 : nil
  }

  private static func isSubsequence(_ typed: String, of title: String) -> Bool {
    var rest = typed[...]
    for character in title where character == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }
}
