import Foundation
import Testing

/// An idle program costs nothing: no timer, thread, or animation runs when nothing happens. This is
/// the only test that measures over a period of time, because there is no event to wait for.
@Suite(.serialized) struct AtRestTests {
  @Test func `an idle program is never woken up`() async throws {
    try await withDemoServer { server in
      try await withTerminal([Replicant.path], environment: server.environment) { terminal in
        try await terminal.waits(until: "every pane has loaded") {
          $0.contains("Try these first") && $0.contains("painter") && !$0.contains("Loading")
        }
        let process = try await terminal.programID()
        // Connections close after 8 s without a call, and worker threads exit a little later.
        var wakeUps = 0
        for _ in 0..<20 {
          wakeUps = try await Self.wakeUps(of: process, during: .seconds(3))
          if wakeUps == 0 { break }
        }
        #expect(wakeUps == 0)
        try await terminal.type("q")
        #expect(try await terminal.exitStatus() == 0)
      }
    }
  }

  private static func wakeUps(of process: Int32, during span: Duration) async throws -> Int {
    let before = try switches(of: process)
    try await Task.sleep(for: span)
    let after = try switches(of: process)
    // A thread that has exited or started since then must have run.
    guard before.keys == after.keys else { return max(1, before.count, after.count) }
    return after.reduce(0) { $0 + $1.value - (before[$1.key] ?? 0) }
  }

  /// The number of context switches of each thread, by thread ID.
  private static func switches(of process: Int32) throws -> [String: Int] {
    let folder = "/proc/\(process)/task"
    var counts: [String: Int] = [:]
    for thread in try FileManager.default.contentsOfDirectory(atPath: folder) {
      // A thread may exit between the two calls.
      guard let status = try? String(contentsOfFile: "\(folder)/\(thread)/status", encoding: .utf8)
      else { continue }
      counts[thread] = status.matches(of: #/voluntary_ctxt_switches:\s*(\d+)/#)
        .reduce(0) { $0 + (Int($1.1) ?? 0) }
    }
    return counts
  }
}
