import Observation
import ReplicateAPI
import Running

/// Keeps track of the focus, the path that Esc goes back along, and the overlay.
///
/// Knows nothing about any particular place. Every request goes through `perform`.
@MainActor @Observable
public final class Navigator {
  public private(set) var session: Session
  public private(set) var focus: PlaceID {
    didSet { resolveFocus() }
  }
  public private(set) var zoom = Zoom.none
  public private(set) var borders = BorderShares()
  public internal(set) var overlay: Overlay? {
    didSet {
      hasUnaskedQuestion =
        if case .question(let question) = overlay { question.isUnasked } else { false }
    }
  }
  /// One that needs a person stays until the next key. Others wait their turn.
  public internal(set) var notice: Notice? {
    get { shownNotice }
    set {
      guard let newValue, let shown = shownNotice, shown.needsPerson, newValue != shown else {
        if shownNotice != newValue { shownNotice = newValue }
        return
      }
      guard newValue.kind != .working, !queuedNotices.contains(newValue) else { return }
      queuedNotices.append(newValue)
      if queuedNotices.count > 5 { queuedNotices.removeFirst() }
    }
  }
  private var shownNotice: Notice?
  @ObservationIgnored private var queuedNotices: [Notice] = []
  @ObservationIgnored private var pendingQuestions: [Confirmation] = []
  /// Whether the overlay is a question that no key has asked for.
  @ObservationIgnored public private(set) var hasUnaskedQuestion = false
  /// Whether a command of the user is being performed.
  @ObservationIgnored var isPerforming = false
  public internal(set) var isFinished = false
  /// The most recently shown places, newest first. Where several share a slot, the newest one
  /// shows.
  public private(set) var recent: [PlaceID]

  public let descriptors: [PlaceDescriptor]
  public let catalog: CommandCatalog
  /// The places of the current session, by ID.
  public private(set) var places: [PlaceID: any PlaceViewModel] = [:]

  @ObservationIgnored public let time: TimeSource
  @ObservationIgnored let desktop: any DesktopServices
  @ObservationIgnored let activity = Activity()
  @ObservationIgnored private let previews = Activity()
  @ObservationIgnored private let lists: ListChoicesStore
  @ObservationIgnored private(set) var screen = ScreenLayout(
    visible: [:], hasRoomForHalf: true, overlayRows: 10)
  @ObservationIgnored var trail: [PlaceID] = []
  /// The place that `focus` names, because every key asks for it.
  @ObservationIgnored private var focused: (any PlaceViewModel)?
  /// The focused place's row in the table of places. A detail has none, so it's its list's.
  @ObservationIgnored public private(set) var owner: PlaceID
  /// The place whose cursor has to rest before what it's on is shown, while that takes.
  @ObservationIgnored private var restingIn: PlaceID?
  /// Incremented by everything that may move the cursor.
  @ObservationIgnored private var rests = 0
  @ObservationIgnored private var previewed: Address?
  @ObservationIgnored private var hasPreviewed = false
  @ObservationIgnored private var wasInterrupted = false
  /// Incremented per command. A pending answer compares it to see whether the user has moved on.
  @ObservationIgnored public internal(set) var commandCount = 0
  /// Whether the terminal has the keyboard focus, if it reports that.
  @ObservationIgnored public internal(set) var hasTerminalFocus = true
  /// What the session talks to.
  @ObservationIgnored public private(set) var connection: Connection
  /// What is asked about before it is used.
  @ObservationIgnored var waitingConnection: Connection?
  /// What to open once there is an account.
  @ObservationIgnored private var opening: Address?
  /// The token of Replicate's own command-line program.
  @ObservationIgnored public var offeredToken: OfferedToken?
  /// The token to save once it is in use.
  @ObservationIgnored var tokenToSave: String?
  /// The profiles of the config file.
  @ObservationIgnored public let profiles: [ProfileRow]
  /// The models that were made or opened here.
  @ObservationIgnored public let rememberedModels: RememberedModels
  /// The palette's history, newest first.
  @ObservationIgnored var entered: [String] = []
  /// How long a run must take, in seconds, for its end to trigger a notification.
  @ObservationIgnored public var noticeAfter = 10.0
  /// How often a list that changes elsewhere is loaded again while it has the focus.
  @ObservationIgnored public var refreshInterval: Duration?
  /// Called after borders have moved, to save them.
  @ObservationIgnored public var onBordersMoved: @MainActor (BorderShares) -> Void = { _ in }
  /// What file choosers remember, also of an earlier session.
  @ObservationIgnored public let files = FileChooserMemory()
  /// The width of a character in columns, as the terminal shows it.
  @ObservationIgnored public var measure: @Sendable (Character) -> Int = { _ in 1 }
  /// Breaks lines into rows by the width of characters. Nil until there is a screen.
  @ObservationIgnored public var breaker: (any RowBreaking)?
  /// The current key bindings.
  @ObservationIgnored public var keyEntries: @MainActor () -> [KeyEntry] = { [] }

