import ReplicateAPI
import TerminalKit
import ViewModels

extension FilesViewModel {
  /// The list of uploaded files, newest first, with the time that is left.
  func pane() -> any Pane {
    ListPane(
      self, files, noun: "the files",
      empty: { "No files are uploaded. Press u to upload one; Replicate keeps it for a day." },
      isCounting: { [weak self] file in
        // The last minutes are counted down.
        guard let self, let end = file.expiresAt?.secondsSince1970 else { return false }
        return (0...120).contains(end - serviceNow)
      },
      created: ("age", { $0.createdAt?.secondsSince1970 }),
      columns: [
        TableColumn("name", least: 14, weight: 3, most: 60, importance: 9) { row, _ in
          TableCell(row.name ?? row.id.rawValue)
        },
        TableColumn("type", least: 12, weight: 1, most: 26, importance: 3) { row, _ in
          TableCell(row.contentType, .dim)
        },
        TableColumn("size", least: 8, isRightAligned: true, importance: 6) { row, _ in
          TableCell(Formatting.bytes(row.size))
        },
        TableColumn("left", least: 10, isRightAligned: true, importance: 5) { row, context in
          guard let end = row.expiresAt?.secondsSince1970 else { return TableCell("") }
          return end > context.now
            ? TableCell(Formatting.age(end - context.now)) : TableCell("expired", .warning)
        },
        TableColumn("uploaded", least: 6, isRightAligned: true, importance: 2) { row, context in
          TableCell(
            row.createdAt?.secondsSince1970.map { Formatting.age(context.now - $0) } ?? "", .dim)
        },
      ])
  }
}
