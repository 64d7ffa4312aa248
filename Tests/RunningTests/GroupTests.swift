import OrderedCollections
import ReplicateAPI
import Support
import Testing

@testable import Running

/// The program over a service that counts, with stores that outlive it.
@MainActor
private final class GroupStage {
  let service: CountingService
  let clock = TestClock()
  let intents: MemoryIntentStore
  let store: MemoryGroupStore
  let runs: Runs
  var groups: RunGroups { runs.groups }
  private(set) var paused: [RunGroup] = []

  /// 2026-11-24T03:00:00Z
  nonisolated static let start = 1_795_489_200.0

  init(after earlier: GroupStage? = nil, limit: Int = 1000) {
    service = earlier?.service ?? CountingService()
    intents = earlier?.intents ?? MemoryIntentStore()
    store = earlier?.store ?? MemoryGroupStore()
    let configuration = Client.Configuration(token: "r8_test", baseURL: "http://127.0.0.1:1/v1")
    runs = Runs(
      client: Client(configuration, transport: service, clock: clock),
      time: TimeSource(now: { Self.start }, clock: clock), intents: intents, groups: store)
    runs.groups.limit = limit
    runs.groups.onPause = { [weak self] in self?.paused.append($0) }
  }

  static let plan = RunPlan(
    .version(ModelVersion.ID(rawValue: "v")), of: ModelID("acme/painter"),
    input: ["prompt": "a fox", "steps": 4])

  func sweep(_ count: Int) -> [PredictionGroup.Sweep] {
    [PredictionGroup.Sweep("seed", (1...count).map { .number(JSONNumber($0)) })]
  }

  func passing(until isSo: () -> Bool) async {
    await clock.pass(by: .seconds(1), turns: 50, until: isSo)
  }

  func until(_ isSo: () -> Bool) async {
    while !isSo() { await Task.yield() }
  }

  var seeds: [Int] { service.inputs.compactMap { $0["seed"]?.int } }
}

