import Observation
import ReplicateAPI
import Running

/// Everything that belongs to one account: the client, the runs, the call log, the account itself.
///
/// Another token starts a new session and ends this one: its tasks are canceled, its connections
/// are closed, and nothing of it stays on the screen. The only exception is a create, which is
/// never canceled.
@MainActor @Observable
public final class Session {
  public private(set) var account = Loadable<Account>()
  /// The call with the longest wait that the service asked for, if any, or else for an overdue answer.
  public private(set) var wait: CallWait?
  public private(set) var outage: Outage?

  @ObservationIgnored public let client: Client
  public let runs: Runs
  /// What is kept of the forms.
  public let drafts: Drafts
  public let calls = CallLog()
  /// The collections read so far, by slug. Moving along the list of collections doesn't repeat calls,
  /// and neither does opening one whose page has just been shown.
  @ObservationIgnored var collections: [String: ReplicateAPI.Collection] = [:]
  @ObservationIgnored private var hardware: [Hardware] = []
  /// What the outputs of models are, by model and version, as far as that was looked up.
  @ObservationIgnored private var outputKinds: [String: OutputKind] = [:]
  @ObservationIgnored public let time: TimeSource
  @ObservationIgnored public let desktop: any DesktopServices
  /// The user's choices for the lists, by place.
  @ObservationIgnored public let lists: ListChoicesStore
  /// The forms about the account that are open or were left.
  let properties = PropertyForms()
  /// The names of the account's models.
  @ObservationIgnored let ownModels: OwnModels
  /// Where the token is from, in words that follow "from".
  @ObservationIgnored public let tokenOrigin: String
  /// The profile of the config that is in use.
  @ObservationIgnored public let profile: String?
  /// Reads the account's secret for downloads of uploaded files. Nil if the config names none.
  @ObservationIgnored public let filesSecret:
    (@MainActor () async throws(DesktopFailure) -> String)?
  /// What file choosers remember.
  @ObservationIgnored let files: FileChooserMemory
  /// Where places report events that nobody is waiting for.
  @ObservationIgnored public weak var host: (any PlaceHost)?

  @ObservationIgnored private let activity = Activity()
  @ObservationIgnored private let watches = Activity()
  /// What to load again once Replicate can be reached.
  @ObservationIgnored private var retries: [PlaceID: @MainActor () -> Void] = [:]
  @ObservationIgnored private var outages = 0
  @ObservationIgnored private var hasRecovered = false

  /// Replicate can't be reached, or asks to wait. Shown once, in the header, with the time of the
  /// next attempt.
  public struct Outage: Hashable, Sendable {
    public var error: ReplicateError
    public var nextTry: ContinuousClock.Instant
  }

  public init(
    client: Client, desktop: any DesktopServices, time: TimeSource, lists: ListChoicesStore,
    intents: any PredictionIntentStore = MemoryIntentStore(),
    inputs: any SavedInputStore = MemorySavedInputStore(),
    groups: any PredictionGroupStore = MemoryGroupStore(),
    files: FileChooserMemory = FileChooserMemory(), ownModels: OwnModels = OwnModels(),
    connection: Connection? = nil
  ) {
    self.client = client
    self.ownModels = ownModels
    filesSecret = connection?.filesSecret
    tokenOrigin = connection?.origin ?? "the start of Replicant"
    profile = connection?.profile
    self.desktop = desktop
    self.time = time
    self.lists = lists
    self.files = files
    drafts = Drafts(inputs, time: time)
    runs = Runs(client: client, time: time, intents: intents, groups: groups)
    if let token = client.configuration.token { desktop.protect(token) }
    drafts.onFailure = { [weak self] reason in
      self?.host?.notify(
        Notice(
          .failed,
          "What you fill in can’t be kept on this machine, so it’s lost if Replicant ends: \(reason)."
        ))
    }
  }

  /// The current time in seconds since 1970, the reference for ages and durations.
  public var now: Double { time.now() }

  public var hasToken: Bool {
    client.configuration.token != nil || !client.configuration.needsToken
  }

  /// Starts observing the calls. Nothing is sent without a token.
  func begin() {
    watch()
    if hasToken { loadAccount() }
  }

  func loadAccount() {
    account.begin()
    activity.start("account") { [client, weak self] in
      do throws(ReplicateError) {
        let answer = try await client.send(.account)
        guard !Task.isCancelled else { return }
        self?.account.finish(answer)
        await self?.drafts.identify(as: answer.username)
        self?.recoverRuns()
      } catch {
        guard !Task.isCancelled else { return }
        self?.account.fail(error)
      }
    }
  }

