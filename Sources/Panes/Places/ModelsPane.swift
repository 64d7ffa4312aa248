import ReplicateAPI
import TerminalKit
import ViewModels

extension ModelsViewModel {
  /// The list of models: all of them, a collection's, or search results.
  func pane() -> any Pane {
    ListPane(
      self, models, noun: "the models",
      name: { [weak self] in
        guard let self, case .collection(let slug) = listedSource else { return "Models" }
        return "Models · \(collectionNames[slug] ?? slug)"
      },
      empty: { [weak self] in
        switch self?.listedSource {
        case .search(let words): "No models found for “\(words)”."
        case .collection: "This collection has no models."
        case .everything, nil: "There are no models."
        }
      },
      columns: [
        TableColumn("name", least: 14, weight: 3, most: 44, importance: 9) { row, _ in
          TableCell(row.id.name, row.isOfficial ? .official : .normal)
        },
        TableColumn("owner", least: 8, weight: 2, most: 24, importance: 2) { row, _ in
          TableCell(row.id.owner, .dim)
        },
        TableColumn("description", least: 36, weight: 8, importance: 1) { row, _ in
          TableCell(row.description ?? "")
        },
        TableColumn("runs", least: 5, isRightAligned: true, importance: 3) { row, _ in
          TableCell(Formatting.count(row.runCount), .count)
        },
      ])
  }
}
