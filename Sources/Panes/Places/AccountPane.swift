import TerminalKit
import ViewModels

extension AccountViewModel {
  /// What there is to know about the account, a row each.
  func pane() -> any Pane {
    ListPane(
      self, topics, noun: "the account", empty: { "" },
      columns: [
        TableColumn("topic", least: 12, importance: 9) { row, _ in TableCell(row.title) },
        TableColumn("summary", least: 16, weight: 1, importance: 8) { [weak self] row, _ in
          TableCell(self?.summary(of: row) ?? "", .dim)
        },
      ])
  }
}
