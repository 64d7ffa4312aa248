import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// The list of predictions, newest first.
@MainActor
struct PredictionHistoryPane: Pane {
  let model: PredictionHistoryViewModel
  let now: Double
  let isASCII: Bool

  func title() -> PaneTitle {
    var title = PaneTitle(text: "Predictions")
    let typed = model.isTyping || !model.filter.isEmpty
    title.typed = typed ? (model.filter, model.isTyping) : nil
    title.isBusy = model.first.isLoading || model.isLoadingMore
    let loaded = model.rows.count
    if loaded > 0 {
      let more = model.hasMore ? " loaded" : ""
      title.note = typed ? "\(model.visible.count) of \(loaded)\(more)" : "\(loaded)\(more)"
    }
    return title
  }

  func draw(on canvas: inout Canvas, in area: Rect, isFocused: Bool) {
    if model.rows.isEmpty {
      if let failure = model.first.failure {
        MessageBlock.draw(failure, retry: "Ctrl-R tries again.", on: &canvas, in: area)
      } else if model.first.isLoading {
        MessageBlock.draw("Loading the predictions…", on: &canvas, in: area)
      } else if model.first.value != nil {
        MessageBlock.draw(
          "Nothing was run yet. Open a model and press r to run it.", on: &canvas, in: area)
      }
      return
    }
    if model.visible.isEmpty {
      MessageBlock.draw("No loaded prediction matches.", on: &canvas, in: area)
    }
    ListWidget(cursor: model.cursor, isFocused: isFocused).draw(on: &canvas, in: area) {
      canvas, index, rect, mark in
      draw(model.visible[index], on: &canvas, in: rect, mark: mark)
    }
    if let failure = model.first.failure {
      MessageBlock.drawLine(failure, on: &canvas, in: area)
    }
  }

  /// `✔ flux-schnell  acme      4.2 s    5 min`
  private func draw(
    _ run: Run, on canvas: inout Canvas, in rect: Rect, mark: (Style) -> Style
  ) {
    let prediction = run.prediction
    let y = rect.y
    let age = prediction.createdAt?.secondsSince1970.map { Formatting.age(now - $0) } ?? ""
    let status = prediction.status
    let took =
      status.isTerminal
      ? Formatting.duration(run.elapsed(now: now)) : Formatting.ticking(run.elapsed(now: now))
    canvas.write(
      status.mark(ascii: isASCII), x: rect.x + 1, y: y, style: mark(status.style), in: rect)
    let right = rect.maxX - 1
    // The id has room where a name and the longest words have, too.
    let besideName = 57
    let isWide = rect.width >= besideName + 16
    let words =
      run.isUnderWay
      ? "\(run.isCanceling ? "canceling" : runningWords(run)) \(took)"
      : status == .succeeded ? took : status.rawValue
    // Ages of those that have ended stand in a column of their own.
    let ageColumn = run.isUnderWay ? 0 : 8
    let wordsStart = right - ageColumn - TextLayout.width(of: words, canvas.widths)
    let nameWidth = isWide ? min(44, rect.width - besideName) : max(8, wordsStart - rect.x - 4)
    canvas.write(
      TextLayout.truncate(run.modelName, width: nameWidth, widths: canvas.widths),
      x: rect.x + 3, y: y, style: mark(.normal), in: rect)
    if isWide {
      canvas.write(
        prediction.id.rawValue, x: rect.x + 5 + nameWidth, y: y, style: mark(.dim), in: rect)
    }
    let ended: Style = status == .succeeded ? .value : status.style
    canvas.write(
      words, x: wordsStart, y: y, style: mark(run.isUnderWay ? status.style : ended), in: rect)
    if !run.isUnderWay {
      canvas.write(age, x: right - age.utf8.count, y: y, style: mark(.dim), in: rect)
    }
  }

  private func runningWords(_ run: Run) -> String {
    if let progress = run.progress, run.prediction.status == .processing {
      return Formatting.percent(progress.fraction)
    }
    return run.prediction.status.rawValue
  }

  func command(at point: Point, in area: Rect, clicks: Int) -> Command? {
    let list = ListWidget(cursor: model.cursor, isFocused: true)
    guard let row = list.row(at: point, in: area) else { return .focus(.predictions) }
    return clicks > 1 ? .open : .select(.predictions, row: row)
  }

  func scrollThumb(in area: Rect) -> Range<Int>? {
    ListWidget.thumb(top: model.cursor.top, count: model.cursor.count, height: area.height)
  }
}
