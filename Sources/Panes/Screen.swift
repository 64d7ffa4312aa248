import Observation
import ReplicateAPI
import TerminalKit
import ViewModels

/// Draws the header, panes, footer, and overlays on one canvas, and handles keys and the mouse.
///
/// Each region is drawn inside `withObservationTracking` and redrawn only when something it read
/// has changed. Panes never request a redraw.
@MainActor
public final class Screen: TerminalApplication {
  let navigator: Navigator
  let keys: KeyMap
  var terminal: (any Terminal)?
  private var canvas = Canvas(size: Size(width: 0, height: 0))
  private(set) var layout: Layout?
  private var dirty: Set<Region> = []
  /// When to redraw the regions that show a running counter or an age.
  private var due: [Region: ContinuousClock.Instant] = [:]
  private var observations: [Region: RegionObservation] = [:]
  private var cursors: [Region: Point] = [:]
  private var clickable: [Region: [ClickRegion]] = [:]
  /// The value of each pane's `moves` when it was last drawn.
  private var moves: [PlaceID: Int] = [:]
  private var sizes: [PlaceID: DrawnSize] = [:]
  /// A notice that doesn't fit in the footer.
  private var longNotice: Notice?
  /// The titles as they were drawn: most changes leave them as they are.
  private var titles: [PlaceID: (title: PaneTitle, frame: PaneFrame, cursor: Point?)] = [:]
  /// The panes of the current session.
  private var panes: [PlaceID: any Pane] = [:]
  private weak var panesSession: Session?
  /// The scopes of the place that had the last key.
  var placeScopes: (place: PlaceID, scopes: [KeyScope])?
  /// The border being dragged with the mouse.
  var draggedBorder: Layout.Border?

  private enum Region: Hashable {
    case header, footer, layout, overlay, progress
    /// A pane's frame with its title, and its content. Most keys change only the content.
    case border(PlaceID)
    case pane(PlaceID)
  }

  private let onStart: (any Terminal) -> Void
  /// The time, which tests hold still.
  var clock: @MainActor () -> ContinuousClock.Instant = { .now }
  /// Since when a question is on the screen that no key has asked for.
  var unaskedSince: ContinuousClock.Instant?
  /// Until when keys that cost or lose something are ignored, after a burst.
  var burstEnd: ContinuousClock.Instant?

  /// - Parameter onStart: Called with the terminal before the first frame, so that other programs
  ///   can be run in it.
  public init(
    navigator: Navigator, keys: KeyMap = .standard,
    onStart: @escaping (any Terminal) -> Void = { _ in }
  ) {
    self.navigator = navigator
    self.keys = keys
    self.onStart = onStart
    navigator.keyEntries = { [weak self] in self?.keyEntries() ?? [] }
    navigator.onScreenCommand = { [weak self] in self?.performOnScreen($0) }
  }

  // MARK: TerminalApplication

  public func start(on terminal: any Terminal) {
    self.terminal = terminal
    navigator.measure = TextFieldWidget.measure(terminal.widths)
    navigator.breaker = RowBreaker(widths: terminal.widths)
    dirty = [.layout, .progress]
    onStart(terminal)
  }

  public var isFinished: Bool { navigator.isFinished }

  public var needsFrame: Bool {
    if !due.isEmpty {
      let now = clock()
      for (region, time) in due where time <= now {
        due[region] = nil
        dirty.insert(region)
      }
    }
    return !dirty.isEmpty || layout?.panes.keys.contains(where: hasMoved) ?? false
  }

  public var nextDeadline: ContinuousClock.Instant? { due.values.min() }

  public func terminate(_ signal: Int32) {
    navigator.leave()
  }

  public func frame() -> Canvas {
    let size = terminal?.size ?? canvas.size
    sendProgress()
    canvas.beginFrame()
    updateLayout(size)
    guard let layout, layout.shape != .tooSmall else { return tooSmall(size) }
    // Rows that come into view belong to no observation yet. Those of runs under way change.
    for id in layout.panes.keys where hasMoved(id) && panes[id]?.isTicking(navigator.now) == true {
      dirty.insert(.pane(id))
    }
    // Only what is drawn can change when it has to be drawn again.
    let isHeaderDirty = dirty.contains(.header)
    let drawn = layout.panes.keys.filter { id in
      dirty.contains(.pane(id)) || panes[id]?.showsTimesOfRows == true && hasMoved(id)
    }
    drawPanes(layout)
    if isHeaderDirty {
      let session = navigator.session
      plan(.header, session.wait != nil || session.outage != nil ? 1 : nil)
    }
    for id in drawn { plan(.pane(id), panes[id]?.nextChange(navigator.now)) }
    if navigator.hasUnaskedQuestion {
      if unaskedSince == nil { unaskedSince = clock() }
    } else if unaskedSince != nil {
      unaskedSince = nil
    }
    guard navigator.overlay != nil else {
      canvas.cursor = cursors[.border(navigator.focus)] ?? cursors[.pane(navigator.focus)]
      clickable[.overlay] = nil
      if dirty.remove(.overlay) != nil {
        track(.overlay) {
          longNotice = FooterBar(navigator: navigator, keys: keys).noticeAbove(
            layout.footer, isASCII: canvas.isASCII, canvas.widths)
        }
      }
      guard let longNotice else { return canvas }
      var composed = canvas
      composed.beginOverlay()
      composed.cursor = canvas.cursor
      FooterBar.draw(longNotice, above: layout.footer, on: &composed)
      return composed
    }
    var composed = canvas
    composed.beginOverlay()
    composed.cursor = nil
    dirty.remove(.overlay)
    track(.overlay) {
      let drawn = OverlayView(navigator: navigator, borders: borders).draw(on: &composed)
      composed.cursor = drawn.cursor
      clickable[.overlay] = drawn.regions
    }
    return composed
  }

