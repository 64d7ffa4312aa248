import OrderedCollections
import ReplicateAPI

/// Generates predictions of the last few weeks, so that the demo account doesn't start with an
/// empty list.
enum EarlierPredictions {
  static let count = 260

  /// The predictions, oldest first; the newest is a few minutes old. They have no output or logs
  /// yet, which ``Replay`` fills in on demand.
  static func make(
    catalog: DemoCatalog, now: Double, random: inout SeededRandom
  ) -> [PredictionRecord] {
    let models = catalog.own.filter { !$0.versions.isEmpty && $0.train == nil }
    guard var model = models.first else { return [] }
    let weighted = models.flatMap { model in
      Array(repeating: model, count: favorites[model.id.description] ?? 1)
    }
    var records: [PredictionRecord] = []
    var variants: [ModelID: Int] = [:]
    var age = 240.0
    for _ in 0..<count {
      // People tend to run the same model several times, in sessions of a few hours.
      if random.integer(0...2) > 0 { model = random.pick(weighted) ?? model }
      if isSlow(model), age <= DemoPredictions.retention { model = models[0] }
      let variant = variants[model.id, default: random.integer(0...2)]
      variants[model.id] = (variant + 1) % (3 * EarlierInputs.count(of: model))
      records.append(record(of: model, variant: variant, age: age, now: now, &random))
      let isBreak = random.integer(0...7) == 0
      age += Double(isBreak ? random.integer(10_000...110_000) : random.integer(20...420))
    }
    return records.reversed()
  }

  private static let favorites = [
    "demo/painter": 7, "lumen-lab/storyteller": 6, "atelier/slow-exposure": 3,
    "lumen-lab/nebula": 3, "quietwave/tunesmith": 2, "lumen-lab/eliza-1966": 2,
  ]

  /// A model's default example, which is also the first of its examples; nil if there is none.
  static func example(of model: DemoModel, origin: String) async -> PredictionRecord? {
    await example(of: model, variant: 0, origin: origin)
  }

  static func examples(of model: DemoModel, origin: String) async -> [PredictionRecord] {
    var examples: [PredictionRecord] = []
    for variant in 0..<min(3, EarlierInputs.count(of: model)) {
      if let record = await example(of: model, variant: variant, origin: origin) {
        examples.append(record)
      }
    }
    return examples
  }

  private static func example(
    of model: DemoModel, variant: Int, origin: String
  ) async -> PredictionRecord? {
    guard !model.exampleInput.isEmpty, let version = model.versions.first else { return nil }
    var random = SeededRandom("example of \(model.id)", UInt64(variant))
    let released = Timestamp(version.createdAt).secondsSince1970 ?? 1_760_000_000
    let createdAt = released + Double(variant * 86_400 + random.integer(300...9000))
    let replay = Replay(model: model.id, variant: variant, endsAfter: neverEnds(model) ? 24 : nil)
    var record = PredictionRecord(
      id: random.identifier(), model: model.id, version: version.id,
      input: shown(EarlierInputs.input(of: model, variant: variant), model), createdAt: createdAt)
    record.status = .succeeded
    record.source = "web"
    record.startedAt = createdAt + model.coldStart
    return await replay.filled(record, model, origin: origin)
  }

  private static func record(
    of model: DemoModel, variant: Int, age: Double, now: Double, _ random: inout SeededRandom
  ) -> PredictionRecord {
    let createdAt = now - age + Double(random.unit())
    let isOlderVersion = model.versions.count > 1 && random.integer(0...6) == 0
    var record = PredictionRecord(
      id: random.identifier(), model: model.id,
      version: model.versions[isOlderVersion ? 1 : 0].id,
      input: shown(EarlierInputs.input(of: model, variant: variant), model), createdAt: createdAt)
    record.source = random.integer(0...9) < 4 && !isSlow(model) ? "web" : "api"
    // Data of API runs is removed after an hour; data of web runs is kept.
    record.isDataRemoved = age > DemoPredictions.retention && record.source == "api"
    let queued = model.coldStart + Double(random.number(0.1...2.4))
    let took = Double(random.number(1...14))
    record.startedAt = createdAt + queued
    record.completedAt = createdAt + queued + took
    record.metrics = ["predict_time": metric(took), "total_time": metric(queued + took)]
    record.status = .succeeded
    var endsAfter: Double?
    switch random.integer(0...99) {
    case 0..<4 where !neverEnds(model):
      // The deadline passed while it waited for a machine.
      record.status = .aborted
      record.deadline = createdAt + 30
      record.completedAt = createdAt + 30
      record.startedAt = nil
      record.metrics = ["total_time": 30]
    case 4..<10 where !neverEnds(model):
      record.status = .failed
      record.error = random.pick(failures)
      endsAfter = Double(random.number(0.3...2.5))
    case 10..<18: endsAfter = Double(random.number(0.5...3))
    default: break
    }
    if endsAfter == nil, neverEnds(model) { endsAfter = Double(random.number(8...160)) }
    if let endsAfter, record.status == .succeeded {
      record.status = .canceled
      record.completedAt = createdAt + queued + endsAfter
      record.metrics = [
        "predict_time": metric(endsAfter), "total_time": metric(queued + endsAfter),
      ]
    }
    record.replay = Replay(model: model.id, variant: variant, endsAfter: endsAfter)
    return record
  }

  /// Failures of the platform rather than the model.
  static let failures = [
    "Prediction interrupted; please retry (code: PA)",
    "Director: unexpected error handling prediction (E9828)",
    "The input or output was flagged as sensitive. Please try again with different inputs. (E005)",
  ]

  /// Models that variant too long to replay for a page of the list.
  private static func isSlow(_ model: DemoModel) -> Bool {
    ["quarry/game-of-life", "darkroom/palette-finder", "darkroom/contact-sheet"]
      .contains(model.id.description)
  }

  private static func neverEnds(_ model: DemoModel) -> Bool {
    model.id == ModelID(owner: "demo", name: "endless")
  }

  static func metric(_ seconds: Double) -> JSONValue {
    .number(JSONNumber((seconds * 1e6).rounded() / 1e6))
  }

  /// The input that the API returns, without secrets.
  private static func shown(_ input: JSONObject, _ model: DemoModel) -> JSONObject {
    let properties = model.schema["components"]?["schemas"]?["Input"]?["properties"]
    var shown = input
    for name in input.keys where properties?[name]?["format"]?.string == "password" {
      shown[name] = "[REDACTED]"
    }
    return shown
  }
}