@MainActor @Suite(.endsSometime) struct `Groups of runs` {
  @Test func `every combination of the values is a member, the last sweep changing first`() {
    let group = PredictionGroup(
      RunBatch(
        plan: GroupStage.plan,
        sweeps: [
          PredictionGroup.Sweep("seed", [1, 2]),
          PredictionGroup.Sweep("style", ["ink", "oil", "chalk"]),
        ]), createdAt: "2026-11-24T03:00:00Z")
    #expect(group.members.count == 6)
    #expect(group.values(at: 0) == ["seed": 1, "style": "ink"])
    #expect(group.values(at: 1) == ["seed": 1, "style": "oil"])
    #expect(group.values(at: 5) == ["seed": 2, "style": "chalk"])
    #expect(
      group.input(at: 4, secrets: [:]).hasSameMembers(as: [
        "prompt": "a fox", "steps": 4, "seed": 2, "style": "oil",
      ]))
  }

  @Test func `the number of runs is counted without making them`() {
    let many = PredictionGroup.Sweep("a", Array(repeating: 1, count: 1000))
    #expect(PredictionGroup.count(of: Array(repeating: many, count: 7)) == .max)
    #expect(PredictionGroup.count(of: [many, many]) == 1_000_000)
    let group = PredictionGroup(
      RunBatch(plan: GroupStage.plan, sweeps: [many, many]), createdAt: "")
    #expect(group.members.count == PredictionGroup.largest)
  }

  @Test func `members are sent one after another, each once`() async throws {
    let stage = GroupStage()
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(20)))
    await stage.groups.settled()
    #expect(stage.seeds == Array(1...20))
    #expect(group.phase == .sent)
    #expect(group.progress.running == 20)
    #expect(stage.service.inputs.allSatisfy { $0["prompt"] == "a fox" && $0["steps"] == 4 })
    stage.service.end()
    await stage.passing { group.progress.succeeded == 20 }
    #expect(group.group.isOver)
    stage.runs.end()
  }

  @Test func `no more runs are under way than allowed`() async throws {
    let stage = GroupStage(limit: 3)
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(5)))
    await stage.until { stage.service.attempts == 3 && stage.runs.creates.underWay == 0 }
    for _ in 0..<200 { await Task.yield() }
    #expect(stage.service.attempts == 3)
    #expect(group.progress.waiting == 2)
    stage.service.end("made1")
    await stage.passing { stage.service.attempts == 4 }
    stage.service.end()
    await stage.passing { stage.service.attempts == 5 }
    stage.runs.end()
  }

  @Test func `a refused member stops the group until somebody says so`() async throws {
    let stage = GroupStage()
    stage.service.fate(
      of: 3,
      .refused(
        status: 422,
        body: #"{"status":422,"title":"Input validation failed","detail":"- input.seed: too odd"}"#)
    )
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(5)))
    await stage.groups.settled()
    #expect(stage.paused.map(\.id) == [group.id])
    #expect(stage.seeds == [1, 2])
    guard case .refused = group.group[2] else {
      Issue.record("\(group.group[2])")
      return
    }
    #expect(await stage.groups.goOn(group) == nil)
    await stage.groups.settled()
    #expect(stage.seeds == [1, 2, 4, 5])
    #expect(group.phase == .sent)
    #expect(group.progress.failed == 1)
    stage.runs.end()
  }

  @Test func `a member that couldn't be paid for is sent again when the group goes on`()
    async throws
  {
    let stage = GroupStage()
    stage.service.fate(
      of: 2, .refused(status: 402, body: #"{"title":"Insufficient credit","detail":"Buy some."}"#))
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(3)))
    await stage.groups.settled()
    guard case .paused(.failed(member: 1, let error)) = group.phase else {
      Issue.record("\(group.phase)")
      return
    }
    #expect(error.status == 402)
    #expect(await stage.groups.goOn(group) == nil)
    await stage.groups.settled()
    #expect(stage.seeds == [1, 2, 3])
    stage.runs.end()
  }

  @Test func `a lost answer is searched for, and the group goes on by itself`() async throws {
    let stage = GroupStage()
    stage.service.fate(of: 2, .answerLost)
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(3)))
    await stage.passing { group.phase == .sent }
    #expect(stage.seeds == [1, 2, 3])
    #expect(group.predictions.map(\.id.rawValue) == ["made1", "made2", "made3"])
    stage.runs.end()
  }

  @Test func `a member in doubt stops the group, and is sent again only if somebody says so`()
    async throws
  {
    let stage = GroupStage()
    stage.service.fate(of: 2, .requestLost)
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(3)))
    await stage.passing { group.phase != .sending }
    guard case .paused(.doubtful(member: 1, _)) = group.phase else {
      Issue.record("\(group.phase)")
      return
    }
    #expect(await stage.groups.goOn(group) == nil)
    await stage.groups.settled()
    #expect(stage.seeds == [1, 3])
    #expect(group.progress.doubtful == 1)
    #expect(await stage.groups.goOn(group, .doubtfulToo) == nil)
    await stage.groups.settled()
    #expect(stage.seeds == [1, 3, 2])
    #expect(group.progress.doubtful == 0)
    stage.runs.end()
  }

  @Test func `canceling drops what wasn't sent and cancels what is under way`() async throws {
    let stage = GroupStage(limit: 3)
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(10)))
    await stage.until { stage.service.attempts == 3 && stage.runs.creates.underWay == 0 }
    #expect(await stage.groups.cancel(group) == nil)
    #expect(stage.service.attempts == 3)
    #expect(Set(stage.service.canceled) == ["made1", "made2", "made3"])
    #expect(group.progress.dropped == 7)
    #expect(group.progress.canceled == 3)
    #expect(group.phase == .sent)
    stage.runs.end()
  }

  @Test func `a create that is on its way is canceled with its group once it is there`()
    async throws
  {
    let stage = GroupStage()
    stage.service.hold()
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(3)))
    await stage.until { stage.runs.creates.underWay == 1 }
    async let canceled = stage.groups.cancel(group)
    await stage.until { group.phase == .canceling }
    stage.service.release()
    #expect(await canceled == nil)
    #expect(stage.service.attempts == 1)
    #expect(stage.service.canceled == ["made1"])
    stage.runs.end()
  }

  @Test func `a group whose state can't be kept isn't sent`() async throws {
    let stage = GroupStage()
    await stage.store.fail("the disk is full")
    await #expect(throws: ReplicateError(.notRecorded(reason: "the disk is full"))) {
      _ = try await stage.groups.start(RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(3)))
    }
    await stage.store.fail(nil)
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(3)))
    await stage.groups.settled()
    #expect(group.phase == .sent)
    #expect(stage.service.attempts == 3)
    stage.runs.end()
  }

  @Test func `secrets are sent with every member and kept nowhere`() async throws {
    let stage = GroupStage()
    let plan = RunPlan(
      .version(ModelVersion.ID(rawValue: "v")), input: ["prompt": "a fox", "key": "hush"],
      schema: ModelSchema(inputs: [
        InputField(name: "prompt"), InputField(name: "key", kind: .secret()),
        InputField(name: "seed", kind: .integer()),
      ]))
    let group = try await stage.groups.start(RunBatch(plan: plan, sweeps: stage.sweep(2)))
    await stage.groups.settled()
    #expect(stage.service.inputs.allSatisfy { $0["key"] == "hush" })
    #expect(group.group.secrets == ["key"])
    #expect(group.group.input["key"] == nil)
    stage.runs.end()
  }

  // MARK: After a start

  @Test func `what was under way is followed, and what is left waits for an answer`() async throws {
    let first = GroupStage(limit: 3)
    _ = try await first.groups.start(RunBatch(plan: GroupStage.plan, sweeps: first.sweep(5)))
    await first.until { first.service.attempts == 3 && first.runs.creates.underWay == 0 }
    await first.until { first.groups.all[0].progress.running == 3 }
    first.runs.end()
    await first.groups.settled()

    let second = GroupStage(after: first)
    let left = try await second.groups.recover(account: "acme") { _ in }
    #expect(left.count == 1)
    #expect(left[0].phase == .paused(.left))
    #expect(left[0].progress.waiting == 2)
    await second.until { second.runs.ownUnderWay.count == 3 }
    #expect(second.service.attempts == 3)
    #expect(await second.groups.goOn(left[0]) == nil)
    await second.groups.settled()
    #expect(second.seeds == [1, 2, 3, 4, 5])
    second.runs.end()
  }

  /// A group as a program leaves it that is killed while it sends a member.
  private func killed(
    _ stage: GroupStage, _ attempt: PredictionGroup.Attempt,
    sweeps: [PredictionGroup.Sweep]? = nil, plan: RunPlan = GroupStage.plan
  ) async throws -> PredictionGroup {
    var group = PredictionGroup(
      RunBatch(plan: plan, sweeps: sweeps ?? stage.sweep(3)),
      createdAt: Timestamp(secondsSince1970: GroupStage.start))
    group[0] = .sending(attempt)
    try await stage.store.add(group)
    return group
  }

  private func attempt(_ stage: GroupStage, _ record: String? = nil, daysAgo: Double = 0) async
    -> PredictionGroup.Attempt
  {
    let own = await stage.intents.outcomes(of: []).record
    return PredictionGroup.Attempt(
      intent: PredictionIntent.ID(), record: record ?? own,
      at: Timestamp(secondsSince1970: GroupStage.start - daysAgo * 86_400))
  }

  @Test func `a member that was never recorded as an intent is sent once`() async throws {
    let stage = GroupStage()
    _ = try await killed(stage, await attempt(stage))
    let left = try await stage.groups.recover(account: nil) { _ in }
    #expect(left[0].progress.waiting == 3)
    #expect(await stage.groups.goOn(left[0]) == nil)
    await stage.groups.settled()
    #expect(stage.seeds == [1, 2, 3])
    stage.runs.end()
  }

  @Test func `a member whose answer had come isn't sent again`() async throws {
    let stage = GroupStage()
    let attempt = await attempt(stage)
    _ = try await killed(stage, attempt)
    _ = await stage.intents.resolve(attempt.intent, as: .created("made9"))
    let left = try await stage.groups.recover(account: nil) { _ in }
    #expect(left[0].group[0] == .created("made9", nil))
    #expect(await stage.groups.goOn(left[0]) == nil)
    await stage.groups.settled()
    #expect(stage.seeds == [2, 3])
    stage.runs.end()
  }

  @Test func `when the record of intents was lost, a member is in doubt rather than sent again`()
    async throws
  {
    let stage = GroupStage()
    _ = try await killed(stage, await attempt(stage, "another record"))
    let left = try await stage.groups.recover(account: nil) { _ in }
    #expect(left[0].progress.doubtful == 1)
    #expect(await stage.groups.goOn(left[0]) == nil)
    await stage.groups.settled()
    #expect(stage.seeds == [2, 3])
    stage.runs.end()
  }

  @Test func `a last member in doubt is asked about, and only at the first start`() async throws {
    let stage = GroupStage()
    _ = try await killed(
      stage, await attempt(stage, "another record"), sweeps: [PredictionGroup.Sweep("seed", [7])])
    let left = try await stage.groups.recover(account: nil) { _ in }
    #expect(left.count == 1 && left[0].progress.doubtful == 1 && left[0].progress.waiting == 0)
    stage.runs.end()
    let later = GroupStage(after: stage)
    #expect(try await later.groups.recover(account: nil) { _ in }.isEmpty)
    #expect(later.groups.all.first?.progress.doubtful == 1)
    later.runs.end()
  }

  @Test func `after a week nobody knows what became of a member`() async throws {
    let stage = GroupStage()
    _ = try await killed(stage, await attempt(stage, daysAgo: 8))
    let left = try await stage.groups.recover(account: nil) { _ in }
    #expect(left[0].progress.doubtful == 1)
    stage.runs.end()
  }

  @Test func `a member that could be mistaken for another one stops and asks`() async throws {
    let stage = GroupStage()
    let twins = [PredictionGroup.Sweep("seed", [7, 7, 8])]
    let attempt = await attempt(stage)
    _ = try await killed(stage, attempt, sweeps: twins)
    // Another program has found it by searching.
    await stage.intents.record(
      PredictionIntent(
        id: attempt.intent, target: GroupStage.plan.target, input: ["seed": 7], notedAt: attempt.at)
    )
    _ = await stage.intents.resolve(attempt.intent, as: .unknown(candidates: ["x1", "x2"]))
    let left = try await stage.groups.recover(account: nil) { _ in }
    #expect(left[0].group[0] == .doubtful(attempt, candidates: ["x1", "x2"]))
    #expect(await stage.groups.goOn(left[0]) == nil)
    await stage.groups.settled()
    #expect(stage.seeds == [7, 8])
    stage.runs.end()
  }

  @Test func `a prediction that is another member's is never taken for this one`() async throws {
    let stage = GroupStage()
    let attempt = await attempt(stage)
    var group = try await killed(stage, attempt)
    group[1] = .created("made9", .succeeded)
    _ = try await stage.store.update(group, isDurable: true)
    _ = await stage.intents.resolve(attempt.intent, as: .created("made9"))
    let left = try await stage.groups.recover(account: nil) { _ in }
    #expect(left[0].group[0] == .doubtful(attempt, candidates: ["made9"]))
    stage.runs.end()
  }

  @Test func `after a start, secrets have to be entered again`() async throws {
    let stage = GroupStage()
    let plan = RunPlan(
      .version(ModelVersion.ID(rawValue: "v")), input: ["prompt": "a fox", "key": "hush"],
      schema: ModelSchema(inputs: [
        InputField(name: "prompt"), InputField(name: "key", kind: .secret()),
      ]))
    _ = try await killed(stage, await attempt(stage), plan: plan)
    let left = try await stage.groups.recover(account: nil) { _ in }
    #expect(left[0].missingSecrets == ["key"])
    #expect(await stage.groups.goOn(left[0]) == "Enter key first.")
    #expect(stage.service.attempts == 0)
    // A text that looks like JSON is one.
    #expect(left[0].enter(#"["hush"]"#, for: "key") == nil)
    #expect(await stage.groups.goOn(left[0]) == nil)
    await stage.groups.settled()
    #expect(stage.service.inputs.allSatisfy { $0["key"] == #"["hush"]"# })
    #expect(stage.service.attempts == 3)
    stage.runs.end()
  }

  @Test func `secrets that aren't texts are entered as JSON`() async throws {
    let stage = GroupStage()
    let plan = RunPlan(
      .version(ModelVersion.ID(rawValue: "v")), input: ["keys": ["one", "two"]],
      schema: ModelSchema(inputs: [
        InputField(name: "keys", kind: .array(.secret(), minItems: nil, maxItems: nil))
      ]))
    _ = try await killed(stage, await attempt(stage), plan: plan)
    let left = try #require(try await stage.groups.recover(account: nil) { _ in }.first)
    #expect(left.enter("one", for: "keys")?.contains("Column 1") == true)
    #expect(left.missingSecrets == ["keys"])
    #expect(left.enter(#"["one"]"#, for: "keys") == nil)
    #expect(await stage.groups.goOn(left) == nil)
    await stage.groups.settled()
    #expect(stage.service.inputs.allSatisfy { $0["keys"] == ["one"] })
    stage.runs.end()
  }

  @Test func `a canceled group doesn't wait as long as the service asked to`() async throws {
    let stage = GroupStage()
    stage.service.fate(
      of: 2, .refused(status: 429, body: #"{"detail":"throttled","retry_after":200}"#))
    let group = try await stage.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: stage.sweep(5)))
    await stage.until { group.isWaiting }
    // Nothing lets time pass.
    #expect(await stage.groups.cancel(group) == nil)
    #expect(group.phase == .sent)
    #expect(stage.seeds.first == 1)
    #expect(group.progress.dropped == 4)
    #expect(stage.service.canceled == ["made1"])
    stage.runs.end()
  }

  @Test func `members that this program knows nothing of are canceled, too`() async throws {
    let stage = GroupStage()
    var value = try await killed(stage, await attempt(stage))
    value[0] = .created("far1", nil)
    _ = try await stage.store.update(value, isDurable: true)
    stage.service.refusesReading = true
    let left = try #require(try await stage.groups.recover(account: nil) { _ in }.first)
    await stage.runs.settled()
    #expect(stage.runs.run("far1") == nil)
    stage.service.refusesReading = false
    _ = await stage.groups.cancel(left)
    #expect(stage.service.canceled == ["far1"])
    stage.runs.end()
  }

  @Test func `a member that couldn't be asked for is asked for again`() async throws {
    let first = GroupStage()
    let group = try await first.groups.start(
      RunBatch(plan: GroupStage.plan, sweeps: first.sweep(1)))
    await first.groups.settled()
    let id = try #require(group.predictions.first?.id)
    first.runs.end()
    let second = GroupStage(after: first)
    second.service.refusesReading = true
    _ = try await second.groups.recover(account: nil) { _ in }
    await second.runs.settled()
    #expect(second.runs.run(id) == nil)
    second.service.refusesReading = false
    await second.passing { second.runs.run(id) != nil }
    second.runs.end()
  }

  @Test func `going on doesn't undo that a group was canceled`() async throws {
    let stage = GroupStage()
    _ = try await killed(stage, await attempt(stage))
    let left = try #require(try await stage.groups.recover(account: nil) { _ in }.first)
    async let answer = stage.groups.goOn(left)
    async let failed = stage.groups.cancel(left)
    _ = await (answer, failed)
    await stage.groups.settled()
    #expect(left.progress.waiting == 0)
    #expect(left.progress.dropped + stage.service.canceled.count == 3)
    stage.runs.end()
  }

  @Test func `nothing is sent by a start alone`() async throws {
    let stage = GroupStage()
    _ = try await killed(stage, await attempt(stage))
    _ = try await stage.groups.recover(account: nil) { _ in }
    await stage.groups.settled()
    await stage.runs.settled()
    #expect(stage.service.attempts == 0)
    stage.runs.end()
  }
}

