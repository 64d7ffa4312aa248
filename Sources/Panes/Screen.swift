import Observation
import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// Header, panes, footer and what lies over them, on one canvas; and what keys and mouse mean there.
///
/// Every region is drawn inside `withObservationTracking` and drawn again only when something that
/// it read has changed; no pane ever asks for a redraw.
@MainActor
public final class Screen: TerminalApplication {
  private let browser: Browser
  private var terminal: (any Terminal)?
  private var canvas = Canvas(size: Size(width: 0, height: 0))
  private var layout: Layout?
  private var dirty: Set<Region> = []
  private var isOverlaid = false
  /// The next time at which something that shows a running clock is drawn again.
  private var nextTick: ContinuousClock.Instant?
  private var lastList = Place.collections
  private var lastDetail = Place.detail
  private var cursors: [Region: Point] = [:]
  /// The cursors' moves that have been drawn.
  private var moves: [Place: Int] = [:]
  /// The border that the mouse has taken hold of.
  private var heldBorder: PaneBorder?

  private enum Region: Hashable {
    case header, footer, layout, overlay, progress
    /// A pane's frame and title, and what is inside; most keys change the inside alone.
    case border(Place)
    case pane(Place)
  }

  private let onStart: (any Terminal) -> Void

  /// - Parameter onStart: is told the terminal before the first frame; whoever hands it to other
  ///   programs has to know it.
  public init(browser: Browser, onStart: @escaping (any Terminal) -> Void = { _ in }) {
    self.browser = browser
    self.onStart = onStart
  }

  /// Remembers which panes another screen would show; for tests that compare two.
  func adoptLayout(of other: Screen) {
    lastList = other.lastList
    lastDetail = other.lastDetail
  }

  // MARK: The loop's side

  public func start(on terminal: any Terminal) {
    self.terminal = terminal
    dirty = [.layout, .progress]
    onStart(terminal)
  }

  public var isFinished: Bool { browser.isFinished }

  public var needsFrame: Bool {
    if let due = nextTick, due <= .now {
      nextTick = nil
      markClocks()
    }
    return !dirty.isEmpty || layout?.panes.keys.contains(where: hasMoved) ?? false
  }

  public var nextDeadline: ContinuousClock.Instant? { nextTick }

  public func terminate(_ signal: Int32) {
    browser.leave()
  }

  public func frame() -> Canvas {
    let size = terminal?.size ?? canvas.size
    tellProgress()
    // Whether a clock runs is observed; a cursor's moves don't change it.
    let mayTick = !dirty.isEmpty
    canvas.beginFrame()
    updateLayout(size)
    guard let layout, layout.shape != .tooSmall else { return tooSmall(size) }
    draw(.header) { canvas in header.draw(on: &canvas, in: layout.header) }
    for place in Place.allCases {
      guard let rect = layout.panes[place] else { continue }
      draw(.border(place)) { canvas in draw(.border, of: place, on: &canvas, in: rect) }
      draw(.pane(place), hasMoved: hasMoved(place)) { canvas in
        draw(.inside, of: place, on: &canvas, in: rect)
      }
      moves[place] = browser.moves(in: place)
    }
    // What isn't shown is drawn as a whole when it is: that is another layout.
    for place in Place.allCases where layout.panes[place] == nil {
      dirty.subtract([.border(place), .pane(place)])
    }
    draw(.footer) { canvas in FooterBar(browser: browser).draw(on: &canvas, in: layout.footer) }
    if mayTick { scheduleTick() }
    guard browser.overlay != nil else {
      canvas.cursor = cursors[.border(browser.focus)] ?? cursors[.pane(browser.focus)]
      if dirty.remove(.overlay) != nil { track(.overlay) { _ = browser.overlay == nil } }
      return canvas
    }
    var composed = canvas
    composed.beginOverlay()
    dirty.remove(.overlay)
    track(.overlay) {
      OverlayView(browser: browser, borders: borders).draw(on: &composed)
    }
    return composed
  }

