import OrderedCollections
import ReplicateAPI

/// Recreates a run from before the service started. Nothing about it is stored: the model runs
/// again on demand, without delays and always with the same result. The URLs of its files contain
/// all that is needed to recreate them.
struct Replay: Sendable, Hashable {
  var model: ModelID
  /// Which of the inputs in ``EarlierInputs``.
  var variant: Int
  /// Seconds of work after which the run was canceled; nil if it finished.
  var endsAfter: Double?

  /// The start of all paths of such files on the output host.
  static let root = "/xezq/earlier/"

  /// `/xezq/earlier/owner~name~variant`
  var path: String { "\(Self.root)\(model.owner)~\(model.name)~\(variant)" }

  /// Parses the path of a file.
  init?(path: String) {
    guard path.hasPrefix(Self.root) else { return nil }
    let parts = path.dropFirst(Self.root.count).split(separator: "/")
    let words = parts.first?.split(separator: "~") ?? []
    guard parts.count == 2, words.count == 3, let variant = Int(words[2]),
      (0..<1000).contains(variant)
    else { return nil }
    model = ModelID(owner: String(words[0]), name: String(words[1]))
    self.variant = variant
  }

  init(model: ModelID, variant: Int, endsAfter: Double? = nil) {
    self.model = model
    self.variant = variant
    self.endsAfter = endsAfter
  }

  /// The model that ran: of the catalog, or one that the account has from the start.
  private func model(_ catalog: DemoCatalog) -> DemoModel? {
    EarlierModels.model(model) ?? catalog.model(model)
  }

  /// The file at a path; nil if the model outputs no such file.
  static func file(at path: String, catalog: DemoCatalog) async -> OutputStore.File? {
    guard let replay = Replay(path: path), let model = replay.model(catalog),
      let name = path.split(separator: "/").last
    else { return nil }
    return await ReplayCache.shared.result(of: replay, model).files[String(name)]
  }

  /// Fills in the records that have a replay.
  static func filled(
    _ records: [PredictionRecord], catalog: DemoCatalog, origin: String
  ) async -> [PredictionRecord] {
    await withTaskGroup(of: (Int, PredictionRecord).self) { group in
      for (index, record) in records.enumerated() {
        guard let replay = record.replay, !record.isDataRemoved, record.startedAt != nil,
          let model = replay.model(catalog)
        else { continue }
        group.addTask { (index, await replay.filled(record, model, origin: origin)) }
      }
      var filled = records
      for await (index, record) in group { filled[index] = record }
      return filled
    }
  }

  func filled(
    _ record: PredictionRecord, _ model: DemoModel, origin: String
  ) async -> PredictionRecord {
    let input = EarlierInputs.input(of: model, variant: variant)
    let result: ReplayJob.Result
    if let summary = ReplaySummary(model, input: input) {
      result = summary.result(endsAfter: endsAfter, address: path)
    } else {
      result = await ReplayCache.shared.result(of: self, model)
    }
    var record = record
    record.replay = nil
    record.logs = result.logs
    record.metrics.merge(result.metrics) { own, _ in own }
    // A platform failure already has its error, and no output.
    if record.status != .failed {
      record.output = result.output.map { Self.absolute($0, origin) }
    }
    if let error = result.error {
      record.status = .failed
      record.error = error
      record.output = nil
    } else if result.isCanceled, record.status == .succeeded {
      record.status = .canceled
    }
    if let startedAt = record.startedAt {
      let completedAt = startedAt + result.seconds
      record.completedAt = completedAt
      record.metrics["predict_time"] = Self.seconds(result.seconds)
      record.metrics["total_time"] = Self.seconds(completedAt - record.createdAt)
    }
    return record
  }

  /// Turns paths of files into URLs on the output host.
  private static func absolute(_ value: JSONValue, _ origin: String) -> JSONValue {
    switch value {
    case .string(let text): text.hasPrefix(root) ? .string(origin + text) : value
    case .array(let elements): .array(elements.map { absolute($0, origin) })
    case .object(let members): .object(members.mapValues { absolute($0, origin) })
    default: value
    }
  }

  private static func seconds(_ seconds: Double) -> JSONValue {
    .number(JSONNumber((seconds * 1e6).rounded() / 1e6))
  }
}
