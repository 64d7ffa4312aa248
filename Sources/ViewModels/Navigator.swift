import Observation
import ReplicateAPI
import Running

/// Where the keys go: the focus, the trail that Esc goes back along, and what lies over the panes.
///
/// It knows nothing about any single place. Everything is asked for through `perform`.
@MainActor @Observable
public final class Navigator {
  public private(set) var session: Session
  public private(set) var focus: PlaceID
  public private(set) var zoom = Zoom.none
  public private(set) var borders = BorderShares()
  public internal(set) var overlay: Overlay?
  public internal(set) var notice: Notice?
  public internal(set) var isFinished = false
  /// The places that were shown last, the newest first: where several share a slot, it is the one
  /// that shows.
  public private(set) var recent: [PlaceID]

  public let descriptors: [PlaceDescriptor]
  public let catalog: CommandCatalog
  /// The places of the session, by name.
  public private(set) var places: [PlaceID: any PlaceViewModel] = [:]

  @ObservationIgnored public let time: TimeSource
  @ObservationIgnored let desktop: any DesktopServices
  @ObservationIgnored let activity = Activity()
  @ObservationIgnored private let previews = Activity()
  @ObservationIgnored private let lists: ListChoicesStore
  @ObservationIgnored private(set) var screen = ScreenLayout(
    visible: [:], hasRoomForHalf: true, overlayRows: 10)
  @ObservationIgnored private var trail: [PlaceID] = []
  @ObservationIgnored private var restingOn: Address?
  @ObservationIgnored private var previewed: Address?
  @ObservationIgnored private var hasPreviewed = false
  @ObservationIgnored private var wasInterrupted = false
  /// Incremented per command. A pending answer compares it to see whether the user has moved on.
  @ObservationIgnored public internal(set) var commandCount = 0
  /// Whether the terminal has the keyboard, as far as it says.
  @ObservationIgnored public internal(set) var hasTerminalFocus = true
  /// What was entered in the palette, newest first.
  @ObservationIgnored var entered: [String] = []
  /// How long a run must have taken for its end to be announced to someone who looks elsewhere, in
  /// seconds.
  @ObservationIgnored public var noticeAfter = 10.0
  /// Called when the borders were moved, so that they can be kept.
  @ObservationIgnored public var onBordersMoved: @MainActor (BorderShares) -> Void = { _ in }
  /// The columns that a character takes, as the terminal shows it.
  @ObservationIgnored public var measure: @Sendable (Character) -> Int = { _ in 1 }
  /// Breaks lines into rows by the width of characters; nil before there is a screen.
  @ObservationIgnored public var breaker: (any RowBreaking)?
  /// The keys as the key map has them now.
  @ObservationIgnored public var keyEntries: @MainActor () -> [KeyEntry] = { [] }

  /// Makes the client of another account; tests put one with a scripted transport here.
  @ObservationIgnored package var makeClient: @MainActor (Client.Configuration) -> Client
  /// Does what only the screen and its terminal can: repaint, suspend, capture the mouse.
  @ObservationIgnored public var onScreenCommand: @MainActor (Command) -> Void = { _ in }

  /// - Parameter places: the view-models' part of the table of places; the first is home.
  public init(
    client: Client, desktop: any DesktopServices, places descriptors: [PlaceDescriptor],
    time: TimeSource = .system, lists: ListChoicesStore = ListChoicesStore(),
    borders: BorderShares = BorderShares()
  ) {
    precondition(!descriptors.isEmpty, "Navigator needs a place to go to")
    self.descriptors = descriptors
    catalog = CommandCatalog(descriptors)
    self.desktop = desktop
    self.time = time
    let clock = time.clock
    makeClient = { Client($0, clock: clock) }
    self.lists = lists
    self.borders = borders
    focus = descriptors[0].id
    recent = [descriptors[0].id]
    session = Session(client: client, desktop: desktop, time: time, lists: lists)
    furnish()
  }

  /// The service's time in seconds since 1970, which ages and running times are measured from.
  public var now: Double { session.runs.serviceNow }

  /// Loads what the panes show first, and opens what was named on the command line.
  public func start(opening address: Address? = nil) {
    session.begin()
    guard session.hasToken else {
      overlay = .token(TokenPrompt())
      return
    }
    loadDesk()
    if let address { open(address) }
  }

  /// Makes the places of the session.
  private func furnish() {
    session.host = self
    places = [:]
    for descriptor in descriptors {
      let place = descriptor.make(session)
      places[place.id] = place
      if let detail = place.detail, places[detail.id] == nil { places[detail.id] = detail }
    }
    session.runs.onChange = { [weak self] in self?.note($0) }
  }

  private func loadDesk() {
    for descriptor in descriptors where descriptor.desk == desk { places[descriptor.id]?.load() }
  }

  /// Goes on with another token: the old session ends whole, and nothing of it stays.
  func use(token: String) {
    var configuration = session.client.configuration
    configuration.token = token
    let client = makeClient(configuration)
    for place in places.values { place.end() }
    session.end()
    previews.cancelAll()
    activity.cancelAll()
    restingOn = nil
    previewed = nil
    hasPreviewed = false
    session = Session(client: client, desktop: desktop, time: time, lists: lists)
    let home = descriptors[0].id
    trail = []
    recent = [home]
    focus = home
    zoom = .none
    furnish()
    session.begin()
    loadDesk()
  }

