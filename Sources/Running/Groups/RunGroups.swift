import Observation
import OrderedCollections
import ReplicateAPI

/// Sends groups of runs, one member after another, and goes on where a program has left off.
///
/// Before a member is sent, it is on disk which intent its create has. So after a crash at any moment
/// it is known, or can be found out, what was made, and nothing is sent twice.
@MainActor @Observable
public final class RunGroups {
  /// The groups that are known, newest first.
  public private(set) var all: [RunGroup] = []

  /// How many runs of groups may be under way at once.
  @ObservationIgnored public var limit = 5
  /// Called when a group has stopped, so that the user can say how to go on.
  @ObservationIgnored package var onPause: (RunGroup) -> Void = { _ in }
  /// Called when a group has come, or has a member more.
  @ObservationIgnored package var onChange: (RunGroup) -> Void = { _ in }

  @ObservationIgnored weak var runs: Runs?
  @ObservationIgnored private let store: any PredictionGroupStore
  @ObservationIgnored private let time: TimeSource
  @ObservationIgnored private var tasks: [PredictionGroup.ID: Task<Void, Never>] = [:]
  /// Cuts short what the sender of a group waits for, where that can be: uploads and pauses.
  @ObservationIgnored private var interruptions: [PredictionGroup.ID: () -> Void] = [:]
  /// Which member each prediction is.
  @ObservationIgnored private var places: [Prediction.ID: (group: RunGroup, member: Int)] = [:]
  @ObservationIgnored private var waiters: [CheckedContinuation<Void, Never>] = []
  /// The groups that are doing something other than waiting for a run to end or for the service.
  @ObservationIgnored private var busy: Set<PredictionGroup.ID> = []
  @ObservationIgnored private var quietWaiters: [CheckedContinuation<Void, Never>] = []
  @ObservationIgnored private var saving: Task<Void, Never>?
  @ObservationIgnored private var unsaved: Set<PredictionGroup.ID> = []
  @ObservationIgnored private var isEnded = false

  /// The wait before the next attempt when the service asks to wait and doesn't say how long.
  static let pause = Duration.seconds(10)

  init(store: any PredictionGroupStore, time: TimeSource) {
    self.store = store
    self.time = time
  }

  public subscript(id: PredictionGroup.ID) -> RunGroup? { all.first { $0.id == id } }

  /// The group that a prediction belongs to.
  public func group(of prediction: Prediction.ID) -> RunGroup? { places[prediction]?.group }

  /// Which member of its group a prediction is.
  public func member(of prediction: Prediction.ID) -> Int? { places[prediction]?.member }

  public var isSending: Bool { all.contains { $0.phase == .sending } }

  /// How many members of all groups are still to be sent.
  public var remaining: Int {
    all.lazy.filter { $0.phase == .sending }.reduce(0) { $0 + $1.progress.waiting }
  }

  // MARK: Sending

  /// Keeps a new group and begins to send it.
  ///
  /// - Parameter batch: The run that the members are variations of, with its secrets, and the values.
  ///   Its files are named by absolute paths; see ``Runs/prepare(_:in:progress:)``.
  /// - Throws: The store's error. Nothing was sent then.
  public func start(_ batch: RunBatch) async throws(ReplicateError) -> RunGroup {
    let now = Timestamp(secondsSince1970: time.now())
    let value = PredictionGroup(batch, createdAt: now)
    do {
      try await store.add(value)
    } catch {
      throw ReplicateError(.notRecorded(reason: "\(error)"))
    }
    let group = RunGroup(
      value, .sending, secrets: batch.plan.input.filter { value.secrets.contains($0.key) },
      outputKind: batch.plan.outputKind)
    all.insert(group, at: 0)
    onChange(group)
    send(group)
    return group
  }

  /// How to go on with a group that has stopped.
  public enum Continuation: Hashable, Sendable {
    /// Members in doubt stay as they are.
    case rest
    /// Members in doubt are sent again, although they may have started.
    case doubtfulToo
  }

