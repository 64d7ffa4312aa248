import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension DemoService {
  // MARK: Create

  func createPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    let body = try call.object()
    var errors = InputValidation.invalidFields(
      in: body, allowed: Self.bodyNames.union(["version"]), required: ["version", "input"])
    if let value = body["version"], value.string == nil {
      errors.append(InvalidField("version", expected: "string", given: value))
    }
    guard let name = body["version"]?.string else {
      throw .invalid(errors + Self.members(of: body).errors)
    }
    let (model, version): (DemoModel, String)
    do throws(Problem) {
      (model, version) = try await runnable(name)
    } catch {
      throw errors.isEmpty ? error : .invalid(errors + Self.members(of: body).errors)
    }
    return try await create(model, version, nil, body, errors, call)
  }

  /// The model and version that a create refers to: `owner/name:version`, `version`, or
  /// `owner/name` for an official model. A model without versions can only be run by name.
  private func runnable(_ name: String) async throws(Problem) -> (DemoModel, version: String) {
    if let colon = name.firstIndex(of: ":") {
      let version = String(name[name.index(after: colon)...])
      guard let id = ModelID(String(name[..<colon])), let model = await model(id),
        version != "hidden", model.versions.contains(where: { $0.id == version })
      else { throw .badVersion }
      return (model, version)
    }
    if let id = ModelID(name) {
      guard let model = catalog.model(id), model.isOfficial, let version = model.versions.first
      else { throw .badVersion }
      return (model, version.id)
    }
    var found = name == "hidden" ? nil : catalog.model(version: name)
    if found == nil { found = await accountModels.item(version: name)?.model }
    guard let found, found.versions.contains(where: { $0.id == name }) else { throw .badVersion }
    return (found, name)
  }

  func createModelPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    // Community models can't be run by name.
    guard let model = catalog.model(call.model), model.isOfficial else { throw .notFound }
    let body = try call.object()
    let errors = InputValidation.invalidFields(
      in: body, allowed: Self.bodyNames, required: ["input"])
    return try await create(model, model.versions.first?.id ?? "hidden", nil, body, errors, call)
  }

  func createDeploymentPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let deployment = await deployments.deployment(call.deployment),
      let model = await model(deployment.model)
    else { throw .notFound }
    let body = try call.object()
    let errors = InputValidation.invalidFields(
      in: body, allowed: Self.bodyNames, required: ["input"])
    return try await create(
      model, deployment.version, call.deployment.description, body, errors, call)
  }

  private static let bodyNames: Set<String> = [
    "input", "webhook", "webhook_events_filter", "webhook_completed", "stream",
  ]

  /// The members of a create's body other than its version, and what is wrong with them.
  private static func members(
    of body: JSONObject
  ) -> (input: JSONObject, webhook: Webhook?, errors: [InvalidField]) {
    var (webhook, errors) = Webhook.read(body)
    if let stream = body["stream"], stream.bool == nil {
      errors.append(InvalidField("stream", expected: "boolean", given: stream))
    }
    if let input = body["input"], input.object == nil {
      errors.append(InvalidField("input", expected: "object", given: input))
    }
    return (body["input"]?.object ?? [:], webhook, errors)
  }

  /// - Parameter errors: What is already known to be wrong. The answer names all that is.
  private func create(
    _ model: DemoModel, _ version: String, _ deployment: String?, _ body: JSONObject,
    _ errors: [InvalidField], _ call: Call
  ) async throws(Problem) -> DemoAnswer {
    let (input, webhook, memberErrors) = Self.members(of: body)
    var errors = errors + memberErrors
    if body["input"]?.object != nil {
      errors += InputValidation.invalidFields(in: input, schema: model.schema)
    }
    guard errors.isEmpty else { throw .invalid(errors) }
    let cancelAfter = try PredictionHeaders.lifetime(call.header("Cancel-After"))
    let wait = try PredictionHeaders.wait(call.header("Prefer"))
    if options.faults.contains(.lowCredit), await predictions.count >= Self.lowCreditRuns {
      throw .insufficientCredit
    }
    let record = await predictions.create(
      DemoPredictions.RunRequest(
        model: model.id, version: version, deployment: deployment,
        input: Self.redacted(input, schema: model.schema),
        filledIn: InputValidation.filledIn(input, schema: model.schema),
        streams: ModelSchema(openAPI: model.schema).output.streams, coldStart: model.coldStart,
        cancelAfter: cancelAfter, webhook: webhook, run: model.run))
    guard let wait else {
      var answer = DemoAnswer.director(record.director(addresses.base, isNew: true), status: 201)
      answer.type = "application/json; charset=utf-8"
      return answer
    }
    guard var ended = await predictions.ended(record.id, within: wait.seconds),
      ended.status.isTerminal
    else { return synchronous(record, wait) }
    // Recordings show finished runs as "processing", with their output and little else.
    if ended.status == .succeeded {
      ended.status = .processing
      ended.logs = ""
      ended.metrics = [:]
      ended.startedAt = nil
      ended.completedAt = nil
      ended.output = await inlined(ended.output)
    }
    return synchronous(ended, wait)
  }

  /// How many predictions a low-credit account can pay for.
  static let lowCreditRuns = 250

  /// The answer to a create that waited. It has no newline at the end.
  private func synchronous(
    _ record: PredictionRecord, _ wait: PredictionHeaders.Wait
  ) -> DemoAnswer {
    var answer = DemoAnswer.json(record.director(addresses.base, isNew: true), status: 201)
    answer.type = "application/json; charset=UTF-8"
    answer.headers = [("preference-applied", wait.applied), ("vary", "Accept-Encoding")]
    return answer
  }

  /// In sync mode, files are returned as data URIs.
  private func inlined(_ output: JSONValue?) async -> JSONValue? {
    switch output {
    case .string(let text):
      let origin = addresses.output
      guard text.hasPrefix(origin),
        let file = await outputs.file(at: String(text.dropFirst(origin.count)))
      else { return output }
      // A media type can contain spaces, a URI can't.
      let type = file.type.filter { $0 != " " }
      return .string("data:\(type);base64,\(Data(file.bytes).base64EncodedString())")
    case .array(let values):
      var inlined: [JSONValue] = []
      for value in values { inlined.append(await self.inlined(value) ?? .null) }
      return .array(inlined)
    default: return output
    }
  }

  /// The API never returns secrets.
  private static func redacted(_ input: JSONObject, schema: JSONValue) -> JSONObject {
    var redacted = input
    for field in ModelSchema(openAPI: schema).inputs {
      if case .secret = field.kind, redacted[field.name] != nil {
        redacted[field.name] = "[REDACTED]"
      }
    }
    return redacted
  }

  // MARK: Read, list and cancel

  func getPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let record = await predictions.record(call["prediction_id"]) else { throw .notFound }
    return .director(await filled([record])[0].director(addresses.base))
  }

  /// Fills in the output, logs and metrics of earlier predictions.
  private func filled(_ records: [PredictionRecord]) async -> [PredictionRecord] {
    await Replay.filled(records, catalog: catalog, origin: addresses.output)
  }

  func cancelPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let record = await predictions.cancel(call["prediction_id"]) else { throw .notFound }
    if record.status == .canceled { await accountModels.cancel(training: record.id) }
    return .json(await filled([record])[0].django(addresses.base))
  }

  func listPredictions(_ call: Call) async throws(Problem) -> DemoAnswer {
    let now = clock.now
    func time(_ name: String) throws(Problem) -> Double? {
      guard let text = call.query[name] else { return nil }
      guard let seconds = Timestamp(text).secondsSince1970 else {
        throw .badRequest("\(name) must be an ISO 8601 date")
      }
      return seconds
    }
    var filter = DemoPredictions.Filter(
      createdAfter: try time("created_after"), createdBefore: try time("created_before"))
    if let source = call.query["source"] {
      guard source == "web" else { throw .badRequest("source must be web") }
      // Filtering by source is limited to the last 14 days.
      filter.source = source
      filter.createdAfter = max(filter.createdAfter ?? 0, now - 14 * 86_400)
    }
    let page = await predictions.page(
      before: try Cursor.prediction(call.query["cursor"]), filter)
    let base = addresses.base
    return .page(
      await filled(page.records).map { $0.django(base).serialized() },
      next: page.next.map {
        Cursor.address(
          call, "/predictions", "p=\($0)", keeping: ["created_after", "created_before", "source"])
      })
  }
}