  /// Finds the runs that were being sent when a program ended.
  private func recoverRuns() {
    guard !hasRecovered else { return }
    hasRecovered = true
    let name = account.value?.username
    activity.start("recover") { [runs, weak self] in
      do {
        try await runs.recover(account: name) { self?.host?.notify(Notice($0)) }
      } catch {
        // What couldn't be searched for stays in doubt, and is looked for again with Predictions.
        if !(error is ReplicateError) { self?.host?.notify(Notice(.failed, "\(error).")) }
      }
      guard !Task.isCancelled else { return }
      await self?.recoverGroups()
    }
  }

  /// Looks once more for runs that may have started, after new predictions have loaded.
  func reconsiderDoubts() {
    guard !runs.creates.doubts.isEmpty else { return }
    activity.start("doubts") { [runs, weak self] in
      await runs.reconsiderDoubts { run in
        self?.host?.notify(
          Notice(.failed, "The run of \(run.modelName) whose answer was lost has been found."))
      }
      await runs.groups.settleDoubts()
    }
  }

  private func watch() {
    let calls = client.calls
    watches.start("calls") { [weak self] in
      for await call in calls {
        guard !Task.isCancelled, let self else { return }
        self.calls.add(call)
      }
    }
    let waits = client.waits
    watches.start("waits") { [weak self] in
      for await waiting in waits {
        guard !Task.isCancelled, let self else { return }
        // Shorter waits are over before anyone has read about them.
        let longest =
          waiting.last { $0.isRequested && $0.until > .now + .seconds(1) }
          ?? waiting.last { $0.cause == .answer }
        if wait != longest { wait = longest }
      }
    }
  }

  /// Ends everything that belongs to the account, except creates in progress.
  func end() {
    host = nil
    retries = [:]
    properties.endAll()
    activity.cancelAll()
    watches.cancelAll()
    runs.end()
    Task { [drafts] in await drafts.finish() }
    let client = client
    guard runs.creates.underWay == 0 else { return }
    Task { await client.shutdown() }
  }

  /// The machines, asked for once.
  func machines() async throws(ReplicateError) -> [Hardware] {
    if hardware.isEmpty { hardware = try await client.send(.hardware).results }
    return hardware
  }

  /// Asks for a collection and keeps it.
  func load(collection slug: String) async throws(ReplicateError) -> ReplicateAPI.Collection {
    let collection = try await client.send(.collection(slug))
    collections[slug] = collection
    return collection
  }

  /// What a prediction's output is, if that was looked up before.
  func knownOutputKind(of prediction: Prediction) -> OutputKind? {
    outputKinds[Self.schemaName(of: prediction)]
  }

  /// What a prediction's output is, by the schema of its version, or else of its model. Asked for at
  /// most once; nil if the schema can't be had, which isn't worth a message.
  func outputKind(of prediction: Prediction) async -> OutputKind? {
    let name = Self.schemaName(of: prediction)
    guard outputKinds[name] == nil, let model = ModelID(prediction.model) else {
      return outputKinds[name]
    }
    do throws(ReplicateError) {
      var version = try await client.send(.model(model)).latestVersion
      if let wanted = prediction.version, wanted.count == 64, wanted != version?.id.rawValue {
        do throws(ReplicateError) {
          version = try await client.send(.version(ModelVersion.ID(rawValue: wanted), of: model))
        } catch {
          guard case .notFound = error.reason else { throw error }
        }
      }
      outputKinds[name] = await Self.readOutputKind(version) ?? OutputKind.none
    } catch {
      if !error.isTransient { outputKinds[name] = OutputKind.none }
    }
    return outputKinds[name]
  }

  private static func schemaName(of prediction: Prediction) -> String {
    "\(prediction.model):\(prediction.version ?? "")"
  }

  @concurrent
  private nonisolated static func readOutputKind(_ version: ModelVersion?) async -> OutputKind? {
    version?.schema?.output
  }

  /// Looks for runs that this app doesn't know about.
  func lookForRuns() { host?.reloadRuns() }

  // MARK: Outages

