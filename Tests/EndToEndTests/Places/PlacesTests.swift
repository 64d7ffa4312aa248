import Foundation
import ReplicateAPI
import Support
import Testing

/// A way through each place of the account by keys, with what the server received as the witness.
@Suite(.serialized) struct PlacesTests {
  private func withPlaces(
    _ arguments: [String] = [], speed: String = "40", environment: [String: String] = [:],
    _ body: (PseudoTerminal, RecordedServer) async throws -> Void
  ) async throws {
    try await RecordedServer.run("--speed", speed) { recorded in
      try await withTerminal(
        [try Replicant.path] + arguments,
        environment: recorded.environment.merging(environment) { $1 }
      ) { terminal in
        try await terminal.waits(for: "100 loaded")
        try await body(terminal, recorded)
      }
    }
  }

  /// Types the name that is asked for before something is deleted.
  private func confirm(_ name: String, _ terminal: PseudoTerminal) async throws {
    try await terminal.waits(for: "╭─ Delete ")
    try await terminal.typeSlowly(name)
    try await terminal.press("Enter")
  }

  @Test func `files are uploaded together, looked at, used, and deleted`() async throws {
    let folder = try TestFolder()
    defer { withExtendedLifetime(folder) {} }
    for name in ["one.png", "two.png"] { try folder.write(name, TestFolder.png(64, name.count)) }
    try folder.write("empty.txt", [])
    let config = try TestFolder()
    defer { withExtendedLifetime(config) {} }
    try config.write(
      "replicant/config.toml", Array("files-signing-secret-env = \"FILES_SECRET\"\n".utf8))
    let environment = [
      "XDG_CONFIG_HOME": config.path, "FILES_SECRET": "demonstration-files-signing-secret",
    ]
    try await withPlaces(["demo/every-input"], speed: "1", environment: environment) {
      terminal, recorded in
      try await terminal.waits(for: "3 demo/every-input")
      try await terminal.press("F")
      try await terminal.waits(for: "neon-street.png")
      try await terminal.press("u")
      try await terminal.waits(for: "Files to upload")
      try await terminal.paste(folder.path)
      try await terminal.waits(for: "Use ")
      try await terminal.press("Enter")
      try await terminal.waits(for: "3 files are uploaded")
      #expect(try recorded.changes() == Array(repeating: "POST /files", count: 3))
      try await terminal.pressAndSee("/")
      try await terminal.typeSlowly("two")
      try await terminal.press("Enter")
      try await terminal.waits(for: "two.png")
      try await terminal.waits(for: "64 × 7")
      try await terminal.press("w")
      try await terminal.waits(for: "Its checksum is right.")
      let saved = terminal.folder.appendingPathComponent("home/two.png")
      #expect(try Data(contentsOf: saved) == Data(TestFolder.png(64, 7)))
      try await terminal.press("i")
      try await terminal.waits(for: "The file is filled in as")
      try await terminal.press("Escape")
      try await terminal.waits(for: "Overview")
      try await terminal.press("F")
      try await terminal.waits(for: "two.png")
      try await terminal.press("d")
      try await confirm("two.png", terminal)
      try await terminal.waits(for: "two.png was deleted")
      let files = try await recorded.object("/files")["results"] as? [[String: Any]] ?? []
      let names = files.compactMap { $0["name"] as? String }
      #expect(names.contains("one.png") && names.contains("empty.txt"))
      #expect(!names.contains("two.png"))
      #expect(
        try recorded.calls().contains {
          $0.hasPrefix("GET /files/") && !$0.hasSuffix("/download")
        })
      #expect(try recorded.calls().contains { $0.hasSuffix("/download") })
    }
  }

  @Test func `an official model is run, watched, and canceled`() async throws {
    try await withPlaces(["lumen-lab/storyteller"], speed: "0.2") { terminal, recorded in
      try await terminal.waits(for: "3 lumen-lab/storyteller")
      try await terminal.press("r")
      try await terminal.waits(for: "Run lumen-lab/storyteller")
      try await terminal.typeSlowly("fox")
      try await terminal.press("C-r")
      try await terminal.waits(for: "▶ processing")
      try await terminal.press("c")
      try await terminal.waits(for: "Cancel this prediction?")
      try await terminal.press("y")
      try await terminal.waits(for: "storyteller was canceled.")
      let id = try #require(try await recorded.server.predictions().first).id
      #expect(
        try recorded.changes() == [
          "POST /models/lumen-lab/storyteller/predictions", "POST /predictions/\(id)/cancel",
        ])
      #expect(
        try recorded.calls().isSuperset(of: ["GET /predictions", "GET /predictions/\(id)"]))
    }
  }

  @Test func `an older version is opened by its address`() async throws {
    try await RecordedServer.run { recorded in
      let versions =
        try await recorded.object("/models/demo/painter/versions")["results"] as? [[String: Any]]
        ?? []
      let oldest = try #require(versions.last?["id"] as? String)
      try await withTerminal(
        [try Replicant.path, "demo/painter:\(oldest)"], environment: recorded.environment
      ) { terminal in
        try await terminal.waits(for: "3 demo/painter:\(oldest.prefix(8))")
        try await terminal.waits(for: "(chosen")
        #expect(
          try recorded.calls().contains("GET /models/demo/painter/versions/\(oldest)"))
      }
    }
  }

  @Test func `the older search stands in for one that an account doesn't have`() async throws {
    try await RecordedServer.run("--fault", "no-search") { recorded in
      try await withTerminal([try Replicant.path], environment: recorded.environment) { terminal in
        try await terminal.waits(for: "rain-study")
        try await terminal.press("2")
        try await terminal.waits(for: "/ search")
        try await terminal.pressAndSee("/")
        try await terminal.typeSlowly("maze")
        try await terminal.waits(forEndOf: "rain-study")
        try await terminal.waits(for: "quarry")
        #expect(try recorded.calls().contains("QUERY /models"))
      }
    }
  }

  @Test func `a deployment is made, changed, run, and deleted`() async throws {
    try await withPlaces { terminal, recorded in
      try await terminal.press("D")
      try await terminal.waits(for: "painter-app")
      try await terminal.waits(for: "Last day")
      try await terminal.press("n")
      try await terminal.waits(for: "New deployment")
      try await terminal.typeSlowly("my-app")
      try await terminal.press("Enter")
      try await terminal.typeSlowly("demo/painter")
      try await terminal.press("C-r")
      try await terminal.waits(for: "demo/my-app is deployed")
      try await terminal.waits(for: "0 always, 1 at most")
      try await terminal.press("e")
      try await terminal.waits(for: "Change my-app")
      try await terminal.pressAndSee("Tab")
      try await terminal.pressAndSee("Tab")
      try await terminal.typeSlowly("1")
      try await terminal.press("C-r")
      try await terminal.waits(for: "billed all the time, used or not, until")
      try await terminal.press("y")
      try await terminal.waits(for: "This is release 2")
      try await terminal.press("r")
      try await terminal.waits(for: "Run demo/painter")
      try await terminal.typeSlowly("a boat")
      try await terminal.press("C-r")
      try await terminal.waits(for: "painter succeeded.")
      #expect(
        try recorded.changes().filter { $0.contains("deployments") } == [
          "POST /deployments", "PATCH /deployments/demo/my-app",
          "POST /deployments/demo/my-app/predictions",
        ])
      try await terminal.press("D")
      try await terminal.waits(for: "painter-app")
      try await terminal.pressAndSee("/")
      try await terminal.typeSlowly("haiku")
      try await terminal.press("Enter")
      try await terminal.waits(for: "0 always, 2 at most")
      try await terminal.press("d")
      try await confirm("haiku-batch", terminal)
      try await terminal.waits(for: "demo/haiku-batch was deleted")
      let rest = try await recorded.object("/deployments")["results"] as? [[String: Any]] ?? []
      #expect(
        Set(rest.compactMap { $0["name"] as? String })
          == ["my-app", "painter-app", "windows-live"])
      let release =
        (rest.first { $0["name"] as? String == "my-app" }?["current_release"] as? [String: Any])?[
          "configuration"] as? [String: Any]
      #expect(release?["min_instances"] as? Int == 1)
      #expect(try recorded.calls().contains("GET /deployments/demo/haiku-batch"))
    }
  }

  /// From a folder of twenty pictures to a run of the version that was made, by keys alone.
  @Test func `a training is started from a folder, watched, and its version tried`() async throws {
    let folder = try TestFolder()
    defer { withExtendedLifetime(folder) {} }
    for number in 1...20 {
      // Too much for a data URL.
      let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* number) }
      try folder.write("fox-\(number).png", TestFolder.png(512, 512 + number) + bytes)
      try folder.write("fox-\(number).txt", Array("a TOKFOX in picture \(number)".utf8))
    }
    try await withPlaces { terminal, recorded in
      var keys = 0
      func press(_ names: String...) async throws {
        for name in names {
          try await terminal.pressAndSee(name)
          keys += 1
        }
      }
      func type(_ text: String) async throws {
        try await terminal.typeSlowly(text)
        keys += text.count
      }
      try await press("T")
      try await terminal.waits(for: "demo/paper-foxes")
      try await press("n")
      try await terminal.waits(for: "Train a model")
      // The trainer of the selected training is there already.
      try await press("Enter")
      try await terminal.waits(for: "Train picture-trainer")
      try await type("fox")
      try await press("Enter")
      try await press("Enter")
      try await terminal.waits(for: "File for input_images")
      try await terminal.paste(folder.path)
      keys += 1
      try await terminal.waits(for: "Use ")
      try await press("Enter")
      try await terminal.waits(for: "Zip it: 20 pictures, 20 captions")
      try await press("Enter")
      try await terminal.waits(for: "is zipped")
      try await press("C-r")
      try await terminal.waits(for: "The training has started")
      try await terminal.waits(for: "The training of picture-trainer succeeded.")
      try await terminal.waits(for: "demo/fox")
      try await press("x")
      try await terminal.waits(for: "Both runs are billed")
      try await terminal.answer("y", until: "1 of 2")
      keys += 1
      try await press("n")
      try await terminal.waits(for: "2 of 2")
      print("A training from a folder to the tried version: \(keys) keys.")
      #expect(keys <= 40)
      let changes = try recorded.changes()
      #expect(changes.contains("POST /files") && changes.contains("POST /models"))
      #expect(changes.count { $0.hasSuffix("/trainings") } == 1)
      #expect(changes.count { $0 == "POST /predictions" } == 2)
      let model = try await recorded.object("/models/demo/fox")
      #expect(model["visibility"] as? String == "private")
      #expect(model["latest_version"] is [String: Any])
    }
  }

  @Test func `a training under way is canceled`() async throws {
    try await withPlaces(speed: "1") { terminal, recorded in
      try await terminal.press("T")
      try await terminal.waits(for: "loss ")
      try await terminal.press("c")
      try await terminal.waits(for: "Cancel this training?")
      try await terminal.press("y")
      try await terminal.waits(for: "canceled")
      #expect(
        try recorded.changes().contains {
          $0.hasPrefix("POST /trainings/") && $0.hasSuffix("/cancel")
        })
    }
  }

  @Test func `a model of one's own is made, described, and deleted, and so is a version`()
    async throws
  {
    let folder = try TestFolder()
    defer { withExtendedLifetime(folder) {} }
    let editor = folder.path + "/editor"
    try folder.write(
      "editor", Array("#!/bin/sh\nsleep 1.2\necho '# Foxes of mine' > \"$1\"\n".utf8))
    #expect(chmod(editor, 0o755) == 0)
    try await withPlaces(environment: ["EDITOR": editor]) { terminal, recorded in
      try await terminal.press("M")
      try await terminal.waits(for: "paper-foxes")
      try await terminal.press("n")
      try await terminal.waits(for: "New model")
      try await terminal.typeSlowly("mine")
      try await terminal.press("C-r")
      try await terminal.waits(for: "demo/mine is there")
      try await terminal.waits(for: "none yet")
      try await terminal.press("e")
      try await terminal.waits(for: "Change mine")
      try await terminal.typeSlowly("Of mine")
      try await terminal.press("C-r")
      try await terminal.waits(for: "demo/mine was changed")
      try await terminal.press("E")
      try await terminal.waits(for: "The README of demo/mine was saved")
      #expect(
        String(decoding: try await recorded.server.get("/models/demo/mine/readme"), as: UTF8.self)
          .hasPrefix("# Foxes of mine"))
      #expect(try await recorded.object("/models/demo/mine")["description"] as? String == "Of mine")
      try await terminal.press("d")
      try await confirm("mine", terminal)
      try await terminal.waits(for: "demo/mine was deleted")
      try await terminal.pressAndSee("/")
      try await terminal.typeSlowly("foxes")
      try await terminal.press("Enter")
      try await terminal.waits(for: "private")
      try await terminal.press("x")
      try await terminal.waits(for: "Delete a version of demo/paper-foxes")
      let versions =
        try await recorded.object("/models/demo/paper-foxes/versions")["results"]
        as? [[String: Any]]
        ?? []
      let newest = try #require(versions.first?["id"] as? String)
      try await terminal.waits(for: String(newest.prefix(12)))
      try await terminal.press("Enter")
      try await confirm(String(newest.prefix(8)), terminal)
      try await terminal.waits(for: "Replicate is deleting version \(newest.prefix(8))")
      #expect(
        try recorded.changes() == [
          "POST /models", "PATCH /models/demo/mine", "PATCH /models/demo/mine",
          "DELETE /models/demo/mine",
          "DELETE /models/demo/paper-foxes/versions/\(newest)",
        ])
      #expect(try recorded.calls().contains("GET /models/demo/mine/readme"))
    }
  }

  @Test func `the account and its webhooks: checked, and sent again without the token`()
    async throws
  {
    try await withPlaces { terminal, recorded in
      try await terminal.press("A")
      try await terminal.waits(for: "organization")
      try await terminal.press("j")
      try await terminal.waits(for: "REPLICATE_API_TOKEN")
      try await terminal.press("j")
      try await terminal.waits(for: "per minute")
      try await terminal.press("W")
      try await terminal.waits(for: "whsec_…")
      let secret = WebhookSecret(
        try #require(
          try await recorded.object("/webhooks/default/secret")["key"] as? String))
      let body = #"{"id":"abc","status":"succeeded"}"#
      let now = Int(Date().timeIntervalSince1970)
      let signature = try #require(
        secret.sign(id: "msg_1", timestamp: now, body: Array(body.utf8)))
      try await terminal.press("p")
      try await terminal.waits(for: "Check a delivery")
      try await terminal.paste(
        "webhook-id: msg_1\nwebhook-timestamp: \(now)\nwebhook-signature: \(signature)\n\n\(body)")
      try await terminal.waits(for: "7/7")
      try await terminal.press("C-r")
      try await terminal.waits(for: "The delivery is genuine.")
      try await terminal.press("n")
      try await terminal.waits(for: "Send deliveries")
      try await terminal.paste("\(recorded.server.baseURL)/hook")
      try await terminal.waits(for: "this machine")
      try await terminal.press("C-r")
      try await terminal.waits(for: "weren’t taken. See Webhooks.")
      let deliveries = try recorded.requests().filter { $0.path.hasSuffix("/hook") }
      #expect(!deliveries.isEmpty)
      for delivery in deliveries {
        #expect(delivery.headers["webhook-signature"]?.hasPrefix("v1,") == true)
        #expect(delivery.headers["authorization"] == nil)
      }
      #expect(
        try recorded.calls().isSuperset(of: ["GET /webhooks/default/secret", "GET /account"]))
    }
  }

  @Test func `a model is read on its page: README, examples, versions; and the hardware`()
    async throws
  {
    try await withPlaces(["demo/painter"]) { terminal, recorded in
      try await terminal.waits(for: "3 demo/painter")
      try await terminal.pressAndSee("Right")
      try await terminal.press("Right")
      try await terminal.waits(for: "# ")
      try await terminal.press("Right")
      try await terminal.waits(for: "Example 1")
      try await terminal.press("Right")
      try await terminal.waits(for: "● ")
      try await terminal.press("H")
      try await terminal.waits(for: "gpu-t4")
      try await terminal.press("Escape")
      try await terminal.waits(for: "1 Collections")
      try await terminal.pressAndSee("1")
      try await terminal.press("Enter")
      try await terminal.waits(for: "New here?")
      try await terminal.press("2")
      try await terminal.waits(for: "/ search")
      try await terminal.pressAndSee("/")
      try await terminal.typeSlowly("maze")
      try await terminal.waits(until: "the search has arrived") { _ in
        try recorded.calls().contains("GET /search")
      }
      let calls = try recorded.calls()
      #expect(
        calls.isSuperset(of: [
          "GET /models/demo/painter", "GET /models/demo/painter/readme",
          "GET /models/demo/painter/examples", "GET /models/demo/painter/versions",
          "GET /hardware", "GET /collections", "GET /models", "GET /search",
        ]))
      #expect(calls.contains { $0.hasPrefix("GET /collections/") })
      #expect(try recorded.changes().isEmpty)
    }
  }
}

extension PseudoTerminal {
  /// Answers a question that has come up by itself. It takes no keys at first, so that none is taken for
  /// an answer that was meant for something else.
  func answer(_ key: String, until text: String) async throws {
    for _ in 1...60 {
      try await press(key)
      do {
        try await waits(for: text, within: .seconds(4))
        return
      } catch {
        guard try await screen().contains("next answer") else { break }
      }
    }
    try await waits(for: text)
  }
}
