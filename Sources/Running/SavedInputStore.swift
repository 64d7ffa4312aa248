import OrderedCollections
import ReplicateAPI

/// Keeps the drafts and presets of one account.
///
/// ``MemorySavedInputStore`` keeps them as long as the program runs.
public protocol SavedInputStore: Sendable {
  /// What is kept for a model, newest first. Drafts that another running program works on are left
  /// out.
  func saved(of model: ModelID) async throws -> [SavedInput]

  /// Keeps this, replacing what was kept under the same ID. An older one never replaces a newer one.
  func keep(_ input: SavedInput) async throws

  func remove(_ id: SavedInput.ID, of model: ModelID) async throws

  /// Says what the account is called, so that it has the same drafts and presets with another token.
  func identify(as account: String) async throws
}

/// Keeps drafts and presets in memory.
public actor MemorySavedInputStore: SavedInputStore {
  private var inputs: OrderedDictionary<SavedInput.ID, SavedInput> = [:]

  public init() {}

  public func saved(of model: ModelID) -> [SavedInput] {
    inputs.values.filter { $0.model == model }.sorted { $0.savedAt > $1.savedAt }
  }

  public func keep(_ input: SavedInput) {
    if let known = inputs[input.id], known.savedAt > input.savedAt { return }
    inputs[input.id] = input
  }

  public func remove(_ id: SavedInput.ID, of model: ModelID) { inputs[id] = nil }

  public func identify(as account: String) {}
}
