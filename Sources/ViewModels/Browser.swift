import Observation
import ReplicateAPI
import Running

/// The root of what is shown: which place has the focus, what lies over it, and the one door
/// through which everything is asked for.
@MainActor @Observable
public final class Browser {
  public let collections: CollectionsViewModel
  public let models: SearchViewModel
  public let detail: ModelDetailViewModel
  public let history: PredictionHistoryViewModel
  public let live: LivePredictionViewModel
  public let runs: Runs
  public let help = HelpViewModel()

  public internal(set) var account = Loadable<Account>()
  public internal(set) var focus = Place.collections
  public internal(set) var zoom = Zoom.none
  public internal(set) var shares = PaneShares()
  public internal(set) var form: InputForm?
  public internal(set) var overlay: Overlay?
  public internal(set) var notice: Notice?
  /// How long the last call took, as a person sees it in the header.
  public internal(set) var lastCall: CallRecord?
  /// The call that waits longest for the service to allow it, if one does.
  public private(set) var wait: CallWait?
  public internal(set) var isFinished = false

  @ObservationIgnored var client: Client
  @ObservationIgnored let time: TimeSource
  @ObservationIgnored let desktop: any DesktopServices
  @ObservationIgnored let activity = Activity()
  @ObservationIgnored private let calls = Activity()
  @ObservationIgnored private let previews = Activity()
  /// The panes that the layout has room for; what can't be seen isn't previewed.
  @ObservationIgnored public var visiblePlaces = Set(Place.allCases)
  /// The model under the cursor, while its preview waits for the cursor to rest.
  @ObservationIgnored private var restingOn: ModelID?
  /// The places that were left by opening something; Esc goes back along it.
  @ObservationIgnored var trail: [Place] = []
  /// Forms that were left with something in them, to be found again.
  @ObservationIgnored var drafts: [ModelID: InputForm] = [:]
  @ObservationIgnored var wantsForm = false
  @ObservationIgnored var lastLaunch: Launch?
  /// Counts what was asked for: who waits for an answer sees by it whether someone went on meanwhile.
  @ObservationIgnored var asked = 0
  /// Whether the terminal has the keyboard, as far as it tells.
  @ObservationIgnored public var hasTerminalFocus = true
  /// Whether the screen is large enough for a pane to take half of it.
  @ObservationIgnored public var hasRoomForHalf = true
  /// How long a run must have taken for its end to be told to who looks elsewhere, in seconds.
  @ObservationIgnored public var noticeAfter = 10.0
  /// Told when the panes stand otherwise than before, to keep it.
  @ObservationIgnored public var onPanesMoved: (PaneShares, Zoom) -> Void = { _, _ in }
  @ObservationIgnored var prefill: JSONObject?

  /// What was sent last, to notice the same being sent twice by accident.
  struct Launch {
    var target: PredictionTarget
    var input: JSONObject
    var sentAt: Double
  }

  public init(client: Client, desktop: any DesktopServices, time: TimeSource = .system) {
    self.client = client
    self.desktop = desktop
    self.time = time
    runs = Runs(client: client, time: time)
    collections = CollectionsViewModel(client: client)
    models = SearchViewModel(client: client, time: time)
    detail = ModelDetailViewModel(client: client, time: time)
    history = PredictionHistoryViewModel(client: client, runs: runs)
    live = LivePredictionViewModel(client: client, runs: runs)
    runs.onChange = { [weak self] run in self?.note(run) }
    detail.onLoaded = { [weak self] in self?.detailLoaded() }
    models.onLoaded = { [weak self] in self?.modelsLoaded() }
    history.onLoaded = { [weak self] in self?.historyLoaded() }
  }

  /// The seconds since 1970 that ages and elapsed times are told from.
  public var now: Double { time.now() }

  public var hasToken: Bool { client.configuration.token != nil }

  /// Asks for what the panes show first, and opens what was named on the command line.
  public func start(opening address: Address? = nil) {
    watchCalls()
    guard hasToken else {
      overlay = .token(TextBuffer(), problem: nil)
      return
    }
    loadAll()
    if let address { open(address) }
  }

  private func loadAll() {
    loadAccount()
    collections.load()
    models.load()
    history.load()
  }

  func loadAccount() {
    account.begin()
    activity.start("account") { [client, weak self] in
      do {
        let answer = try await client.send(.account)
        guard !Task.isCancelled else { return }
        self?.account.finish(answer)
      } catch {
        guard !Task.isCancelled else { return }
        self?.account.fail(.of(error))
      }
    }
  }

  /// Goes on with another token, from the beginning.
  func use(token: String) {
    var configuration = client.configuration
    configuration.token = token
    client = Client(configuration, clock: time.clock)
    runs.use(client)
    account.reset()
    watchCalls()
    loadAccount()
    collections.use(client)
    models.use(client)
    detail.use(client)
    live.use(client)
    history.use(client)
  }

