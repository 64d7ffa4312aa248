import ReplicateAPI
import TerminalKit
import ViewModels

extension OwnModelsViewModel {
  /// The list of one's own models, as far as they are known.
  func pane() -> any Pane {
    ListPane(
      self, models, noun: "your models",
      empty: {
        "No model of yours is known: the API can’t list them. Press n to create one, or a to list one "
          + "that is there."
      },
      created: ("version", { $0.model?.latestVersion?.createdAt?.secondsSince1970 }),
      columns: [
        TableColumn("name", least: 12, weight: 2, most: 40, importance: 9) { row, _ in
          TableCell(row.id.name, row.model == nil ? .dim : .normal)
        },
        TableColumn("description", least: 12, weight: 4, importance: 3) { row, _ in
          TableCell(
            row.model.map { $0.description ?? "" } ?? (row.failure?.errorDescription ?? ""), .dim)
        },
        TableColumn("visibility", least: 10, importance: 5) { row, _ in
          TableCell(row.model?.visibility ?? "", row.model?.visibility == "public" ? .value : .dim)
        },
        TableColumn("runs", least: 6, isRightAligned: true, importance: 4) { row, _ in
          TableCell(row.model.map { Formatting.count($0.runCount) } ?? "")
        },
        TableColumn("version", least: 7, isRightAligned: true, importance: 6) { row, context in
          guard let version = row.model?.latestVersion else {
            return TableCell(row.model == nil ? "" : "none", .dim)
          }
          return TableCell(
            version.createdAt?.secondsSince1970.map { Formatting.age(context.now - $0) } ?? "", .dim
          )
        },
      ])
  }
}
