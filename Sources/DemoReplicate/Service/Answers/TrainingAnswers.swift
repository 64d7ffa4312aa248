import OrderedCollections
import ReplicateAPI

extension DemoService {
  /// Trains a model into one of the account's models, which gets a new version.
  func createTraining(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let model = await model(call.model),
      model.versions.contains(where: { $0.id == call["version_id"] && $0.id != "hidden" })
    else { throw .notFound }
    let body = try call.object()
    var errors = InputValidation.invalidFields(
      in: body,
      allowed: ["destination", "input", "webhook", "webhook_events_filter", "webhook_completed"],
      required: ["destination", "input"])
    let input = body["input"]?.object ?? [:]
    if let value = body["input"], value.object == nil {
      errors.append(InvalidField("input", expected: "object", given: value))
    } else if body["input"] != nil {
      errors += InputValidation.invalidFields(
        in: input, schema: model.schema, component: "TrainingInput")
    }
    if let value = body["destination"], value.string == nil {
      errors.append(InvalidField("destination", expected: "string", given: value))
    }
    let (webhook, webhookErrors) = Webhook.read(body)
    errors += webhookErrors
    guard errors.isEmpty else { throw .invalid(errors) }
    guard let destination = body["destination"]?.string.flatMap({ ModelID($0) }),
      await accountModels.item(destination) != nil
    else { throw .noDestination }
    let (accountModels, clock) = (accountModels, clock)
    let request = DemoPredictions.RunRequest(
      model: model.id, version: call["version_id"], input: input,
      filledIn: InputValidation.filledIn(
        input, schema: model.schema, component: "TrainingInput"),
      isTraining: true, coldStart: 1, webhook: webhook,
      run: { try await Self.train(model, destination, accountModels, clock, $0) })
    let record = await predictions.create(request)
    var answer = DemoAnswer.director(record.training(addresses.base, isGet: false), status: 201)
    answer.type = "application/json; charset=utf-8"
    return answer
  }

  private static func train(
    _ model: DemoModel, _ destination: ModelID, _ accountModels: AccountModels,
    _ clock: ServiceClock,
    _ job: any DemoJob
  ) async throws {
    var random = SeededRandom(job.seed)
    let trained: DemoModel
    if let train = model.train {
      trained = try await train(job)
    } else {
      try await learnNothing(from: model, destination, &random, job)
      trained = model
    }
    let version = DemoVersion(
      id: random.hex(64), createdAt: TimestampFormat.django(clock.now),
      cogVersion: model.versions.first?.cogVersion ?? "0.9.4")
    let weights = await job.file(
      TrainedPainter.weights(version.id), name: EarlierTrainings.weights,
      type: "application/x-tar")
    let item = await accountModels.change(destination) { item in
      item.model.versions.insert(version, at: 0)
      item.model.schema = trained.schema
      item.model.exampleInput = trained.exampleInput
      item.model.coldStart = trained.coldStart
      item.model.run = trained.run
    }
    guard item != nil else {
      throw DemoFailure(message: "The training destination \(destination) is gone.")
    }
    await job.output([
      "version": .string("\(destination):\(version.id)"), "weights": .string(weights),
    ])
  }

  /// The training of a model that isn't a trainer: its new version is the same.
  private static func learnNothing(
    from model: DemoModel, _ destination: ModelID, _ random: inout SeededRandom,
    _ job: any DemoJob
  ) async throws {
    await job.log("Training \(destination) from \(model.id)\n")
    for epoch in 1...4 {
      try await job.steps(12, label: "Epoch \(epoch)/4", seconds: 1.5, inPlace: true)
      await job.log("loss: \(String(Double(random.integer(900...1100)) / Double(epoch * 1000)))\n")
    }
  }

  func listTrainings(_ call: Call) async throws(Problem) -> DemoAnswer {
    let page = await predictions.page(
      before: try Cursor.prediction(call.query["cursor"]),
      DemoPredictions.Filter(isTraining: true))
    let base = addresses.base
    return .page(
      page.records.map { $0.training(base, isGet: true).serialized() },
      next: page.next.map { Cursor.address(call, "/trainings", "p=\($0)", keeping: []) })
  }

  func getTraining(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let record = await predictions.record(call["training_id"]), record.isTraining else {
      throw .missing
    }
    return .json(record.training(addresses.base, isGet: true))
  }

  func cancelTraining(_ call: Call) async throws(Problem) -> DemoAnswer {
    let id = call["training_id"]
    guard await predictions.record(id)?.isTraining == true,
      let record = await predictions.cancel(id)
    else { throw .notFound }
    if record.status == .canceled { await accountModels.cancel(training: id) }
    return .json(record.training(addresses.base, isGet: false))
  }
}
