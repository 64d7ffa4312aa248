import TerminalKit
import ViewModels

/// One row of the table of places: what the view-models need to know about a place, and how to draw
/// it.
struct PlaceRow {
  var place: PlaceDescriptor
  /// The place's own keys, in addition to those every pane has.
  var keys: [KeyRow]
  /// How much of a desk of its own the list gets at first.
  var share: Double
  /// Makes the pane for the view-model that the descriptor creates.
  var pane: @MainActor (any PlaceViewModel) -> (any Pane)?

  /// - Parameters:
  ///   - desk: Nil gives the place its own desk, with a list next to its detail.
  ///   - share: How much of that desk the list gets at first.
  init<Place: PlaceViewModel>(
    _ id: PlaceID, _ title: String, names: [String], key: Character? = nil, desk: DeskID? = nil,
    share: Double = 0.5, isListed: Bool = true, commands: [CommandRow] = [], keys: [KeyRow] = [],
    make: @escaping @MainActor @Sendable (Session) -> Place,
    pane: @escaping @MainActor (Place) -> any Pane
  ) {
    place = PlaceDescriptor(
      id: id, title: title, names: names, key: key, desk: desk ?? .list(id), isListed: isListed,
      commands: commands, make: make)
    self.keys = keys
    self.share = share
    self.pane = { ($0 as? Place).map(pane) }
  }
}

