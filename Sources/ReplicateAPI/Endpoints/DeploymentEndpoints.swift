/// The properties of a new deployment.
public struct DeploymentRequest: Sendable, Hashable {
  public var name: String
  public var model: ModelID
  public var version: ModelVersion.ID
  /// The ``Hardware/sku``.
  public var hardware: String
  /// How many instances always run, 0 to 5.
  public var minInstances: Int
  /// How many instances may run at most, 0 to 20.
  public var maxInstances: Int

  public init(
    name: String, model: ModelID, version: ModelVersion.ID, hardware: String,
    minInstances: Int = 0, maxInstances: Int = 1
  ) {
    self.name = name
    self.model = model
    self.version = version
    self.hardware = hardware
    self.minInstances = minInstances
    self.maxInstances = maxInstances
  }
}

/// Changes to a deployment. Properties that are nil stay as they are.
public struct DeploymentChanges: Sendable, Hashable {
  public var version: ModelVersion.ID?
  public var hardware: String?
  public var minInstances: Int?
  public var maxInstances: Int?

  public init(
    version: ModelVersion.ID? = nil, hardware: String? = nil, minInstances: Int? = nil,
    maxInstances: Int? = nil
  ) {
    self.version = version
    self.hardware = hardware
    self.minInstances = minInstances
    self.maxInstances = maxInstances
  }
}

extension Endpoint where Response == Page<Deployment> {
  /// The account's deployments, newest first.
  public static var deployments: Self { Endpoint(.listDeployments) }
}

extension Endpoint where Response == Deployment {
  /// Creates a deployment.
  public static func createDeployment(_ request: DeploymentRequest) -> Self {
    var body: JSONObject = [
      "name": .string(request.name), "model": .string(request.model.description),
      "version": .string(request.version.rawValue), "hardware": .string(request.hardware),
    ]
    body.set("min_instances", request.minInstances)
    body.set("max_instances", request.maxInstances)
    return Endpoint(.createDeployment, body: .json(.object(body)))
  }

  /// A deployment.
  public static func deployment(_ id: ModelID) -> Self {
    Endpoint(.getDeployment, id.deploymentParameters)
  }

  /// Changes a deployment, which makes a new release.
  public static func updateDeployment(_ id: ModelID, _ changes: DeploymentChanges) -> Self {
    var body: JSONObject = [:]
    body.set("version", changes.version?.rawValue)
    body.set("hardware", changes.hardware)
    body.set("min_instances", changes.minInstances)
    body.set("max_instances", changes.maxInstances)
    return Endpoint(.updateDeployment, id.deploymentParameters, body: .json(.object(body)))
  }
}

extension Endpoint where Response == Void {
  /// Deletes a deployment. The service refuses unless it has been offline and unused for 15
  /// minutes.
  public static func deleteDeployment(_ id: ModelID) -> Self {
    Endpoint(.deleteDeployment, id.deploymentParameters)
  }
}

extension ModelID {
  var deploymentParameters: [String: String] {
    ["deployment_owner": owner, "deployment_name": name]
  }
}