@Suite struct `Ranges of numbers` {
  private func numbers(_ text: String) -> [String]? {
    NumberRange(text)?.numbers(atMost: 1000)?.map(\.literal)
  }

  @Test func `ranges are expanded exactly`() {
    #expect(numbers("1..4") == ["1", "2", "3", "4"])
    #expect(numbers("4 .. 1") == ["4", "3", "2", "1"])
    #expect(numbers("1…3") == ["1", "2", "3"])
    #expect(numbers("0..1 step 0.25") == ["0", "0.25", "0.5", "0.75", "1"])
    #expect(numbers("0.1..0.4 step 0.1") == ["0.1", "0.2", "0.3", "0.4"])
    #expect(numbers("-1..1 step 0.5") == ["-1", "-0.5", "0", "0.5", "1"])
    #expect(numbers("0..10 by 3") == ["0", "3", "6", "9"])
    #expect(numbers("5..5") == ["5"])
    #expect(
      numbers("18446744073709551613..18446744073709551615") == [
        "18446744073709551613", "18446744073709551614", "18446744073709551615",
      ])
  }

  @Test(arguments: [
    "", "..", "1..", "..3", "1", "1.5", "1..2..3", "a..b", "1..3 step 0", "1..3 step -1",
    "1..3 step", "1e3..2e3", "1..9999999999999999999999999999999999999999",
    "0..1 step 0.00000000000001",
  ])
  func `what is no range isn't taken for one`(text: String) {
    #expect(numbers(text) == nil)
  }

  @Test func `the numbers are counted before there are any`() {
    #expect(NumberRange("1..1000000000000")?.count == 1_000_000_000_000)
    #expect(NumberRange("1..1000000000000")?.numbers(atMost: 1000) == nil)
    #expect(NumberRange("0..99999999999999999999 step 0.000000000001")?.numbers(atMost: 9) == nil)
    #expect(NumberRange("0..1 step 0.5")?.isWhole == false)
    #expect(NumberRange("0.0..2.0")?.isWhole == true)
  }
}
