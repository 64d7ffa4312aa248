import OrderedCollections
import ReplicateAPI

/// A group as a store has it.
public struct StoredGroup: Sendable, Hashable {
  public var group: PredictionGroup
  /// Whether another program is at work on it.
  public var isElsewhere: Bool

  public init(_ group: PredictionGroup, isElsewhere: Bool) {
    self.group = group
    self.isElsewhere = isElsewhere
  }
}

/// Keeps the groups of one account, so that none is forgotten and no member is sent twice.
///
/// Only one program at a time is at work on a group: the one that has added it or taken it over.
public protocol PredictionGroupStore: Sendable {
  /// Keeps a new group, which this program is at work on. Nothing of it is sent if this throws.
  func add(_ group: PredictionGroup) async throws

  /// Keeps a group's state.
  ///
  /// - Parameter isDurable: Whether it has to survive a power failure.
  /// - Returns: False, with nothing changed, if another program is at work on it.
  func update(_ group: PredictionGroup, isDurable: Bool) async throws -> Bool

  /// All groups, oldest first.
  ///
  /// - Parameter report: Called with what couldn't be read, in words.
  func groups(report: @Sendable (String) -> Void) async throws -> [StoredGroup]

  /// Takes over a group that no program is at work on.
  ///
  /// - Returns: The group as it was kept; nil if another program has it, or if it is gone.
  func takeOver(_ id: PredictionGroup.ID) async throws -> PredictionGroup?

  /// Called when the account's name is known, so that groups of its other tokens are found, too.
  func identify(as account: String) async
}

/// Keeps groups in memory, for programs that don't need to survive a crash.
public actor MemoryGroupStore: PredictionGroupStore {
  private var kept: OrderedDictionary<PredictionGroup.ID, PredictionGroup> = [:]
  private var failure: String?

  public init() {}

  /// Makes everything that keeps a group fail, for tests. Nil ends that.
  package func fail(_ reason: String?) { failure = reason }

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  public func add(_ group: PredictionGroup) throws {
    if let failure { throw Failure(description: failure) }
    kept[group.id] = group
  }

  public func update(_ group: PredictionGroup, isDurable: Bool) throws -> Bool {
    if let failure { throw Failure(description: failure) }
    kept[group.id] = group
    return true
  }

  public func groups(report: @Sendable (String) -> Void) -> [StoredGroup] {
    kept.values.map { StoredGroup($0, isElsewhere: false) }
  }

  public func takeOver(_ id: PredictionGroup.ID) -> PredictionGroup? { kept[id] }

  public func identify(as account: String) {}
}
