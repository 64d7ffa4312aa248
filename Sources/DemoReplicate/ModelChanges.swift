import OrderedCollections
import ReplicateAPI

// What an account does with models of its own: makes, changes and deletes them, and trains versions.
extension DemoService {
  static let owner = "demo"

  private static let texts = [
    "description", "readme", "github_url", "paper_url", "weights_url", "license_url",
  ]

  /// What the members of a model's body may be.
  private static let draft: JSONValue = {
    let text: JSONValue = ["type": "string"]
    let address: JSONValue = ["type": "string", "format": "uri"]
    return [
      "properties": [
        "owner": text, "name": text, "description": text, "readme": text,
        "visibility": ["type": "string", "enum": ["public", "private"]],
        "hardware": ["type": "string", "enum": .array(skus.map { .string($0.sku) })],
        "github_url": address, "paper_url": address, "license_url": address,
        "weights_url": address, "cover_image_url": address,
      ]
    ]
  }()

  func createModel(_ call: Call) async throws(Problem) -> DemoAnswer {
    let body = try call.object()
    let needed = ["owner", "name", "visibility", "hardware"]
    let allowed = Self.texts + needed + ["cover_image_url"]
    let faults =
      InputValidation.faults(in: body, allowed: Set(allowed), required: needed)
      + InputValidation.faults(of: body, schema: Self.draft)
    guard faults.isEmpty else { throw .invalid(faults) }
    let id = ModelID(owner: body["owner"]?.string ?? "", name: body["name"]?.string ?? "")
    guard id.owner == Self.owner else { throw .forbidden }
    guard Self.isName(id.name) else {
      throw .badRequest("Names have letters, digits, dots, dashes and underscores only.")
    }
    var item = Workshop.Item(
      model: DemoModel(
        id: id, description: "", runCount: 0, readme: "", versions: [], schema: [:],
        exampleInput: [:],
        run: { _ in throw DemoFailure(message: "This model has no version yet.") }),
      visibility: body["visibility"]?.string ?? "private",
      coverURL: body["cover_image_url"]?.string, createdAt: clock.now)
    item.set(body)
    guard catalog.place(of: id) == nil, await workshop.add(item) else {
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
    let faults =
      InputValidation.faults(in: body, allowed: Set(Self.texts), required: [])
      + InputValidation.faults(of: body, schema: Self.draft)
    guard faults.isEmpty else { throw .invalid(faults) }
    guard let item = await workshop.change(call.model, { $0.set(body) }) else { throw .missing }
    return .json(item.object())
  }

  /// Only what is private and has no version can be deleted.
  func deleteModel(_ call: Call) async throws(Problem) -> DemoAnswer {
    let item = try await ownItem(call.model)
    guard item.visibility == "private", item.model.versions.isEmpty else {
      throw .badRequest("Only private models without versions can be deleted.")
    }
    await workshop.remove(call.model)
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
    _ = await workshop.change(call.model) { item in
      item.model.versions.removeAll { $0.id == id }
    }
    var answer = DemoAnswer.noContent
    answer.status = 202
    return answer
  }

  /// A model of the account; others may be seen, but not changed.
  private func ownItem(_ id: ModelID) async throws(Problem) -> Workshop.Item {
    if let item = await workshop.item(id) { return item }
    throw catalog.place(of: id) == nil ? .missing : .forbidden
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
  }
}

extension Workshop.Item {
  /// Takes over what a body says of a model.
  fileprivate mutating func set(_ body: JSONObject) {
    if let text = body["description"]?.string { model.description = text }
    if let text = body["readme"]?.string { model.readme = text }
    if let text = body["github_url"]?.string { model.githubURL = text }
    if let text = body["paper_url"]?.string { model.paperURL = text }
    if let text = body["license_url"]?.string { model.licenseURL = text }
    if let text = body["weights_url"]?.string { weightsURL = text }
  }
}

// MARK: Trainings

extension DemoService {
  /// Trains a version of any model into one of the account's; the end is a new version there.
  func createTraining(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let model = await model(call.model),
      model.versions.contains(where: { $0.id == call["version_id"] && $0.id != "hidden" })
    else { throw .notFound }
    let body = try call.object()
    var faults = InputValidation.faults(
      in: body,
      allowed: ["destination", "input", "webhook", "webhook_events_filter", "webhook_completed"],
      required: ["destination", "input"])
    let input = body["input"]?.object ?? [:]
    if let value = body["input"], value.object == nil {
      faults.append(InputFault("input", expected: "object", given: value))
    } else if faults.isEmpty {
      faults = InputValidation.faults(
        in: input, schema: model.schema, component: "TrainingInput")
    }
    let (webhook, mistakes) = Webhook.read(body)
    faults += mistakes
    guard faults.isEmpty else { throw .invalid(faults) }
    guard let destination = body["destination"]?.string.flatMap({ ModelID($0) }),
      await workshop.item(destination) != nil
    else { throw .noDestination }
    let (workshop, clock) = (workshop, clock)
    let order = DemoPredictions.Order(
      model: model.id, version: call["version_id"], input: input, filledIn: input,
      isTraining: true, coldStart: 1, webhook: webhook,
      run: { try await Self.train(model, destination, workshop, clock, $0) })
    let record = await predictions.create(order)
    var answer = DemoAnswer.director(record.training(places.both, isGet: false), status: 201)
    answer.type = "application/json; charset=utf-8"
    return answer
  }

  private static func train(
    _ model: DemoModel, _ destination: ModelID, _ workshop: Workshop, _ clock: ServiceClock,
    _ job: any DemoJob
  ) async throws {
    await job.log("Training \(destination) from \(model.id)\n")
    var dice = Dice(job.seed)
    for epoch in 1...4 {
      try await job.steps(12, label: "Epoch \(epoch)/4", seconds: 1.5, inPlace: true)
      await job.log("loss: \(String(Double(dice.whole(900...1100)) / Double(epoch * 1000)))\n")
    }
    let version = DemoVersion(
      id: dice.hex(64), createdAt: Stamps.django(clock.now),
      cogVersion: model.versions.first?.cogVersion ?? "0.9.4")
    let weights = await job.file(
      Array("Weights of \(destination):\(version.id)\n".utf8), name: "trained_model.tar",
      type: "application/x-tar")
    let item = await workshop.change(destination) { item in
      item.model.versions.insert(version, at: 0)
      item.model.schema = model.schema
      item.model.exampleInput = model.exampleInput
      item.model.coldStart = model.coldStart
      item.model.run = model.run
    }
    guard item != nil else {
      throw DemoFailure(message: "The training destination \(destination) is gone.")
    }
    await job.output([
      "version": .string("\(destination):\(version.id)"), "weights": .string(weights),
    ])
  }

  func listTrainings(_ call: Call) async throws(Problem) -> DemoAnswer {
    let page = await predictions.page(
      before: try Cursor.prediction(call.query["cursor"]),
      DemoPredictions.Filter(isTraining: true))
    let base = places.both
    return .page(
      page.records.map { $0.training(base, isGet: true).serialized() },
      next: page.next.map { Cursor.address(call, "/trainings", "p=\($0)", keeping: []) })
  }

  func getTraining(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let record = await predictions.record(call["training_id"]), record.isTraining else {
      throw .missing
    }
    return .json(record.training(places.both, isGet: true))
  }

  func cancelTraining(_ call: Call) async throws(Problem) -> DemoAnswer {
    let id = call["training_id"]
    guard await predictions.record(id)?.isTraining == true,
      let record = await predictions.cancel(id)
    else { throw .notFound }
    return .json(record.training(places.both, isGet: false))
  }
}
