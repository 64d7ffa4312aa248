import Foundation
import ReplicateAPI
import Testing

/// Where the values of a form come from, in the built program: drafts after a kill, examples, and the
/// options of a run.
@Suite(.serialized) struct FormValuesTests {
  /// Runs the program with a state folder that outlives it.
  private func program(
    _ server: DemoServerProcess, state: URL, columns: Int = 120, rows: Int = 40,
    _ body: (PseudoTerminal) async throws -> Void
  ) async throws {
    var environment = server.environment
    environment["XDG_STATE_HOME"] = state.path
    try await withTerminal(
      [try Replicant.path], columns: columns, rows: rows, environment: environment
    ) { terminal in
      try await terminal.waits(for: "Collections")
      try await terminal.type(":demo/painter\r")
      try await terminal.waits(for: "https://replicate.com/demo/painter")
      try await terminal.type("r")
      try await terminal.waits(for: "Run demo/painter")
      try await body(terminal)
    }
  }

  private func withState(_ body: (URL) async throws -> Void) async throws {
    let state = FileManager.default.temporaryDirectory
      .appendingPathComponent("replicant-state-\(UUID().uuidString.prefix(8))")
    defer { try? FileManager.default.removeItem(at: state) }
    try await body(state)
  }

  /// Waits until a file in the state folder has a text.
  private func waits(for text: String, in state: URL) async throws {
    let deadline = ContinuousClock.now + PseudoTerminal.patience
    while ContinuousClock.now < deadline {
      for path in FileManager.default.subpaths(atPath: state.path) ?? [] {
        let content = try? String(
          contentsOf: state.appendingPathComponent(path), encoding: .utf8)
        if path.hasSuffix(".json"), content?.contains(text) == true { return }
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("“\(text)” wasn't kept")
  }

  @Test func `what was being filled in is there again after kill -9`() async throws {
    try await withDemoServer { server in
      try await withState { state in
        try await program(server, state: state) { terminal in
          try await terminal.typeSlowly("a fox at dawn")
          for _ in 0..<6 { try await terminal.pressAndSee("Tab") }
          try await terminal.typeSlowly("17x")
          try await terminal.waits(for: "must be a whole number")
          try await waits(for: "17x", in: state)
          try await terminal.signal(SIGKILL)
          _ = try await terminal.exitStatus()
        }
        try await program(server, state: state) { terminal in
          let screen = try await terminal.waits(for: "This is your draft")
          #expect(screen.contains("a fox at dawn") && screen.contains("17x"))
          try await terminal.press("M-u")
          try await terminal.waits { !$0.contains("a fox at dawn") && !$0.contains("your draft") }
        }
      }
    }
  }

  @Test func `what was typed just before quitting is kept, too`() async throws {
    try await withDemoServer { server in
      try await withState { state in
        try await program(server, state: state) { terminal in
          try await terminal.typeSlowly("a last word")
          try await terminal.press("C-q")
          #expect(try await terminal.exitStatus() == 0)
        }
        try await program(server, state: state) { terminal in
          try await terminal.waits { $0.contains("a last word") && $0.contains("your draft") }
        }
      }
    }
  }

  @Test func `a form is filled in from an example, and back again`() async throws {
    try await withDemoServer { server in
      try await withState { state in
        try await program(server, state: state) { terminal in
          try await terminal.typeSlowly("mine")
          try await terminal.press("F6")
          try await terminal.waits { $0.contains("Values") && $0.contains("winter forest") }
          try await terminal.typeSlowly("winter")
          try await terminal.waits { !$0.contains("morning mist") }
          try await terminal.press("Enter")
          try await terminal.waits {
            $0.contains("Filled in from an example") && $0.contains("a winter forest")
          }
          try await terminal.press("C-y")
          try await terminal.waits { $0.contains("mine") && !$0.contains("a winter forest") }
        }
        #expect(try await server.predictions().filter { $0.status == "starting" }.isEmpty)
      }
    }
  }

  @Test func `the options of a run arrive`() async throws {
    try await withDemoServer("--speed", "0.2") { server in
      try await withState { state in
        try await program(server, state: state) { terminal in
          try await terminal.typeSlowly("a fox")
          try await terminal.press("F7")
          try await terminal.waits(for: "Run options of demo/painter")
          for _ in 0..<2 { try await terminal.pressAndSee("Tab") }
          try await terminal.paste("https://example.com/hook")
          try await terminal.waits(for: "https://example.com/hook")
          for key in ["Tab", "Tab", "Tab", "Space", "Tab", "Tab"] {
            try await terminal.pressAndSee(key)
          }
          try await terminal.typeSlowly("1h30m")
          try await terminal.press("Escape")
          try await terminal.waits(for: "webhook (start, output, completed), deadline 1h30m")
          try await terminal.press("C-r")
          try await terminal.waits(for: "5 demo/painter")
        }
        let page = try JSONValue(parsing: Array(try await server.get("/predictions")))
        let listed = page["results"]?.array?.first { $0["webhook"]?.string != nil }
        let id = try #require(listed?["id"]?.string)
        // A list leaves out which events were asked for.
        let row = try JSONValue(parsing: Array(try await server.get("/predictions/\(id)")))
        #expect(row["webhook"] == "https://example.com/hook")
        let events = row["webhook_events_filter"]?.array?.compactMap(\.string) ?? []
        #expect(events.sorted() == ["completed", "output", "start"])
        #expect(row["input"]?["prompt"] == "a fox")
        let times = try [
          try #require(row["created_at"]?.string), try #require(row["deadline"]?.string),
        ].map {
          try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse($0)
        }
        // The service's clock runs at its speed, which is 0.2 here.
        #expect(abs(times[1].timeIntervalSince(times[0]) * 0.2 - 5400) < 1)
      }
    }
  }
}