  private func drawPanes(_ layout: Layout) {
    draw(.header) { canvas in header(layout).draw(on: &canvas, in: layout.header) }
    var hasCursorMoved = false
    for (id, rect) in layout.panes {
      guard let pane = panes[id] else { continue }
      let hasMoved = hasMoved(id)
      let isDirty = dirty.contains(.pane(id))
      guard hasMoved || isDirty || dirty.contains(.border(id)) else { continue }
      let context = context(of: id)
      let frame = PaneFrame(key: key(of: id), isFocused: context.isFocused, borders: borders)
      draw(.border(id)) { canvas in
        let title = pane.title(context)
        if let last = titles[id], last.title == title, last.frame == frame {
          return Drawn(cursor: last.cursor)
        }
        let cursor = frame.drawBorder(title, on: &canvas, in: rect)
        titles[id] = (title, frame, cursor)
        return Drawn(cursor: cursor)
      }
      if hasMoved {
        moves[id] = pane.moves
        if id == navigator.focus, navigator.place.dependsOnCursor { hasCursorMoved = true }
        if !isDirty, let drawn = frame.drawMove(of: pane, on: &canvas, in: rect, context) {
          clickable[.pane(id)] = drawn.regions
          continue
        }
      }
      draw(.pane(id), hasMoved: hasMoved) { canvas in
        let drawn = frame.drawInside(of: pane, on: &canvas, in: rect, context)
        if let size = drawn.size, sizes[id] != size {
          sizes[id] = size
          navigator.perform(.drawn(id, size))
        }
        return drawn
      }
    }
    // A hidden pane is drawn in full when the layout that shows it is applied.
    for id in panes.keys where layout.panes[id] == nil {
      dirty.subtract([.border(id), .pane(id)])
      if due[.pane(id)] != nil { due[.pane(id)] = nil }
    }
    draw(.footer, hasMoved: hasCursorMoved) { canvas in
      FooterBar(navigator: navigator, keys: keys).draw(on: &canvas, in: layout.footer)
    }
  }

  private func key(of id: PlaceID) -> Character? {
    navigator.descriptors.first { $0.id == id }?.key
  }

  private func context(of id: PlaceID) -> PaneContext {
    PaneContext(
      isFocused: navigator.focus == id, now: navigator.now, borders: borders,
      widths: canvas.widths, absence: navigator.connection.absence(in: id))
  }

  /// Shows a run's progress in the terminal's tab.
  private func sendProgress() {
    guard dirty.remove(.progress) != nil else { return }
    var progress: TerminalProgress?
    track(.progress) {
      switch navigator.shownProgress {
      case nil: progress = nil
      case .unknown: progress = .indeterminate
      case .fraction(let fraction): progress = .percent(Int(clamping: (fraction * 100).rounded()))
      }
    }
    terminal?.send(.progress(progress))
  }

  // MARK: Drawing

  var borders: BorderSet { terminal?.borders ?? .rounded }

  private var desk: Desk { PlaceTable.desks[navigator.desk] ?? .browse }

  private func header(_ layout: Layout) -> HeaderBar {
    HeaderBar(
      navigator: navigator, layout: layout, desk: desk, borders: borders,
      hasMouse: terminal?.hasMouse ?? true)
  }

  func updateLayout(_ size: Size) {
    guard dirty.contains(.layout) || layout?.size != size else { return }
    track(.layout) {
      makePanes()
      let wanted = Layout(
        desk, size: size, focus: navigator.focus, recent: navigator.recent, zoom: navigator.zoom,
        shares: navigator.borders)
      if wanted != layout {
        if canvas.size != size {
          canvas = newCanvas(size)
        } else {
          canvas.fill(canvas.bounds)
        }
        layout = wanted
      }
      markAll()
      var visible: [PlaceID: Extent] = [:]
      for (id, rect) in wanted.panes {
        if let pane = panes[id] { visible[id] = pane.extent(in: rect.inset(by: 1)) }
      }
      let hasRoomForHalf =
        size.width >= desk.wideSize.width && size.height >= desk.wideSize.height
      navigator.perform(
        .laidOut(
          ScreenLayout(
            visible: visible, hasRoomForHalf: hasRoomForHalf,
            overlayRows: OverlayView.listRows(size), request: RequestView.extent(size))))
    }
    dirty.remove(.layout)
  }

