import HTTPTypes
import Hummingbird
import NIOCore
import ReplicateAPI

/// Answers all API calls, with one exhaustive switch over the routes.
struct DemoService: Sendable {
  let options: DemoOptions
  let addresses: ServiceAddresses
  let catalog: DemoCatalog
  let outputs = OutputStore()
  let files: FileStore
  let deployments: DeploymentStore
  let accountModels: AccountModels
  let clock: ServiceClock
  let limiter: RateLimiter
  let faults: FaultInjector
  let odd: OddInjector
  let gzip = GzipCache()
  let webhooks: WebhookSender
  let predictions: DemoPredictions

  init(_ options: DemoOptions) throws {
    self.options = options
    let addresses = ServiceAddresses()
    self.addresses = addresses
    catalog = try DemoCatalog(options)
    odd = OddInjector(options.faults, seed: options.seed)
    let clock = ServiceClock(
      isStopped: options.faults.contains(.stoppedClock), shift: odd.clockShift)
    self.clock = clock
    limiter = RateLimiter(
      speed: options.speed, hasLowCredit: options.faults.contains(.lowCredit))
    faults = FaultInjector(options.faults, seed: options.seed)
    files = FileStore(seed: options.seed, agingSpeed: options.agingSpeed, clock: clock)
    let start = ServiceStart(
      seed: options.seed, speed: options.speed, catalog: catalog, addresses: addresses,
      shift: clock.shift)
    deployments = DeploymentStore(start: start)
    accountModels = AccountModels(start: start)
    webhooks = WebhookSender(speed: options.speed, clock: clock)
    predictions = DemoPredictions(
      speed: options.speed, agingSpeed: options.agingSpeed, seed: options.seed, clock: clock,
      outputs: outputs, files: files, addresses: addresses, start: start, webhooks: webhooks,
      odd: odd)
  }

  /// A request, parsed as far as all routes need it.
  struct Call: Sendable {
    var route: Route
    var parameters: [String: String]
    var query: [String: String]
    var headers: HTTPFields
    var body: [UInt8]
    /// The base URL of the URLs in the answer.
    var base: String

    subscript(_ name: String) -> String { parameters[name] ?? "" }

    var model: ModelID {
      ModelID(owner: self["model_owner"], name: self["model_name"])
    }

    var deployment: ModelID {
      ModelID(owner: self["deployment_owner"], name: self["deployment_name"])
    }

    /// The first header with this name.
    func header(_ name: String) -> String? {
      HTTPField.Name(name).flatMap { headers[$0] }
    }

    /// The body as a JSON object; anything else is a 400.
    func object() throws(Problem) -> JSONObject {
      guard let value = try? JSONValue(parsing: body), let object = value.object else {
        throw .unreadable(body, by: Backend(route))
      }
      return object
    }
  }

  func answer(_ call: Call) async throws(Problem) -> DemoAnswer {
    switch call.route {
    case .getAccount: return .json(Self.account)
    case .listCollections: return listCollections()
    case .getCollection: return try getCollection(call)
    case .listDeployments: return await listDeployments(call)
    case .createDeployment: return try await createDeployment(call)
    case .getDeployment: return try await getDeployment(call)
    case .updateDeployment: return try await updateDeployment(call)
    case .deleteDeployment: return try await deleteDeployment(call)
    case .createDeploymentPrediction: return try await createDeploymentPrediction(call)
    case .listFiles: return await listFiles(call)
    case .createFile: return try await createFile(call)
    case .getFile: return try await getFile(call)
    case .deleteFile: return try await deleteFile(call)
    case .downloadFile: return try await downloadFile(call)
    case .listHardware: return .json(HardwareList.json)
    case .listModels: return try await listModels(call)
    case .createModel: return try await createModel(call)
    case .searchModels: return searchModels(call)
    case .getModel: return try await getModel(call)
    case .updateModel: return try await updateModel(call)
    case .deleteModel: return try await deleteModel(call)
    case .listModelExamples: return try await listExamples(call)
    case .createModelPrediction: return try await createModelPrediction(call)
    case .getModelReadme: return try await getReadme(call)
    case .listModelVersions: return try await listVersions(call)
    case .getModelVersion: return try await getVersion(call)
    case .deleteModelVersion: return try await deleteVersion(call)
    case .createTraining: return try await createTraining(call)
    case .listTrainings: return try await listTrainings(call)
    case .getTraining: return try await getTraining(call)
    case .cancelTraining: return try await cancelTraining(call)
    case .listPredictions: return try await listPredictions(call)
    case .createPrediction: return try await createPrediction(call)
    case .getPrediction: return try await getPrediction(call)
    case .cancelPrediction: return try await cancelPrediction(call)
    case .search: return try search(call)
    case .getDefaultWebhookSecret: return .json(Self.webhookSecret)
    }
  }

  private static let account: JSONValue = [
    "type": "organization", "username": "demo", "name": "Demo",
    "github_url": "https://github.com/demo",
  ]

  private static let webhookSecret: JSONValue = ["key": .string(DemoServer.webhookSecret)]
}
