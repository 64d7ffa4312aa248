import Observation
import OrderedCollections
import ReplicateAPI

/// The predictions of one account, each as one object: creates them, follows them to their end,
/// cancels them.
///
/// Whether a run is polled and streamed depends on who cares about it:
///
/// - The state of a run of one's own, of one that is shown and of one that is being canceled is
///   polled until it ends; that of any other only while its row can be seen.
/// - Output is streamed for runs that are shown or one's own.
///
/// For another account, make another `Runs` and ``end()`` this one.
@MainActor @Observable
public final class Runs {
  /// How many predictions of the account are under way, whoever started them.
  ///
  /// One that was started elsewhere is left out once the service has had nothing new about it for a
  /// day: some never end.
  public private(set) var underWay = 0
  /// Those started from this program that haven't ended, in the order in which they were started.
  public private(set) var ownUnderWay: [Run] = []
  /// Where runs are created.
  public let creates: Creates
  /// Sends the files that inputs name.
  @ObservationIgnored public let files: InputFiles
  /// What sends groups of runs.
  public let groups: RunGroups
  /// Whether a create is under way that somebody waits for, which the members of groups aren't.
  public var isCreating: Bool { creates.underWay > creates.membersUnderWay }
  /// Why runs couldn't be kept, or read back, the last time that failed.
  public private(set) var storeFailure: String?

  /// Called when a run was created, was canceled or has ended, so that lists can show it.
  @ObservationIgnored package var onChange: (Run) -> Void = { _ in }

  @ObservationIgnored private let client: Client
  @ObservationIgnored private let time: TimeSource
  @ObservationIgnored private let store: any RunStore
  @ObservationIgnored private let activity = Activity()
  /// What is asked for again after a while.
  @ObservationIgnored private let retries = Activity()

  @ObservationIgnored private var known: [Prediction.ID: Run] = [:]
  /// Those that haven't ended, whether they are counted or not.
  @ObservationIgnored private var active: OrderedDictionary<Prediction.ID, Run> = [:]
  @ObservationIgnored private var followers: [Prediction.ID: RunFollower] = [:]
  @ObservationIgnored private var companions: [Prediction.ID: [Prediction.ID]] = [:]
  /// The ones that ``follow(_:)`` was called for.
  @ObservationIgnored private var requested: Set<Prediction.ID> = []
  /// The rows that can be seen; nil until a list has said so.
  @ObservationIgnored private var seen: Set<Prediction.ID>?
  @ObservationIgnored private var seenInLists: [String: Set<Prediction.ID>] = [:]
  @ObservationIgnored private var isEnded = false
  /// Incremented at the end. What was created before isn't followed here anymore.
  @ObservationIgnored private var account = 0
  @ObservationIgnored private var unkept: OrderedDictionary<Prediction.ID, Prediction> = [:]
  @ObservationIgnored private var keeping: Task<Void, Never>?
  @ObservationIgnored private var expiry: Task<Void, Never>?
  @ObservationIgnored private var expiresAt: Double?

  /// How long a run that was started elsewhere counts as under way without news, in seconds.
  static let longestSilence = 86_400.0

  public init(
    client: Client, time: TimeSource = .system,
    intents: any PredictionIntentStore = MemoryIntentStore(),
    store: any RunStore = MemoryRunStore(), groups: any PredictionGroupStore = MemoryGroupStore()
  ) {
    self.client = client
    self.time = time
    creates = Creates(client: client, intents: intents)
    files = InputFiles(client: client, now: time.now)
    self.store = store
    self.groups = RunGroups(store: groups, time: time)
    self.groups.runs = self
  }

  isolated deinit {
    expiry?.cancel()
  }

  /// The time by the service's clock, in seconds since 1970, or by this machine's until the service
  /// has told its own. Ages and elapsed times are measured from this.
  public var serviceNow: Double { client.serviceTime ?? time.now() }

  /// Ends everything that is under way here: nothing is polled, streamed or reported afterwards.
  ///
  /// A create that is on its way isn't canceled: whoever waits for it gets its result.
  public func end() {
    isEnded = true
    groups.end()
    retries.cancelAll()
    dropAll()
  }

  private func dropAll() {
    account += 1
    for follower in followers.values { follower.stop() }
    followers = [:]
    known = [:]
    active = [:]
    requested = []
    seen = nil
    seenInLists = [:]
    count()
  }

  // MARK: What is known

  /// The one object for a prediction, brought up to date with this answer.
  public func run(for prediction: Prediction) -> Run { run(for: prediction, isTraining: false) }

  /// The one object for a training, brought up to date with this answer.
  public func run(for training: Training) -> Run {
    run(for: Prediction(training), isTraining: true)
  }