  /// Records the result of a place's call. An outage is reported once for all places and ends with
  /// the first success.
  func note(_ error: ReplicateError?, of place: PlaceID, retry: @escaping @MainActor () -> Void) {
    guard let error, error.isOutage || error.isPause else {
      retries[place] = nil
      // That one place may be asked for again says nothing about those that have to wait.
      if error == nil, outage?.error.isOutage == true || retries.isEmpty { recover() }
      return
    }
    retries[place] = retry
    guard outage == nil || !activity.isUnderWay("retry") else { return }
    let requested = min(error.retryAfter ?? .zero, RetryPolicy.longestPause)
    let delay = max(requested, Self.delay(afterOutages: outages))
    outages += 1
    outage = Outage(error: error, nextTry: .now + delay)
    activity.start("retry") { [time, weak self] in
      try? await time.clock.sleep(for: delay)
      guard !Task.isCancelled, let self else { return }
      let retries = retries.values
      self.retries = [:]
      activity.cancel("retry")
      for retry in retries { retry() }
      if account.value == nil { loadAccount() }
    }
  }

  private func recover() {
    outages = 0
    guard outage != nil else { return }
    outage = nil
    let waiting = retries.values
    retries = [:]
    activity.cancel("retry")
    for retry in waiting { retry() }
    if account.value == nil { loadAccount() }
  }

  /// The delay before the next attempt: 2, 4, 8, … seconds, up to a minute.
  private static func delay(afterOutages count: Int) -> Duration {
    .seconds(min(60, 2 << min(count, 5)))
  }

  package func settled() async { await activity.settled() }
}

extension ReplicateError {
  /// Whether the service couldn't be reached, as opposed to returning an error.
  public var isOutage: Bool {
    switch reason {
    case .unreachable, .interrupted, .timedOut: true
    default: false
    }
  }

  /// Whether the service asks to wait.
  public var isPause: Bool {
    if case .rateLimited = reason { return true }
    return isTransient && retryAfter != nil
  }
}

/// The app's services for places.
@MainActor
public protocol PlaceHost: AnyObject {
  /// Incremented per command. A pending answer compares it to see whether the user has moved on.
  var commandCount: Int { get }
  var focus: PlaceID { get }
  var hasTerminalFocus: Bool { get }
  /// How often a list that changes elsewhere is loaded again while it has the focus.
  var refreshInterval: Duration? { get }
  /// The width of a character in columns, as the terminal shows it.
  var measure: @Sendable (Character) -> Int { get }
  /// Breaks lines into rows by the width of characters. Nil until there is a screen.
  var breaker: (any RowBreaking)? { get }
  func perform(_ command: Command)
  func notify(_ notice: Notice)
  /// Clears a notice about work in progress, because it has ended.
  func endWorkNotice()
  func ask(_ question: Confirmation)
  /// The size of the text in the request's overlay.
  var requestExtent: Extent { get }
  /// Shows an overlay that a key has asked for.
  func present(_ overlay: Overlay)
  /// Asks how to go on with a group of runs that has stopped.
  func askAbout(_ group: RunGroup)
  /// Goes back from a place that has done what it was opened for.
  func leave(_ place: PlaceID)
  /// Opens an address on the program's own account.
  func show(_ address: Address)
  /// Lets the user choose a file.
  func choose(_ chooser: FileChooserViewModel)
  /// Closes a file chooser that is done by itself.
  func closeChooser(_ chooser: FileChooserViewModel)
  /// How many rows the list of an overlay has.
  var overlayRows: Int { get }
  /// Shows a run that started after the user had moved on, without taking the focus.
  func offerRun(_ run: Run)
  /// Reloads the predictions.
  func reloadRuns()
  /// Shows an address in a place that has nothing to show yet.
  func offer(_ address: Address)
  /// Called when the place's subject has changed, to update the preview.
  func subjectChanged(of place: PlaceID)
}

/// The user's choices for each list, with a hook to save them.
@MainActor
public final class ListChoicesStore {
  private var choices: [PlaceID: ListChoices]
  private let keep: @MainActor (PlaceID, ListChoices) -> Void

  public init(
    _ choices: [PlaceID: ListChoices] = [:],
    keep: @escaping @MainActor (PlaceID, ListChoices) -> Void = { _, _ in }
  ) {
    self.choices = choices
    self.keep = keep
  }

  public subscript(place: PlaceID) -> ListChoices {
    get { choices[place] ?? ListChoices() }
    set {
      choices[place] = newValue
      keep(place, newValue)
    }
  }
}

extension PagedList {
  /// Connects a list to its session, which reports outages and saves the user's choices.
  func connect(_ session: Session, _ place: PlaceID) {
    onAnswer = { [weak session, weak self] error in
      session?.note(error, of: place) { self?.load() }
    }
    onChoices = { [weak session] in session?.lists[place] = $0 }
    onLoaded = { [weak session] in session?.host?.subjectChanged(of: place) }
  }
}