  // MARK: Where the keys go

  /// The place in focus.
  public var place: any PlaceViewModel {
    guard let place = places[focus] else { preconditionFailure("the focus is on no place") }
    return place
  }

  public func descriptor(of place: PlaceID) -> PlaceDescriptor? {
    descriptors.first { $0.id == place }
      ?? descriptors.first { places[$0.id]?.detail?.id == place }
  }

  /// The desk that is shown.
  public var desk: DeskID { descriptor(of: focus)?.desk ?? .browse }

  /// The places of the desk that is shown, in their order.
  public var deskPlaces: [PlaceID] {
    let desk = desk
    return descriptors.filter { $0.desk == desk }.flatMap { descriptor -> [PlaceID] in
      let detail = places[descriptor.id]?.detail.map(\.id)
      let isOwn = detail.map { id in !descriptors.contains { $0.id == id } } ?? false
      return [descriptor.id] + (isOwn ? [detail].compactMap(\.self) : [])
    }
  }

  /// What printable keys are typed into, if anything.
  public var isTyping: Bool {
    switch overlay {
    case .palette, .token, .help: true
    case .question, .columns: false
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

  /// Moves the focus by opening something, so that Esc leads back.
  func go(to place: PlaceID) {
    guard place != focus else { return bringForward(place) }
    trail.append(focus)
    if trail.count > 32 { trail.removeFirst() }
    let oldDesk = desk
    setFocus(place)
    if desk != oldDesk { loadNew() }
    self.place.arrive()
  }

  /// Moves the focus by name or key: Esc leads home from there, not back.
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

  /// Loads what a desk shows the first time.
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
    // What is opened may take the place of what was shown for the cursor.
    previewed = nil
    for descriptor in descriptors {
      guard let place = places[descriptor.id], place.open(address) else { continue }
      return go(to: place.id)
    }
    notice = Notice(.failed, "There is no place to open that here.")
  }

  /// One step back: out of what is being typed, a form, a search, the zoom, to the place before.
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
      notice = Notice(.done, "You are home. q leaves Replicant.")
    }
  }

  /// The trail's end as a place sees it.
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
    if notice == nil || notice?.kind == .done { notice = Notice(.done, "Ctrl-C again leaves.") }
  }

  func resetInterrupt() { wasInterrupted = false }

  // MARK: The panes

  func moveBorder(_ border: BorderID, to share: Double) { borders[border] = share }

  func resetPanes() {
    borders = BorderShares()
    zoom = .none
    onBordersMoved(borders)
  }

  /// Grows the pane in focus to half of the screen where there is room for that, then to all of it,
  /// then back.
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
    default: break
    }
  }

  // MARK: Previews

  /// How long the cursor must rest on a row before what that costs a call is shown beside the list.
  static let previewRest = Duration.milliseconds(250)

  /// Shows the row under the cursor beside its list. What costs a call is fetched once the cursor
  /// rests; a held key moves on before that.
  func previewLater() {
    guard overlay == nil, session.hasToken, let subject = place.subject,
      let wanted = subject.preview, wanted != previewed
    else { return }
    guard subject.isPreviewFetched, hasPreviewed else { return preview(wanted) }
    guard restingOn != wanted else { return }
    let isWaiting = restingOn != nil
    restingOn = wanted
    guard !isWaiting else { return }
    previews.start { [weak self] in
      var waited: Address?
      while let self, let wanted = restingOn {
        guard wanted != waited else { break }
        waited = wanted
        try? await time.clock.sleep(for: Self.previewRest)
        if Task.isCancelled { return }
      }
      self?.previewNow()
    }
  }

  private func previewNow() {
    restingOn = nil
    guard overlay == nil, let wanted = place.subject?.preview else { return }
    preview(wanted)
  }

  private func preview(_ address: Address) {
    for descriptor in descriptors where descriptor.id != focus {
      guard let other = places[descriptor.id], canBeSeen(descriptor.id) else { continue }
      guard other.preview(address) else { continue }
      previewed = address
      hasPreviewed = true
      // The focus stays the newest.
      recent.removeAll { $0 == other.id }
      recent.insert(other.id, at: min(1, recent.count))
      return
    }
  }

  /// Whether a place shares a slot that is on the screen; what can't be seen isn't previewed.
  private func canBeSeen(_ id: PlaceID) -> Bool {
    descriptor(of: id)?.desk == desk && screen.visible.count > 1
  }

  package func settled() async {
    await activity.settled()
    await session.settled()
    for place in places.values { await place.settled() }
  }
}

extension Navigator: PlaceHost {
  public func say(_ notice: Notice) { self.notice = notice }

  public func clearNotice() { if notice != nil { notice = nil } }

  public func ask(_ question: Confirmation) { overlay = .question(question) }

  public func offerRun(_ run: Run) {
    for descriptor in descriptors where places[descriptor.id]?.preview(.prediction(run.id)) == true
    {
      break
    }
    notice = Notice(.done, "\(run.modelName) was started; Live shows it.")
  }

  public func reloadRuns() {
    for place in places.values where place is any RunWatcher && place.list != nil { place.load() }
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
