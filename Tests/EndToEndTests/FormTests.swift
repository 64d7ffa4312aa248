import Foundation
import ReplicateAPI
import Support
import Testing

/// A real model's form, filled in by keys and nothing else.
@Suite(.serialized) struct `SDXL's form` {
  /// Presses keys one at a time, as a hand does, and counts them.
  private actor Hand {
    let terminal: PseudoTerminal
    private(set) var count = 0

    init(_ terminal: PseudoTerminal) {
      self.terminal = terminal
    }

    func press(_ key: String, times: Int = 1) async throws {
      for _ in 0..<times {
        count += 1
        try await terminal.press(key)
      }
    }

    func type(_ text: String) async throws {
      count += text.count
      try await terminal.typeSlowly(text)
    }

    /// Goes to the next field with Enter, and waits for the field's description.
    func next(_ description: String) async throws {
      try await press("Enter")
      try await terminal.waits(for: description)
    }
  }

  @Test(
    .enabled(
      if: ReferenceData.folder != nil, "the schemas of real models aren't here, so this is skipped")
  )
  func `eight inputs are set and run by keys alone, and arrive as typed`() async throws {
    let folder = try #require(ReferenceData.folder) + "/schemas"
    try await withDemoServer("--demo-schemas", folder, "--speed", "20") { server in
      try await withTerminal(
        [Replicant.path, "stability-ai/sdxl"], columns: 120, rows: 40,
        environment: server.environment
      ) { terminal in
        try await terminal.waits(for: "3 stability-ai/sdxl")
        let hand = Hand(terminal)
        try await hand.press("r")
        try await terminal.waits(for: "Input prompt")
        // The default is selected, so typing replaces it.
        try await hand.type("a lighthouse at dusk")
        try await hand.next("Input Negative Prompt")
        try await hand.type("blurry")
        try await hand.press("Tab", times: 3)
        try await terminal.waits(for: "Width of output image")
        try await hand.type("768")
        try await hand.next("Height of output image")
        try await hand.type("512")
        try await hand.next("Number of images to output")
        try await hand.press("M-Up")
        try await hand.next("6 of 7")
        try await hand.press("Enter")
        try await terminal.waits(for: "type to filter")
        try await hand.type("pn")
        try await hand.next("Number of denoising steps")
        try await hand.press("Enter")
        try await terminal.waits(for: "Scale for classifier-free guidance")
        try await hand.type("5.5")
        // Another field by its name.
        try await hand.press("C-f")
        try await hand.type("water")
        try await hand.press("Enter")
        try await terminal.waits(for: "1 of 19")
        try await hand.press("Space")
        try await terminal.waits(for: "[ ] off")
        try await terminal.waits(for: "8 changed")
        try await hand.press("C-r")
        try await terminal.waits(for: "5 stability-ai/sdxl")
        let made = try await server.inputs()
        #expect(
          made == [
            [
              "prompt": "a lighthouse at dusk", "negative_prompt": "blurry", "width": 768,
              "height": 512, "num_outputs": 2, "scheduler": "PNDM", "guidance_scale": 5.5,
              "apply_watermark": false,
            ]
          ])
        print("SDXL's form: 8 inputs and the run took \(await hand.count) keys.")
        try await terminal.signal(SIGTERM)
        _ = try await terminal.exitStatus()
      }
    }
  }
}

extension DemoServerProcess {
  /// The inputs of the model's runs, newest first.
  fileprivate nonisolated func inputs() async throws -> [JSONObject] {
    let page = try JSONValue(parsing: Array(try await get("/predictions")))
    return (page["results"]?.array ?? []).filter { $0["model"] == "stability-ai/sdxl" }
      .compactMap { $0["input"]?.object }
  }
}

extension PseudoTerminal {
  /// Types a text. Each letter is on the screen before the next one: what comes faster than a hand can
  /// type is a paste.
  func typeSlowly(_ text: String) async throws {
    for letter in text { try await seeing { try await type(String(letter)) } }
  }

  /// Presses a key that changes something on the screen, and waits until it has.
  func pressAndSee(_ key: String) async throws {
    try await seeing { try await press(key) }
  }

  /// Does something that changes the screen, and waits until it has.
  private func seeing(_ act: () async throws -> Void) async throws {
    let before = try await screen()
    try await act()
    try await waits(until: "something has changed") { screen in
      screen.lines != before.lines || screen.modes != before.modes
    }
  }
}