  /// Tells the terminal's tab how far the work is.
  private func tellProgress() {
    guard dirty.remove(.progress) != nil else { return }
    var progress: TerminalProgress?
    track(.progress) {
      switch browser.shownProgress {
      case nil: progress = nil
      case .unknown: progress = .indeterminate
      case .fraction(let fraction): progress = .percent(Int((fraction * 100).rounded()))
      }
    }
    terminal?.send(.progress(progress))
  }

  // MARK: Drawing

  private var borders: BorderSet { terminal?.borders ?? .rounded }

  private var header: HeaderBar {
    HeaderBar(
      browser: browser,
      layout: layout
        ?? Layout(
          size: canvas.size, focus: browser.focus, list: lastList, detail: lastDetail,
          zoom: .none), borders: borders, hasMouse: terminal?.hasMouse ?? true)
  }

  private func updateLayout(_ size: Size) {
    guard dirty.contains(.layout) || layout?.size != size else { return }
    track(.layout) {
      switch browser.focus {
      case .collections, .models, .predictions: lastList = browser.focus
      case .detail, .live: lastDetail = browser.focus
      }
      let wanted = Layout(
        size: size, focus: browser.focus, list: lastList, detail: lastDetail,
        zoom: browser.zoom, shares: browser.shares)
      guard wanted != layout else {
        if dirty.contains(.layout) { markAll() }
        return
      }
      if canvas.size != size {
        canvas = Canvas(size: size, widths: terminal?.widths ?? .builtIn)
      } else {
        canvas.fill(canvas.bounds)
      }
      layout = wanted
      markAll()
    }
    dirty.remove(.layout)
    guard let layout else { return }
    browser.visiblePlaces = Set(layout.panes.keys)
    browser.hasRoomForHalf = Layout.isRoomy(size)
    for (place, rect) in layout.panes {
      browser.setHeight(of: place, rect.height - 2)
    }
  }

  private func markAll() {
    dirty.formUnion([.header, .footer, .overlay])
    dirty.formUnion(Place.allCases.flatMap { [.border($0), .pane($0)] })
  }

  /// - Parameter hasMoved: a cursor that isn't observed has; what is observed is so still.
  private func draw(_ region: Region, hasMoved: Bool = false, _ body: (inout Canvas) -> Void) {
    let isDirty = dirty.remove(region) != nil
    guard isDirty || hasMoved else { return }
    canvas.cursor = nil
    if isDirty { track(region) { body(&canvas) } } else { body(&canvas) }
    cursors[region] = canvas.cursor
  }

  private func hasMoved(_ place: Place) -> Bool { browser.moves(in: place) != moves[place] }

  /// Runs `body`; a change of anything it read marks the region.
  private func track(_ region: Region, _ body: () -> Void) {
    withObservationTracking(body) { [weak self] in
      // View-models change on the main actor alone.
      MainActor.assumeIsolated { _ = self?.dirty.insert(region) }
    }
  }

  private enum Part { case border, inside }

  private func draw(_ part: Part, of place: Place, on canvas: inout Canvas, in rect: Rect) {
    switch place {
    case .collections: draw(part, of: collections, place, on: &canvas, in: rect)
    case .models: draw(part, of: models, place, on: &canvas, in: rect)
    case .detail: draw(part, of: detail, place, on: &canvas, in: rect)
    case .predictions: draw(part, of: predictions, place, on: &canvas, in: rect)
    case .live: draw(part, of: live, place, on: &canvas, in: rect)
    }
  }

  private func draw(
    _ part: Part, of pane: some Pane, _ place: Place, on canvas: inout Canvas, in rect: Rect
  ) {
    let frame = PaneFrame(place: place, borders: borders, isFocused: browser.focus == place)
    switch part {
    case .border: frame.drawBorder(of: pane, on: &canvas, in: rect)
    case .inside: frame.drawInside(of: pane, on: &canvas, in: rect)
    }
  }

