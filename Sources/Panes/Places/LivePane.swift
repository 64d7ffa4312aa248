import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// One prediction as it runs: status, progress, output, and the end of its log.
@MainActor
final class LivePane: Pane {
  private let model: LiveViewModel

  init(_ model: LiveViewModel) {
    self.model = model
  }

  func nextChange(_ now: Double) -> Double? { model.shown?.isUnderWay == true ? 1 : nil }

  private var tabs: TabBar {
    TabBar(names: ["Run", "Output", "Log", "Input"], selected: model.tab.rawValue)
  }

  func title(_ context: PaneContext) -> PaneTitle {
    guard let run = model.shown else { return PaneTitle(text: model.title) }
    let name = run.prediction.model.isEmpty ? run.modelName : run.prediction.model
    var title = PaneTitle(text: name)
    title.isBusy = run.isUnderWay
    title.note = [model.placeInGroup, run.id.rawValue].compactMap(\.self).joined(separator: "  ")
    title.noteStyle = .dim
    return title
  }

  func draw(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn {
    guard let run = model.shown else {
      if let words = model.failureWords {
        MessageBlock.draw(words, on: &canvas, in: area)
      } else if let failure = model.failure {
        MessageBlock.draw(failure, on: &canvas, in: area)
      } else if let id = model.loading {
        MessageBlock.draw("Loading \(id.rawValue)…", on: &canvas, in: area)
      } else {
        MessageBlock.draw(
          model.showsTrainings
            ? "No training is selected." : "Run a model or open a prediction to watch it here.",
          on: &canvas, in: area)
      }
      return Drawn()
    }
    let inner = area.inset(horizontally: 1, vertically: 0)
    drawStatus(
      run, on: &canvas, in: Rect(x: inner.x, y: area.y, width: inner.width, height: 1), context)
    tabs.draw(on: &canvas, in: tabRow(of: area))
    let body = body(of: area)
    var drawn = draw(run, on: &canvas, in: body, context)
    if let thumb = drawn.thumb { drawn.thumb = thumb.lowerBound + 2..<thumb.upperBound + 2 }
    drawn.regions += tabs.regions(in: tabRow(of: area), of: model.id)
    return drawn
  }

  private func draw(
    _ run: Run, on canvas: inout Canvas, in body: Rect, _ context: PaneContext
  ) -> Drawn {
    switch model.tab {
    case .run: return drawRun(run, on: &canvas, in: body, context)
    case .output:
      if model.output.isEmpty { drawWaiting(run, on: &canvas, in: body) }
      return drawOutput(on: &canvas, in: body, context)
    case .log:
      return draw(model.log, "The log is empty.", on: &canvas, in: body, context)
    case .input:
      return draw(model.input, "This prediction has no input.", on: &canvas, in: body, context)
    }
  }

  func extent(in area: Rect) -> Extent {
    let body = body(of: area)
    return Extent(rows: body.height, columns: body.width)
  }

  private func tabRow(of area: Rect) -> Rect {
    Rect(x: area.x, y: area.y + 1, width: area.width, height: 1)
  }

  private func body(of area: Rect) -> Rect {
    Rect(x: area.x + 1, y: area.y + 2, width: area.width - 2, height: area.height - 2)
  }

  // MARK: Status

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
      run.prediction.hasEnded
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
      facts = [elapsed] + metricTexts(run.prediction)
    default: facts = [elapsed]
    }
    let text = TextLayout.truncate(
      facts.joined(separator: " · "), width: max(0, rect.maxX - x), widths: canvas.widths)
    canvas.write(text, x: x, y: rect.y, style: .dim, in: rect)
  }

  private func metricTexts(_ prediction: Prediction) -> [String] {
    prediction.metrics.compactMap { name, value in
      guard name != "predict_time" else { return nil }
      // A machine whose clock was set back measures nonsense.
      if name.hasSuffix("_time"), let seconds = value.double, seconds < 0 { return nil }
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

  // MARK: Output and log

  private func drawRun(
    _ run: Run, on canvas: inout Canvas, in body: Rect, _ context: PaneContext
  ) -> Drawn {
    let shares = model.shares
    let body = drawLosses(on: &canvas, in: body, context)
    let above = Rect(x: body.x, y: body.y, width: body.width, height: shares.output)
    if model.output.isEmpty, shares.log == 0 { drawWaiting(run, on: &canvas, in: body) }
    var drawn = drawOutput(on: &canvas, in: above, context)
    guard shares.log > 0 else { return drawn }
    var y = above.maxY
    if shares.hasRule {
      let rule = Rect(x: body.x, y: y, width: body.width, height: 1)
      canvas.fill(rule, context.borders.horizontal, style: .border)
      canvas.write(" log ", x: rule.x + 2, y: rule.y, style: .dim, in: rule)
      y += 1
    }
    let below = Rect(x: body.x, y: y, width: body.width, height: body.maxY - y)
    DocumentWidget(document: model.log, borders: context.borders).draw(on: &canvas, in: below)
    drawn.thumb = nil
    return drawn
  }

  /// Draws the losses of a training. Returns what is left below.
  private func drawLosses(
    on canvas: inout Canvas, in body: Rect, _ context: PaneContext
  ) -> Rect {
    let height = model.chartHeight
    guard height > 1, let losses = model.losses else { return body }
    var words = "loss"
    if let last = losses.lastLoss { words += " \(NumberText.short(last))" }
    if let first = losses.firstLoss { words += ", from \(NumberText.short(first))" }
    if let lowest = losses.lowest { words += ", lowest \(NumberText.short(lowest.loss))" }
    if let rate = losses.rate { words += "  \(rate)" }
    let style: Style = losses.lost == nil ? .value : .warning
    if let lost = losses.lost { words = lost.words }
    canvas.write(
      TextLayout.truncate(
        TextLayout.sanitizedLine(words, atMost: 300), width: body.width, widths: canvas.widths),
      x: body.x, y: body.y, style: style, in: body)
    let chart = Rect(x: body.x, y: body.y + 1, width: body.width, height: height - 2)
    ChartWidget.draw(
      losses.values(columns: max(1, body.width - 8)).map(Optional.some), on: &canvas, in: chart,
      isASCII: context.isASCII)
    return Rect(
      x: body.x, y: body.y + height, width: body.width, height: max(0, body.height - height))
  }

  /// Draws the output and marks the file that commands act on.
  private func drawOutput(
    on canvas: inout Canvas, in rect: Rect, _ context: PaneContext
  ) -> Drawn {
    let widget = DocumentWidget(document: model.output, borders: context.borders)
    widget.draw(on: &canvas, in: rect)
    var drawn = Drawn(thumb: widget.scrollThumb(height: rect.height))
    let place = model.id
    for (index, row) in model.output.rows.prefix(rect.height).enumerated() {
      guard let file = model.file(at: row.place) else { continue }
      let line = Rect(x: rect.x, y: rect.y + index, width: rect.width, height: 1)
      if file == model.selectedFile, row.label != nil {
        canvas.write(
          context.isASCII ? ">" : "▸", x: line.x + 2, y: line.y, style: .accent, in: line)
      }
      drawn.regions.append(
        ClickRegion(line) { _, clicks in
          clicks > 1 ? .open : .select(place, row: file)
        })
    }
    return drawn
  }

  private func draw(
    _ document: Document, _ empty: String, on canvas: inout Canvas, in body: Rect,
    _ context: PaneContext
  ) -> Drawn {
    if document.isEmpty { MessageBlock.draw(empty, on: &canvas, in: body) }
    let widget = DocumentWidget(document: document, borders: context.borders)
    widget.draw(on: &canvas, in: body)
    return Drawn(thumb: widget.scrollThumb(height: body.height))
  }

  private func drawWaiting(_ run: Run, on canvas: inout Canvas, in body: Rect) {
    let words =
      switch run.prediction.status {
      case .starting: "Replicate is setting up a machine. A cold start can take a while."
      case .processing: "Running. No output yet."
      default: ""
      }
    canvas.write(words, x: body.x, y: body.y, style: .dim, in: body)
  }
}
