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
  /// The intents that nobody knows the outcome of, oldest first, as of the last look.
  public private(set) var doubts: [PredictionIntent] = []

  @ObservationIgnored private let client: Client
  @ObservationIgnored private let intents: any PredictionIntentStore
  /// Used with the person's consent when ``intents`` fails.
  @ObservationIgnored private let unrecorded = MemoryIntentStore()
  @ObservationIgnored private var last: Task<Result<Prediction, ReplicateError>, Never>?
  /// Left open by a program that has ended, and not searched for yet.
  @ObservationIgnored private var unsought: [PredictionIntent] = []
  @ObservationIgnored private var waiters: [CheckedContinuation<Void, Never>] = []

  init(client: Client, intents: any PredictionIntentStore) {
    self.client = client
    self.intents = intents
  }

  /// Creates a prediction, and never two. Canceling the task that waits here doesn't cancel the
  /// create.
  func create(
    _ request: PredictionRequest, _ consent: RunConsent
  ) async throws(ReplicateError) -> Prediction {
    underWay += 1
    let intents: any PredictionIntentStore =
      consent.contains(.unrecorded) ? unrecorded : intents
    let creation = Task { [client, last] in
      _ = await last?.value
      let result: Result<Prediction, ReplicateError>
      do throws(ReplicateError) {
        result = .success(
          try await client.create(
            request, recording: intents, evenIfUncertain: consent.contains(.uncertain)))
      } catch {
        result = .failure(error)
      }
      return result
    }
    last = creation
    let result = await creation.value
    await look()
    underWay -= 1
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
  /// - Throws: The store's error, or the error of a search that can be repeated later.
  func recover(account: String?) async throws -> [Recovery] {
    if let account { try await intents.identify(as: account) }
    unsought += try await intents.takeOverAbandoned()
    var recovered: [Recovery] = []
    while let intent = unsought.first {
      do throws(ReplicateError) {
        recovered.append(.found(try await client.seek(intent, in: intents)))
      } catch {
        guard case .outcomeUnknown = error.reason else {
          // Until the search can be repeated, the same run asks first.
          _ = try await intents.resolve(intent.id, as: .unknown(candidates: []))
          await look()
          throw error
        }
        recovered.append(.unknown(intent))
      }
      unsought.removeFirst()
    }
    await look()
    return recovered
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
    let doubts = unsettled.filter { !$0.state.isOpen }
    if doubts != self.doubts { self.doubts = doubts }
  }
}
