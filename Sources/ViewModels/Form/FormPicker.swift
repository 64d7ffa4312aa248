import ReplicateAPI
import Running

/// The open list of an enumeration's choices, with its filter.
public struct FormPicker: Sendable {
  /// The index in ``InputForm/fields`` of the field that the list belongs to.
  public let field: Int
  public let title: String
  /// What is shown of each choice.
  public let choices: [String]
  /// The values that choices with titles stand for, which the filter finds as well; empty if there
  /// are no titles.
  private let values: [String]
  /// The index of the field's current choice.
  public let current: Int?
  /// The choices and the values in lower case, once they are needed.
  private var keys: (choices: [String], values: [String])?
  public private(set) var filter = TextBuffer()
  /// The indices of the choices that match the filter.
  public private(set) var matches: [Int]
  /// The index of the selected row in `matches`.
  public private(set) var selected: Int

  init(field: Int, title: String, choices: [String], values: [String] = [], current: Int?) {
    self.field = field
    self.title = title
    self.choices = choices
    self.values = values
    self.current = current
    matches = Array(choices.indices)
    selected = current ?? 0
  }

  /// The index of the selected choice, or nil if nothing matches.
  public var selectedChoice: Int? { matches.indices.contains(selected) ? matches[selected] : nil }

  mutating func move(by rows: Int) {
    selected = max(0, min(matches.count - 1, selected + rows))
  }

  mutating func edit(_ edit: TextEdit) {
    let before = filter.text
    filter.apply(edit)
    guard filter.text != before else { return }
    let kept = selectedChoice
    let keys = keys ?? (choices.map { $0.lowercased() }, values.map { $0.lowercased() })
    self.keys = keys
    matches = Self.matches(of: filter.text, in: keys.choices)
    if !values.isEmpty {
      let known = Set(matches)
      matches += Self.matches(of: filter.text, in: keys.values).filter { !known.contains($0) }
    }
    selected = 0
    // When the filter is cleared, keep the selected choice.
    if filter.isEmpty { selected = (kept ?? current).flatMap { matches.firstIndex(of: $0) } ?? 0 }
  }

  /// The choices, given in lower case, that contain every word of the filter. Exact matches come first,
  /// then choices that start with the filter.
  private static func matches(of filter: String, in choices: [String]) -> [Int] {
    let words = ByteSearch.words(of: filter)
    guard !words.isEmpty else { return Array(choices.indices) }
    let filter = filter.lowercased()
    var exact: [Int] = []
    var first: [Int] = []
    var rest: [Int] = []
    for (index, choice) in choices.enumerated() where ByteSearch.contains(words, choice) {
      if choice == filter {
        exact.append(index)
      } else if choice.utf8.starts(with: filter.utf8) {
        first.append(index)
      } else {
        rest.append(index)
      }
    }
    return exact + first + rest
  }
}
