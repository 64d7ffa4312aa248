import ReplicateAPI
import TerminalKit
import ViewModels

extension DeploymentsViewModel {
  /// The list of deployments: what each runs, and on what.
  func pane() -> any Pane {
    ListPane(
      self, deployments, noun: "the deployments",
      empty: {
        "No deployments. Press n to make one: a model on hardware of your own, under a name of your "
          + "own."
      },
      created: ("changed", { $0.currentRelease?.createdAt?.secondsSince1970 }),
      columns: [
        TableColumn("name", least: 12, weight: 2, most: 40, importance: 9) { row, _ in
          TableCell(row.id.name)
        },
        TableColumn("model", least: 12, weight: 3, most: 50, importance: 6) { row, _ in
          TableCell(row.currentRelease?.model ?? "", .dim)
        },
        TableColumn("hardware", least: 8, weight: 1, most: 20, importance: 5) { row, _ in
          TableCell(row.currentRelease?.configuration.hardware ?? "", .value)
        },
        TableColumn("instances", least: 9, isRightAligned: true, importance: 8) { row, context in
          guard let release = row.currentRelease?.configuration else { return TableCell("") }
          let dash = context.isASCII ? "-" : "–"
          return TableCell(
            "\(release.minInstances)\(dash)\(release.maxInstances)",
            release.minInstances > 0 ? .warning : .value)
        },
        TableColumn("release", least: 7, isRightAligned: true, importance: 2) { row, _ in
          TableCell(row.currentRelease.map { "\($0.number)" } ?? "", .dim)
        },
        TableColumn("changed", least: 6, isRightAligned: true, importance: 3) { row, context in
          TableCell(
            row.currentRelease?.createdAt?.secondsSince1970
              .map { Formatting.age(context.now - $0) } ?? "", .dim)
        },
      ])
  }
}
