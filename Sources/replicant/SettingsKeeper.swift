import CursesTerminal
import Panes
import ReplicateAPI
import Settings
import ViewModels

/// Loads the settings, and saves borders and list choices when the user changes them.
@MainActor
final class SettingsKeeper {
  private(set) var settings: Settings
  /// Called with a message when saving fails.
  var onFailure: (String) -> Void = { _ in }
  private var problems: [String]

  init(_ settings: Settings) {
    self.settings = settings
    problems = settings.problems
  }

  /// The saved borders.
  var borders: BorderShares {
    BorderShares(
      Dictionary(
        settings.state.borders.map { (BorderID($0.key), $0.value) }, uniquingKeysWith: { $1 }))
  }

  /// The saved list choices, which are saved again whenever they change.
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

  /// The models of one's own that were made or opened.
  var ownModels: RememberedModels {
    RememberedModels(settings.state.ownModels.compactMap { ModelID($0) }) { [weak self] names in
      guard let self else { return }
      var state = settings.state
      state.ownModels = names.map(\.description)
      save(state)
    }
  }

  func keep(folder: String) {
    guard folder != settings.state.folder else { return }
    var state = settings.state
    state.folder = folder
    save(state)
  }

  private func save(_ state: Settings.State) {
    do throws(FileFailure) {
      try settings.keep(state)
    } catch {
      onFailure(error.message)
    }
  }

  /// Adds problems with the config's keys, and prints all problems when the program exits.
  func report(_ found: [KeyMap.Problem]) {
    problems += found.map { settings.problem($0.message, line: $0.line) }
    // The screen has space for only one problem. Print all of them on exit.
    for problem in problems { MainLoop.warn(problem) }
  }

  /// The first problem, worded for the screen.
  var firstProblem: String? {
    guard let first = problems.first else { return nil }
    let more = problems.count - 1
    return more > 0 ? "\(first) (\(more) more will be listed when you quit.)" : first
  }
}
