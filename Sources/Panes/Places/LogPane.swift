import ReplicateAPI
import Running
import TerminalKit
import ViewModels

extension LogViewModel {
  /// The list of calls, newest first.
  func pane() -> any Pane {
    ListPane(
      self, calls, noun: "the calls", name: { [weak self] in self?.title ?? "Log" },
      empty: { "No API calls yet." },
      columns: [
        TableColumn("time", least: 8, importance: 6) { call, _ in
          TableCell(String(call.startedAt.text.dropFirst(11).prefix(8)), .dim)
        },
        TableColumn("status", least: 6, isRightAligned: true, importance: 8) { call, _ in
          TableCell(
            call.status.map(String.init) ?? (call.isOngoing ? "…" : "none"), Self.style(of: call),
            isForeign: false)
        },
        TableColumn("method", least: 6, importance: 7) { call, _ in
          TableCell(call.method, .label)
        },
        TableColumn("path", least: 14, weight: 1, importance: 9) { call, _ in
          // A part of it that is hidden is an ellipsis.
          TableCell(call.path, isForeign: false)
        },
        TableColumn("took", least: 8, isRightAligned: true, importance: 5) { call, _ in
          TableCell("\(Formatting.milliseconds(call.duration)) ms", .value)
        },
        TableColumn("size", least: 7, isRightAligned: true, importance: 3) { call, _ in
          TableCell(Formatting.bytes(call.byteCount), .dim)
        },
        TableColumn("attempt", least: 3, isRightAligned: true, importance: 2) { call, _ in
          TableCell("\(call.attempt)", call.attempt > 1 ? .warning : .dim)
        },
        TableColumn("request", least: 20, weight: 1, most: 36, importance: 1) { call, _ in
          TableCell(call.requestID ?? "", .dim)
        },
      ])
  }

  private static func style(of call: CallRecord) -> Style {
    if call.error != nil { return call.retryDelay == nil ? .failure : .warning }
    return call.isOngoing ? .running : .success
  }
}
