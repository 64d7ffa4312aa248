import ReplicateAPI
import TerminalKit
import ViewModels

extension WebhooksViewModel {
  /// The deliveries that were checked or made, newest first.
  func pane() -> any Pane {
    ListPane(
      self, deliveries, noun: "the deliveries",
      empty: {
        "Press p to check a delivery that arrived, or n to send those of a prediction again, to a "
          + "receiver on this machine."
      },
      created: ("time", { $0.at }),
      columns: [
        TableColumn("event", least: 9, weight: 1, most: 16, importance: 9) { row, _ in
          TableCell(row.event)
        },
        TableColumn("prediction", least: 11, weight: 1, most: 26, importance: 3) { row, _ in
          TableCell(row.prediction, .dim)
        },
        TableColumn("address", least: 8, weight: 1, importance: 4) { row, _ in
          TableCell(row.address, .dim)
        },
        TableColumn("result", least: 12, weight: 4, importance: 8) { row, _ in
          TableCell(
            row.summary, row.isGood.map { $0 ? Prediction.Status.succeeded.style : .error } ?? .dim)
        },
        TableColumn("time", least: 6, isRightAligned: true, importance: 2) { row, context in
          TableCell(Formatting.age(context.now - row.at), .dim)
        },
      ])
  }
}
