import OrderedCollections
import ReplicateAPI

/// Stores the models that the account has created. All other models can only be run.
actor AccountModels {
  struct Item: Sendable {
    var model: DemoModel
    var visibility: String
    var coverURL: String?
    var weightsURL: String?
    /// As reported by the service clock.
    var createdAt: Double

    func object() -> JSONValue {
      ModelObjects.object(
        of: model, visibility: visibility, createdAt: createdAt, coverURL: coverURL,
        weightsURL: weightsURL, example: .null)
    }
  }

  private var items: OrderedDictionary<ModelID, Item> = [:]

  /// Newest first.
  func all() -> [Item] { items.values.reversed() }

  func item(_ id: ModelID) -> Item? { items[id] }

  func item(version: String) -> Item? {
    items.values.first { $0.model.versions.contains { $0.id == version } }
  }

  /// - Returns: False if the name is taken.
  func add(_ item: Item) -> Bool {
    guard items[item.model.id] == nil else { return false }
    items[item.model.id] = item
    return true
  }

  func change(_ id: ModelID, _ change: @Sendable (inout Item) -> Void) -> Item? {
    guard var item = items[id] else { return nil }
    change(&item)
    items[id] = item
    return item
  }

  func remove(_ id: ModelID) { items[id] = nil }
}