  /// Goes on with a group that has stopped, or that another program has left.
  ///
  /// - Parameter secrets: Those that were missing.
  /// - Returns: Why it can't be sent, if it can't.
  public func goOn(
    _ group: RunGroup, _ continuation: Continuation = .rest, secrets: JSONObject = [:]
  ) async -> String? {
    group.secrets.merge(secrets) { $1 }
    guard group.missingSecrets.isEmpty else {
      return "Enter \(group.missingSecrets.joined(separator: ", ")) first."
    }
    do {
      if group.phase == .elsewhere {
        guard let value = try await store.takeOver(group.id) else {
          return "Another Replicant is at work on this group."
        }
        group.group = value
        register(group)
        group.phase = .paused(.left)
        follow(group)
      }
      switch group.phase {
      case .paused: break
      case .sent where group.progress.doubtful > 0: group.phase = .paused(.left)
      default: return nil
      }
      try await settle(group)
    } catch {
      return "\(error)"
    }
    // It may have been canceled meanwhile, or gone on by another answer.
    guard case .paused = group.phase else { return nil }
    if continuation == .doubtfulToo {
      for index in group.group.members.indices {
        guard case .doubtful = group.group[index] else { continue }
        group.group[index] = .waiting
        group.repeated.insert(index)
      }
    }
    guard group.hasWaiting else {
      group.phase = .sent
      return nil
    }
    group.phase = .sending
    send(group)
    return nil
  }

  private func send(_ group: RunGroup) {
    let previous = tasks[group.id]
    busy.insert(group.id)
    tasks[group.id] = Task { [weak self] in
      await previous?.value
      await self?.sendAll(of: group)
    }
  }

  private func sendAll(of group: RunGroup) async {
    while group.phase == .sending, !isEnded, runs != nil, let index = group.group.nextWaiting {
      guard runningCount < limit else {
        await whileQuiet(group) { await withCheckedContinuation { waiters.append($0) } }
        continue
      }
      await send(index, of: group)
    }
    if group.phase == .sending, !isEnded {
      group.phase = .sent
      await save(group, isDurable: false)
    }
    setQuiet(group)
  }

  private func whileQuiet(_ group: RunGroup, _ wait: () async -> Void) async {
    setQuiet(group)
    await wait()
    busy.insert(group.id)
  }

  private func setQuiet(_ group: RunGroup) {
    busy.remove(group.id)
    guard busy.isEmpty else { return }
    let woken = quietWaiters
    quietWaiters = []
    for waiter in woken { waiter.resume() }
  }

  /// The runs of groups that are under way, as far as that is known.
  private var runningCount: Int {
    all.reduce(0) { count, group in
      guard group.phase != .elsewhere else { return count }
      return count
        + group.group.members.count { member in
          switch member {
          case .sending: return true
          case .created(let id, nil):
            guard let run = runs?.run(id) else { return true }
            return run.isUnderWay && run.failure == nil
          default: return false
          }
        }
    }
  }

  /// Sends a member. It is on disk which intent its create has before anything is sent.
  private func send(_ index: Int, of group: RunGroup) async {
    guard let runs, let input = await prepare(index, of: group, runs) else { return }
    let attempt: PredictionGroup.Attempt
    do {
      attempt = PredictionGroup.Attempt(
        intent: PredictionIntent.ID(), record: try await runs.creates.outcomes(of: []).record,
        at: Timestamp(secondsSince1970: time.now()))
      group.group[index] = .sending(attempt)
      guard try await store.update(group.group, isDurable: true) else {
        group.group[index] = .waiting
        group.phase = .elsewhere
        return
      }
    } catch {
      group.group[index] = .waiting
      return pause(group, .unkept(reason: "\(error)"))
    }
    // It may have been canceled meanwhile.
    guard group.phase == .sending, !isEnded else {
      group.group[index] = group.phase == .canceling ? .dropped : .waiting
      await save(group, isDurable: true)
      return
    }
    let consent: RunConsent = group.repeated.contains(index) ? .uncertain : []
    do throws(ReplicateError) {
      _ = try await runs.create(
        group.group.request(input), outputKind: group.outputKind, consent, member: attempt.intent
      ) { [weak self] in self?.created($0, index, group) }
      await save(group, isDurable: false)
    } catch {
      await failed(index, of: group, attempt, error)
    }
  }

