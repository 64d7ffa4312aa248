import ReplicateAPI
import TerminalKit
import ViewModels

/// The top row: the account, the runs in progress, and the state of the connection.
@MainActor
struct HeaderBar {
  let navigator: Navigator
  let layout: Layout
  let desk: Desk
  let borders: BorderSet
  var hasMouse = true

  func draw(on canvas: inout Canvas, in rect: Rect) -> Drawn {
    canvas.fill(rect, style: .header)
    var x = rect.x + 1
    x += canvas.write("Replicant", x: x, y: rect.y, style: .headerAccent.bold(), in: rect)
    var status = status()
    func width(of spans: [StyledText.Span]) -> Int {
      spans.reduce(0) { $0 + TextLayout.width(of: $1.text, canvas.widths) }
    }
    if layout.shape != .wide, width(of: status) > rect.width / 3 { status = shortStatus() }
    var drawn = Drawn()
    if layout.shape == .wide {
      var words = ""
      if desk.id != .browse {
        words += " \(dot) \(navigator.places[navigator.owner]?.title ?? desk.title)"
      }
      if let name = navigator.session.account.value?.username { words += " \(dot) \(name)" }
      x += canvas.write(words, x: x, y: rect.y, style: .header, in: rect)
    } else {
      let room = tabRect(in: rect)
      let (tabs, places) = tabs(in: room)
      tabs.draw(on: &canvas, in: room)
      drawn.regions = tabs.regions(in: room) { .focus(places[$0]) }
      x = room.x + tabs.width
    }
    // What is wrong is said in one word where there is room for no more.
    if rect.maxX - 1 - width(of: status) <= x, let word = connectionProblem?.word {
      status = [.init(text: word, style: .error)]
    }
    var right = rect.maxX - 1 - width(of: status)
    guard right > x else { return drawn }
    for span in status {
      right += canvas.write(span.text, x: right, y: rect.y, style: span.style, in: rect)
    }
    return drawn
  }

  private var dot: String { borders.isASCII ? "-" : "·" }

  /// The desk's panes, including those without space on the screen, with the longest names that
  /// fit.
  private func tabs(in rect: Rect) -> (bar: TabBar, places: [PlaceID]) {
    let places = navigator.deskPlaces.filter { id in
      navigator.descriptor(of: id)?.isListed ?? false || id == navigator.focus
    }
    let selected = places.firstIndex(of: navigator.focus) ?? 0
    let long = places.map { id -> String in
      let title = navigator.places[id]?.title ?? id.rawValue
      let own = navigator.descriptors.first { $0.id == id }
      return own?.key.map { "\($0) \(title)" } ?? title
    }
    var names = long
    func bar() -> TabBar {
      TabBar(
        names: names, selected: selected, style: .header,
        selectedStyle: .headerAccent.bold().underlined())
    }
    // Leaves space for the status to the right of the tabs.
    if bar().width > rect.width - 10 {
      names = long.map { String($0.prefix(1)) }
      names[selected] = long[selected]
    }
    if bar().width > rect.width { names[selected] = String(long[selected].prefix(1)) }
    return (bar(), places)
  }

  private func tabRect(in rect: Rect) -> Rect {
    let x = rect.x + (rect.width < 60 ? 10 : 12)
    return Rect(x: x, y: rect.y, width: max(0, rect.maxX - x), height: 1)
  }

  /// A connection problem, if there is one, in a long and a short form, and in a word.
  private var connectionProblem: (long: String, short: String, word: String, style: Style)? {
    let session = navigator.session
    if !session.hasToken {
      return ("no token: press t to enter one", "no token", "token?", .error)
    }
    if let wait = session.wait {
      let seconds = "\(Formatting.seconds(until: wait.until)) s"
      if wait.cause == .answer {
        return ("no answer yet; waiting \(seconds) more", "no answer", "waiting", .waiting)
      }
      let reason = wait.isRateLimit ? "rate limited" : "Replicate asks to wait"
      return ("\(reason); retrying in \(seconds)", "wait \(seconds)", "waiting", .waiting)
    }
    if let outage = session.outage {
      let seconds = "\(Formatting.seconds(until: outage.nextTry)) s"
      if outage.error.isPause {
        let reason = outage.error.status == 429 ? "rate limited" : "Replicate asks to wait"
        return ("\(reason); retrying in \(seconds)", "wait \(seconds)", "waiting", .waiting)
      }
      return ("offline; retrying in \(seconds)", "offline \(seconds)", "offline", .error)
    }
    return nil
  }

  /// The number of runs in progress, both the user's own and those started elsewhere, with a
  /// symbol.
  private func running(isLong: Bool) -> String? {
    let runs = navigator.session.runs
    let own = runs.ownUnderWay.count
    let all = max(own, runs.underWay)
    guard all > 0 else { return nil }
    let mark = borders.isASCII ? ">" : "▶"
    guard isLong else { return "\(mark) \(all)" }
    if own == all { return "\(mark) \(all) running" }
    if own == 0 { return "\(mark) \(all) running elsewhere" }
    return "\(mark) \(own) running \(dot) \(all - own) elsewhere"
  }

  /// The status in a few cells: problems first, then runs in progress.
  private func shortStatus() -> [StyledText.Span] {
    if let connectionProblem {
      return [.init(text: connectionProblem.short, style: connectionProblem.style)]
    }
    if !hasMouse { return [.init(text: "mouse off", style: .waiting)] }
    return running(isLong: false).map { [.init(text: $0, style: .headerAccent)] } ?? []
  }

