import Foundation
import ReplicateAPI
import Running
import Settings
import Synchronization
import Testing

@testable import Archive

@Suite struct `Groups on disk` {
  private let root = FileManager.default.temporaryDirectory.appending(
    path: "replicant-groups-\(UUID().uuidString)/state/groups"
  ).path
  private let base = "https://api.example.com/v1"

  private func store(_ token: String = "r8_one", kept: Int = 100) -> GroupFolder {
    GroupFolder(root: root, baseURL: base, token: token, kept: kept)
  }

  private func group(_ count: Int = 3, at time: String = "2026-01-01T00:00:00Z")
    -> PredictionGroup
  {
    PredictionGroup(
      createdAt: Timestamp(time), target: .version(ModelVersion.ID(rawValue: "v1")),
      model: ModelID("a/b"), input: ["text": "漢字", "nested": ["b": 1, "a": [true, 2.5]]],
      sweeps: [
        PredictionGroup.Sweep("seed", (1...count).map { .number(JSONNumber($0)) })
      ],
      options: PredictionOptions(
        cancelAfter: .seconds(90), webhook: "https://a.example/hook", webhookEvents: [.completed]),
      secrets: ["key", "keys"], structuredSecrets: ["keys"], files: ["image", "mask"],
      fileSpots: [["image"], ["mask", "0"]])
  }

  private let attempt = PredictionGroup.Attempt(
    intent: PredictionIntent.ID(), record: "r", at: "2026-01-01T00:00:01Z")

