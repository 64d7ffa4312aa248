import Panes
import ReplicateAPI
import ViewModels

/// Where each operation of the API is on the screen, and the test that goes there by keys.
///
/// The switch below is exhaustive: a new route doesn't compile until it has a row.
@MainActor
enum ScreenTable {
  /// A place, a command in it if another than opening it, and the name of a test in
  /// Tests/EndToEndTests.
  private struct Row {
    let place: PlaceID
    let command: CommandID?
    let test: String

    init(_ place: PlaceID, _ command: CommandID, _ test: String) {
      self.place = place
      self.command = command
      self.test = test
    }

    init(_ place: PlaceID, _ test: String) {
      self.place = place
      command = nil
      self.test = test
    }
  }

  static func place(of route: Route) -> String {
    let row = row(route)
    let place = PlaceTable.places.first { $0.id == row.place }
    var text = place?.title ?? row.place.rawValue
    if let key = place?.key { text += " (`\(key)`)" }
    guard let command = row.command else { return text }
    let keys = KeyMap.standard.rows.filter { $0.id == command }
    let key = keys.first { $0.scope.name == row.place.rawValue } ?? keys.first
    let title = CommandCatalog(PlaceTable.places)[command]?.title ?? command.rawValue
    return "\(text), `\(key?.keys.first?.description ?? ":")` \(title)"
  }

  static func test(of route: Route) -> String { row(route).test }

  private static let files = "files are uploaded together, looked at, used, and deleted"
  private static let deployments = "a deployment is made, changed, run, and deleted"
  private static let trainings =
    "a training is started from a folder, watched, and its version tried"
  private static let own =
    "a model of one's own is made, described, and deleted, and so is a version"
  private static let account =
    "the account and its webhooks: checked, and sent again without the token"
  private static let page =
    "a model is read on its page: README, examples, versions; and the hardware"
  private static let run = "an official model is run, watched, and canceled"

  private static func row(_ route: Route) -> Row {
    switch route {
    case .getAccount: Row(AccountViewModel.id, account)
    case .getDefaultWebhookSecret: Row(WebhooksViewModel.id, account)
    case .listCollections: Row(CollectionsViewModel.id, page)
    case .getCollection: Row(CollectionsViewModel.id, "open", page)
    case .listDeployments: Row(DeploymentsViewModel.id, deployments)
    case .createDeployment: Row(DeploymentsViewModel.id, "deployments.create", deployments)
    case .getDeployment: Row(DeploymentsViewModel.id, "open", deployments)
    case .updateDeployment: Row(DeploymentsViewModel.id, "deployments.change", deployments)
    case .deleteDeployment: Row(DeploymentsViewModel.id, "deployments.delete", deployments)
    case .createDeploymentPrediction: Row(DeploymentsViewModel.id, "run", deployments)
    case .listFiles: Row(FilesViewModel.id, files)
    case .createFile: Row(FilesViewModel.id, "files.upload", files)
    case .getFile: Row(FilesViewModel.id, "open", files)
    case .deleteFile: Row(FilesViewModel.id, "files.delete", files)
    case .downloadFile: Row(FilesViewModel.id, "files.download", files)
    case .listHardware: Row(HardwareViewModel.id, page)
    case .listModels: Row(ModelsViewModel.id, page)
    case .search: Row(ModelsViewModel.id, "filter", page)
    case .searchModels:
      Row(
        ModelsViewModel.id, "filter",
        "the older search stands in for one that an account doesn't have")
    case .getModel: Row(ModelViewModel.id, page)
    case .getModelReadme, .listModelExamples, .listModelVersions:
      Row(ModelViewModel.id, "next-tab", page)
    case .getModelVersion:
      Row(ModelViewModel.id, "form.version", "an older version is opened by its address")
    case .createModel: Row(OwnModelsViewModel.id, "own-models.create", own)
    case .updateModel: Row(OwnModelsViewModel.id, "own-models.change", own)
    case .deleteModel: Row(OwnModelsViewModel.id, "own-models.delete", own)
    case .deleteModelVersion: Row(OwnModelsViewModel.id, "own-models.delete-version", own)
    case .createTraining: Row(TrainingsViewModel.id, "trainings.start", trainings)
    case .listTrainings: Row(TrainingsViewModel.id, trainings)
    case .getTraining: Row(TrainingsViewModel.id, "open", trainings)
    case .cancelTraining:
      Row(TrainingsViewModel.id, "cancel", "a training under way is canceled")
    case .listPredictions: Row(PredictionsViewModel.id, run)
    case .createPrediction:
      Row(
        ModelViewModel.id, "run",
        "a path is completed with Tab, and the model gets the file's bytes")
    case .createModelPrediction: Row(ModelViewModel.id, "run", run)
    case .getPrediction: Row(LiveViewModel.id, run)
    case .cancelPrediction: Row(LiveViewModel.id, "cancel", run)
    }
  }
}