  /// Sends the files of a member that are on this machine; those that are there already, once.
  ///
  /// - Returns: The member's input; nil if the group has stopped, because that failed.
  private func prepare(_ index: Int, of group: RunGroup, _ runs: Runs) async -> JSONObject? {
    let input = group.group.input(at: index, secrets: group.secrets)
    let files = group.group.files(in: input, at: index)
    guard !files.isEmpty else { return input }
    var result: Result<JSONObject, ReplicateError> = .success(input)
    await interruptible(group) {
      do throws(ReplicateError) {
        result = .success(try await runs.files.prepare(input, files))
      } catch {
        result = .failure(error)
      }
    }
    guard group.phase == .sending, !isEnded else { return nil }
    switch result {
    case .success(let prepared): return prepared
    case .failure(let error):
      if case .rateLimited(let wait, _) = error.reason {
        await rest(group, wait ?? Self.pause)
      } else {
        pause(group, .failed(member: index, error))
      }
      return nil
    }
  }

  /// Does something that ends when the group is canceled or the session has ended.
  private func interruptible(
    _ group: RunGroup, _ body: @escaping @MainActor () async -> Void
  ) async {
    let work = Task { await body() }
    interruptions[group.id] = work.cancel
    await work.value
    interruptions[group.id] = nil
  }

  private func created(_ prediction: Prediction, _ index: Int, _ group: RunGroup) {
    group.group[index] = .created(prediction.id, prediction.status.final)
    group.repeated.remove(index)
    places[prediction.id] = (group, index)
    onChange(group)
  }

  private func failed(
    _ index: Int, of group: RunGroup, _ attempt: PredictionGroup.Attempt, _ error: ReplicateError
  ) async {
    var pause: RunGroup.Pause?
    switch error.reason {
    case .outcomeUnknown(let candidates):
      group.group[index] = .doubtful(attempt, candidates: candidates)
      pause = .doubtful(member: index, error)
    case .mayHaveStarted:
      group.group[index] = .doubtful(attempt, candidates: [])
      pause = .doubtful(member: index, error)
    case .canceled:
      group.group[index] = .doubtful(attempt, candidates: [])
    case .invalidInput:
      group.group[index] = .refused(reason: error.inShort)
      pause = .failed(member: index, error)
    case .rateLimited(let wait, _):
      group.group[index] = group.phase == .canceling ? .dropped : .waiting
      await save(group, isDurable: true)
      return await rest(group, wait ?? Self.pause)
    default:
      group.group[index] = group.phase == .canceling ? .dropped : .waiting
      pause = .failed(member: index, error)
    }
    await save(group, isDurable: true)
    if let pause, group.phase == .sending { self.pause(group, pause) }
  }

  /// Waits as long as the service asks to.
  private func rest(_ group: RunGroup, _ wait: Duration) async {
    guard group.phase == .sending, !isEnded else { return }
    group.isWaiting = true
    await whileQuiet(group) {
      await interruptible(group) { [time] in
        try? await time.clock.sleep(for: min(wait, RetryPolicy.longestPause))
      }
    }
    group.isWaiting = false
  }

  private func pause(_ group: RunGroup, _ pause: RunGroup.Pause) {
    group.phase = .paused(pause)
    if !isEnded { onPause(group) }
  }

  // MARK: Canceling

  /// Cancels a group: what wasn't sent never is, and what is under way is canceled.
  ///
  /// - Returns: How many runs couldn't be canceled, and the last reason.
  public func cancel(_ group: RunGroup) async -> (count: Int, reason: String)? {
    guard group.phase != .elsewhere, group.phase != .canceling, let runs else { return nil }
    group.phase = .canceling
    drop(group)
    interruptions[group.id]?()
    wake()
    await save(group, isDurable: true)
    // A create that is on its way can't be called back. Its run is canceled after the others.
    _ = await cancelRuns(of: group, runs)
    await tasks[group.id]?.value
    drop(group)
    let after = await cancelRuns(of: group, runs)
    group.phase = .sent
    await save(group, isDurable: true)
    onChange(group)
    return after
  }

