import ReplicateAPI
import Running
import TerminalKit
import ViewModels

extension PredictionsViewModel {
  /// The list of predictions, newest first: input, status, and age.
  func pane() -> any Pane {
    ListPane(
      self, predictions, noun: "the predictions", name: { [weak self] in self?.title ?? "" },
      empty: { "No predictions yet. Open a model and press r to run it." },
      // The age of a run in progress changes while the user watches.
      isCounting: { $0.run?.isUnderWay ?? false },
      created: ("age", { $0.createdAt }),
      columns: [
        TableColumn("status", least: 1, importance: 8) { row, context in
          Self.mark(row, context)
        },
        TableColumn("model", least: 7, weight: 2, most: 26, importance: 9) { row, _ in
          TableCell(row.modelName)
        },
        TableColumn("input", least: 7, weight: 6, importance: 6) { row, _ in
          TableCell(row.inputSummary, .dim)
        },
        TableColumn("id", least: 26, importance: 1) { row, _ in
          TableCell(row.run?.id.rawValue ?? "", .dim)
        },
        TableColumn("took", least: 10, isRightAligned: true, importance: 5) { row, context in
          Self.took(row, context)
        },
        TableColumn("age", least: 6, isRightAligned: true, importance: 2) { row, context in
          TableCell(row.createdAt.map { Formatting.age(context.now - $0) } ?? "", .dim)
        },
      ])
  }

  private static func mark(_ row: PredictionRow, _ context: PaneContext) -> TableCell {
    switch row {
    case .group(let group):
      let mark = group.outcome?.mark(ascii: context.isASCII) ?? (context.isASCII ? "+" : "▸")
      return TableCell(mark, group.style)
    case .member(let group, let index, nil):
      let status = group.status(of: index)
      return TableCell(status?.mark(ascii: context.isASCII) ?? "", status?.style ?? .dim)
    case let row:
      guard let status = row.run?.prediction.status else { return TableCell("") }
      return TableCell(status.mark(ascii: context.isASCII), status.style)
    }
  }

  private static func took(_ row: PredictionRow, _ context: PaneContext) -> TableCell {
    switch row {
    case .group(let group):
      let progress = group.progress
      return TableCell("\(progress.ended)/\(progress.total)", group.style)
    case .member(let group, let index, nil):
      return TableCell(group.word(for: index), group.status(of: index)?.style ?? .dim)
    case let row: return row.run.map { took($0, context) } ?? TableCell("")
    }
  }

  static func took(_ run: Run, _ context: PaneContext) -> TableCell {
    let status = run.prediction.status
    if run.isUnderWay {
      if run.isCanceling { return TableCell("canceling", status.style) }
      if let progress = run.progress, status == .processing {
        return TableCell(Formatting.percent(progress.fraction), status.style)
      }
      return TableCell(Formatting.ticking(run.elapsed(now: context.now)), status.style)
    }
    return status == .succeeded
      ? TableCell(Formatting.duration(run.elapsed(now: context.now)), .value)
      : TableCell(status.rawValue, status.style)
  }
}

extension RunGroup {
  /// How the group is doing, as the color of its row.
  fileprivate var style: Style {
    let progress = progress
    switch phase {
    case .paused: return .warning
    case .elsewhere: return .dim
    case .sending, .canceling, .sent:
      if progress.doubtful > 0 { return .warning }
      if progress.running + progress.waiting > 0 { return Prediction.Status.processing.style }
      return progress.failed > 0 ? Prediction.Status.failed.style : outcome?.style ?? .value
    }
  }

  /// How the group has ended as a whole; nil while it hasn't.
  fileprivate var outcome: Prediction.Status? {
    let progress = progress
    guard phase == .sent, progress.running + progress.waiting + progress.doubtful == 0 else {
      return nil
    }
    if progress.failed > 0 { return .failed }
    return progress.canceled + progress.dropped > 0 ? .canceled : .succeeded
  }

  /// The state of a member whose run isn't known here, if it is a run's.
  fileprivate func status(of index: Int) -> Prediction.Status? {
    switch group[index] {
    case .created(_, let status): status
    case .refused: .failed
    default: nil
    }
  }
}
