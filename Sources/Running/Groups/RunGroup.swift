import Observation
import OrderedCollections
import ReplicateAPI

/// A group of runs as it is sent and followed.
@MainActor @Observable
public final class RunGroup: Identifiable {
  public nonisolated let id: PredictionGroup.ID
  public internal(set) var group: PredictionGroup
  public internal(set) var phase: Phase

  public enum Phase: Hashable, Sendable {
    case sending
    /// Nothing more is sent until somebody says so.
    case paused(Pause)
    /// What hasn't been sent never will be. What is under way is being canceled.
    case canceling
    /// Another program is at work on it.
    case elsewhere
    /// There is nothing left to send.
    case sent
  }

  /// Why a group isn't being sent.
  public enum Pause: Hashable, Sendable {
    /// The program that sent it has ended.
    case left
    /// The create of a member has failed. Nothing of that member runs.
    case failed(member: Int, ReplicateError)
    /// Nobody knows whether a member has started.
    case doubtful(member: Int, ReplicateError)
    /// The state couldn't be kept on this machine.
    case unkept(reason: String)
  }

  /// Whether the service has asked to wait.
  public internal(set) var isWaiting = false
  /// The secrets of the input. They're only here, and nowhere on disk.
  @ObservationIgnored var secrets: JSONObject
  /// What the output is, if that is known.
  @ObservationIgnored var outputKind: OutputKind?
  /// Members that are sent although they may have started already.
  @ObservationIgnored var repeated: Set<Int> = []
  /// For each member, how many members the service couldn't tell from it.
  @ObservationIgnored let lookalikes: [Int]

  init(
    _ group: PredictionGroup, _ phase: Phase, secrets: JSONObject = [:],
    outputKind: OutputKind? = nil
  ) {
    id = group.id
    self.group = group
    self.phase = phase
    self.secrets = secrets
    self.outputKind = outputKind
    lookalikes = group.lookalikes()
  }

  public var progress: PredictionGroup.Progress { group.progress }

  /// The model's name without its owner, or whatever else identifies what is run.
  public var modelName: String {
    switch group.target {
    case .model(let model), .deployment(let model): model.name
    case .version(let version): group.model?.name ?? String(version.rawValue.prefix(8))
    }
  }

  /// The secrets that have to be entered before more can be sent.
  public var missingSecrets: [String] {
    group.secrets.filter { secrets[$0] == nil }.sorted()
  }

  /// Takes a secret that was entered again: as JSON where the input isn't a text.
  ///
  /// - Returns: What is wrong with it, if it can't be taken.
  package func enter(_ text: String, for name: String) -> String? {
    guard group.structuredSecrets.contains(name) else {
      secrets[name] = .string(text)
      return nil
    }
    do throws(JSONSyntaxError) {
      secrets[name] = try JSONValue(parsing: text)
      return nil
    } catch {
      return "It isn’t a text here, but JSON. Column \(error.column): \(error.message)."
    }
  }

  /// Whether there is anything left to send.
  public var hasWaiting: Bool { group.nextWaiting != nil }

  /// Whether something could be canceled.
  public var isUnderWay: Bool {
    switch phase {
    case .elsewhere, .canceling: false
    case .sending, .paused, .sent: progress.waiting + progress.running > 0
    }
  }

  /// The predictions that were made so far, by member.
  public var predictions: [(member: Int, id: Prediction.ID)] {
    group.members.enumerated().compactMap { index, member in
      if case .created(let id, _) = member { (index, id) } else { nil }
    }
  }
}