  /// Makes the panes when the session changes.
  private func makePanes() {
    guard panesSession !== navigator.session else { return }
    panesSession = navigator.session
    panes = [:]
    sizes = [:]
    moves = [:]
    for row in PlaceTable.rows {
      guard let place = navigator.places[row.place.id] else { continue }
      if let pane = row.pane(place) { panes[place.id] = pane }
      switch place.detail {
      case let detail as DetailViewModel: panes[detail.id] = DetailPane(detail)
      case let detail as LiveViewModel: panes[detail.id] = LivePane(detail)
      default: break
      }
    }
  }

  private func markAll() {
    titles = [:]
    dirty.formUnion([.header, .footer, .overlay])
    dirty.formUnion(panes.keys.flatMap { [.border($0), .pane($0)] })
  }

  /// - Parameter hasMoved: Whether only the unobserved cursor has changed. Then the previous
  ///   observation still stands.
  private func draw(
    _ region: Region, hasMoved: Bool = false, _ body: (inout Canvas) -> Drawn
  ) {
    let isDirty = dirty.remove(region) != nil
    guard isDirty || hasMoved else { return }
    var drawn = Drawn()
    if isDirty { track(region) { drawn = body(&canvas) } } else { drawn = body(&canvas) }
    cursors[region] = drawn.cursor
    clickable[region] = drawn.regions
  }

  private func hasMoved(_ place: PlaceID) -> Bool {
    guard let pane = panes[place] else { return false }
    return pane.moves != moves[place]
  }

  /// Runs `body`. A change to anything it reads marks the region for redrawing.
  private func track(_ region: Region, _ body: () -> Void) {
    let observation = observations[region] ?? RegionObservation()
    observations[region] = observation
    observation.end()
    dirty.remove(region)
    withObservationTracking {
      observation.join()
      body()
    } onChange: { [weak self] in
      // View-models change only on the main actor.
      MainActor.assumeIsolated { _ = self?.dirty.insert(region) }
    }
  }

  private func newCanvas(_ size: Size) -> Canvas {
    Canvas(size: size, widths: terminal?.widths ?? .builtIn, isASCII: borders.isASCII)
  }

  private func tooSmall(_ size: Size) -> Canvas {
    dirty = []
    due = [:]
    var canvas = newCanvas(size)
    let words =
      "Replicant needs \(Layout.smallest.width)×\(Layout.smallest.height); "
      + "this is \(size.width)×\(size.height). Press Ctrl-C to quit."
    let lines = TextLayout.wrap(words, width: max(1, size.width), widths: canvas.widths)
    for (row, line) in lines.enumerated() {
      canvas.write(line, x: 0, y: row, style: .normal, in: canvas.bounds)
    }
    return canvas
  }

  // MARK: Counters

  /// Plans when to draw a region again whose times change by themselves.
  private func plan(_ region: Region, _ seconds: Double?) {
    guard let seconds else {
      if due[region] != nil { due[region] = nil }
      return
    }
    // A little later, so that the age that is shown then is past its change.
    let delay = seconds == 1 ? 1 : min(max(seconds, 0) + 0.01, 86_400)
    let next = clock() + .seconds(delay)
    if let planned = due[region], planned <= next { return }
    due[region] = next
  }

  // MARK: Hooks for input

  /// Draws the next frame from scratch.
  func drawAgain() {
    canvas = newCanvas(canvas.size)
    dirty.insert(.layout)
  }

  /// Marks the layout for an update after a change that isn't observed.
  func markLayout() { dirty.insert(.layout) }
  func markHeader() { dirty.insert(.header) }
  var isLayoutStale: Bool { dirty.contains(.layout) }

  /// The command for a click at a point.
  func command(at point: Point, clicks: Int) -> Command? {
    if navigator.overlay != nil {
      return region(at: point, in: [.overlay])?.command(point, clicks)
    }
    if clicks == 2, let address = canvas.link(at: point) { return .openLink(address) }
    guard let layout else { return nil }
    if let region = region(at: point, in: [.header, .footer]) {
      return region.command(point, clicks)
    }
    guard let id = place(at: point, layout) else { return nil }
    return region(at: point, in: [.pane(id)])?.command(point, clicks) ?? .focus(id)
  }

  private func region(at point: Point, in regions: [Region]) -> ClickRegion? {
    regions.lazy.compactMap { self.clickable[$0]?.last { $0.rect.contains(point) } }.first
  }

  func place(at point: Point, _ layout: Layout) -> PlaceID? {
    layout.panes.first { $0.value.contains(point) }?.key
  }
}

/// Ends the observation of a region that is drawn for another reason than a change of what it read.
/// Observations that never see a change would pile up for as long as the program runs, and the first
/// change would notify all of them.
@MainActor @Observable
private final class RegionObservation {
  private var count = 0

  /// Belongs to the observation under way.
  func join() { _ = count }

  func end() { count &+= 1 }
}
