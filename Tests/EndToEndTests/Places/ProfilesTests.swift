import Foundation
import Support
import Testing

/// Switching between accounts, with the records of both services as the witnesses.
@Suite(.serialized) struct ProfilesTests {
  @Test func `nothing of one profile is seen in the other, with runs under way`() async throws {
    let folder = try TestFolder()
    defer { withExtendedLifetime(folder) {} }
    try await RecordedServer.run("--demo-seed", "1") { first in
      try await RecordedServer.run("--demo-seed", "2") { second in
        try folder.write(
          "replicant/config.toml",
          Array(
            """
            [profile.work]
            token-env = "WORK_TOKEN"
            base-url = "\(second.server.baseURL)"
            headers = { "X-Gateway-Key" = "${GATEWAY_KEY}" }

            [profile.broken]
            token-command = ["false"]

            """.utf8))
        let environment = first.environment.merging([
          "XDG_CONFIG_HOME": folder.path, "WORK_TOKEN": "r8_work_0123456789",
          "GATEWAY_KEY": "gateway-secret",
        ]) { $1 }
        try await withTerminal([try Replicant.path, "demo/endless"], environment: environment) {
          terminal in
          try await terminal.waits(for: "3 demo/endless")
          try await terminal.press("r")
          try await terminal.waits(for: "Run demo/endless")
          try await terminal.press("C-r")
          try await terminal.waits(for: "5 demo/endless")
          let run = try #require(try await first.server.predictions().first).id
          try await terminal.waits(for: run)
          try await terminal.press("C-p")
          try await terminal.waits(for: "Commands")
          try await terminal.typeSlowly("profile broken")
          try await terminal.press("Enter")
          try await terminal.waits(for: "false")
          try await terminal.press("C-p")
          try await terminal.waits(for: "Commands")
          try await terminal.typeSlowly("profile work")
          try await terminal.press("Enter")
          try await terminal.waits(for: "Switch to another account?")
          try await terminal.answer("W", until: "This is the profile work.")
          try await terminal.waits(for: "100 loaded")
          #expect(try await !terminal.screen().contains(run))
          try await terminal.press("A")
          try await terminal.waits(for: "A Account")
          try await terminal.press("j")
          try await terminal.waits(for: "WORK_TOKEN")
        }
        let (ours, theirs) = (try first.requests(), try second.requests())
        #expect(!theirs.isEmpty)
        for request in ours {
          #expect(request.headers["x-gateway-key"] == nil)
          #expect(request.headers["authorization"]?.contains("r8_work") != true)
        }
        for request in theirs where request.port == "api" {
          #expect(request.headers["authorization"] == "Bearer r8_work_0123456789")
          #expect(request.headers["x-gateway-key"] == "gateway-secret")
        }
        for request in theirs where request.port == "output" {
          #expect(request.headers["authorization"] == nil)
          #expect(request.headers["x-gateway-key"] == nil)
        }
        // What was under way goes on at the other service.
        #expect(try await first.server.predictions().first?.status == "processing")
      }
    }
  }
}
