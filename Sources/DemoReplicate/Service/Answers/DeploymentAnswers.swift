import OrderedCollections
import ReplicateAPI

extension DemoService {
  func listDeployments(_ call: Call) async -> DemoAnswer {
    .page(await deployments.all().map { $0.json.serialized() }, next: nil)
  }

  func createDeployment(_ call: Call) async throws(Problem) -> DemoAnswer {
    let body = try call.object()
    let names = ["name", "model", "version", "hardware", "min_instances", "max_instances"]
    let errors =
      InputValidation.invalidFields(in: body, allowed: Set(names), required: names)
      + DeploymentRules.invalidFields(in: body)
    guard errors.isEmpty else { throw .invalid(errors) }
    guard let name = body["name"]?.string, let version = body["version"]?.string,
      let hardware = body["hardware"]?.string, let minInstances = body["min_instances"]?.int,
      let maxInstances = body["max_instances"]?.int
    else { throw .invalid([]) }
    try Self.check(minInstances, maxInstances)
    guard let id = body["model"]?.string.flatMap({ ModelID($0) }), let model = await model(id),
      Self.has(model, version)
    else { throw .badVersion }
    let deployment = DeploymentStore.Deployment(
      id: ModelID(owner: Self.owner, name: name), model: id, version: version, hardware: hardware,
      minInstances: minInstances, maxInstances: maxInstances, createdAt: clock.now)
    guard await deployments.add(deployment) else {
      throw Problem(
        status: 409, body: ["detail": "A deployment with that name already exists."],
        type: "application/json")
    }
    return .json(deployment.json)
  }

  func getDeployment(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let deployment = await deployments.deployment(call.deployment) else { throw .missing }
    return .json(deployment.json)
  }

  func updateDeployment(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard var deployment = await deployments.deployment(call.deployment) else { throw .missing }
    let body = try call.object()
    let errors =
      InputValidation.invalidFields(
        in: body, allowed: ["version", "hardware", "min_instances", "max_instances"], required: [])
      + DeploymentRules.invalidFields(in: body)
    guard errors.isEmpty else { throw .invalid(errors) }
    if let version = body["version"]?.string {
      guard let model = await model(deployment.model), Self.has(model, version)
      else { throw .badVersion }
      deployment.version = version
    }
    if let hardware = body["hardware"]?.string { deployment.hardware = hardware }
    if let minInstances = body["min_instances"]?.int { deployment.minInstances = minInstances }
    if let maxInstances = body["max_instances"]?.int { deployment.maxInstances = maxInstances }
    try Self.check(deployment.minInstances, deployment.maxInstances)
    deployment.number += 1
    deployment.createdAt = clock.now
    await deployments.update(deployment)
    return .json(deployment.json)
  }

  /// Only deployments that are offline and have been unused for 15 minutes can be deleted.
  func deleteDeployment(_ call: Call) async throws(Problem) -> DemoAnswer {
    let id = call.deployment
    guard let deployment = await deployments.deployment(id) else { throw .missing }
    let use = await predictions.use(of: id)
    let isIdle =
      use.endedAt.map { $0 + DeploymentRules.idleTime / options.speed <= ServiceClock.systemTime }
      ?? true
    guard deployment.minInstances == 0, !use.isRunning, isIdle else {
      throw .badRequest(
        """
        You can only delete deployments that have been offline and unused for at least 15 minutes.
        """)
    }
    await deployments.remove(id)
    return .noContent
  }

  private static func check(_ minInstances: Int, _ maxInstances: Int) throws(Problem) {
    guard minInstances <= maxInstances else {
      throw .badRequest("min_instances must be less than or equal to max_instances.")
    }
  }

  private static func has(_ model: DemoModel, _ version: String) -> Bool {
    version != "hidden" && model.versions.contains { $0.id == version }
  }
}

/// Validates the members of a deployment.
private enum DeploymentRules {
  /// Seconds of service time that a deployment must be unused before it can be deleted.
  static let idleTime = 900.0

  static func invalidFields(in body: JSONObject) -> [InvalidField] {
    InputValidation.invalidFields(of: body, schema: schema)
  }

  private static let schema: JSONValue = [
    "properties": [
      "name": ["type": "string", "pattern": "^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$"],
      "model": ["type": "string"],
      "version": ["type": "string"],
      "hardware": HardwareList.schema,
      "min_instances": ["type": "integer", "minimum": 0, "maximum": 5],
      "max_instances": ["type": "integer", "minimum": 0, "maximum": 20],
    ]
  ]
}
