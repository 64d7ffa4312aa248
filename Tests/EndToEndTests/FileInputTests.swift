import Crypto
import Foundation
import Support
import Testing

/// A file on this machine, from the keys to the model.
@Suite(.serialized) struct FileInputTests {
  private struct Prediction: Decodable {
    struct Output: Decodable {
      struct File: Decodable {
        let size: Int?
        let sha256: String?
      }
      let file: File
    }
    let status: String
    let output: Output?
  }

  @Test func `a path is completed with Tab, and the model gets the file's bytes`() async throws {
    let folder = try TestFolder()
    let bytes = TestFolder.png(640, 480) + (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    try folder.write("picture of a cat.png", bytes)
    try folder.write("notes.txt")
    let expected = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    try await withDemoServer("--speed", "20") { server in
      try await withTerminal(
        [try Replicant.path, "demo/every-input"], environment: server.environment
      ) { terminal in
        try await terminal.waits(for: "3 demo/every-input")
        try await terminal.type("r")
        try await terminal.waits(for: "Any text. This input is required")
        try await terminal.type("x")
        try await terminal.press("C-f")
        try await terminal.paste("file")
        try await terminal.press("Enter")
        try await terminal.waits(for: "The URL of a file")
        try await terminal.paste("\(folder.path)/pic")
        try await terminal.waits(for: "/pic")
        try await terminal.press("Tab")
        try await terminal.waits(for: "picture of a cat.png")
        try await terminal.waits(for: "300 kB · image/png · 640 × 480 · to upload")
        try await terminal.press("C-r")
        try await terminal.waits(for: "every-input succeeded.")
      }
      let id = try #require(try await server.predictions().first).id
      let prediction = try JSONDecoder().decode(
        Prediction.self, from: try await server.get("/predictions/\(id)"))
      #expect(prediction.status == "succeeded")
      #expect(prediction.output?.file.size == bytes.count)
      #expect(prediction.output?.file.sha256 == expected)
    }
  }

  @Test func `a file is found in the chooser, and a missing one stops the run`() async throws {
    let folder = try TestFolder()
    try folder.write("deep/cat.png", TestFolder.png(32, 32))
    try await withDemoServer("--speed", "20") { server in
      try await withTerminal(
        [try Replicant.path, "demo/every-input"], environment: server.environment
      ) { terminal in
        try await terminal.waits(for: "3 demo/every-input")
        try await terminal.type("r")
        try await terminal.waits(for: "Any text. This input is required")
        try await terminal.type("x")
        try await terminal.press("C-f")
        try await terminal.paste("file")
        try await terminal.press("Enter")
        try await terminal.waits(for: "The URL of a file")
        try await terminal.paste("\(folder.path)/none.png")
        try await terminal.waits(for: "isn't there")
        try await terminal.press("C-r")
        try await terminal.waits(for: "A file can’t be sent, so nothing was run")
        // The chooser opens where the path leads.
        try await terminal.press("C-o")
        try await terminal.waits(for: "File for file")
        try await terminal.waits(for: "deep/")
        try await terminal.typeSlowly("deep")
        try await terminal.press("Enter")
        try await terminal.waits(for: "cat.png")
        try await terminal.typeSlowly("cat")
        try await terminal.waits(for: "image/png · 32 × 32 · as data")
        try await terminal.press("Enter")
        try await terminal.waits(forEndOf: "File for file")
        try await terminal.press("C-r")
        try await terminal.waits(for: "5 demo/every-input")
      }
      #expect(try await server.predictions().first?.model == "demo/every-input")
    }
  }
}
