import OrderedCollections
import ReplicateAPI

// Creating, updating and deleting the account's own models.
extension DemoService {
  static let owner = "demo"

  private static let texts = [
    "description", "readme", "github_url", "paper_url", "weights_url", "license_url",
  ]

  /// The schema of a model's members.
  private static let draft: JSONValue = {
    let text: JSONValue = ["type": "string"]
    let address: JSONValue = ["type": "string", "format": "uri"]
    return [
      "properties": [
        "owner": text, "name": text, "description": text, "readme": text,
        "visibility": ["type": "string", "enum": ["public", "private"]],
        "hardware": HardwareList.schema,
        "github_url": address, "paper_url": address, "license_url": address,
        "weights_url": address, "cover_image_url": address,
      ]
    ]
  }()

  func createModel(_ call: Call) async throws(Problem) -> DemoAnswer {
    let body = try call.object()
    let needed = ["owner", "name", "visibility", "hardware"]
    let allowed = Self.texts + needed + ["cover_image_url"]
    let errors =
      InputValidation.invalidFields(in: body, allowed: Set(allowed), required: needed)
      + InputValidation.invalidFields(of: body, schema: Self.draft)
    guard errors.isEmpty else { throw .invalid(errors) }
    let id = ModelID(owner: body["owner"]?.string ?? "", name: body["name"]?.string ?? "")
    guard id.owner == Self.owner else { throw .forbidden }
    guard Self.isName(id.name) else {
      throw .badRequest("Names have letters, digits, dots, dashes and underscores only.")
    }
    var item = AccountModels.Item(
      model: DemoModel(
        id: id, description: "", runCount: 0, readme: "", versions: [], schema: [:],
        exampleInput: [:],
        run: { _ in throw DemoFailure(message: "This model has no version yet.") }),
      visibility: body["visibility"]?.string ?? "private",
      coverURL: body["cover_image_url"]?.string, createdAt: clock.now)
    item.set(body)
    guard catalog.index(of: id) == nil, await accountModels.add(item) else {
      throw Problem(
        status: 409,
        body: [
          "detail": "A model with that name and owner already exists.", "status": 409,
        ])
    }
    return .json(item.object(), status: 201)
  }

  func updateModel(_ call: Call) async throws(Problem) -> DemoAnswer {
    let body = try call.object()
    _ = try await ownItem(call.model)
    let errors =
      InputValidation.invalidFields(in: body, allowed: Set(Self.texts), required: [])
      + InputValidation.invalidFields(of: body, schema: Self.draft)
    guard errors.isEmpty else { throw .invalid(errors) }
    guard let item = await accountModels.change(call.model, { $0.set(body) }) else {
      throw .missing
    }
    return .json(item.object())
  }

  /// Only private models without versions can be deleted.
  func deleteModel(_ call: Call) async throws(Problem) -> DemoAnswer {
    let item = try await ownItem(call.model)
    guard item.visibility == "private", item.model.versions.isEmpty else {
      throw .badRequest("Only private models without versions can be deleted.")
    }
    await accountModels.remove(call.model)
    return .noContent
  }

  func deleteVersion(_ call: Call) async throws(Problem) -> DemoAnswer {
    let item = try await ownItem(call.model)
    let id = call["version_id"]
    guard item.model.versions.contains(where: { $0.id == id }) else { throw .missing }
    guard item.visibility == "private" else {
      throw .badRequest("Only versions of private models can be deleted.")
    }
    guard await !deployments.use(id) else {
      throw .badRequest("Versions that a deployment uses can't be deleted.")
    }
    _ = await accountModels.change(call.model) { item in
      item.model.versions.removeAll { $0.id == id }
    }
    var answer = DemoAnswer.noContent
    answer.status = 202
    return answer
  }

  /// A model of the account. Models of others can be seen, but not changed.
  private func ownItem(_ id: ModelID) async throws(Problem) -> AccountModels.Item {
    if let item = await accountModels.item(id) { return item }
    throw catalog.index(of: id) == nil ? .missing : .forbidden
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
  }
}

extension AccountModels.Item {
  /// Updates the model from a request body.
  fileprivate mutating func set(_ body: JSONObject) {
    if let text = body["description"]?.string { model.description = text }
    if let text = body["readme"]?.string { model.readme = text }
    if let text = body["github_url"]?.string { model.githubURL = text }
    if let text = body["paper_url"]?.string { model.paperURL = text }
    if let text = body["license_url"]?.string { model.licenseURL = text }
    if let text = body["weights_url"]?.string { weightsURL = text }
  }
}