  /// Where creates are noted before they are sent, for an account.
  @ObservationIgnored package var makeIntents:
    @MainActor (Client.Configuration) -> any PredictionIntentStore
  /// Where drafts and presets are kept, for an account.
  @ObservationIgnored package var makeInputs:
    @MainActor (Client.Configuration) -> any SavedInputStore
  /// Where groups of runs are kept, for an account.
  @ObservationIgnored public var makeGroups:
    @MainActor (Client.Configuration) -> any PredictionGroupStore
  /// How many runs of groups may be under way at once.
  @ObservationIgnored public var runsAtOnce = 5 {
    didSet { session.runs.groups.limit = runsAtOnce }
  }
  /// Makes the client for another account. Tests replace it to use a scripted transport.
  @ObservationIgnored package var makeClient: @MainActor (Client.Configuration) -> Client
  /// Makes the client for the server of a single model.
  @ObservationIgnored package var makeCogClient: @MainActor (Client.Configuration) -> Client
  /// Performs commands for the screen and its terminal: repaint, suspend, capture the mouse.
  @ObservationIgnored public var onScreenCommand: @MainActor (Command) -> Void = { _ in }

  /// - Parameter places: The view-models' part of the table of places. The first is home.
  public init(
    client: Client, desktop: any DesktopServices, places descriptors: [PlaceDescriptor],
    time: TimeSource = .system, lists: ListChoicesStore = ListChoicesStore(),
    borders: BorderShares = BorderShares(),
    makeIntents:
      @escaping @MainActor (Client.Configuration) -> any PredictionIntentStore = { _ in
        MemoryIntentStore()
      },
    makeInputs:
      @escaping @MainActor (Client.Configuration) -> any SavedInputStore = { _ in
        MemorySavedInputStore()
      },
    makeGroups:
      @escaping @MainActor (Client.Configuration) -> any PredictionGroupStore = { _ in
        MemoryGroupStore()
      },
    connection: Connection? = nil, profiles: [ProfileRow] = [],
    rememberedModels: RememberedModels = RememberedModels()
  ) {
    precondition(!descriptors.isEmpty, "Navigator needs a place to go to")
    self.descriptors = descriptors
    catalog = CommandCatalog(descriptors, profiles: profiles.map(\.name))
    self.profiles = profiles
    self.rememberedModels = rememberedModels
    self.connection =
      connection ?? Connection(client.configuration, origin: "the start of Replicant")
    self.desktop = desktop
    self.time = time
    let clock = time.clock
    makeClient = { Client($0, clock: clock) }
    makeCogClient = { Client(cogServer: $0, clock: clock) }
    self.makeIntents = makeIntents
    self.makeInputs = makeInputs
    self.makeGroups = makeGroups
    self.lists = lists
    self.borders = borders
    focus = descriptors[0].id
    owner = descriptors[0].id
    recent = [descriptors[0].id]
    session = Session(
      client: client, desktop: desktop, time: time, lists: lists,
      intents: makeIntents(client.configuration), inputs: makeInputs(client.configuration),
      groups: makeGroups(client.configuration), files: files,
      ownModels: OwnModels(given: self.connection.models, remembered: rememberedModels),
      connection: self.connection)
    makePlaces()
  }