  private func watchCalls() {
    let stream = client.calls
    calls.start("calls") { [weak self] in
      for await call in stream {
        guard !Task.isCancelled else { return }
        self?.lastCall = call
      }
    }
    let waits = client.waits
    calls.start("waits") { [weak self] in
      for await waiting in waits {
        guard !Task.isCancelled else { return }
        // Shorter waits are over before anyone has read of them.
        let longest = waiting.last { $0.isRateLimit && $0.until > .now + .seconds(1) }
        if self?.wait != longest { self?.wait = longest }
      }
    }
  }

  // MARK: Where the keys go

  /// What is being typed into, if anything: printable keys go there.
  public var isTyping: Bool {
    switch overlay {
    case .goTo, .token, .help: return true
    case .confirmation: return false
    case nil: break
    }
    switch focus {
    case .collections: return collections.isTyping
    case .models: return models.isTyping
    case .predictions: return history.isTyping
    case .detail: return form?.isTyping ?? false
    case .live: return false
    }
  }

  // MARK: Opening

  func open(_ address: Address) {
    switch address {
    case .model(let id, let version):
      closeForm()
      detail.show(id, version: version)
      go(to: .detail)
    case .prediction(let id):
      live.show(id)
      go(to: .live)
    case .collection(let slug):
      models.show(.collection(slug: slug, name: slug))
      go(to: .models)
    }
  }

  /// Moves the focus by opening something, so that Esc leads back.
  func go(to place: Place) {
    guard place != focus else { return }
    trail.append(focus)
    if trail.count > 32 { trail.removeFirst() }
    focus = place
  }

  /// Changes whenever the cursor of a list does whose cursor isn't observed: Collections and Models.
  public func moves(in place: Place) -> Int {
    switch place {
    case .collections: collections.moves
    case .models: models.moves
    case .detail, .predictions, .live: 0
    }
  }

  // MARK: Previews

  /// How long the selection must rest on a model before the model is shown beside the list.
  static let previewRest = Duration.milliseconds(250)

  /// Shows the model under the cursor beside the list, once the cursor rests there. A held key moves
  /// on before it does: one task waits, and waits on while the selection changes.
  func previewLater() {
    guard focus == .models, form == nil, visiblePlaces.contains(.detail),
      let wanted = models.selected?.id, wanted != detail.shown
    else { return }
    guard restingOn != wanted else { return }
    let isWaiting = restingOn != nil
    restingOn = wanted
    guard !isWaiting else { return }
    previews.start { [weak self] in
      var waited: ModelID?
      while let self, let wanted = restingOn {
        guard wanted != waited else { break }
        waited = wanted
        try? await time.clock.sleep(for: Self.previewRest)
      }
      self?.previewNow()
    }
  }

  private func previewNow() {
    restingOn = nil
    guard focus == .models, form == nil, let model = models.selected else { return }
    detail.show(model)
  }

  private func modelsLoaded() {
    if detail.shown == nil, let first = models.selected { detail.show(first) }
    previewLater()
  }

  private func historyLoaded() {
    guard live.shown == nil, live.loading == nil, live.failure == nil,
      let newest = history.rows.first
    else { return }
    live.show(newest)
  }

  private func note(_ run: Run) {
    history.note(run)
    guard run.isOwn, !run.isUnderWay else { return }
    announceEnd(of: run)
    switch run.prediction.status {
    case .succeeded: notice = Notice(.done, "\(run.modelName) succeeded.")
    case .canceled: notice = Notice(.done, "\(run.modelName) was canceled, Replicate confirms.")
    case .failed:
      notice = Notice(
        .failed, "\(run.modelName) failed: \(run.prediction.error ?? "no reason given")")
    case .aborted:
      notice = Notice(.failed, "\(run.modelName) was ended before it started; it is not billed.")
    default: break
    }
  }

  /// Ends the program without a question, as a signal asks for; runs go on at the service.
  public func leave() {
    isFinished = true
    desktop.endProgramInTerminal()
  }

  /// Shows a run that no service knows; for the panes' snapshots.
  package func showForTest(_ run: Run) {
    history.note(run)
    live.present(run)
    focus = .live
  }

  /// Waits for what is under way, other than the runs; tests use it instead of sleeping.
  package func settled() async {
    await activity.settled()
    await collections.settled()
    await models.settled()
    await detail.settled()
    await history.settled()
    await live.settled()
  }
}

/// The help overlay's filter and selection; its rows are the key table's.
@MainActor @Observable
public final class HelpViewModel {
  public private(set) var filter = TextBuffer()
  public private(set) var cursor = ListCursor()

  public init() {}

  func open() {
    filter = TextBuffer()
    cursor = ListCursor(height: cursor.height)
  }

  func edit(_ edit: TextEdit) {
    if filter.apply(edit) { cursor.select(0) }
  }

  func move(_ movement: Movement) { cursor.move(movement) }
  func select(_ row: Int) { cursor.select(row) }

  /// The screen tells how many rows pass the filter and how many are visible.
  public func setRows(_ count: Int, height: Int) {
    if cursor.count != count { cursor.setCount(count) }
    if cursor.height != height { cursor.setHeight(height) }
  }
}
