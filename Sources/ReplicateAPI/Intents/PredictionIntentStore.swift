/// What keeps intents, so that no prediction is lost and none is taken for two.
///
/// The package brings ``MemoryIntentStore``; a program that keeps things on disk implements its own,
/// and then finds after a crash what was under way. All programs that create with one token should
/// share one store: whose of two identical predictions is whose can't be told otherwise.
public protocol PredictionIntentStore: Sendable {
  /// Notes an intent down, before anything is sent. What it throws keeps the run from being sent.
  func record(_ intent: PredictionIntent) async throws

  /// Notes down what became of an intent.
  ///
  /// - Returns: False, changing nothing, where the state is `created` and another intent has that
  ///   prediction already. This must be decided in one step.
  func resolve(_ id: PredictionIntent.ID, as state: PredictionIntent.State) async throws -> Bool

  /// Those of the predictions that belong to other intents than this one.
  func claimed(
    _ predictions: [Prediction.ID], byOthersThan id: PredictionIntent.ID
  ) async throws -> Set<Prediction.ID>

  /// All intents whose end isn't known yet.
  func open() async throws -> [PredictionIntent]
}

/// Intents in memory, for a program that ends with its runs. Of those that are settled only the
/// prediction is kept, for as long as the store lives.
public actor MemoryIntentStore: PredictionIntentStore {
  private var unsettled: [PredictionIntent.ID: PredictionIntent] = [:]
  private var owners: [Prediction.ID: PredictionIntent.ID] = [:]

  public init() {}

  public func record(_ intent: PredictionIntent) {
    unsettled[intent.id] = intent
  }

  public func resolve(_ id: PredictionIntent.ID, as state: PredictionIntent.State) -> Bool {
    switch state {
    case .underWay, .sought: unsettled[id]?.state = state
    case .created(let prediction):
      if let owner = owners[prediction], owner != id { return false }
      owners[prediction] = id
      unsettled[id] = nil
    case .refused, .unknown: unsettled[id] = nil
    }
    return true
  }

  public func claimed(
    _ predictions: [Prediction.ID], byOthersThan id: PredictionIntent.ID
  ) -> Set<Prediction.ID> {
    Set(predictions.filter { owners[$0].map { $0 != id } ?? false })
  }

  public func open() -> [PredictionIntent] {
    unsettled.values.sorted { $0.notedAt < $1.notedAt }
  }
}