  private func status() -> [StyledText.Span] {
    var spans: [StyledText.Span] = []
    if !hasMouse { spans.append(.init(text: "mouse off: F9  ", style: .waiting)) }
    if let running = running(isLong: true) {
      spans.append(.init(text: running, style: .headerAccent))
      spans.append(.init(text: borders.isASCII ? "  " : " · ", style: .header))
    }
    if let connectionProblem {
      spans.append(.init(text: connectionProblem.long, style: connectionProblem.style))
    } else if let call = navigator.session.calls.last {
      let time = Formatting.milliseconds(call.duration)
      spans.append(.init(text: time < 1 ? "api <1 ms" : "api \(time) ms", style: .header))
    }
    return spans
  }
}

/// The bottom row: the keys that work here, or a message about what just happened.
@MainActor
struct FooterBar {
  let navigator: Navigator
  let keys: KeyMap

  private typealias Row = (key: String, title: String, command: Command, importance: Int)

  func draw(on canvas: inout Canvas, in rect: Rect) -> Drawn {
    canvas.fill(rect, style: .footer)
    var drawn = Drawn()
    let rows = available(isASCII: canvas.isASCII)
    let widths = rows.map { width(of: $0, canvas.widths) }
    var x = rect.x + 1
    let reserved = reserved(rows, widths)
    if let notice = navigator.notice,
      !isAbove(notice, room: rect.width - 2 - reserved, canvas.widths)
    {
      let text = TextLayout.truncate(
        notice.text, width: rect.width - 2 - reserved, widths: canvas.widths)
      x += canvas.write(text, x: x, y: rect.y, style: Self.style(of: notice), in: rect) + 2
    }
    // Help, quit, and cancel are dropped last.
    var kept = Set(rows.indices)
    func total() -> Int { kept.reduce(0) { $0 + widths[$1] } }
    for index in rows.indices.reversed().sorted(by: { rows[$0].importance < rows[$1].importance })
    where x + total() > rect.maxX + 2 {
      kept.remove(index)
    }
    for index in rows.indices where kept.contains(index) {
      let row = rows[index]
      let start = x
      x += canvas.write(row.key, x: x, y: rect.y, style: .footerKey, in: rect)
      x += canvas.write(" \(row.title)  ", x: x, y: rect.y, style: .footer, in: rect)
      drawn.regions.append(
        ClickRegion(
          Rect(x: start, y: rect.y, width: x - start - 1, height: 1).intersection(rect),
          row.command))
    }
    return drawn
  }

  // MARK: Notices

  private static func style(of notice: Notice) -> Style {
    switch notice.kind {
    case .done, .working: .notice
    case .failed: .error
    }
  }

  /// Canceling a run, which costs money, stays available while a notice is shown.
  private func reserved(_ rows: [Row], _ widths: [Int]) -> Int {
    rows.indices.first { rows[$0].command == .cancel }.map { widths[$0] } ?? 0
  }

  /// A notice that is drawn above the footer, because there isn't room for all of it. What tells of
  /// progress comes again and again, and is cut short instead.
  func noticeAbove(_ rect: Rect, isASCII: Bool, _ widths: WidthTable) -> Notice? {
    // Most times there is none, and then what the keys can do doesn't matter.
    guard navigator.overlay == nil, let notice = navigator.notice else { return nil }
    let rows = available(isASCII: isASCII)
    let room = rect.width - 2 - reserved(rows, rows.map { width(of: $0, widths) })
    return isAbove(notice, room: room, widths) ? notice : nil
  }

  private func isAbove(_ notice: Notice, room: Int, _ widths: WidthTable) -> Bool {
    navigator.overlay == nil && notice.kind != .working
      && TextLayout.width(of: notice.text, widths) > room
  }

  private func width(of row: Row, _ widths: WidthTable) -> Int {
    TextLayout.width(of: row.key, widths) + row.title.count + 3
  }

  /// Draws a notice that is too long for the footer in the rows above it.
  static func draw(_ notice: Notice, above footer: Rect, on canvas: inout Canvas) {
    let lines = TextLayout.wrap(
      TextLayout.sanitize(notice.text.prefix(2000)), width: max(8, footer.width - 2),
      widths: canvas.widths)
    let count = min(lines.count, max(1, footer.y / 2))
    let area = Rect(x: footer.x, y: footer.y - count, width: footer.width, height: count)
    canvas.fill(area, style: .footer)
    for (row, line) in lines.prefix(count).enumerated() {
      let isLast = row == count - 1 && lines.count > count
      let text =
        isLast
        ? TextLayout.truncate("\(line) …", width: area.width - 2, widths: canvas.widths)
        : String(line)
      canvas.write(text, x: area.x + 1, y: area.y + row, style: style(of: notice), in: area)
    }
  }

  private func isOffered(_ command: Command) -> Bool {
    if case .chooser(let chooser) = navigator.overlay { return chooser.isOffered(command) }
    return navigator.overlay != nil || navigator.availability(of: command) == .yes
  }

  /// The keys that work here, without commands that aren't available now.
  private func available(isASCII: Bool) -> [Row] {
    keys.footer(in: navigator.scopes).compactMap { row in
      guard let command = navigator.catalog[row.id]?.command, let key = row.keys.first,
        isOffered(command)
      else { return nil }
      let importance =
        switch command {
        case .cancel: 4
        case .help: 2
        case .quit, .back: 3
        default: 1
        }
      let title = row.title ?? navigator.catalog[row.id]?.title ?? row.id.rawValue
      let name = isASCII ? ASCIIMarks.keyNames(key.description) : key.description
      return (name, title, command, importance)
    }
  }
}
