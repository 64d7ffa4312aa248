import OrderedCollections
import ReplicateAPI

/// The deployments of the account.
actor DeploymentStore {
  struct Deployment: Sendable {
    var id: ModelID
    var number = 1
    var model: ModelID
    var version: String
    var hardware: String
    var minInstances: Int
    var maxInstances: Int
    var createdAt = Stamps.now

    var json: JSONValue {
      [
        "owner": .string(id.owner), "name": .string(id.name),
        "current_release": [
          "number": .number(JSONNumber(number)), "model": .string(model.description),
          "version": .string(version), "created_at": .string(Stamps.django(createdAt)),
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

  private var deployments: OrderedDictionary<ModelID, Deployment> = [:]

  /// Newest first.
  func all() -> [Deployment] { deployments.values.reversed() }

  func deployment(_ id: ModelID) -> Deployment? { deployments[id] }

  func keep(_ deployment: Deployment) { deployments[deployment.id] = deployment }

  func remove(_ id: ModelID) -> Bool { deployments.removeValue(forKey: id) != nil }
}

extension DemoService {
  func listDeployments(_ call: Call) async -> DemoAnswer {
    .page(await deployments.all().map { $0.json.serialized() }, next: nil)
  }

  func createDeployment(_ call: Call) async throws(Problem) -> DemoAnswer {
    let body = try call.object()
    let names = ["name", "model", "version", "hardware", "min_instances", "max_instances"]
    let faults = InputValidation.faults(in: body, allowed: Set(names), required: names)
    guard faults.isEmpty else { throw .invalid(faults) }
    guard let id = body["model"]?.string.flatMap({ ModelID($0) }), let model = await model(id),
      let version = body["version"]?.string, model.versions.contains(where: { $0.id == version })
    else { throw .badVersion }
    let deployment = DeploymentStore.Deployment(
      id: ModelID(owner: "demo", name: body["name"]?.string ?? ""), model: id, version: version,
      hardware: body["hardware"]?.string ?? "cpu",
      minInstances: body["min_instances"]?.int ?? 0,
      maxInstances: body["max_instances"]?.int ?? 1)
    await deployments.keep(deployment)
    return .json(deployment.json)
  }

  func getDeployment(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let deployment = await deployments.deployment(call.deployment) else { throw .notFound }
    return .json(deployment.json)
  }

  func updateDeployment(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard var deployment = await deployments.deployment(call.deployment) else { throw .notFound }
    let body = try call.object()
    if let version = body["version"]?.string {
      guard await model(deployment.model)?.versions.contains(where: { $0.id == version }) == true
      else { throw .badVersion }
      deployment.version = version
    }
    if let hardware = body["hardware"]?.string { deployment.hardware = hardware }
    if let least = body["min_instances"]?.int { deployment.minInstances = least }
    if let most = body["max_instances"]?.int { deployment.maxInstances = most }
    deployment.number += 1
    await deployments.keep(deployment)
    return .json(deployment.json)
  }

  func deleteDeployment(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard await deployments.remove(call.deployment) else { throw .notFound }
    return .noContent
  }
}
