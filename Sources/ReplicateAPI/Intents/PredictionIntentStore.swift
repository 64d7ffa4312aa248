/// Stores intents, so that no prediction gets lost or is assigned to two intents.
///
/// The package has ``MemoryIntentStore``. A program that stores intents on disk can find out after
/// a crash what was under way. All programs that use the same token should share a store, because
/// otherwise identical predictions can't be told apart.
public protocol PredictionIntentStore: Sendable {
  /// Stores an intent before anything is sent. If this throws, nothing is sent.
  func record(_ intent: PredictionIntent) async throws

  /// Stores the new state of an intent.
  ///
  /// - Returns: False, with nothing changed, if the state is `created` and the prediction already
  ///   belongs to another intent. This must be atomic.
  func resolve(_ id: PredictionIntent.ID, as state: PredictionIntent.State) async throws -> Bool

  /// The predictions, out of those given, that belong to other intents.
  func claimed(
    _ predictions: [Prediction.ID], byOthersThan id: PredictionIntent.ID
  ) async throws -> Set<Prediction.ID>

  /// All intents whose outcome isn't known yet.
  func open() async throws -> [PredictionIntent]
}

/// Stores intents in memory, for programs that don't need to survive a crash.
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
