import Foundation
import Testing

/// A tour of all places while the service answers as oddly as the real world has been seen to.
@Suite(.serialized) struct `A tour of an odd world` {
  @Test(arguments: ["1", "2", "3"])
  func `every place can be visited, and the program ends cleanly`(seed: String) async throws {
    try await withDemoServer("--fault", "odd", "--demo-seed", seed, "--speed", "8") { server in
      try await withTerminal(
        [Replicant.path], columns: 160, rows: 48, environment: server.environment
      ) { terminal in
        try await terminal.waits(for: "1 Collections")
        for (key, title) in [
          ("1", "1 Collections"), ("2", "2 Models"), ("4", "4 Predictions"), ("5", "5 "),
          ("0", "Log"), ("H", "Hardware"),
        ] {
          try await terminal.press(key)
          try await terminal.waits { $0.contains(title) }
          // Something of each is opened and scrolled, whatever it is.
          for key in ["Down", "Down", "End", "Home", "Enter", "PPage", "NPage", "C-l"] {
            try await terminal.press(key)
          }
        }
        try await terminal.press("1")
        try await terminal.waits { $0.contains("1 Collections") }
        for address in ["demo/painter", "demo/every-input", "lumen-lab/storyteller"] {
          try await terminal.paste(address)
          try await terminal.waits { $0.contains("3 \(address)") }
          for key in ["Right", "Down", "Right", "Down", "Right", "C-l"] {
            try await terminal.press(key)
          }
        }
        try await terminal.signal(SIGTERM)
        #expect(try await terminal.exitStatus() == 128 + SIGTERM)
        try await terminal.expectRestored()
      }
    }
  }
}
