import Observation
import ReplicateAPI

/// What a person has agreed to before a run is sent, because it may cost more than they think.
public struct RunConsent: OptionSet, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// An identical run was sent a moment ago.
  public static let identical = RunConsent(rawValue: 1)
  /// An identical run may have started, but its answer was lost.
  public static let uncertain = RunConsent(rawValue: 2)
  /// The intent can't be stored on disk. If the program is killed, the run is found by hand only.
  public static let unrecorded = RunConsent(rawValue: 4)
  /// The input isn't what the person may think, because not everything could be carried over.
  public static let incomplete = RunConsent(rawValue: 8)
  /// It is a whole group of runs.
  public static let group = RunConsent(rawValue: 16)
}

/// The only way to create a prediction.
///
/// An intent is stored before anything is sent. Creates are sent one after another, none is ever
/// canceled, and none is sent again whose answer was lost. What is under way here is what leaving,
/// switching accounts and running ask about.
@MainActor @Observable
public final class Creates {
  /// The number of creates that are being sent, or whose lost answer is being searched for.
  public private(set) var underWay = 0
  /// How many of them are members of groups, which nobody waits for.
  public private(set) var membersUnderWay = 0
  /// The intents that nobody knows the outcome of, oldest first, as of the last look.
  public private(set) var doubts: [PredictionIntent] = []

  @ObservationIgnored private let client: Client
  @ObservationIgnored private let intents: IntentStores
  /// Intents that were searched for because the program that sent them had ended.
  @ObservationIgnored private(set) var searched: Set<PredictionIntent.ID> = []
  @ObservationIgnored private var last: Task<Result<Prediction, ReplicateError>, Never>?
  @ObservationIgnored private var waiters: [CheckedContinuation<Void, Never>] = []

  init(client: Client, intents: any PredictionIntentStore) {
    self.client = client
    self.intents = IntentStores(recorded: intents)
  }

  /// Creates a prediction, and never two. Canceling the task that waits here doesn't cancel the
  /// create.
  ///
  /// - Parameter member: The intent's ID, if this is a member of a group.
  func create(
    _ request: PredictionRequest, _ consent: RunConsent, member: PredictionIntent.ID? = nil
  ) async throws(ReplicateError) -> Prediction {
    underWay += 1
    if member != nil { membersUnderWay += 1 }
    var intents = intents
    intents.isUnrecorded = consent.contains(.unrecorded)
    let creation = Task { [client, last, intents] in
      _ = await last?.value
      let result: Result<Prediction, ReplicateError>
      do throws(ReplicateError) {
        result = .success(
          try await client.create(
            request, recording: intents, evenIfUncertain: consent.contains(.uncertain),
            as: member ?? PredictionIntent.ID()))
      } catch {
        result = .failure(error)
      }
      return result
    }
    last = creation
    let result = await creation.value
    await look()
    underWay -= 1
    if member != nil { membersUnderWay -= 1 }
    if underWay == 0 {
      let woken = waiters
      waiters = []
      for waiter in woken { waiter.resume() }
    }
    return try result.get()
  }

  /// Waits until no create is under way.
  public func settle() async {
    while underWay > 0 {
      await withCheckedContinuation { waiters.append($0) }
    }
  }

  // MARK: What was left open

  /// What became of a create that another program left open when it ended.
  enum Recovery {
    case found(Prediction)
    /// The search wasn't conclusive.
    case unknown(PredictionIntent)
  }

  /// Searches for the predictions of creates that programs left open when they ended.
  ///
  /// - Throws: The store's error, or the error of a search. What wasn't found stays in doubt.
  func recover(account: String?, report: (Recovery) -> Void) async throws {
    if let account { try await intents.identify(as: account) }
    let abandoned = try await intents.takeOverAbandoned()
    searched.formUnion(abandoned.map(\.id))
    var failure: ReplicateError?
    for intent in abandoned {
      do throws(ReplicateError) {
        if let failure { throw failure }
        report(.found(try await client.seek(intent, in: intents)))
      } catch {
        if case .outcomeUnknown = error.reason {
          report(.unknown(intent))
        } else {
          failure = error
          _ = try await intents.resolve(intent.id, as: .unknown(candidates: []))
        }
      }
    }
    await look()
    if let failure { throw failure }
  }

  /// What became of the creates of a group's members.
  func outcomes(of members: Set<PredictionIntent.ID>) async throws -> IntentOutcomes {
    try await intents.outcomes(of: members)
  }

  /// Looks once more for the predictions of the creates in doubt.
  func reconsider() async -> [Prediction] {
    guard underWay == 0 else { return [] }
    await look()
    var found: [Prediction] = []
    for intent in doubts {
      if let prediction = try? await client.reconsider(intent, in: intents) {
        found.append(prediction)
      }
    }
    if !found.isEmpty { await look() }
    return found
  }

  private func look() async {
    guard let unsettled = try? await intents.unsettled() else { return }
    let doubts = unsettled.filter { $0.state != .underWay }
    if doubts != self.doubts { self.doubts = doubts }
  }
}

/// The store of intents, with another one in memory for those that couldn't be recorded and were sent
/// with the person's consent. Whoever asks sees both.
private struct IntentStores: PredictionIntentStore {
  let recorded: any PredictionIntentStore
  let unrecorded = MemoryIntentStore()
  /// Whether new intents go to memory, and a failure of the other store is no obstacle.
  var isUnrecorded = false

  init(recorded: any PredictionIntentStore) {
    self.recorded = recorded
  }

  func record(_ intent: PredictionIntent) async throws {
    if isUnrecorded {
      await unrecorded.record(intent)
    } else {
      try await recorded.record(intent)
    }
  }

  func resolve(_ id: PredictionIntent.ID, as state: PredictionIntent.State) async throws -> Bool {
    guard await unrecorded.unsettled().contains(where: { $0.id == id }) else {
      return try await recorded.resolve(id, as: state)
    }
    // So that nobody else takes the prediction.
    if case .created = state, let isFree = try? await recorded.resolve(id, as: state), !isFree {
      return false
    }
    return await unrecorded.resolve(id, as: state)
  }

  func claimed(
    _ predictions: [Prediction.ID], byOthersThan id: PredictionIntent.ID
  ) async throws -> Set<Prediction.ID> {
    let here = await unrecorded.claimed(predictions, byOthersThan: id)
    do {
      return try await here.union(recorded.claimed(predictions, byOthersThan: id))
    } catch {
      if isUnrecorded { return here }
      throw error
    }
  }

  func unsettled() async throws -> [PredictionIntent] {
    let here = await unrecorded.unsettled()
    do {
      return try await here + recorded.unsettled()
    } catch {
      if isUnrecorded { return here }
      throw error
    }
  }

  func takeOverAbandoned() async throws -> [PredictionIntent] {
    try await recorded.takeOverAbandoned()
  }

  /// Members of groups are never sent unrecorded.
  func outcomes(of intents: Set<PredictionIntent.ID>) async throws -> IntentOutcomes {
    try await recorded.outcomes(of: intents)
  }

  func identify(as account: String) async throws { try await recorded.identify(as: account) }
}