  /// - Returns: How many runs couldn't be canceled, and the last reason.
  private func cancelRuns(of group: RunGroup, _ runs: Runs) async -> (count: Int, reason: String)? {
    var failed: (count: Int, reason: String)?
    for member in group.group.members {
      guard case .created(let id, nil) = member else { continue }
      do throws(ReplicateError) {
        try await runs.cancelMember(id)
      } catch {
        failed = ((failed?.count ?? 0) + 1, error.inShort)
      }
    }
    return failed
  }

  private func drop(_ group: RunGroup) {
    for index in group.group.members.indices where group.group[index] == .waiting {
      group.group[index] = .dropped
    }
  }

  // MARK: Following

  /// Takes note of a run's state. A member that was made by a program that has ended is followed like
  /// any other of one's own.
  func note(_ run: Run) {
    guard let (group, member) = places[run.id], group.phase != .elsewhere else { return }
    if !run.isOwn { run.isOwn = true }
    let final = run.prediction.status.final ?? (run.isUnderWay ? nil : .aborted)
    if case .created(run.id, let known) = group.group[member], known != final, final != nil {
      group.group[member] = .created(run.id, final)
      saveLater(group)
      onChange(group)
    }
    if !run.isUnderWay || run.failure != nil { wake() }
  }

  /// A member that the service has no more. How it ended will never be known.
  func lost(_ id: Prediction.ID) {
    guard let (group, member) = places[id], group.group[member] == .created(id, nil) else { return }
    group.group[member] = .created(id, .aborted)
    saveLater(group)
    onChange(group)
    wake()
  }

  private func wake() {
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }

  // MARK: Keeping

  private func save(_ group: RunGroup, isDurable: Bool) async {
    unsaved.remove(group.id)
    do {
      if try await !store.update(group.group, isDurable: isDurable) { group.phase = .elsewhere }
    } catch {
      if group.phase == .sending { pause(group, .unkept(reason: "\(error)")) }
    }
  }

  /// Keeps what isn't needed to find out what was made: how runs have ended.
  private func saveLater(_ group: RunGroup) {
    unsaved.insert(group.id)
    guard saving == nil else { return }
    saving = Task { [weak self] in
      while let group = self?.nextUnsaved() { await self?.save(group, isDurable: false) }
    }
  }

  private func nextUnsaved() -> RunGroup? {
    while let id = unsaved.popFirst() {
      if let group = self[id], group.phase != .elsewhere { return group }
    }
    saving = nil
    return nil
  }

  // MARK: After a start

  /// Reads the groups of the account, finds out what became of what was being sent when a program
  /// ended, and follows what is under way. Nothing is sent.
  ///
  /// Call it after the open intents have been searched for.
  ///
  /// - Parameter report: Called with what couldn't be read.
  /// - Returns: The groups that can go on, or that have a new member in doubt.
  public func recover(
    account name: String?, report: @escaping @Sendable (String) -> Void
  ) async throws -> [RunGroup] {
    if let name { await store.identify(as: name) }
    var left: [RunGroup] = []
    for stored in try await store.groups(report: report) where self[stored.group.id] == nil {
      var stored = stored
      if !stored.isElsewhere, !stored.group.isOver {
        // Another program that has started at the same time may be faster.
        if let taken = try await store.takeOver(stored.group.id) {
          stored.group = taken
        } else {
          stored.isElsewhere = true
        }
      }
      guard !isEnded else { return [] }
      let group = RunGroup(
        stored.group,
        stored.isElsewhere ? .elsewhere : stored.group.isSettled ? .sent : .paused(.left))
      all.append(group)
      all.sort { $0.group.createdAt > $1.group.createdAt }
      register(group)
      if case .paused = group.phase {
        let earlierDoubts = group.progress.doubtful
        do {
          try await settle(group)
        } catch {
          group.phase = .paused(.unkept(reason: "\(error)"))
        }
        // A doubt that is older was asked about before.
        if group.hasWaiting || group.progress.doubtful > earlierDoubts {
          left.append(group)
        } else {
          group.phase = .sent
        }
      }
      onChange(group)
      if !stored.isElsewhere { follow(group) }
    }
    return left
  }

