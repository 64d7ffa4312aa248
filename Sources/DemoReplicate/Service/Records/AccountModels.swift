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

    func object(example: JSONValue = .null) -> JSONValue {
      ModelObjects.object(
        of: model, visibility: visibility, createdAt: createdAt, coverURL: coverURL,
        weightsURL: weightsURL, example: example)
    }
  }

  private lazy var items = OrderedDictionary(
    EarlierModels.items(start).map { ($0.model.id, $0) }, uniquingKeysWith: { first, _ in first })
  /// The training that is under way when the service starts, until its version has been added.
  private lazy var underWay = EarlierTrainings.all(start).last
  private let start: ServiceStart

  init(start: ServiceStart) {
    self.start = start
  }

  /// Newest first.
  func all() -> [Item] {
    addTrained()
    return items.values.reversed()
  }

  func item(_ id: ModelID) -> Item? {
    addTrained()
    return items[id]
  }

  /// Adds the version of the training that was under way, once it has ended. This is checked on
  /// access, so that no timer is needed.
  private func addTrained() {
    guard let training = underWay, training.endsAt <= ServiceClock.systemTime else { return }
    underWay = nil
    guard let version = EarlierModels.version(of: training, start) else { return }
    items[training.destination]?.model.versions.insert(version, at: 0)
  }

  /// A training that was canceled adds no version.
  func cancel(training id: String) {
    if underWay?.id == id { underWay = nil }
  }

  func item(version: String) -> Item? {
    addTrained()
    return items.values.first { $0.model.versions.contains { $0.id == version } }
  }

  /// - Returns: False if the name is taken.
  func add(_ item: Item) -> Bool {
    guard items[item.model.id] == nil else { return false }
    items[item.model.id] = item
    return true
  }

  func change(_ id: ModelID, _ change: @Sendable (inout Item) -> Void) -> Item? {
    addTrained()
    guard var item = items[id] else { return nil }
    change(&item)
    items[id] = item
    return item
  }

  func remove(_ id: ModelID) { items[id] = nil }
}
