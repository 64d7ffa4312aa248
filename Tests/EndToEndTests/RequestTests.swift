import Foundation
import ReplicateAPI
import Testing

/// The request of a form in the built program.
@Suite struct RequestTests {
  @Test func `the request is shown, edited as JSON, and run`() async throws {
    try await withDemoServer("--speed", "20") { server in
      try await withTerminal(
        [Replicant.path, "demo/painter"], columns: 120, rows: 40, environment: server.environment
      ) { terminal in
        try await terminal.waits(for: "Paints landscapes")
        try await terminal.type("r")
        try await terminal.waits(for: "Run demo/painter")
        try await terminal.paste("a lighthouse")
        try await terminal.waits(for: "a lighthouse")

        try await terminal.press("F2")
        try await terminal.waits(for: #""prompt": "a lighthouse""#)
        try await terminal.type("3")
        try await terminal.waits(for: "client.predictions.create(")

        // A mistake first: nothing is taken.
        try await terminal.press("Enter")
        try await terminal.waits(for: "Edit the request")
        try await terminal.paste(#"  "seed": 18446744073709551615"#)
        try await terminal.waits(for: "18446744073709551615")
        try await terminal.press("C-s")
        try await terminal.waits(for: "Line 2, column")

        // The cursor is where the mistake is.
        try await terminal.press("C-k")
        try await terminal.waits(forEndOf: "Line 2, column")
        try await terminal.press("C-u")
        try await terminal.waits(forEndOf: #""prompt": "a lighthouse""#)
        try await terminal.paste(#"  "prompt": "a harbor", "num_outputs": 2, "seed": 7"#)
        try await terminal.waits(for: "a harbor")
        try await terminal.press("C-s")
        try await terminal.waits(forEndOf: "Edit the request")
        try await terminal.press("Escape")
        try await terminal.waits { !$0.contains("JavaScript") && $0.contains("3 changed") }
        try await terminal.press("C-r")
        try await terminal.waits { $0.contains("succeeded") && $0.contains("out-1.png") }
        try await terminal.type("q")
        #expect(try await terminal.exitStatus() == 0)
      }
      let list = try JSONValue(parsing: Array(try await server.get("/predictions")))
      #expect(
        list["results"]?[0]?["input"] == ["prompt": "a harbor", "num_outputs": 2, "seed": 7])
    }
  }
}
