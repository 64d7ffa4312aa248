/// Stores intents, so that no prediction gets lost or is assigned to two intents.
///
/// This module has ``MemoryIntentStore``. A program that stores intents on disk can find out after
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

  /// All intents whose outcome isn't known, oldest first: those that are open, and those that a
  /// search couldn't settle.
  ///
  /// An open one that a program left behind when it ended is returned as
  /// ``PredictionIntent/State/unknown(candidates:)``.
  func unsettled() async throws -> [PredictionIntent]

  /// Takes over the open intents of programs that have ended, so that they can be sought here. No
  /// other program gets the same ones.
  func takeOverAbandoned() async throws -> [PredictionIntent]

  /// What became of intents, as far as this is known here.
  func outcomes(of intents: Set<PredictionIntent.ID>) async throws -> IntentOutcomes

  /// Called when the account's name is known, so that intents of its other tokens are found, too.
  func identify(as account: String) async throws
}

/// What a store knows of some intents.
public struct IntentOutcomes: Sendable, Hashable {
  /// Identifies the store's record. If it is another one than when an intent was recorded, the record
  /// was lost meanwhile, and what isn't in it may have been sent all the same.
  public var record: String
  /// The states of the intents. One that is in none of them was refused, or never sent, or it was
  /// created more than a few days ago.
  public var states: [PredictionIntent.ID: PredictionIntent.State]

  public init(record: String, states: [PredictionIntent.ID: PredictionIntent.State] = [:]) {
    self.record = record
    self.states = states
  }

  /// How long a store keeps which prediction was created for an intent, at least, in seconds.
  public static let createdAge = 6 * 86_400.0
}

/// Stores intents in memory, for programs that don't need to survive a crash.
public actor MemoryIntentStore: PredictionIntentStore {
  private var intents: [PredictionIntent.ID: PredictionIntent] = [:]
  private var owners: [Prediction.ID: PredictionIntent.ID] = [:]
  private let name = PredictionIntent.ID().rawValue

  public init() {}

  public func record(_ intent: PredictionIntent) {
    intents[intent.id] = intent
  }

  public func resolve(_ id: PredictionIntent.ID, as state: PredictionIntent.State) -> Bool {
    switch state {
    case .underWay, .sought, .unknown: intents[id]?.state = state
    case .created(let prediction):
      if let owner = owners[prediction], owner != id { return false }
      owners[prediction] = id
      intents[id] = nil
    case .refused: intents[id] = nil
    }
    return true
  }

  public func claimed(
    _ predictions: [Prediction.ID], byOthersThan id: PredictionIntent.ID
  ) -> Set<Prediction.ID> {
    Set(predictions.filter { owners[$0].map { $0 != id } ?? false })
  }

  /// Nothing: what is kept here ends with the program.
  public func takeOverAbandoned() -> [PredictionIntent] { [] }

  public func outcomes(of intents: Set<PredictionIntent.ID>) -> IntentOutcomes {
    var states = self.intents.filter { intents.contains($0.key) }.mapValues(\.state)
    for (prediction, intent) in owners where intents.contains(intent) {
      states[intent] = .created(prediction)
    }
    return IntentOutcomes(record: name, states: states)
  }

  public func identify(as account: String) {}

  public func unsettled() -> [PredictionIntent] {
    intents.values.sorted { $0.notedAt < $1.notedAt }
  }
}
