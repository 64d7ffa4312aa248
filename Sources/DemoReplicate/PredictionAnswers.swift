import HTTPTypes
import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension DemoService {
  // MARK: Creating

  func createPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    let body = try call.object()
    let faults = InputValidation.faults(
      in: body, allowed: Self.bodyNames.union(["version"]), required: ["version", "input"])
    guard faults.isEmpty else { throw .invalid(faults) }
    let name = body["version"]?.string ?? ""
    var version = name
    var model: DemoModel?
    if let colon = name.firstIndex(of: ":") {
      version = String(name[name.index(after: colon)...])
      if let id = ModelID(String(name[..<colon])) { model = await self.model(id) }
    } else if let id = ModelID(name) {
      model = catalog.model(id)
      guard model?.isOfficial == true else { throw .badVersion }
      version = model?.versions.first?.id ?? ""
    } else {
      model = catalog.model(version: name)
      if model == nil { model = await workshop.item(version: name)?.model }
    }
    guard let model, version != "hidden" || name.contains("/"),
      model.versions.contains(where: { $0.id == version })
    else { throw .badVersion }
    return try await create(model, version, nil, body, call)
  }

  func createModelPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    // Community models can't be run by name.
    guard let model = catalog.model(call.model), model.isOfficial else { throw .notFound }
    let body = try call.object()
    let faults = InputValidation.faults(
      in: body, allowed: Self.bodyNames, required: ["input"])
    guard faults.isEmpty else { throw .invalid(faults) }
    return try await create(model, model.versions.first?.id ?? "hidden", nil, body, call)
  }

  func createDeploymentPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let deployment = await deployments.deployment(call.deployment),
      let model = await model(deployment.model)
    else { throw .notFound }
    let body = try call.object()
    let faults = InputValidation.faults(
      in: body, allowed: Self.bodyNames, required: ["input"])
    guard faults.isEmpty else { throw .invalid(faults) }
    return try await create(
      model, deployment.version, call.deployment.description, body, call)
  }

  private static let bodyNames: Set<String> = [
    "input", "webhook", "webhook_events_filter", "webhook_completed", "stream",
  ]

  private func create(
    _ model: DemoModel, _ version: String, _ deployment: String?, _ body: JSONObject, _ call: Call
  ) async throws(Problem) -> DemoAnswer {
    guard let input = body["input"]?.object else {
      throw .invalid([
        InputFault("input", expected: "object", given: body["input"] ?? .null)
      ])
    }
    let faults = InputValidation.faults(in: input, schema: model.schema)
    guard faults.isEmpty else { throw .invalid(faults) }
    let cancelAfter = try Self.lifetime(header("Cancel-After", call))
    let record = await predictions.create(
      DemoPredictions.Order(
        model: model.id, version: version, deployment: deployment,
        input: Self.redacted(input, schema: model.schema),
        filledIn: InputValidation.filledIn(input, schema: model.schema),
        streams: ModelSchema(openAPI: model.schema).output.streams, coldStart: model.coldStart,
        cancelAfter: cancelAfter, webhook: body["webhook"]?.string, run: model.run))
    guard let prefer = header("Prefer", call), let seconds = Self.wait(prefer) else {
      return answer(record, [])
    }
    let applied = ("Preference-Applied", prefer)
    guard var ended = await predictions.ended(record.id, within: seconds),
      ended.status.isTerminal
    else { return answer(record, [applied]) }
    // A finished run comes back as "processing", with its output and little else, as recorded.
    if ended.status == .succeeded {
      ended.status = .processing
      ended.logs = ""
      ended.metrics = [:]
      ended.completedAt = nil
      ended.output = await inlined(ended.output)
    }
    return answer(ended, [applied])
  }

  private func answer(_ record: PredictionRecord, _ headers: [(String, String)]) -> DemoAnswer {
    var answer = DemoAnswer.director(record.director(places.both), status: 201)
    answer.headers = headers
    return answer
  }

  private func header(_ name: String, _ call: Call) -> String? {
    HTTPField.Name(name).flatMap { call.headers[$0] }
  }

  /// In sync mode files come inside the answer.
  private func inlined(_ output: JSONValue?) async -> JSONValue? {
    switch output {
    case .string(let text):
      let origin = places.output
      guard text.hasPrefix(origin),
        let file = await outputs.file(at: String(text.dropFirst(origin.count)))
      else { return output }
      return .string("data:\(file.type);base64,\(Data(file.bytes).base64EncodedString())")
    case .array(let values):
      var inlined: [JSONValue] = []
      for value in values { inlined.append(await self.inlined(value) ?? .null) }
      return .array(inlined)
    default: return output
    }
  }

  /// Seconds of `wait` or `wait=n`.
  static func wait(_ prefer: String) -> Double? {
    if prefer == "wait" { return 60 }
    guard prefer.hasPrefix("wait="), let seconds = Int(prefer.dropFirst(5)),
      (1...99).contains(seconds)
    else { return nil }
    return Double(seconds)
  }

  /// Seconds of `30`, `30s`, `5m` or `1h30m45s`; at least 5.
  static func lifetime(_ text: String?) throws(Problem) -> Double? {
    guard let text else { return nil }
    var total = 0.0
    var digits = ""
    for letter in text {
      if letter.isNumber {
        digits.append(letter)
        continue
      }
      let unit: Double? =
        switch letter {
        case "h": 3600
        case "m": 60
        case "s": 1
        default: nil
        }
      guard let unit, let number = Double(digits) else {
        throw .badRequest("Invalid Cancel-After header")
      }
      total += number * unit
      digits = ""
    }
    if !digits.isEmpty { total += Double(digits) ?? 0 }
    guard total >= 5 else { throw .badRequest("Cancel-After must be at least 5 seconds") }
    return total
  }

  /// Secrets are never told again.
  private static func redacted(_ input: JSONObject, schema: JSONValue) -> JSONObject {
    var redacted = input
    for field in ModelSchema(openAPI: schema).inputs {
      if case .secret = field.kind, redacted[field.name] != nil {
        redacted[field.name] = "[REDACTED]"
      }
    }
    return redacted
  }

  // MARK: Asking

  func getPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let record = await predictions.record(call["prediction_id"]) else { throw .notFound }
    return .json(await filled([record])[0].director(places.both))
  }

  /// Earlier predictions with the output, the log and the metrics that are made when someone looks.
  private func filled(_ records: [PredictionRecord]) async -> [PredictionRecord] {
    await Replay.filled(records, catalog: catalog, origin: places.output)
  }

  func cancelPrediction(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let record = await predictions.cancel(call["prediction_id"]) else { throw .notFound }
    return .json(await filled([record])[0].django(places.both))
  }

  func listPredictions(_ call: Call) async throws(Problem) -> DemoAnswer {
    let now = Stamps.now
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
      // Only what was run in the last fortnight can be asked for by its source.
      filter.source = source
      filter.createdAfter = max(filter.createdAfter ?? 0, now - 14 * 86_400)
    }
    let page = await predictions.page(
      before: try Cursor.prediction(call.query["cursor"]), filter)
    let base = places.both
    return .page(
      await filled(page.records).map { $0.django(base).serialized() },
      next: page.next.map {
        Cursor.address(
          call, "/predictions", "p=\($0)", keeping: ["created_after", "created_before", "source"])
      })
  }
}
