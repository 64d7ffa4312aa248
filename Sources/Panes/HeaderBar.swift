import ReplicateAPI
import TerminalKit
import ViewModels

/// The first row: whose account it is, what is under way and how the service answers.
@MainActor
struct HeaderBar {
  let browser: Browser
  let layout: Layout
  let borders: BorderSet
  var hasMouse = true

  func draw(on canvas: inout Canvas, in rect: Rect) {
    canvas.fill(rect, style: .header)
    var x = rect.x + 1
    x += canvas.write("Replicant", x: x, y: rect.y, style: .headerAccent.bold(), in: rect)
    var status = status()
    func width(of spans: [StyledText.Span]) -> Int {
      spans.reduce(0) { $0 + TextLayout.width(of: $1.text, canvas.widths) }
    }
    if layout.shape != .wide, width(of: status) > rect.width / 3 { status = shortStatus() }
    let statusWidth = width(of: status)
    if layout.shape == .wide {
      if let name = browser.account.value?.username {
        let words = " \(borders.isASCII ? "-" : "·") \(name)"
        canvas.write(words, x: x, y: rect.y, style: .header, in: rect)
      }
    } else {
      let room = tabRect(in: rect)
      tabs(in: room).draw(on: &canvas, in: room)
      x = room.x + tabs(in: room).width
    }
    var right = rect.maxX - 1 - statusWidth
    guard right > x else { return }
    for span in status {
      right += canvas.write(span.text, x: right, y: rect.y, style: span.style, in: rect)
    }
  }

  /// Where the panes that have no room are a click away; the longest names that fit.
  func tabs(in rect: Rect) -> TabBar {
    let selected = browser.focus.rawValue - 1
    let long = ["1 Collections", "2 Models", "3 Model", "4 Predictions", "5 Live"]
    var names = long
    func bar() -> TabBar {
      TabBar(
        names: names, selected: selected, style: .header,
        selectedStyle: .headerAccent.bold().underlined())
    }
    // What is under way or wrong has a place beside them.
    let room = rect.width - 10
    if bar().width > room {
      names = ["1", "2", "3", "4", "5"]
      names[selected] = long[selected]
    }
    if bar().width > rect.width { names[selected] = "\(selected + 1)" }
    return bar()
  }

  /// The rectangle that the tabs are drawn in; empty in the wide layout, which needs none.
  func tabRect(in rect: Rect) -> Rect {
    guard layout.shape != .wide else { return .zero }
    let x = rect.x + (rect.width < 60 ? 10 : 12)
    return Rect(x: x, y: rect.y, width: max(0, rect.maxX - x), height: 1)
  }

  /// What is wrong with the connection, if anything, in full and in a few cells.
  private var trouble: (long: String, short: String, style: Style)? {
    if !browser.hasToken { return ("no token: t enters one", "no token", .error) }
    if let wait = browser.wait {
      let seconds = "\(Formatting.seconds(until: wait.until)) s"
      return ("too many calls, on in \(seconds)", "wait \(seconds)", .waiting)
    }
    if let call = browser.lastCall, call.status == nil { return ("offline", "offline", .error) }
    return nil
  }

  /// How many runs are under way, behind their mark.
  private var running: String? {
    let count = browser.runs.underWay
    return count > 0 ? "\(borders.isASCII ? ">" : "▶") \(count)" : nil
  }

  /// The state in a few cells: what is wrong first, then what is under way.
  private func shortStatus() -> [StyledText.Span] {
    if let trouble { return [.init(text: trouble.short, style: trouble.style)] }
    if !hasMouse { return [.init(text: "mouse off", style: .waiting)] }
    return running.map { [.init(text: $0, style: .headerAccent)] } ?? []
  }

  private func status() -> [StyledText.Span] {
    var spans: [StyledText.Span] = []
    if !hasMouse { spans.append(.init(text: "mouse off: F9  ", style: .waiting)) }
    if let running {
      spans.append(.init(text: "\(running) running", style: .headerAccent))
      spans.append(.init(text: borders.isASCII ? "  " : " · ", style: .header))
    }
    if let trouble {
      spans.append(.init(text: trouble.long, style: trouble.style))
    } else if let call = browser.lastCall {
      let time = Formatting.milliseconds(call.duration)
      spans.append(.init(text: time < 1 ? "api <1 ms" : "api \(time) ms", style: .header))
    }
    return spans
  }
}

/// The last row: what the keys do here, or what just happened.
@MainActor
struct FooterBar {
  let browser: Browser

  func draw(on canvas: inout Canvas, in rect: Rect) {
    canvas.fill(rect, style: .footer)
    var x = rect.x + 1
    if let notice = browser.notice {
      let style: Style =
        switch notice.kind {
        case .done, .working: .notice
        case .failed: .error
        }
      let text = TextLayout.truncate(notice.text, width: rect.width - 2, widths: canvas.widths)
      x += canvas.write(text, x: x, y: rect.y, style: style, in: rect) + 2
    }
    let rows = KeyBinding.footer(in: browser.scopes)
    for (index, binding) in rows.enumerated() {
      let key = binding.keys.first?.description ?? ""
      let width = TextLayout.width(of: key, canvas.widths) + binding.title.count + 3
      // Help and quit stand last; the others make room for them.
      let reserved = index < rows.count - 2 && browser.overlay == nil ? 17 : 0
      guard x + width + reserved <= rect.maxX + 2 else { continue }
      x += canvas.write(key, x: x, y: rect.y, style: .footerKey, in: rect)
      x += canvas.write(" \(binding.title)  ", x: x, y: rect.y, style: .footer, in: rect)
    }
  }
}
