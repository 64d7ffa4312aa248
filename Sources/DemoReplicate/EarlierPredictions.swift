import OrderedCollections
import ReplicateAPI

/// The predictions that the demo account ran in the last weeks, before anyone looked.
enum EarlierPredictions {
  static let count = 260

  /// Oldest first; the newest is some minutes old.
  static func make(catalog: DemoCatalog, now: Double, dice: inout Dice) -> [PredictionRecord] {
    let models = catalog.ownModels.filter { !$0.versions.isEmpty }
    guard !models.isEmpty else { return [] }
    var records: [PredictionRecord] = []
    var age = 240.0
    for _ in 0..<count {
      let model = models[dice.whole(0...(models.count - 1))]
      records.append(record(of: model, createdAt: now - age, age: age, dice: &dice))
      age += 60 + Double(dice.whole(0...14_000)) * (age < 7200 ? 0.05 : 1)
    }
    return records.reversed()
  }

  private static func record(
    of model: DemoModel, createdAt: Double, age: Double, dice: inout Dice
  ) -> PredictionRecord {
    var record = PredictionRecord(
      id: dice.identifier(), model: model.id, version: model.versions[0].id,
      input: model.exampleInput, createdAt: createdAt)
    let queued = 0.2 + Double(dice.whole(0...300)) / 100
    let took = 0.8 + Double(dice.whole(0...2400)) / 100
    record.startedAt = createdAt + queued
    record.completedAt = createdAt + queued + took
    record.metrics = [
      "predict_time": .number(JSONNumber(took)), "total_time": .number(JSONNumber(queued + took)),
    ]
    record.source = dice.whole(0...4) == 0 ? "web" : "api"
    switch dice.whole(0...19) {
    case 0...13:
      record.status = .succeeded
      record.logs = "Using seed: \(dice.whole(1...99_999))\n"
    case 14...15:
      record.status = .failed
      record.error =
        dice.whole(0...1) == 0
        ? "Prediction interrupted; please retry (code: PA)" : "CUDA out of memory."
    case 16...18: record.status = .canceled
    default:
      record.status = .aborted
      record.startedAt = nil
      record.metrics = ["total_time": .number(JSONNumber(queued))]
    }
    // What the API ran is forgotten after an hour; what the website ran is kept.
    record.isDataRemoved = age > DemoPredictions.retention && record.source == "api"
    return record
  }
}