  private func register(_ group: RunGroup) {
    for (member, id) in group.predictions { places[id] = (group, member) }
  }

  /// Finds out what became of members whose create was under way, or is in doubt.
  func settle(_ group: RunGroup) async throws {
    guard let runs else { return }
    var open: [(index: Int, attempt: PredictionGroup.Attempt, isDoubtful: Bool)] = []
    for (index, member) in group.group.members.enumerated() {
      guard let attempt = member.attempt else { continue }
      let isDoubtful = if case .doubtful = member { true } else { false }
      open.append((index, attempt, isDoubtful))
    }
    guard !open.isEmpty else { return }
    let outcomes = try await runs.creates.outcomes(of: Set(open.map(\.attempt.intent)))
    let now = time.now()
    for (index, attempt, isDoubtful) in open {
      // It may have been sent again, or canceled, meanwhile.
      guard group.group[index].attempt == attempt else { continue }
      switch outcomes.states[attempt.intent] {
      case .created(let id):
        // What was found by searching may be another member's if both look the same.
        let isSure =
          places[id] == nil
          && (!runs.creates.searched.contains(attempt.intent) || group.lookalikes[index] == 1
            || isDoubtful)
        if isSure {
          group.group[index] = .created(id, nil)
          places[id] = (group, index)
        } else {
          group.group[index] = .doubtful(attempt, candidates: [id])
        }
      case .unknown(let candidates):
        group.group[index] = .doubtful(attempt, candidates: candidates)
      case .underWay, .sought:
        // Another program is searching for it.
        group.group[index] = .doubtful(attempt, candidates: [])
      case .refused, nil:
        if isDoubtful { break }
        let age = now - (attempt.at.secondsSince1970 ?? 0)
        let isKnown = outcomes.record == attempt.record && age < IntentOutcomes.createdAge
        // An intent is recorded before its create is sent. Without one nothing was.
        group.group[index] = isKnown ? .waiting : .doubtful(attempt, candidates: [])
      }
    }
    guard try await store.update(group.group, isDurable: true) else {
      group.phase = .elsewhere
      return
    }
    follow(group)
    onChange(group)
  }

  /// Looks once more at the members in doubt, after lost predictions have been found.
  package func settleDoubts() async {
    for group in all {
      switch group.phase {
      case .paused, .sent: try? await settle(group)
      case .sending, .canceling, .elsewhere: break
      }
    }
  }

  /// Follows the members that haven't ended, as far as is known here.
  private func follow(_ group: RunGroup) {
    for member in group.group.members {
      guard case .created(let id, nil) = member else { continue }
      runs?.followMember(id)
    }
  }

  // MARK: The end

  /// Ends sending, because the session has ended. What is being sent is still noted down.
  func end() {
    isEnded = true
    for interrupt in interruptions.values { interrupt() }
    wake()
  }

  /// Waits for what is under way; tests use it instead of sleeping.
  package func settled() async {
    while !busy.isEmpty { await withCheckedContinuation { quietWaiters.append($0) } }
    await saving?.value
  }
}

extension PredictionGroup.Member {
  /// The create that nobody knows the outcome of yet.
  fileprivate var attempt: PredictionGroup.Attempt? {
    switch self {
    case .sending(let attempt), .doubtful(let attempt, _): attempt
    case .waiting, .created, .refused, .dropped: nil
    }
  }
}

extension Prediction.Status {
  /// The state, if it is final.
  fileprivate var final: Self? { isTerminal ? self : nil }
}

extension ReplicateError {
  /// What happened, in one line.
  fileprivate var inShort: String { errorDescription ?? "\(reason)" }
}
