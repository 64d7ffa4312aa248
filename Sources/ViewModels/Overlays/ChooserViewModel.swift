import Observation
import Running

/// A list to choose from, with a filter, what the selected row would do, and rows that are still being
/// loaded: examples and presets, versions, what differs between two of them.
@MainActor @Observable
public final class ChooserViewModel {
  public struct Row: Hashable, Sendable, Identifiable {
    public var id: String
    /// What the row is, in a word before its title: `preset`, `added`.
    public var kind: String
    public var title: String
    /// Texts in columns of their own, such as an old and a new value.
    public var columns: [String]
    /// When it was made, in seconds since 1970; shown as its age.
    public var date: Double?
    /// Whether it is the one in use.
    public var isCurrent: Bool
    /// What the filter searches besides what is shown.
    public var keywords: [String]

    public init(
      id: String, kind: String = "", title: String, columns: [String] = [], date: Double? = nil,
      isCurrent: Bool = false, keywords: [String] = []
    ) {
      self.id = id
      self.kind = kind
      self.title = title
      self.columns = columns
      self.date = date
      self.isCurrent = isCurrent
      self.keywords = keywords
    }
  }

  /// A line about the selected row.
  public enum Line: Hashable, Sendable {
    case text(String)
    case warning(String)
    /// A value and what it would be instead.
    case change(name: String, old: String, new: String)
  }

  /// A text that is asked for in place of the filter, such as a preset's name.
  public struct Question: Equatable, Sendable {
    public var title: String
    public var label: String
    public var text: TextBuffer
    public var problem: String?
  }

  public let title: String
  public let placeholder: String
  /// The titles of the rows' own columns.
  public let columnTitles: [String]
  public private(set) var filter = TextBuffer()
  public private(set) var cursor: ListCursor
  /// The rows that match the filter.
  public private(set) var rows: [Row] = []
  public internal(set) var isLoading = false
  /// What couldn't be loaded or done, in words.
  public internal(set) var problem: String?
  public private(set) var question: Question?
  /// What is known about the rows, by their IDs.
  private var previews: [Row.ID: [Line]] = [:]
  private var all: [Row] = []

  /// What is shown when there are no rows.
  @ObservationIgnored let emptyText: String
  /// Where Esc leads, if not to the panes.
  @ObservationIgnored var parent: Overlay?
  /// Finds out what there is to say about a row, and calls ``setPreview(_:for:)``.
  @ObservationIgnored var onSelect: @MainActor (Row) -> Void = { _ in }
  /// Called with the chosen row. Nil if nothing is chosen here.
  @ObservationIgnored var onAccept: (@MainActor (Row) -> Void)?
  /// Performs the commands of this list. Returns false for those of others.
  @ObservationIgnored var onCommand: @MainActor (ValuesCommand) -> Bool = { _ in false }
  /// Whether a command has a meaning for the selected row.
  @ObservationIgnored var offers: @MainActor (ValuesCommand) -> Bool = { _ in false }
  @ObservationIgnored private var onAnswer: (@MainActor (String) -> String?)?
  @ObservationIgnored private let activity = Activity()

  init(
    _ title: String, placeholder: String = "type to filter", columnTitles: [String] = [],
    empty: String
  ) {
    self.title = title
    self.placeholder = placeholder
    self.columnTitles = columnTitles
    emptyText = empty
    cursor = ListCursor(height: 10)
  }

  public var selected: Row? {
    rows.indices.contains(cursor.selected) ? rows[cursor.selected] : nil
  }

  /// What is known about the selected row; nil while that is being found out.
  public var preview: [Line]? { selected.flatMap { previews[$0.id] } }

  /// How many rows there are without the filter.
  public var count: Int { all.count }

  /// What to show in place of rows, if there are none.
  public var message: String? {
    guard rows.isEmpty else { return nil }
    if !filter.isEmpty, !all.isEmpty { return "No match." }
    return isLoading ? "Loading…" : problem == nil ? emptyText : nil
  }

  /// Whether a command does something here now.
  public func isOffered(_ command: Command) -> Bool {
    switch command {
    case .accept: question != nil || onAccept != nil
    case .values(.choose): false
    case .values(let command): question == nil && offers(command)
    default: true
    }
  }

  // MARK: Rows

  func setRows(_ rows: [Row]) {
    all = rows
    // The first row is selected until the user has chosen another.
    find(keeping: hasMoved ? selected?.id : nil)
  }

  /// Forgets what is known about the rows, after what they are compared with has changed.
  func resetPreviews() {
    previews = [:]
    select()
  }

  func setPreview(_ lines: [Line], for id: Row.ID) { previews[id] = lines }

  @ObservationIgnored private var hasMoved = false

  private func find(keeping id: Row.ID?) {
    let words = FilterWords(filter.text)
    rows =
      words.isEmpty
      ? all : all.filter { words.match([$0.kind, $0.title] + $0.columns + $0.keywords) }
    cursor.setCount(rows.count)
    cursor.select(id.flatMap { id in rows.firstIndex { $0.id == id } } ?? 0)
    select()
  }

  private func select() {
    if let selected, previews[selected.id] == nil { onSelect(selected) }
  }

  // MARK: Keys

  func edit(_ edit: TextEdit) {
    if var asked = question {
      if asked.text.apply(edit) { asked.problem = nil }
      question = asked
      return
    }
    let before = filter.text
    guard filter.apply(edit), filter.text != before else { return }
    find(keeping: nil)
  }

  func move(_ movement: Movement) {
    hasMoved = true
    cursor.move(movement)
    select()
  }

  func select(_ row: Int) {
    hasMoved = true
    cursor.select(row)
    select()
  }

  func setHeight(_ rows: Int) { cursor.setHeight(rows) }

  /// Asks for a text. `answer` returns what is wrong with it, or nil.
  func ask(
    _ title: String, _ label: String, _ text: String = "",
    answer: @escaping @MainActor (String) -> String?
  ) {
    question = Question(title: title, label: label, text: TextBuffer(text))
    onAnswer = answer
  }

  /// Answers the open question. Returns false if there is none.
  func answer() -> Bool {
    guard let asked = question else { return false }
    let text = String(asked.text.text.trimmingBlanks())
    question = nil
    if let problem = text.isEmpty ? "Type a name." : onAnswer?(text) {
      question = asked
      question?.problem = problem
    }
    return true
  }

  /// Takes the question back. Returns false if there is none.
  func endQuestion() -> Bool {
    guard question != nil else { return false }
    question = nil
    return true
  }

  // MARK: Loading

  /// Runs work that ends with this list.
  func start(_ name: String, _ work: @escaping @MainActor () async -> Void) {
    activity.start(name, work)
  }

  package func settled() async { await activity.settled() }
}