  /// The service's time in seconds since 1970, the reference for ages and durations.
  public var now: Double { session.runs.serviceNow }

  /// Loads the initial panes and opens the address from the command line.
  ///
  /// - Parameter tokenProblem: Why the saved token can't be used, to show above the prompt for one.
  /// - Parameter profile: The profile of the config to begin with.
  public func start(
    opening address: Address? = nil, tokenProblem: String? = nil, profile: String? = nil
  ) {
    if let profile {
      opening = address
      return use(profile: profile)
    }
    session.begin()
    guard session.hasToken else {
      opening = address
      askForToken(problem: tokenProblem)
      return
    }
    loadDesk()
    if let address { open(address) }
  }

  /// Opens the prompt for a token.
  func askForToken(problem: String? = nil) {
    var prompt = TokenPrompt()
    prompt.problem = problem
    prompt.offeredFrom = session.hasToken ? nil : offeredToken?.path
    overlay = .token(prompt)
  }

  /// Creates the places of the session.
  private func makePlaces() {
    session.host = self
    places = [:]
    for descriptor in descriptors {
      let place = descriptor.make(session)
      places[place.id] = place
      if let detail = place.detail, places[detail.id] == nil { places[detail.id] = detail }
    }
    resolveFocus()
    session.runs.onChange = { [weak self] in self?.note($0) }
    connectGroups()
  }

  private func loadDesk() {
    for descriptor in descriptors where descriptor.desk == desk { places[descriptor.id]?.load() }
  }

  /// Starts a session with another account. Nothing of the old session remains.
  func start(_ next: Connection) {
    for place in places.values { place.end() }
    session.end()
    previews.cancelAll()
    activity.cancelAll()
    restingIn = nil
    previewed = nil
    hasPreviewed = false
    connection = next
    let client = next.isCog ? makeCogClient(next.configuration) : makeClient(next.configuration)
    session = makeSession(client)
    let home = descriptors[0].id
    trail = []
    recent = [home]
    focus = home
    zoom = .none
    makePlaces()
    // The layout may stay as it is, so nobody else tells the new places about it.
    for (id, extent) in screen.visible {
      places[id]?.setVisible(true)
      places[id]?.resize(extent)
    }
    session.begin()
    loadDesk()
    if let address = opening {
      opening = nil
      open(address)
    } else if next.isCog {
      openOnlyModel()
    }
  }

  private func makeSession(_ client: Client) -> Session {
    Session(
      client: client, desktop: desktop, time: time, lists: lists,
      intents: makeIntents(client.configuration), inputs: makeInputs(client.configuration),
      groups: makeGroups(client.configuration), files: files,
      ownModels: OwnModels(given: connection.models, remembered: rememberedModels),
      connection: connection)
  }

  // MARK: Focus

  /// The focused place.
  public var place: any PlaceViewModel {
    access(keyPath: \.focus)
    guard let focused else { preconditionFailure("the focus is on no place") }
    return focused
  }

  private func resolveFocus() {
    focused = places[focus]
    owner = descriptor(of: focus)?.id ?? focus
  }

  public func descriptor(of place: PlaceID) -> PlaceDescriptor? {
    descriptors.first { $0.id == place }
      ?? descriptors.first { places[$0.id]?.detail?.id == place }
  }

  /// The current desk.
  public var desk: DeskID { descriptor(of: focus)?.desk ?? .browse }

  /// The places of the current desk, in order.
  public var deskPlaces: [PlaceID] {
    let desk = desk
    return descriptors.filter { $0.desk == desk }.flatMap { descriptor -> [PlaceID] in
      let detail = places[descriptor.id]?.detail.map(\.id)
      let isOwn = detail.map { id in !descriptors.contains { $0.id == id } } ?? false
      return [descriptor.id] + (isOwn ? [detail].compactMap(\.self) : [])
    }
  }

  /// Whether printable keys are typed as text now.
  public var isTyping: Bool {
    switch overlay {
    case .palette, .token, .help, .files, .chooser, .text: true
    case .question, .columns: false
    case .request(let request): request.isEditing
    case nil: place.isTyping
    }
  }