/// The table of places, one row each. Keys, tabs, the palette, the help, the documents, and the
/// layout read it. The first row is home.
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
      ModelViewModel.id, "Model", names: ["model"], key: "3", desk: .browse,
      commands: ModelViewModel.commands,
      keys: tabKeys + [
        KeyRow(
          .here, [.character("d")], "compare-versions", "compare with the latest", footer: true),
        KeyRow(.here, [.character("n")], "model.deploy", "deploy"),
        KeyRow(.here, [.character("b")], "model.train", "train"),
      ],
      make: { ModelViewModel($0) }, pane: { ModelPane($0) }),
    PlaceRow(
      CollectionViewModel.id, "Collection", names: ["collection"], desk: .browse,
      isListed: false, make: { CollectionViewModel($0) }, pane: { CollectionPane($0) }),
    PlaceRow(
      PredictionsViewModel.id, "Predictions", names: ["predictions", "history"], key: "4",
      desk: .browse, commands: PredictionsViewModel.commands,
      keys: [
        KeyRow(.here, [.right, .character("l")], "open"),
        KeyRow(.here, [.left, .character("h")], "back"),
        KeyRow(.here, [.character("r")], "rerun", footer: true),
        KeyRow(.here, [.character("p")], "predictions.go-on", "go on", footer: true),
      ],
      make: { PredictionsViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      LiveViewModel.id, "Live", names: ["live"], key: "5", desk: .browse,
      commands: LiveViewModel.commands,
      keys: tabKeys + [
        KeyRow(.here, [.character("r")], "rerun", footer: true),
        KeyRow(.here, [.character("/")], "filter", "search models"),
        KeyRow(.here, [.character("n")], "live.next-member"),
        KeyRow(.here, [.character("p")], "live.previous-member"),
      ],
      make: { LiveViewModel($0) }, pane: { LivePane($0) }),
    PlaceRow(
      LogViewModel.id, "Log", names: ["log", "calls"], key: "0", commands: LogViewModel.commands,
      keys: [
        KeyRow(.here, [.character("C")], "log.copy-curl", "copy as curl", footer: true),
        KeyRow(.here, [.character("f")], "log.failures", "failures", footer: true),
      ],
      make: { LogViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      FilesViewModel.id, "Files", names: ["files", "uploads"], key: "F",
      commands: FilesViewModel.commands,
      keys: [
        KeyRow(.here, [.character("u")], "files.upload", "upload", footer: true),
        KeyRow(.here, [.character("i")], "files.use", "use it", footer: true),
        KeyRow(.here, [.character("w")], "files.download", "download", footer: true),
        KeyRow(.here, [.character("d")], "files.delete", "delete", footer: true),
      ],
      make: { FilesViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      DeploymentsViewModel.id, "Deployments", names: ["deployments"], key: "D",
      commands: DeploymentsViewModel.commands,
      keys: [
        KeyRow(.here, [.character("n")], "deployments.create", "new", footer: true),
        KeyRow(.here, [.character("e")], "deployments.change", "change", footer: true),
        KeyRow(.here, [.character("m")], "deployments.model", "model"),
        KeyRow(.here, [.character("d")], "deployments.delete", "delete", footer: true),
      ],
      make: { DeploymentsViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      TrainingsViewModel.id, "Trainings", names: ["trainings"], key: "T",
      commands: TrainingsViewModel.commands,
      keys: [
        KeyRow(.here, [.character("n")], "trainings.start", "new", footer: true),
        KeyRow(.here, [.character("r")], "rerun", footer: true),
        KeyRow(.here, [.character("m")], "trainings.version", "version made", footer: true),
        KeyRow(.here, [.character("x")], "trainings.try", "try it", footer: true),
        KeyRow(.here, [.right, .character("l"), .character("]")], "next-tab"),
        KeyRow(.here, [.left, .character("h"), .character("[")], "previous-tab"),
      ],
      make: { TrainingsViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      OwnModelsViewModel.id, "My models", names: ["my models", "own models", "mine"], key: "M",
      commands: OwnModelsViewModel.commands,
      keys: [
        KeyRow(.here, [.character("n")], "own-models.create", "new", footer: true),
        KeyRow(.here, [.character("e")], "own-models.change", "change", footer: true),
        KeyRow(.here, [.character("E")], "own-models.readme", "README", footer: true),
        KeyRow(.here, [.character("m")], "own-models.page", "page", footer: true),
        KeyRow(.here, [.character("a")], "own-models.add", "list another"),
        KeyRow(.here, [.character("x")], "own-models.delete-version", "delete a version"),
        KeyRow(.here, [.character("d")], "own-models.delete", "delete", footer: true),
      ],
      make: { OwnModelsViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      AccountViewModel.id, "Account", names: ["account", "token", "limits"], key: "A", share: 0.4,
      make: { AccountViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      WebhooksViewModel.id, "Webhooks", names: ["webhooks"], key: "W",
      commands: WebhooksViewModel.commands,
      keys: [
        KeyRow(.here, [.character("p")], "webhooks.verify", "check one", footer: true),
        KeyRow(.here, [.character("n")], "webhooks.replay", "send", footer: true),
        KeyRow(.here, [.character("K")], "webhooks.copy-secret", "copy the secret", footer: true),
      ],
      make: { WebhooksViewModel($0) }, pane: { $0.pane() }),
    PlaceRow(
      PropertiesViewModel.id, "Form", names: ["form"], share: 0.6, isListed: false,
      commands: PropertiesViewModel.commands,
      make: { PropertiesViewModel($0) }, pane: { PropertiesPane($0) }),
    PlaceRow(
      HardwareViewModel.id, "Hardware", names: ["hardware", "machines"], key: "H",
      make: { HardwareViewModel($0) }, pane: { $0.pane() }),
  ]

  /// Keys of a place that has tabs.
  private static let tabKeys = [
    KeyRow(.here, [.right, .character("l"), .character("]")], "next-tab", footer: true),
    KeyRow(.here, [.left, .character("h"), .character("[")], "previous-tab"),
  ]

  /// The part of the table that the view-models need.
  public static var places: [PlaceDescriptor] { rows.map(\.place) }

  /// All desks by ID: Browse, and a list with its detail for every other place.
  static let desks: [DeskID: Desk] = {
    var desks = [DeskID.browse: Desk.browse]
    for row in rows where row.place.desk != .browse {
      desks[row.place.desk] = Desk.list(row.place.id, row.place.title, share: row.share)
    }
    return desks
  }()
}
