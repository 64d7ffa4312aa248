import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// One prediction as it runs: its state, how far it is, its output and the end of its log.
@MainActor
final class LivePane: Pane {
  private let model: LiveViewModel

  init(_ model: LiveViewModel) {
    self.model = model
  }

  func isTicking(_ now: Double) -> Bool { model.shown?.isUnderWay == true }

  private var tabs: TabBar {
    TabBar(names: ["Run", "Output", "Log", "Input"], selected: model.tab.rawValue)
  }

  func title(_ context: PaneContext) -> PaneTitle {
    guard let run = model.shown else { return PaneTitle(text: "Live") }
    let name = run.prediction.model.isEmpty ? run.modelName : run.prediction.model
    var title = PaneTitle(text: name)
    title.isBusy = run.isUnderWay
    title.note = run.id.rawValue
    title.noteStyle = .dim
    return title
  }

  func draw(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn {
    guard let run = model.shown else {
      if let failure = model.failure {
        MessageBlock.draw(failure, on: &canvas, in: area)
      } else if let id = model.loading {
        MessageBlock.draw("Loading \(id.rawValue)…", on: &canvas, in: area)
      } else {
        MessageBlock.draw(
          "Run a model, or open a prediction: you can watch it here.", on: &canvas, in: area)
      }
      return Drawn()
    }
    let inner = area.inset(horizontally: 1, vertically: 0)
    drawStatus(
      run, on: &canvas, in: Rect(x: inner.x, y: area.y, width: inner.width, height: 1), context)
    tabs.draw(on: &canvas, in: tabRow(of: area))
    let body = body(of: area)
    var drawn =
      switch model.tab {
      case .run: drawRun(run, on: &canvas, in: body, context)
      case .output: drawOutput(run, on: &canvas, in: body)
      case .log: drawLog(run, on: &canvas, in: body)
      case .input: drawWhole(inputText(run, body.width, canvas.widths), on: &canvas, in: body)
      }
    drawn.regions += tabs.regions(in: tabRow(of: area), of: LiveViewModel.id)
    return drawn
  }

  private func tabRow(of area: Rect) -> Rect {
    Rect(x: area.x, y: area.y + 1, width: area.width, height: 1)
  }

  private func body(of area: Rect) -> Rect {
    Rect(x: area.x + 1, y: area.y + 2, width: area.width - 2, height: area.height - 2)
  }

  // MARK: The state

  /// `▶ processing  ████████▌─────  58 %  23/40  1.9it/s  4 s`
  private func drawStatus(
    _ run: Run, on canvas: inout Canvas, in rect: Rect, _ context: PaneContext
  ) {
    let (now, borders) = (context.now, context.borders)
    let status = run.prediction.status
    var x = rect.x
    let word = run.isCanceling ? "canceling…" : run.isLost ? "lost" : status.rawValue
    x += canvas.write(
      "\(status.mark(ascii: borders.isASCII)) \(word)  ", x: x, y: rect.y,
      style: status.style.bold(), in: rect)
    let elapsed =
      status.isTerminal
      ? Formatting.duration(run.elapsed(now: now)) : Formatting.ticking(run.elapsed(now: now))
    if status == .processing, let progress = run.progress {
      var words = ["\(Formatting.percent(progress.fraction))"]
      if let current = progress.current, let total = progress.total {
        words.append("\(current)/\(total)")
      }
      if let rate = progress.rate { words.append(rate) }
      if let remaining = progress.remaining { words.append("\(remaining) left") }
      words.append(elapsed)
      while words.count > 2,
        words.joined(separator: "  ").count > rect.maxX - x - 10
      {
        words.remove(at: words.count - 2)
      }
      let text = words.joined(separator: "  ")
      let textWidth = TextLayout.width(of: text, canvas.widths)
      let bar = Rect(x: x, y: rect.y, width: max(0, rect.maxX - x - textWidth - 2), height: 1)
      ProgressBar.draw(progress.fraction, on: &canvas, in: bar, borders: borders)
      canvas.write(text, x: rect.maxX - textWidth, y: rect.y, style: .value, in: rect)
      return
    }
    var facts: [String] = []
    switch status {
    case .starting: facts = ["waiting for a machine", elapsed]
    case .succeeded, .failed, .canceled:
      facts = [elapsed] + metricWords(run.prediction)
    default: facts = [elapsed]
    }
    let text = TextLayout.truncate(
      facts.joined(separator: " · "), width: max(0, rect.maxX - x), widths: canvas.widths)
    canvas.write(text, x: x, y: rect.y, style: .dim, in: rect)
  }

  private func metricWords(_ prediction: Prediction) -> [String] {
    prediction.metrics.compactMap { name, value in
      guard name != "predict_time" else { return nil }
      let words = name.replacing("_", with: " ")
      if name == "total_time", let seconds = value.double {
        return "\(words) \(Formatting.duration(seconds))"
      }
      if let number = value.double, number != number.rounded() {
        return "\(words) \((number * 10).rounded() / 10)"
      }
      switch value {
      case .number, .string, .bool: return "\(words) \(value.string ?? value.serialized())"
      default: return nil
      }
    }
  }

  // MARK: Output above, the end of the log below

  private func drawRun(
    _ run: Run, on canvas: inout Canvas, in body: Rect, _ context: PaneContext
  ) -> Drawn {
    let borders = context.borders
    let logs = logText(run, body.width, canvas.widths)
    let (output, files) = outputText(run, body.width, canvas.widths)
    let hasLog = !logs.lines.isEmpty
    var outputRows = output.lines.count
    if hasLog { outputRows = min(outputRows, max(2, body.height * 3 / 5)) }
    outputRows = min(outputRows, body.height)
    // Text that is being written is followed at its end.
    let top = run.isUnderWay ? max(0, output.lines.count - outputRows) : 0
    let above = Rect(x: body.x, y: body.y, width: body.width, height: outputRows)
    output.draw(on: &canvas, in: above, from: top)
    let y = body.y + outputRows
    guard hasLog, y < body.maxY else {
      if output.lines.isEmpty { drawWaiting(run, on: &canvas, in: body) }
      return Drawn(regions: fileRegions(files, in: above, from: top))
    }
    var rest = Rect(x: body.x, y: y, width: body.width, height: body.maxY - y)
    if outputRows > 0, rest.height > 2 {
      let rule = Rect(x: rest.x, y: rest.y, width: rest.width, height: 1)
      canvas.fill(rule, borders.horizontal, style: .border)
      canvas.write(" log ", x: rule.x + 2, y: rule.y, style: .dim, in: rule)
      rest = Rect(x: rest.x, y: rest.y + 1, width: rest.width, height: rest.height - 1)
    }
    var drawn = drawTail(logs, on: &canvas, in: rest)
    drawn.regions += fileRegions(files, in: above, from: top)
    return drawn
  }

  private func drawWaiting(_ run: Run, on canvas: inout Canvas, in body: Rect) {
    let words =
      switch run.prediction.status {
      case .starting: "Replicate is getting a machine ready; this can take a while when it is cold."
      case .processing: "Running; the model has said nothing yet."
      case .succeeded where run.prediction.isDataRemoved:
        "Replicate has removed this prediction’s input, output and log."
      case .succeeded: "The model gave no output."
      case .canceled: "It was canceled before it gave any output."
      case .aborted: "It was ended before it started, and isn’t billed."
      default: ""
      }
    canvas.write(words, x: body.x, y: body.y, style: .dim, in: body)
  }

  private func drawTail(
    _ text: StyledText, on canvas: inout Canvas, in rect: Rect
  ) -> Drawn {
    let last = max(0, text.lines.count - rect.height)
    text.draw(on: &canvas, in: rect, from: max(0, last - model.backFromEnd))
    return Drawn(size: .text(rows: text.lines.count, height: rect.height))
  }

  private func drawLog(_ run: Run, on canvas: inout Canvas, in body: Rect) -> Drawn {
    let text = logText(run, body.width, canvas.widths)
    if text.lines.isEmpty { MessageBlock.draw("The log is empty.", on: &canvas, in: body) }
    return drawTail(text, on: &canvas, in: body)
  }

  private func drawOutput(_ run: Run, on canvas: inout Canvas, in body: Rect) -> Drawn {
    let (text, files) = outputText(run, body.width, canvas.widths)
    var drawn = drawWhole(text, on: &canvas, in: body)
    let top = min(model.scroll.top, max(0, text.lines.count - body.height))
    drawn.regions += fileRegions(files, in: body, from: top)
    return drawn
  }

  private func drawWhole(
    _ text: StyledText, on canvas: inout Canvas, in body: Rect
  ) -> Drawn {
    if text.lines.isEmpty { MessageBlock.draw("There is nothing here yet.", on: &canvas, in: body) }
    let top = min(model.scroll.top, max(0, text.lines.count - body.height))
    text.draw(on: &canvas, in: body, from: top)
    return Drawn(size: .text(rows: text.lines.count, height: body.height))
  }

  // MARK: Texts

  private func logText(_ run: Run, _ width: Int, _ widths: WidthTable) -> StyledText {
    var text = StyledText(width: width, widths: widths)
    for line in LogText.lines(of: run.prediction.logs) {
      text.wrap(String(line), .log)
    }
    return text
  }

  private func outputText(
    _ run: Run, _ width: Int, _ widths: WidthTable
  ) -> (text: StyledText, files: [Int]) {
    var text = StyledText(width: width, widths: widths)
    var rows: [Int] = []
    if let error = run.prediction.error, !error.isEmpty { text.wrap(error, .error) }
    if let failure = run.failure { text.wrap("Following it failed: \(failure.inWords)", .warning) }
    var file = 0
    for part in run.output {
      switch part {
      case .text(let words): text.wrap(words, .normal)
      case .json(let json): text.wrap(json, .code)
      case .file(let address, let label):
        rows.append(text.lines.count)
        let chosen = file == model.selectedFile
        let mark = chosen ? "▸" : " "
        text.add(
          StyledText.Span(text: "\(mark) \(file + 1)  ", style: chosen ? .accent : .dim),
          StyledText.Span(text: label.map { "\($0): " } ?? "", style: .label),
          StyledText.Span(
            text: TextLayout.truncate(
              Self.shortened(address), width: max(8, width - 5 - (label.map { $0.count + 2 } ?? 0)),
              position: .middle, widths: widths), style: .link, link: address))
        file += 1
      }
    }
    return (text, rows)
  }

  /// A data URI is shown by its kind and size; its letters say nothing.
  private static func shortened(_ address: String) -> String {
    guard address.hasPrefix("data:") else { return address }
    let kind = address.dropFirst(5).prefix(while: { $0 != ";" && $0 != "," })
    return "data: \(kind), \(NumberText.grouped(address.utf8.count * 3 / 4)) bytes"
  }

  private func inputText(_ run: Run, _ width: Int, _ widths: WidthTable) -> StyledText {
    var text = StyledText(width: width, widths: widths)
    let column = min(24, max(10, (run.prediction.input.keys.map(\.count).max() ?? 8) + 2))
    for (name, value) in run.prediction.input {
      text.pair(name, value.string.map(Self.shortened) ?? value.abridged, .string, column: column)
    }
    if let version = run.prediction.version {
      text.blank()
      text.pair("version", version, .dim, column: column)
    }
    return text
  }

  /// The rows of the files in the output, where they were drawn.
  private func fileRegions(_ rows: [Int], in rect: Rect, from top: Int) -> [ClickRegion] {
    rows.enumerated().compactMap { index, row in
      let line = Rect(x: rect.x, y: rect.y + row - top, width: rect.width, height: 1)
      guard line.y >= rect.y, line.y < rect.maxY else { return nil }
      return ClickRegion(line) { _, clicks in
        clicks > 1 ? .open : .select(LiveViewModel.id, row: index)
      }
    }
  }
}
