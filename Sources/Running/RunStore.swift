import OrderedCollections
import ReplicateAPI

/// Keeps the runs of one account, since the service removes their input, output and logs an hour
/// after they end.
///
/// ``MemoryRunStore`` keeps them as long as the program runs. A program that keeps them on disk
/// brings a store of its own. What a store throws never stops a run: ``Runs/storeFailure`` has it.
public protocol RunStore: Sendable {
  /// Keeps these predictions as they are now, replacing what was kept of each.
  ///
  /// Called when a prediction is created, when it has ended, and when it is first seen in a list.
  /// Where ``Prediction/isDataRemoved`` is set, the input, output and logs that were kept have to
  /// stay.
  func keep(_ predictions: [Prediction]) async throws

  /// The prediction as it was kept, or nil.
  func prediction(_ id: Prediction.ID) async throws -> Prediction?
}

/// Keeps runs in memory, the most recent ones only.
public actor MemoryRunStore: RunStore {
  private var kept: OrderedDictionary<Prediction.ID, Prediction> = [:]
  private let capacity: Int

  /// - Parameter capacity: How many predictions are kept; the ones kept first are dropped first.
  public init(capacity: Int = 1000) {
    self.capacity = max(1, capacity)
  }

  public func keep(_ predictions: [Prediction]) {
    for prediction in predictions {
      let older = kept[prediction.id]
      kept[prediction.id] = older.map(prediction.keepingRemovedData) ?? prediction
    }
    if kept.count > capacity { kept.removeFirst(kept.count - capacity) }
  }

  public func prediction(_ id: Prediction.ID) -> Prediction? { kept[id] }
}