  private func path(of group: PredictionGroup) -> String { "\(root)/\(group.id.rawValue).json" }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? Int) ?? 0
  }

  private func groups(
    _ store: GroupFolder
  ) async throws -> (groups: [StoredGroup], problems: [String]) {
    let problems = Mutex<[String]>([])
    let groups = try await store.groups { problem in problems.withLock { $0.append(problem) } }
    return (groups, problems.withLock { $0 })
  }

  @Test func `a group comes back as it was kept, for another store too`() async throws {
    var kept = group(7)
    let one = store()
    try await one.add(kept)
    kept[0] = .sending(attempt)
    kept[1] = .created("p1", nil)
    kept[2] = .created("p2", .succeeded)
    kept[3] = .refused(reason: "too odd")
    kept[4] = .doubtful(attempt, candidates: ["p3", "p4"])
    kept[5] = .dropped
    #expect(try await one.update(kept, isDurable: true))
    #expect(try await groups(one).groups == [StoredGroup(kept, isElsewhere: false)])
    let other = store()
    #expect(try await groups(other).groups == [StoredGroup(kept, isElsewhere: true)])
  }

  @Test func `only its owner can read it, and it has no secrets`() async throws {
    let plan = RunPlan(
      .model(ModelID(owner: "a", name: "b")), input: ["prompt": "x", "key": "hush"],
      schema: ModelSchema(inputs: [
        InputField(name: "prompt"), InputField(name: "key", kind: .secret()),
      ]))
    let group = PredictionGroup(
      RunBatch(plan: plan, sweeps: [PredictionGroup.Sweep("seed", [1, 2])]),
      createdAt: "2026-01-01T00:00:00Z")
    try await store("r8_secret").add(group)
    #expect(try mode(root) == 0o700)
    #expect(try mode(path(of: group)) == 0o600)
    let text = try String(contentsOfFile: path(of: group), encoding: .utf8)
    #expect(!text.contains("hush"))
    #expect(!text.contains("r8_secret"))
    #expect(text.contains("\"key\""))
  }

  @Test func `a group that couldn't be read back isn't begun`() async throws {
    var large = group(1)
    large.input = ["text": .string(String(repeating: "x", count: 3 << 20))]
    let store = GroupFolder(root: root, baseURL: base, token: "r8_one", longest: 2 << 20)
    await #expect(throws: ArchiveFailure.self) { try await store.add(large) }
    #expect(try await groups(store).groups.isEmpty)
  }

  @Test func `only one program at a time has a group`() async throws {
    let kept = group()
    var one: GroupFolder? = store()
    try await one?.add(kept)
    let other = store()
    #expect(try await other.takeOver(kept.id) == nil)
    #expect(try await !other.update(kept, isDurable: true))
    one = nil
    let third = store()
    #expect(try await other.takeOver(kept.id) == kept)
    #expect(try await third.takeOver(kept.id) == nil)
    #expect(try await groups(third).groups.map(\.isElsewhere) == [true])
  }

  @Test func `of several programs that start at once, one gets the group`() async throws {
    let kept = group()
    try await store().add(kept)
    let stores = (0..<8).map { _ in store() }
    let winners = try await withThrowingTaskGroup(of: Int.self) { tasks in
      for store in stores {
        tasks.addTask { try await store.takeOver(kept.id) == nil ? 0 : 1 }
      }
      return try await tasks.reduce(0, +)
    }
    #expect(winners == 1)
  }

  @Test func `another account's groups aren't seen, those of its other tokens are`() async throws {
    let kept = group()
    try await store("r8_one").add(kept)
    #expect(try await groups(store("r8_two")).groups.isEmpty)
    await store("r8_one").identify(as: "acme")
    let two = store("r8_two")
    await two.identify(as: "acme")
    #expect(try await groups(two).groups.map(\.group) == [kept])
    let three = store("r8_three")
    await three.identify(as: "somebody")
    #expect(try await groups(three).groups.isEmpty)
  }

  @Test(arguments: [
    "", "{", "[]", "{}", "null", "\u{0}\u{1}", #"{"version":1,"id":"x"}"#,
  ])
  func `a damaged file is set aside and told, and the others are read`(text: String) async throws {
    let good = group()
    let bad = group(at: "2026-01-02T00:00:00Z")
    let one = store()
    try await one.add(good)
    try await one.add(bad)
    try text.write(toFile: path(of: bad), atomically: true, encoding: .utf8)
    let (groups, problems) = try await groups(store())
    #expect(groups.map(\.group) == [good])
    #expect(problems.count == 1)
    #expect(problems.first?.contains("unreadable-1") == true)
    let kept = try String(contentsOfFile: path(of: bad) + ".unreadable-1", encoding: .utf8)
    #expect(kept == text)
    #expect(!FileManager.default.fileExists(atPath: path(of: bad)))
  }

  @Test func `half of a group isn't taken for a whole one`() async throws {
    let kept = group()
    try await store().add(kept)
    let text = try String(contentsOfFile: path(of: kept), encoding: .utf8)
    for (old, new) in [
      (#""waiting","waiting","waiting""#, #""waiting","waiting""#),
      (#""waiting","waiting","waiting""#, #""waiting","waiting","odd""#),
      (#""values":[1,2,3]"#, #""values":[1,2,3,4]"#),
      (#""target":{"version":"v1"}"#, #""target":{}"#),
    ] {
      try text.replacing(old, with: new).write(
        toFile: path(of: kept), atomically: true, encoding: .utf8)
      let (groups, problems) = try await groups(store())
      #expect(groups.isEmpty)
      #expect(problems.count == 1, "\(old)")
    }
  }

  @Test func `a file of a newer version is left alone`() async throws {
    let kept = group()
    try await store().add(kept)
    let text = try String(contentsOfFile: path(of: kept), encoding: .utf8)
      .replacing(#""version":2,"id""#, with: #""version":3,"id""#)
    try text.write(toFile: path(of: kept), atomically: true, encoding: .utf8)
    let (groups, problems) = try await groups(store())
    #expect(groups.isEmpty)
    #expect(problems.first?.contains("newer version") == true)
    #expect(try String(contentsOfFile: path(of: kept), encoding: .utf8) == text)
  }

  @Test func `what isn't a group's file is ignored`() async throws {
    let kept = group()
    try await store().add(kept)
    for name in ["notes.txt", "x.json", "\(kept.id.rawValue).json.123"] {
      try "x".write(toFile: "\(root)/\(name)", atomically: true, encoding: .utf8)
    }
    try FileManager.default.createDirectory(
      atPath: "\(root)/\(String(repeating: "a", count: 32)).json", withIntermediateDirectories: true
    )
    let (groups, problems) = try await groups(store())
    #expect(groups.map(\.group) == [kept])
    #expect(problems.count == 1)
  }

  @Test func `nothing is written before there is a group`() async throws {
    #expect(try await groups(store()).groups.isEmpty)
    await store().identify(as: "acme")
    #expect(!FileManager.default.fileExists(atPath: root))
  }

  @Test func `the oldest groups that are over are forgotten, others never`() async throws {
    let one = store(kept: 3)
    var ids: [PredictionGroup.ID] = []
    for day in 1...6 {
      var kept = group(1, at: "2026-01-0\(day)T00:00:00Z")
      if day != 2 { kept[0] = .created(Prediction.ID(rawValue: "p\(day)"), .succeeded) }
      ids.append(kept.id)
      // Each by a program that has ended.
      try await store(kept: 100).add(kept)
    }
    try await one.add(group(1, at: "2026-01-07T00:00:00Z"))
    let left = try await groups(one).groups.map(\.group.id)
    #expect(left.count == 3)
    #expect(left.contains(ids[1]))
    #expect(!left.contains(ids[0]))
  }

  @Test func `a record of intents knows what became of them`() async throws {
    let path = "\(root)-intents/intents.json"
    let file = IntentFile(path: path, baseURL: base, token: "r8_one")
    let record = try await file.outcomes(of: []).record
    let ids = (0..<4).map { _ in PredictionIntent.ID() }
    for id in ids.prefix(3) {
      try await file.record(
        PredictionIntent(
          id: id, target: .version(ModelVersion.ID(rawValue: "v")), input: [:],
          notedAt: Timestamp("2099-01-01T00:00:00Z")))
    }
    _ = try await file.resolve(ids[0], as: .created("p1"))
    _ = try await file.resolve(ids[1], as: .refused)
    let outcomes = try await file.outcomes(of: Set(ids))
    #expect(outcomes.record == record)
    #expect(outcomes.states == [ids[0]: .created("p1"), ids[2]: .underWay])
    // For another program it is the same record, until it is lost.
    let other = IntentFile(path: path, baseURL: base, token: "r8_one")
    #expect(try await other.outcomes(of: []).record == record)
    try "oops".write(toFile: path, atomically: true, encoding: .utf8)
    await #expect(throws: ArchiveFailure.self) { _ = try await other.outcomes(of: []) }
    #expect(try await other.outcomes(of: []).record != record)
  }
}
