import Testing

/// The main workflow from start to finish, as a new user would do it.
@Suite(.serialized) struct FirstRunTests {
  @Test func `browse, fill in a form, run, watch, find the run, and cancel another`() async throws {
    try await withDemoServer("--speed", "2") { server in
      try await withTerminal(
        [Replicant.path], columns: 160, rows: 48, environment: server.environment
      ) { terminal in
        try await openThePainter(terminal)
        try await fillInTheForm(terminal)
        try await watchTheRun(terminal)
        try await findItInTheHistory(terminal)
        try await cancelTheEndlessRun(terminal)

        try await terminal.type("q")
        #expect(try await terminal.exitStatus() == 0)
        #expect(try terminal.settingsAfter == terminal.settingsBefore)
      }

      // Check the server's own records. It also has older predictions.
      let predictions = try await server.predictions().prefix(2)
      #expect(predictions.map(\.model) == ["demo/endless", "demo/painter"])
      #expect(predictions.map(\.status) == ["canceled", "succeeded"])
    }
  }

  private func openThePainter(_ terminal: PseudoTerminal) async throws {
    // Use the mouse to choose a collection, and keys for the rest.
    try await terminal.click(on: "Try these first")
    try await terminal.press("Enter")
    // The old rows stay until the collection's models have loaded. The count in the title shows
    // which rows are there.
    try await terminal.waits { $0.text.contains(#/2 Models · Try these first ─+ 6 ─/#) }
    // Look for the row in the list. The page next to it may also name the painter.
    let screen = try await terminal.waits(for: "│ painter ")
    let row = try #require(screen.position(of: "│ painter "))
    try await terminal.click(x: row.x + 3, y: row.y)
    try await terminal.press("Enter")
    try await terminal.waits(for: "Paints landscapes")
  }

  private func fillInTheForm(_ terminal: PseudoTerminal) async throws {
    try await terminal.type("r")
    try await terminal.waits { $0.contains("Run demo/painter") && $0.contains("num_outputs") }
    try await terminal.paste("a lighthouse\nin winter")
    try await terminal.waits(for: "in winter")

    // More pictures than the model allows: the field shows the error, and nothing is sent.
    try await terminal.click(on: "num_outputs")
    try await terminal.type("9")
    try await terminal.press("C-r")
    try await terminal.waits(for: "Nothing was sent")
    #expect(try await terminal.screen().contains("must be 1 to 4"))

    try await terminal.press("BSpace")
    try await terminal.type("2")
    try await terminal.waits(forEndOf: "must be 1 to 4")
    try await terminal.press("C-r")
  }

  private func watchTheRun(_ terminal: PseudoTerminal) async throws {
    let first = try await terminal.waits(until: "the bar is there") { percentage(on: $0) != nil }
    let start = try #require(percentage(on: first))
    try await terminal.waits(until: "the bar has moved") { percentage(on: $0) ?? 0 > start }
    let done = try await terminal.waits { $0.contains("succeeded") && $0.contains("out-1.png") }
    #expect(done.contains("out-0.png"))
  }

  private func findItInTheHistory(_ terminal: PseudoTerminal) async throws {
    try await terminal.press("4")
    // Its prompt and age distinguish it from older runs.
    try await terminal.waits {
      $0.text.contains(#/✔ +painter +a light\S* +[\d.]+ s +(?:now|\d+ s)/#)
    }
    try await terminal.press("Enter")
    try await terminal.waits { $0.contains("5 demo/painter") && $0.contains("out-0.png") }
    // Two keys in one read would be text.
    try await terminal.waits(forEndOf: "s sort")
  }

  private func cancelTheEndlessRun(_ terminal: PseudoTerminal) async throws {
    try await terminal.type(":")
    try await terminal.waits(for: "Commands")
    try await terminal.type("demo/endless")
    try await terminal.waits(for: "Open demo/endless")
    try await terminal.press("Enter")
    try await terminal.waits(for: "so that you can cancel it")
    try await terminal.type("r")
    try await terminal.waits(for: "Run demo/endless")
    try await terminal.press("C-r")
    try await terminal.waits { $0.contains("processing") && $0.contains("Lamp lit") }

    // Enter chooses the harmless answer.
    try await terminal.type("c")
    try await terminal.waits(for: "Cancel this prediction?")
    try await terminal.press("Enter")
    try await terminal.waits(forEndOf: "Cancel this prediction?")
    try await terminal.type("c")
    try await terminal.waits(for: "Cancel this prediction?")
    try await terminal.type("y")
    try await terminal.waits { $0.contains("■ canceled") && !$0.contains("canceling") }
  }

  /// The percentage of the progress bar in the Live pane.
  private func percentage(on screen: TerminalScreen) -> Int? {
    screen.line(containing: "processing").flatMap { line in
      line.firstMatch(of: #/(\d+) %/#).flatMap { Int($0.1) }
    }
  }
}
