import TerminalKit
import ViewModels

extension HardwareViewModel {
  /// The list of machines.
  func pane() -> any Pane {
    ListPane(
      self, hardware, noun: "the hardware", empty: { "Replicate lists no hardware." },
      columns: [
        TableColumn("name", least: 18, weight: 2, most: 40, importance: 9) { row, _ in
          TableCell(row.name)
        },
        TableColumn("sku", least: 16, weight: 1, importance: 2) { row, _ in
          TableCell(row.sku, .dim)
        },
      ])
  }
}