  private var collections: CollectionsPane { CollectionsPane(model: browser.collections) }
  private var models: SearchPane { SearchPane(model: browser.models) }
  private var detail: ModelDetailPane {
    ModelDetailPane(model: browser.detail, form: browser.form, now: browser.now, borders: borders)
  }
  private var predictions: PredictionHistoryPane {
    PredictionHistoryPane(model: browser.history, now: browser.now, isASCII: borders.isASCII)
  }
  private var live: LivePredictionPane {
    LivePredictionPane(model: browser.live, now: browser.now, borders: borders)
  }

  private func tooSmall(_ size: Size) -> Canvas {
    dirty = []
    nextTick = nil
    var canvas = Canvas(size: size, widths: terminal?.widths ?? .builtIn)
    let words =
      "Replicant needs \(Layout.smallest.width)×\(Layout.smallest.height); "
      + "this is \(size.width)×\(size.height). Ctrl-C leaves."
    let lines = TextLayout.wrap(words, width: max(1, size.width), widths: canvas.widths)
    for (row, line) in lines.enumerated() {
      canvas.write(line, x: 0, y: row, style: .normal, in: canvas.bounds)
    }
    return canvas
  }

  // MARK: Running clocks

  private func scheduleTick() {
    let ticks = runningRegions()
    if ticks.isEmpty {
      nextTick = nil
    } else if nextTick.map({ $0 <= .now }) ?? true {
      nextTick = .now + .seconds(1)
    }
  }

  private func markClocks() {
    dirty.formUnion(runningRegions())
  }

  /// The visible regions that show how long something has been running, or still takes.
  private func runningRegions() -> Set<Region> {
    var regions: Set<Region> = []
    if browser.wait != nil { regions.insert(.header) }
    guard let panes = layout?.panes else { return regions }
    if panes[.live] != nil, browser.live.shown?.isUnderWay == true { regions.insert(.pane(.live)) }
    if panes[.predictions] != nil {
      let history = browser.history
      let rows = history.cursor.visible.clamped(to: 0..<history.visible.count)
      if history.visible[rows].contains(where: \.isUnderWay) {
        regions.insert(.pane(.predictions))
      }
    }
    return regions
  }

  // MARK: Keys and mouse

  public func handle(_ event: TerminalEvent) {
    // Nothing is done that can't be seen: runs cost money.
    if isTooSmall {
      switch event {
      case .key(.control("c")): browser.leave()
      case .key(.control("l")): perform(.repaint)
      case .key(.control("z")): perform(.suspend)
      case .key, .paste, .mouse: break
      case .resize, .focus, .reply: handleAlways(event)
      }
      return
    }
    handleAlways(event)
  }

  private var isTooSmall: Bool {
    if dirty.contains(.layout), let terminal {
      return !Layout.hasRoom(terminal.size)
    }
    return layout?.shape == .tooSmall
  }

  private func handleAlways(_ event: TerminalEvent) {
    switch event {
    case .key(let key): handle(key)
    case .paste(let text): paste(text)
    case .mouse(let mouse): handle(mouse)
    case .resize: dirty.insert(.layout)
    case .focus(let isFocused):
      browser.hasTerminalFocus = isFocused
      if isFocused, browser.focus == .predictions { browser.refreshHistory() }
    case .reply: break
    }
  }

  private func handle(_ key: Key) {
    let scopes = browser.scopes
    if let command = KeyBinding.command(for: key, in: scopes) {
      perform(command)
    } else if browser.isTyping, let typed = key.typed {
      let edit = TextEdit.insert(String(typed))
      browser.perform(scopes.contains(.form) ? .form(.edit(edit)) : .edit(edit))
    } else if case .confirmation(let question) = browser.overlay, let typed = key.typed,
      let index = question.choices.firstIndex(where: { $0.key == typed })
    {
      browser.perform(.choose(index))
    } else if browser.notice != nil {
      browser.perform(.choose(-1))
    }
  }

