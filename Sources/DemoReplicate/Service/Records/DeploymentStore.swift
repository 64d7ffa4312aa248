import OrderedCollections
import ReplicateAPI

/// Stores the account's deployments.
actor DeploymentStore {
  struct Deployment: Sendable {
    var id: ModelID
    var number = 1
    var model: ModelID
    var version: String
    var hardware: String
    var minInstances: Int
    var maxInstances: Int
    /// As reported by the service clock.
    var createdAt: Double

    var json: JSONValue {
      [
        "owner": .string(id.owner), "name": .string(id.name),
        "current_release": [
          "number": .number(JSONNumber(number)), "model": .string(model.description),
          "version": .string(version), "created_at": .string(TimestampFormat.django(createdAt)),
          "created_by": ["type": "organization", "username": "demo", "name": "Demo"],
          "configuration": [
            "hardware": .string(hardware),
            "min_instances": .number(JSONNumber(minInstances)),
            "max_instances": .number(JSONNumber(maxInstances)),
          ],
        ],
      ]
    }
  }

  private lazy var deployments = OrderedDictionary(
    EarlierDeployments.all(start).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  private let start: ServiceStart

  init(start: ServiceStart) {
    self.start = start
  }

  /// Newest first.
  func all() -> [Deployment] { deployments.values.reversed() }

  func deployment(_ id: ModelID) -> Deployment? { deployments[id] }

  func update(_ deployment: Deployment) { deployments[deployment.id] = deployment }

  /// - Returns: False if the name is taken.
  func add(_ deployment: Deployment) -> Bool {
    guard deployments[deployment.id] == nil else { return false }
    deployments[deployment.id] = deployment
    return true
  }

  func remove(_ id: ModelID) { deployments[id] = nil }

  /// Whether a deployment runs this version.
  func use(_ version: String) -> Bool { deployments.values.contains { $0.version == version } }
}
