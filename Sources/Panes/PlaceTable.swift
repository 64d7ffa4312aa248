import TerminalKit
import ViewModels

/// One row of the table of places: what the view-models need to know of it, and how it is drawn.
struct PlaceRow {
  var place: PlaceDescriptor
  /// The keys that it has beyond those of every pane.
  var keys: [KeyRow]
  /// The pane for the view-model that the descriptor makes.
  var pane: @MainActor (any PlaceViewModel) -> (any Pane)?

  /// - Parameter desk: Nil for a desk of its own, where a list is beside its detail.
  init<Place: PlaceViewModel>(
    _ id: PlaceID, _ title: String, names: [String], key: Character? = nil, desk: DeskID? = nil,
    isListed: Bool = true, commands: [CommandRow] = [], keys: [KeyRow] = [],
    make: @escaping @MainActor @Sendable (Session) -> Place,
    pane: @escaping @MainActor (Place) -> any Pane
  ) {
    place = PlaceDescriptor(
      id: id, title: title, names: names, key: key, desk: desk ?? .list(id), isListed: isListed,
      commands: commands, make: make)
    self.keys = keys
    self.pane = { ($0 as? Place).map(pane) }
  }
}

/// The one table of places, a row each. Keys, tabs, the palette, help, documents and the layout read
/// it; the first row is home.
@MainActor
public enum PlaceTable {
  static let rows: [PlaceRow] = [
    PlaceRow(
      CollectionsViewModel.id, "Collections", names: ["collections"], key: "1", desk: .browse,
      keys: [KeyRow(.here, [.right, .character("l")], "open")],
      make: { CollectionsViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      ModelsViewModel.id, "Models", names: ["models"], key: "2", desk: .browse,
      keys: [
        KeyRow(.here, [.character("/")], "filter", "search", footer: true),
        KeyRow(.here, [.right, .character("l")], "open"),
        KeyRow(.here, [.left, .character("h")], "back"),
      ],
      make: { ModelsViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      ModelViewModel.id, "Model", names: ["model"], key: "3", desk: .browse, keys: tabKeys,
      make: { ModelViewModel($0) }, pane: { ModelPane($0) }),
    PlaceRow(
      CollectionViewModel.id, "Collection", names: ["collection"], desk: .browse,
      isListed: false, make: { CollectionViewModel($0) }, pane: { CollectionPane($0) }),
    PlaceRow(
      PredictionsViewModel.id, "Predictions", names: ["predictions", "history"], key: "4",
      desk: .browse,
      keys: [
        KeyRow(.here, [.right, .character("l")], "open"),
        KeyRow(.here, [.character("r")], "rerun", footer: true),
      ],
      make: { PredictionsViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      LiveViewModel.id, "Live", names: ["live"], key: "5", desk: .browse,
      keys: tabKeys + [KeyRow(.here, [.character("r")], "rerun", footer: true)],
      make: { LiveViewModel($0) }, pane: { LivePane($0) }),
    PlaceRow(
      LogViewModel.id, "Log", names: ["log", "calls"], key: "0", commands: LogViewModel.commands,
      keys: [
        KeyRow(.here, [.character("C")], "log.copy-curl", "copy as curl", footer: true),
        KeyRow(.here, [.character("f")], "log.failures", "failures", footer: true),
      ],
      make: { LogViewModel($0) }, pane: { $0.pane() }),
  ]

  /// The keys of a place with tabs.
  private static let tabKeys = [
    KeyRow(.here, [.right, .character("l"), .character("]")], "next-tab", footer: true),
    KeyRow(.here, [.left, .character("h"), .character("[")], "previous-tab"),
  ]

  /// What the view-models need of the table.
  public static var places: [PlaceDescriptor] { rows.map(\.place) }

  /// The desks, by name: Browse, and a list beside its detail for every other place.
  static let desks: [DeskID: Desk] = {
    var desks = [DeskID.browse: Desk.browse]
    for row in rows where row.place.desk != .browse {
      desks[row.place.desk] = Desk.list(row.place.id, row.place.title)
    }
    return desks
  }()
}
