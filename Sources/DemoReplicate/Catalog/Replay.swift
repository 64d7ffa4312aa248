import OrderedCollections
import ReplicateAPI

/// A run that was over before the service began.
///
/// Nothing of it is kept: when someone looks, the model runs again, without its waiting, and with the
/// same result each time. Its files have addresses that say how to make them.
struct Replay: Sendable, Hashable {
  var model: ModelID
  /// Which of the inputs in ``EarlierInputs``.
  var take: Int
  /// After how many seconds of work it was ended; nil where it came to its own end.
  var endsAfter: Double?

  /// What the paths of all such files at the output host begin with.
  static let root = "/xezq/earlier/"

  /// `/xezq/earlier/owner~name~take`
  var path: String { "\(Self.root)\(model.owner)~\(model.name)~\(take)" }

  /// The replay and the file's name that a path stands for.
  init?(path: String) {
    guard path.hasPrefix(Self.root) else { return nil }
    let parts = path.dropFirst(Self.root.count).split(separator: "/")
    let words = parts.first?.split(separator: "~") ?? []
    guard parts.count == 2, words.count == 3, let take = Int(words[2]), (0..<1000).contains(take)
    else { return nil }
    model = ModelID(owner: String(words[0]), name: String(words[1]))
    self.take = take
  }

  init(model: ModelID, take: Int, endsAfter: Double? = nil) {
    self.model = model
    self.take = take
    self.endsAfter = endsAfter
  }

  /// The file at a path; nil where the model gives none of that name.
  static func file(at path: String, catalog: DemoCatalog) async -> OutputStore.File? {
    guard let replay = Replay(path: path), let model = catalog.model(replay.model),
      let name = path.split(separator: "/").last
    else { return nil }
    return await ReplayCache.shared.result(of: replay, model).files[String(name)]
  }

  /// The records with what their replays give; those without one as they are.
  static func filled(
    _ records: [PredictionRecord], catalog: DemoCatalog, origin: String
  ) async -> [PredictionRecord] {
    await withTaskGroup(of: (Int, PredictionRecord).self) { group in
      for (index, record) in records.enumerated() {
        guard let replay = record.replay, !record.isDataRemoved, record.startedAt != nil,
          let model = catalog.model(replay.model)
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
    let input = EarlierInputs.input(of: model, take: take)
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
    // A platform's failure has its error already, and no output.
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

  /// Paths of files become addresses at the output host.
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
