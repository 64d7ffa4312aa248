import ReplicateAPI
import Running
import TerminalKit
import ViewModels

extension PredictionsViewModel {
  /// The list of predictions, newest first: input, status, and age.
  func pane() -> any Pane {
    ListPane(
      self, predictions, noun: "the predictions",
      empty: { "No predictions yet. Open a model and press r to run it." },
      // The age of a run in progress changes while the user watches.
      isCounting: { $0.isUnderWay },
      created: ("age", { $0.prediction.createdAt?.secondsSince1970 }),
      columns: [
        TableColumn("status", least: 1, importance: 8) { run, context in
          let status = run.prediction.status
          return TableCell(status.mark(ascii: context.isASCII), status.style)
        },
        TableColumn("model", least: 7, weight: 2, most: 26, importance: 9) { run, _ in
          TableCell(run.modelName)
        },
        TableColumn("input", least: 7, weight: 6, importance: 6) { run, _ in
          TableCell(run.inputSummary, .dim)
        },
        TableColumn("id", least: 26, importance: 1) { run, _ in TableCell(run.id.rawValue, .dim) },
        TableColumn("took", least: 10, isRightAligned: true, importance: 5) { run, context in
          Self.took(run, context)
        },
        TableColumn("age", least: 6, isRightAligned: true, importance: 2) { run, context in
          let age = run.prediction.createdAt?.secondsSince1970.map {
            Formatting.age(context.now - $0)
          }
          return TableCell(age ?? "", .dim)
        },
      ])
  }

  private static func took(_ run: Run, _ context: PaneContext) -> TableCell {
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
