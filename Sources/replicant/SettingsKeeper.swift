import CursesTerminal
import Panes
import Settings
import ViewModels

/// The settings of this start, and what keeps borders and lists as a person leaves them.
@MainActor
final class SettingsKeeper {
  private(set) var settings: Settings
  /// Called with the words for what couldn't be saved.
  var onFailure: (String) -> Void = { _ in }
  private var problems: [String]

  init(_ settings: Settings) {
    self.settings = settings
    problems = settings.problems
  }

  /// The borders as they were left.
  var borders: BorderShares {
    BorderShares(
      Dictionary(
        settings.state.borders.map { (BorderID($0.key), $0.value) }, uniquingKeysWith: { $1 }))
  }

  /// The lists as they were left, and saved whenever they change.
  var lists: ListChoicesStore {
    let known = settings.state.lists.map { name, list in
      (
        PlaceID(name),
        ListChoices(
          sort: list.sort.map { ListSort(column: $0, isDescending: list.isDescending) },
          columns: list.columns)
      )
    }
    return ListChoicesStore(Dictionary(known, uniquingKeysWith: { $1 })) { [weak self] in
      self?.keep($1, of: $0)
    }
  }

  func keep(_ borders: BorderShares) {
    var state = settings.state
    state.borders = Dictionary(
      borders.shares.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { $1 })
    save(state)
  }

  private func keep(_ choices: ListChoices, of place: PlaceID) {
    var state = settings.state
    state.lists[place.rawValue] = Settings.ListState(
      sort: choices.sort?.column, isDescending: choices.sort?.isDescending ?? false,
      columns: choices.columns)
    save(state)
  }

  private func save(_ state: Settings.State) {
    do throws(FileFailure) {
      try settings.keep(state)
    } catch {
      onFailure(error.message)
    }
  }

  /// Adds what is wrong with the config's keys, and repeats all problems after leaving.
  func report(_ found: [KeyMap.Problem]) {
    problems += found.map { settings.problem($0.message, line: $0.line) }
    // The screen has room for one; this is what a person finds after leaving.
    for problem in problems { MainLoop.warn(problem) }
  }

  /// The first problem, in words for the screen.
  var firstProblem: String? {
    guard let first = problems.first else { return nil }
    let more = problems.count - 1
    return more > 0 ? "\(first) (And \(more) more, listed when you leave.)" : first
  }
}