  private func perform(_ command: Command) {
    switch command {
    case .repaint: terminal?.repaint()
    case .suspend: terminal?.suspend()
    case .toggleMouse:
      terminal?.hasMouse.toggle()
      dirty.insert(.header)
    case .resizePane(let step): resizePane(step)
    case .accept where browser.overlay == .help:
      let rows = OverlayView.helpRows(browser)
      let row = browser.help.cursor.selected
      browser.perform(.back)
      if rows.indices.contains(row) { perform(rows[row].command) }
    default: browser.perform(command)
    }
  }

  /// A paste is text and nothing else; where nothing is typed, an address in it is opened.
  private func paste(_ text: String) {
    if browser.isTyping {
      let edit = TextEdit.insert(text)
      browser.perform(browser.scopes.contains(.form) ? .form(.edit(edit)) : .edit(edit))
    } else if browser.overlay == nil, let address = Address(text) {
      browser.perform(.openAddress(address))
    }
  }

  private func handle(_ mouse: Mouse) {
    guard let layout else { return }
    switch mouse.kind {
    case .wheelUp, .wheelDown:
      let rows = mouse.kind == .wheelUp ? -3 : 3
      if browser.overlay == .help {
        browser.perform(.move(rows < 0 ? .up : .down))
      } else if browser.overlay == nil, let place = place(at: mouse.point, layout) {
        browser.perform(.scroll(place, by: rows))
      }
    case .press where mouse.button == .left:
      heldBorder = browser.overlay == nil ? layout.border(at: mouse.point) : nil
      click(at: mouse.point, clicks: mouse.clickCount, layout)
    case .drag:
      if let border = heldBorder, browser.overlay == nil {
        browser.perform(.moveBorder(border, to: layout.share(of: border, at: mouse.point)))
      }
    case .release:
      if heldBorder != nil { browser.rememberPanes() }
      heldBorder = nil
    default: break
    }
  }

  /// Moves the border that makes the pane in focus larger or smaller.
  private func resizePane(_ step: PaneStep) {
    // Keys come faster than frames.
    if dirty.contains(.layout) { updateLayout(terminal?.size ?? canvas.size) }
    guard let layout, let (border, grows) = layout.border(of: browser.focus, step: step),
      let share = layout.share(of: border)
    else { return }
    let isMore = step == .wider || step == .taller
    let change = isMore == grows ? PaneStep.share : -PaneStep.share
    browser.perform(.moveBorder(border, to: share + change))
    browser.rememberPanes()
  }

  private func click(at point: Point, clicks: Int, _ layout: Layout) {
    if browser.overlay != nil {
      let view = OverlayView(browser: browser, borders: borders)
      if let command = view.command(at: point, canvas: canvas, clicks: clicks) {
        perform(command)
      }
      return
    }
    let tabRect = header.tabRect(in: layout.header)
    if let tab = header.tabs(in: tabRect).tab(at: point, in: tabRect),
      let place = Place(rawValue: tab + 1)
    {
      return browser.perform(.focus(place))
    }
    guard let place = place(at: point, layout), let rect = layout.panes[place] else { return }
    if clicks == 2, let address = canvas.link(at: point) {
      return browser.perform(.openLink(address))
    }
    let area = rect.inset(by: 1)
    let pane: any Pane =
      switch place {
      case .collections: collections
      case .models: models
      case .detail: detail
      case .predictions: predictions
      case .live: live
      }
    if let command = pane.command(at: point, in: area, clicks: clicks) {
      if browser.focus != place { browser.perform(.focus(place)) }
      browser.perform(command)
    }
  }

  private func place(at point: Point, _ layout: Layout) -> Place? {
    layout.panes.first { $0.value.contains(point) }?.key
  }
}