  private func run(for prediction: Prediction, isTraining: Bool) -> Run {
    if let run = known[prediction.id] {
      if apply(prediction, to: run) {
        // Not at once: whoever reads a list is in the middle of it.
        activity.start { [weak self] in self?.onChange(run) }
      }
      return run
    }
    let run = Run(prediction, isTraining: isTraining)
    if !isEnded { register(run) }
    return run
  }

  private func register(_ run: Run) {
    let prediction = run.prediction
    run.newsAt =
      prediction.startedAt?.secondsSince1970 ?? prediction.createdAt?.secondsSince1970
      ?? serviceNow
    known[run.id] = run
    keep(run)
    update(run)
  }

  public func run(_ id: Prediction.ID) -> Run? { known[id] }

  /// All that are known here, the newest first.
  public var newestFirst: [Run] {
    known.values.filter { !$0.isTraining }.map {
      ($0.prediction.createdAt?.secondsSince1970 ?? 0, $0)
    }
    .sorted { $0.0 > $1.0 }.map(\.1)
  }

  /// The known runs of a model, newest first.
  public func runs(of model: ModelID) -> [Run] {
    let name = model.description
    return known.values.filter { $0.prediction.model == name && !$0.isTraining }.sorted {
      let (one, other) = ($0.prediction.createdAt, $1.prediction.createdAt)
      return one == other ? $0.id.rawValue > $1.id.rawValue : one ?? "" > other ?? ""
    }
  }

  /// Brings a run up to date; true if this is how it ended.
  private func apply(_ prediction: Prediction, to run: Run) -> Bool {
    let wasUnderWay = run.isUnderWay
    if prediction.hasNews(since: run.prediction) { run.newsAt = serviceNow }
    run.update(prediction)
    update(run)
    let hasJustEnded = wasUnderWay && !run.isUnderWay
    if hasJustEnded { keep(run) }
    return hasJustEnded
  }

  /// Does whatever a change of the run's state asks for.
  private func update(_ run: Run) {
    if run.isUnderWay {
      active[run.id] = run
    } else {
      active.removeValue(forKey: run.id)
    }
    groups.note(run)
    adjust(run)
    count()
  }

  // MARK: Creating and canceling