  func setFocus(_ id: PlaceID) {
    guard places[id] != nil else { return }
    if focus != id {
      places[focus]?.list?.stopFilter()
      focus = id
    }
    bringForward(id)
  }

  private func bringForward(_ id: PlaceID) {
    guard recent.first != id else { return }
    recent.removeAll { $0 == id }
    recent.insert(id, at: 0)
  }

  /// Moves the focus to something that was opened, so that Esc leads back.
  func go(to place: PlaceID) {
    guard place != focus else { return bringForward(place) }
    trail.append(focus)
    if trail.count > 32 { trail.removeFirst() }
    let oldDesk = desk
    setFocus(place)
    if desk != oldDesk { loadNew() }
    self.place.arrive()
  }

  /// Moves the focus by name or key. From there, Esc leads home instead of back.
  func focusOn(_ place: PlaceID) {
    let oldDesk = desk
    let home = focus
    trail = []
    setFocus(place)
    if desk != oldDesk {
      trail = [home]
      loadNew()
    }
    self.place.arrive()
  }

  /// Loads the contents of a desk the first time it's shown.
  private func loadNew() {
    guard session.hasToken else { return }
    for id in deskPlaces {
      guard let place = places[id], let list = place.list, !list.hasLoaded, !list.isLoading else {
        continue
      }
      place.load()
    }
  }

  // MARK: Opening

  public func open(_ address: Address) {
    if case .place(let id) = address { return go(to: id) }
    if case .web(let page) = address { return offerInBrowser(page) }
    // What is opened may replace the preview of the selected row.
    previewed = nil
    for descriptor in descriptors {
      guard let place = places[descriptor.id], place.open(address) else { continue }
      return go(to: place.id)
    }
    notice = Notice(.failed, "Replicant can’t open this.")
  }

  /// Goes back one step: out of text input, a form, a search, or the zoom, then to the previous
  /// place.
  func goBack() {
    if zoom != .none {
      zoom = .none
      return
    }
    if let earlier = trail.popLast() {
      setFocus(earlier)
    } else if desk != descriptors[0].desk {
      setFocus(descriptors[0].id)
    } else {
      notice = Notice(.done, "You’re at the start. Press q to quit.")
    }
  }

  /// The previous place, for places that go back on their own.
  func backAlongTrail() {
    if let earlier = trail.popLast() { setFocus(earlier) }
  }

  func interrupt() {
    guard !wasInterrupted else {
      wasInterrupted = false
      return askToQuit()
    }
    wasInterrupted = true
    route(.back)
    if notice == nil || notice?.kind == .done {
      notice = Notice(.done, "Press Ctrl-C again to quit.")
    }
  }

  func resetInterrupt() { wasInterrupted = false }

  // MARK: The panes

  func moveBorder(_ border: BorderID, to share: Double) { borders[border] = share }

  func resetPanes() {
    borders = BorderShares()
    zoom = .none
    onBordersMoved(borders)
  }

  /// Cycles the zoom: half of the screen if there is space, then the full screen, then none.
  func stepZoom() {
    zoom =
      switch zoom {
      case .none: screen.hasRoomForHalf ? .half : .full
      case .half: .full
      case .full: .none
      }
  }

  func take(_ layout: ScreenLayout) {
    guard layout != screen else { return }
    for id in Set(screen.visible.keys).symmetricDifference(layout.visible.keys) {
      places[id]?.setVisible(layout.visible[id] != nil)
    }
    screen = layout
    for (id, extent) in layout.visible { places[id]?.resize(extent) }
    switch overlay {
    case .help(let help): help.setHeight(layout.overlayRows)
    case .palette(let palette): palette.setHeight(layout.overlayRows)
    case .request(let request): request.resize(layout.request)
    case .files(let chooser): chooser.setHeight(layout.overlayRows)
    case .chooser(let chooser): chooser.setHeight(layout.overlayRows)
    default: break
    }
  }

  // MARK: Previews

  /// How long the cursor must rest on a row before a preview that requires an API call is loaded.
  static let previewRest = Duration.milliseconds(250)

