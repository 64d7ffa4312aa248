import Testing

/// More than one run from one form, by keys.
@Suite(.serialized) struct SweepTests {
  @Test func `a field takes three values, and their runs are one row`() async throws {
    try await withDemoServer("--speed", "20") { server in
      try await withTerminal(
        [Replicant.path, "inkwell/is-it-a-palindrome"], columns: 160, rows: 48,
        environment: server.environment
      ) { terminal in
        try await terminal.waits(for: "reads the same backward")
        try await terminal.press("r")
        try await terminal.waits(for: "Run inkwell/is-it-a-palindrome")
        try await terminal.press("F8")
        try await terminal.waits(for: "add a text")
        for (number, word) in ["level", "noon", "swift"].enumerated() {
          var typed = ""
          for letter in word {
            typed.append(letter)
            try await terminal.type(String(letter))
            try await terminal.waits(for: typed)
          }
          try await terminal.waits(for: number == 0 ? "1 run" : "\(number + 1) runs")
          if number < 2 { try await terminal.press("Enter") }
        }
        try await terminal.press("C-r")
        try await terminal.waits(for: "Run it 3 times?")
        try await terminal.press("y")
        try await terminal.waits(for: "×3 is")
        try await terminal.waits(for: "3/3")
        try await terminal.press("Enter")
        try await terminal.waits(for: "×3 is-it-a-palindrome")
        try await terminal.waits(for: "3 of 3")
        try await terminal.press("Escape")
        try await terminal.waits(for: "4 Predictions")
      }
    }
  }
}
