import Foundation
import ReplicateAPI
import Settings
import Testing

@testable import Archive

@Suite struct `Intents on disk` {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "replicant-intents-\(UUID().uuidString)")
  private let base = "https://api.example.com/v1"

  private var path: String { folder.appending(path: "state/intents.json").path }

  private func store(_ token: String = "r8_one") -> IntentFile {
    IntentFile(path: path, baseURL: base, token: token)
  }

  private func intent(_ text: String = "x", at time: String = "2026-01-01T00:00:00Z")
    -> PredictionIntent
  {
    PredictionIntent(
      target: .version(ModelVersion.ID(rawValue: "v1")), model: ModelID("a/b"),
      input: ["text": .string(text), "nested": ["b": 1, "a": [true, 2.5]]], omitted: ["key"],
      digests: ["key": "00ff"], serverTime: Timestamp(time), notedAt: Timestamp(time))
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? Int) ?? 0
  }

  @Test func `an intent comes back as it was noted, for another store too`() async throws {
    let noted = intent()
    try await store().record(noted)
    let other = store()
    var expected = noted
    // The store that noted it is gone.
    expected.state = .unknown(candidates: [])
    #expect(try await other.unsettled() == [expected])
  }

  @Test func `every kind of target and state survives`() async throws {
    let targets: [PredictionTarget] = [
      .version(ModelVersion.ID(rawValue: "v")), .model(ModelID(owner: "a", name: "b")),
      .deployment(ModelID(owner: "c", name: "d")),
    ]
    let one = store()
    for target in targets {
      var intent = intent()
      intent.target = target
      try await one.record(intent)
    }
    let ids = try await one.unsettled().map(\.id)
    #expect(try await one.unsettled().allSatisfy { $0.state == .underWay })
    _ = try await one.resolve(ids[0], as: .sought)
    _ = try await one.resolve(ids[1], as: .unknown(candidates: [Prediction.ID(rawValue: "p1")]))
    let read = try await store().unsettled()
    #expect(read.map(\.target) == targets)
    #expect(read[1].state == .unknown(candidates: [Prediction.ID(rawValue: "p1")]))
  }

  @Test func `the file and its folder are private`() async throws {
    try await store().record(intent())
    #expect(try mode(path) == 0o600)
    #expect(try mode("\(path).lock") == 0o600)
    #expect(try mode(folder.appending(path: "state").path) == 0o700)
  }

  @Test func `neither the token nor a secret is in the file`() async throws {
    try await store("r8_verysecret").record(intent())
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!text.contains("verysecret"))
    #expect(text.contains("00ff"))
  }

  @Test func `a prediction belongs to one intent, whichever program asks`() async throws {
    let (one, two) = (store(), store())
    let (first, second) = (intent(), intent())
    try await one.record(first)
    try await two.record(second)
    let prediction = Prediction.ID(rawValue: "p1")
    #expect(try await one.resolve(first.id, as: .created(prediction)))
    #expect(try await !two.resolve(second.id, as: .created(prediction)))
    #expect(try await two.claimed([prediction], byOthersThan: second.id) == [prediction])
    #expect(try await one.claimed([prediction], byOthersThan: first.id).isEmpty)
    #expect(try await one.unsettled().map(\.id) == [second.id])
  }

  @Test func `what a running program has under way isn't taken over`() async throws {
    let (one, two) = (store(), store())
    try await one.record(intent())
    #expect(try await two.takeOverAbandoned().isEmpty)
    #expect(try await two.unsettled().map(\.state) == [.underWay])
  }

  @Test func `what an ended program left behind is taken over once`() async throws {
    let noted = intent()
    try await store().record(noted)
    let (one, two) = (store(), store())
    #expect(try await one.takeOverAbandoned().map(\.id) == [noted.id])
    #expect(try await two.takeOverAbandoned().isEmpty)
  }

  @Test func `accounts are apart until their name is known`() async throws {
    let (one, two) = (store("r8_one"), store("r8_two"))
    let noted = intent()
    try await one.record(noted)
    #expect(try await two.unsettled().isEmpty)
    try await one.identify(as: "acme")
    try await two.identify(as: "else")
    #expect(try await two.unsettled().isEmpty)
    try await two.identify(as: "acme")
    #expect(try await two.unsettled().map(\.id) == [noted.id])
    #expect(
      try await IntentFile(path: path, baseURL: "https://x/v1", token: "r8_one").unsettled().isEmpty
    )
  }

  @Test(arguments: ["", "{", "[]", "null", "\u{0}\u{1}", #"{"version":1"#])
  func `a file that nobody can read is kept aside`(content: String) async throws {
    try FileManager.default.createDirectory(
      atPath: folder.appending(path: "state").path, withIntermediateDirectories: true)
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    // It is said once, and then goes on.
    await #expect(throws: ArchiveFailure.self) { _ = try await store().takeOverAbandoned() }
    try await store().record(intent())
    #expect(try await store().unsettled().count == 1)
    #expect(try String(contentsOfFile: "\(path).unreadable-1", encoding: .utf8) == content)
  }

  @Test func `a file of a newer version is left alone`() async throws {
    let content = #"{"version":2,"intents":{}}"#
    try FileManager.default.createDirectory(
      atPath: folder.appending(path: "state").path, withIntermediateDirectories: true)
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    await #expect(throws: ArchiveFailure.self) { try await store().record(intent()) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
  }

  @Test func `records of another make are kept`() async throws {
    try await store().record(intent())
    var text = try String(contentsOfFile: path, encoding: .utf8)
    text = text.replacing(#""intents":["#, with: #""intents":[{"id":"odd","target":7},"#)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try await store().record(intent("y"))
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains(#"{"id":"odd","target":7}"#))
  }

  @Test func `a folder or a pipe in its place is refused with words`() async throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    await #expect(throws: ArchiveFailure.self) { try await store().record(intent()) }
    try FileManager.default.removeItem(atPath: path)
    #expect(mkfifo(path, 0o600) == 0)
    await #expect(throws: ArchiveFailure.self) { try await store().record(intent()) }
  }

  @Test func `many stores at once lose nothing`() async throws {
    let stores = (0..<4).map { _ in store() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for store in stores {
        group.addTask {
          for number in 0..<25 { try await store.record(intent("\(number)")) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await store().unsettled().count == 100)
  }
}