  /// Shows the selected row next to its list. Previews that require an API call wait for the cursor
  /// to rest, so that holding down a key doesn't load them.
  func previewLater() {
    guard overlay == nil else { return }
    // The rest begins anew with every command.
    rests &+= 1
    guard restingIn != focus, let next = place.previewed, next.address != previewed,
      session.hasToken
    else { return }
    guard next.isFetched, hasPreviewed else { return preview(next.address) }
    let isWaiting = restingIn != nil
    restingIn = focus
    guard !isWaiting else { return }
    previews.start { [weak self] in
      var waited: Int?
      while let self, waited != rests {
        waited = rests
        try? await time.clock.sleep(for: Self.previewRest)
        if Task.isCancelled { return }
      }
      self?.previewNow()
    }
  }

  private func previewNow() {
    restingIn = nil
    guard overlay == nil, let wanted = place.previewed?.address, wanted != previewed else {
      return
    }
    preview(wanted)
  }

  private func preview(_ address: Address) {
    if let detail = place.detail, screen.visible[detail.id] != nil, detail.preview(address) {
      previewed = address
      hasPreviewed = true
      return
    }
    for descriptor in descriptors where descriptor.id != focus {
      guard let other = places[descriptor.id], isSlotVisible(descriptor.id) else { continue }
      guard other.preview(address) else { continue }
      previewed = address
      hasPreviewed = true
      // Keep the focused place the most recent one.
      recent.removeAll { $0 == other.id }
      recent.insert(other.id, at: min(1, recent.count))
      return
    }
  }

  /// Whether a place's slot is visible. Invisible places aren't previewed.
  private func isSlotVisible(_ id: PlaceID) -> Bool {
    descriptor(of: id)?.desk == desk && screen.visible.count > 1
  }

  package func settled() async {
    await activity.settled()
    await session.settled()
    for place in places.values { await place.settled() }
    await session.runs.groups.settled()
    if case .files(let chooser) = overlay { await chooser.settled() }
    if case .chooser(let chooser) = overlay { await chooser.settled() }
  }
}

extension Navigator: PlaceHost {
  public func notify(_ notice: Notice) { self.notice = notice }

  public func endWorkNotice() { if notice?.kind == .working { notice = nil } }

  /// Takes the notice away after a key.
  func dismissNotice() { if shownNotice != nil { shownNotice = nil } }

  /// Shows what had to wait, unless the command has led to something more recent.
  func showWhatWaits() {
    guard !queuedNotices.isEmpty || !pendingQuestions.isEmpty else { return }
    if shownNotice == nil, !queuedNotices.isEmpty { shownNotice = queuedNotices.removeFirst() }
    if overlay == nil, !pendingQuestions.isEmpty {
      overlay = .question(pendingQuestions.removeFirst())
    }
  }

  public func ask(_ question: Confirmation) {
    var question = question
    question.isUnasked = !isPerforming
    // What is being typed or asked isn't interrupted.
    if overlay != nil, question.isUnasked {
      pendingQuestions.append(question)
    } else {
      overlay = .question(question)
    }
  }

  public var requestExtent: Extent { screen.request }

  public func present(_ overlay: Overlay) {
    if case .chooser(let chooser) = overlay { chooser.setHeight(screen.overlayRows) }
    self.overlay = overlay
  }

  public func show(_ address: Address) { open(address) }

  public func leave(_ place: PlaceID) {
    if focus == place { backAlongTrail() }
  }

  public func offerRun(_ run: Run) {
    for descriptor in descriptors where places[descriptor.id]?.preview(.prediction(run.id)) == true
    {
      break
    }
    notice = Notice(.done, "\(run.modelName) was started. You can watch it in Live.")
  }

  public func reloadRuns() {
    for place in places.values where place is any RunWatcher {
      if let list = place.list, list.hasLoaded || place.id == PredictionsViewModel.id {
        place.load()
      }
    }
  }

  public func offer(_ address: Address) {
    for descriptor in descriptors {
      guard let place = places[descriptor.id], place.subject == nil else { continue }
      if place.preview(address) { return }
    }
  }

  public func subjectChanged(of place: PlaceID) {
    if place == focus { previewLater() }
  }
}