  /// The plan with addresses in place of the files on this machine that its input names. Large ones
  /// are uploaded, which canceling the task ends. Nothing is created.
  ///
  /// - Throws: What ``InputFiles/prepare(_:in:progress:)`` throws.
  public func prepare(
    _ plan: RunPlan, in place: FilePlace = .current,
    progress: @escaping @Sendable (FileProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> RunPlan {
    try await files.prepare(plan, in: place, progress: progress)
  }

  /// The batch with what it needs uploaded: a single run as ``prepare(_:in:progress:)`` returns it, a
  /// group with absolute paths, which go out with each of its members.
  ///
  /// - Throws: What ``InputFiles/prepare(_:in:progress:)`` throws.
  public func prepare(
    _ batch: RunBatch, in place: FilePlace = .current,
    progress: @escaping @Sendable (FileProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> RunBatch {
    try await files.prepare(batch, in: place, progress: progress)
  }

  /// Creates a prediction, and never two; returns the run, which is followed from then on.
  ///
  /// Canceling the task that waits here doesn't cancel the create.
  ///
  /// - Throws: What ``Creates`` throws, also where only the person's consent is missing.
  public func create(
    _ plan: RunPlan, _ consent: RunConsent = []
  ) async throws(ReplicateError) -> Run {
    try await create(plan.request, outputKind: plan.outputKind, consent)
  }

  /// - Parameters:
  ///   - member: The intent's ID, if this is a member of a group.
  ///   - created: Called before anybody else hears of the prediction.
  package func create(
    _ request: PredictionRequest, outputKind: OutputKind?, _ consent: RunConsent = [],
    member: PredictionIntent.ID? = nil, created: (Prediction) -> Void = { _ in }
  ) async throws(ReplicateError) -> Run {
    let account = account
    let prediction = try await creates.create(request, consent, member: member)
    created(prediction)
    guard self.account == account else {
      let run = Run(prediction)
      run.isOwn = true
      return run
    }
    return takeOver(prediction, outputKind)
  }

  /// Makes a prediction one of this program's own, follows it, and tells of it.
  private func takeOver(_ prediction: Prediction, _ outputKind: OutputKind? = nil) -> Run {
    let run = run(for: prediction)
    run.isOwn = true
    if let outputKind { run.outputKind = outputKind }
    update(run)
    onChange(run)
    return run
  }

  /// What became of a create that was under way when a program ended.
  public enum Recovered {
    case found(Run)
    /// It may have been started at this time, but it can't be found.
    case unknown(ModelID?, at: Timestamp)
  }

  /// Searches for the runs that were being sent when this program, or another one, ended. Those that
  /// are found are followed like any other of one's own.
  ///
  /// - Parameters:
  ///   - account: The account's name, if it is known.
  ///   - report: Called with each as soon as it's known.
  /// - Throws: The store's error, or the error of a search. What wasn't found stays in doubt.
  public func recover(account name: String?, report: (Recovered) -> Void) async throws {
    let account = account
    try await creates.recover(account: name) { recovery in
      guard self.account == account else { return }
      switch recovery {
      case .found(let prediction): report(.found(takeOver(prediction)))
      case .unknown(let intent): report(.unknown(intent.shownModel, at: intent.notedAt))
      }
    }
  }

  /// Looks once more for runs that may have started.
  public func reconsiderDoubts(report: (Run) -> Void) async {
    guard !creates.doubts.isEmpty else { return }
    let account = account
    for prediction in await creates.reconsider() where self.account == account {
      report(takeOver(prediction))
    }
    await groups.settleDoubts()
  }

  /// Follows a member of a group that an earlier program has made.
  ///
  /// - Parameter tries: How often the service couldn't be asked so far.
  func followMember(_ id: Prediction.ID, tries: Int = 0) {
    guard !isEnded else { return }
    if let run = known[id] { return update(run) }
    guard !activity.isUnderWay("member \(id)"), !retries.isUnderWay("\(id)") else { return }
    activity.start("member \(id)") { [weak self, client] in
      do throws(ReplicateError) {
        let prediction = try await client.send(.prediction(id))
        if let self, !isEnded { _ = run(for: prediction) }
      } catch {
        guard let self, !isEnded else { return }
        if case .notFound = error.reason { return groups.lost(id) }
        // Until it is known how the run goes, it keeps others of its group from being sent.
        let pause = Duration.seconds(min(60, 2 << min(tries, 5)))
        retries.start("\(id)") { [time, weak self] in
          let asked = min(error.retryAfter ?? .zero, RetryPolicy.longestPause)
          try? await time.clock.sleep(for: max(pause, asked))
          guard !Task.isCancelled, let self else { return }
          retries.cancel("\(id)")
          followMember(id, tries: tries + 1)
        }
      }
    }
  }

  /// Cancels a member of a group, also one that isn't known here yet.
  func cancelMember(_ id: Prediction.ID) async throws(ReplicateError) {
    if let run = known[id] {
      if !run.isCanceling { try await cancel(run) }
      return
    }
    let answer = try await client.send(.cancelPrediction(id))
    guard !isEnded else { return }
    onChange(run(for: answer))
  }

  /// Asks the service to cancel; the run shows when that is confirmed.
  package func cancel(_ run: Run) async throws(ReplicateError) {
    guard run.isUnderWay else { return }
    run.isCanceling = true
    update(run)
    do {
      let answer =
        run.isTraining
        ? Prediction(try await client.send(.cancelTraining(Training.ID(run.id.rawValue))))
        : try await client.send(.cancelPrediction(run.id))
      _ = apply(answer, to: run)
      onChange(run)
    } catch {
      run.isCanceling = false
      update(run)
      throw error
    }
  }

  // MARK: Trainings

  /// Starts a training, which is followed from then on like a run of one's own.
  ///
  /// Unlike a prediction it isn't looked for if its answer is lost: whoever asked for it looks at the
  /// list of trainings.
  public func train(
    _ version: ModelVersion.ID, of model: ModelID, _ request: TrainingRequest
  ) async throws(ReplicateError) -> Run {
    let account = account
    let training = try await client.send(
      .createTraining(from: version, of: model, request))
    guard self.account == account else { return Run(training) }
    let run = run(for: training)
    run.isOwn = true
    update(run)
    onChange(run)
    return run
  }

  // MARK: Runs that belong together

  /// Remembers that runs were made to be looked at side by side.
  public func keepTogether(_ runs: [Run]) {
    for run in runs { companions[run.id] = runs.map(\.id) }
  }

  /// The runs that were made together with this one, and itself, in order.
  public func companions(of id: Prediction.ID) -> [Prediction.ID] { companions[id] ?? [] }

  // MARK: Following

  /// Follows a run until it ends, one of somebody else's while it can be seen. What has failed is
  /// tried again.
  public func follow(_ run: Run) {
    guard run.isUnderWay, !isEnded else { return }
    if known[run.id] == nil { register(run) }
    requested.insert(run.id)
    if run.failure != nil { run.failure = nil }
    update(run)
  }

  /// Follows a run that is shown in full, and streams its output.
  public func show(_ run: Run) {
    run.isShown = true
    if run.prediction.lacksRemovedData { restore(run) }
    follow(run)
  }

  /// Takes back ``show(_:)``: a run of one's own goes on being followed, another one only while its
  /// row can be seen.
  public func hide(_ run: Run) {
    guard run.isShown else { return }
    run.isShown = false
    adjust(run)
  }

  /// Says whose rows can be seen at the moment; others' runs are polled only while they are.
  ///
  /// Until this is called for the first time, all runs that are followed count as seen.
  ///
  /// - Parameter list: The list whose rows these are.
  public func setSeen(_ ids: Set<Prediction.ID>, in list: String = "") {
    guard seenInLists[list] != ids else { return }
    seenInLists[list] = ids
    let all = seenInLists.values.reduce(into: Set()) { $0.formUnion($1) }
    let changed = seen.map(all.symmetricDifference)
    seen = all
    for run in active.values where changed?.contains(run.id) ?? true { adjust(run) }
  }

  private func adjust(_ run: Run) {
    guard run.isUnderWay, !isEnded else {
      followers[run.id]?.stop()
      // A run that is lost may come back, and its stream must not begin anew.
      if run.prediction.hasEnded { followers.removeValue(forKey: run.id) }
      return
    }
    let isOpen = run.isOwn || run.isShown
    let isSeen = seen?.contains(run.id) ?? requested.contains(run.id)
    let polls = (isOpen || isSeen || run.isCanceling) && run.failure == nil
    guard polls || isOpen || followers[run.id] != nil else { return }
    follower(of: run).set(polls: polls, streams: isOpen)
  }

  private func follower(of run: Run) -> RunFollower {
    if let follower = followers[run.id] { return follower }
    let follower = RunFollower(
      run, client: client,
      onUpdate: { [weak self] run, prediction in
        guard let self else { return }
        if apply(prediction, to: run) { onChange(run) }
      },
      onFailure: { [weak self] run, error in
        run.failure = error
        self?.update(run)
      })
    followers[run.id] = follower
    return follower
  }

  // MARK: Counting

  private func count() {
    let now = serviceNow
    var all = 0
    var own: [Run] = []
    var nextExpiry: Double?
    for run in active.values {
      if run.isOwn {
        own.append(run)
      } else {
        let end = (run.newsAt ?? now) + Self.longestSilence
        guard end > now else { continue }
        nextExpiry = min(nextExpiry ?? end, end)
      }
      all += 1
    }
    if underWay != all { underWay = all }
    if !ownUnderWay.elementsEqual(own, by: ===) { ownUnderWay = own }
    countAgain(at: nextExpiry, now)
  }

  /// Counts again when the next run has been silent for too long.
  private func countAgain(at end: Double?, _ now: Double) {
    guard end != expiresAt else { return }
    expiresAt = end
    expiry?.cancel()
    expiry = end.map { end in
      Task { [weak self, clock = time.clock] in
        do {
          try await clock.sleep(for: Duration(clampingSeconds: end - now + 1))
        } catch {
          return
        }
        self?.expiresAt = nil
        self?.count()
      }
    }
  }

  // MARK: Keeping

  private func keep(_ run: Run) {
    guard !run.isTraining else { return }
    unkept[run.id] = run.prediction
    guard keeping == nil else { return }
    keeping = Task { [weak self, store] in
      while let batch = self?.takeUnkept() {
        do {
          try await store.keep(batch)
        } catch {
          self?.storeFailure = "\(error)"
        }
      }
    }
  }

  /// What is to be kept next; nil, and the end of keeping, when that is nothing.
  private func takeUnkept() -> [Prediction]? {
    guard !unkept.isEmpty else {
      keeping = nil
      return nil
    }
    let batch = Array(unkept.values)
    unkept = [:]
    return batch
  }

  /// Fills in what the service has removed, if it was kept.
  private func restore(_ run: Run) {
    activity.start { [weak self, store] in
      do {
        if let kept = try await store.prediction(run.id) { run.restore(from: kept) }
      } catch {
        self?.storeFailure = "\(error)"
      }
    }
  }

  /// Waits for what is under way; tests use it instead of sleeping.
  package func settled() async {
    while true {
      await activity.settled()
      guard let work = keeping ?? followers.values.lazy.compactMap(\.work).first else { return }
      await work.value
    }
  }
}

extension ReplicateError {
  /// The client's own errors pass unchanged; anything else can only come from the network.
  package static func of(_ error: any Error) -> ReplicateError {
    error as? ReplicateError ?? ReplicateError(.interrupted(reason: "\(error)"))
  }
}

extension PredictionIntent {
  /// The model, for a person to recognize the run by.
  fileprivate var shownModel: ModelID? {
    switch target {
    case .model(let model), .deployment(let model): model
    case .version: model
    }
  }
}
