import ReplicateAPI
import TerminalKit
import ViewModels

/// The first row: whose account it is, what is under way and how the service answers.
@MainActor
struct HeaderBar {
  let browser: Browser
  let layout: Layout
  let borders: BorderSet

  func draw(on canvas: inout Canvas, in rect: Rect) {
    canvas.fill(rect, style: .header)
    var x = rect.x + 1
    x += canvas.write("Replicant", x: x, y: rect.y, style: .headerAccent.bold(), in: rect)
    let status = status()
    let statusWidth = status.reduce(0) { $0 + TextLayout.width(of: $1.text, canvas.widths) }
    if layout.shape == .wide {
      if let name = browser.account.value?.username {
        let words = " \(borders.isASCII ? "-" : "·") \(name)"
        canvas.write(words, x: x, y: rect.y, style: .header, in: rect)
      }
    } else {
      x += 2
      let room = Rect(x: x, y: rect.y, width: max(0, rect.maxX - x), height: 1)
      tabs(in: room).draw(on: &canvas, in: room)
      x += tabs(in: room).names.reduce(0) { $0 + $1.count + 3 }
    }
    var right = rect.maxX - 1 - statusWidth
    guard right > x + 1 else { return }
    for span in status {
      right += canvas.write(span.text, x: right, y: rect.y, style: span.style, in: rect)
    }
  }

  /// Where the panes that have no room are a click away.
  func tabs(in rect: Rect) -> TabBar {
    let long = ["1 Collections", "2 Models", "3 Model", "4 Predictions", "5 Live"]
    let short = ["1", "2", "3", "4", "5"]
    let width = long.reduce(0) { $0 + $1.count + 3 }
    var names = width <= rect.width ? long : short
    if width > rect.width {
      names[browser.focus.rawValue - 1] = long[browser.focus.rawValue - 1]
    }
    return TabBar(
      names: names, selected: browser.focus.rawValue - 1, style: .header,
      selectedStyle: .headerAccent.bold().underlined())
  }

  /// The rectangle that the tabs are drawn in; empty in the wide layout, which needs none.
  func tabRect(in rect: Rect) -> Rect {
    guard layout.shape != .wide else { return .zero }
    return Rect(x: rect.x + 12, y: rect.y, width: max(0, rect.width - 12), height: 1)
  }

  private func status() -> [StyledText.Span] {
    var spans: [StyledText.Span] = []
    if !browser.hasToken {
      spans.append(.init(text: "no token: t enters one", style: .error))
    } else if let wait = browser.wait {
      let seconds = Formatting.seconds(until: wait.until)
      spans.append(.init(text: "too many calls, on in \(seconds) s", style: .waiting))
    } else if let call = browser.lastCall {
      if call.status == nil {
        spans.append(.init(text: "offline", style: .error))
      } else {
        let time = Formatting.milliseconds(call.duration)
        let words = time < 1 ? "api <1 ms" : "api \(time) ms"
        spans.append(.init(text: words, style: .header))
      }
    }
    if browser.runs.underWay > 0 {
      let mark = borders.isASCII ? "> " : "▶ "
      let dot = borders.isASCII ? "  " : " · "
      spans.insert(.init(text: dot, style: .header), at: 0)
      spans.insert(
        .init(text: "\(mark)\(browser.runs.underWay) running", style: .headerAccent), at: 0)
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
