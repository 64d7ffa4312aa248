import ReplicateAPI
import Running
import TerminalKit
import ViewModels

extension TrainingsViewModel {
  /// The list of trainings, newest first: what is trained, what it makes, and how it goes.
  func pane() -> any Pane {
    ListPane(
      self, trainings, noun: "the trainings",
      empty: {
        "No trainings. Press n to start one: it makes a version of a model of yours from your own "
          + "pictures or texts."
      },
      isCounting: { $0.isUnderWay },
      created: ("created", { $0.prediction.createdAt?.secondsSince1970 }),
      columns: [
        TableColumn("status", least: 1, importance: 8) { row, context in
          let status = row.prediction.status
          return TableCell(status.mark(ascii: context.isASCII), status.style)
        },
        TableColumn("model", least: 8, weight: 2, most: 24, importance: 6) { row, _ in
          TableCell(row.modelName)
        },
        TableColumn("made", least: 8, weight: 2, most: 40, importance: 9) { row, _ in
          TableCell(row.trained?.model.description ?? "", .value)
        },
        TableColumn("input", least: 8, weight: 3, importance: 3) { row, _ in
          TableCell(row.trainingSummary, .dim)
        },
        TableColumn("took", least: 10, isRightAligned: true, importance: 5) { row, context in
          PredictionsViewModel.took(row, context)
        },
        TableColumn("created", least: 6, isRightAligned: true, importance: 2) { row, context in
          TableCell(
            row.prediction.createdAt?.secondsSince1970.map {
              Formatting.age(context.now - $0)
            } ?? "", .dim)
        },
      ])
  }
}
