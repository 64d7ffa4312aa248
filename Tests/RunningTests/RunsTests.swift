import ReplicateAPI
import Support
import Testing

@testable import Running

@MainActor @Suite struct `The runs of an account` {
  let stage = RunsStage()
  var runs: Runs { stage.runs }
  let plan = RunPlan(.version(ModelVersion.ID(rawValue: "v")), input: ["prompt": "a fox"])

  private func answer(_ id: String, _ status: String) {
    stage.script.answer("GET /predictions/\(id)", Prediction.answer(id, status))
  }

  // MARK: Counting

  @Test func `the account's runs in progress are counted, the user's own separately`() async throws
  {
    _ = runs.run(for: .sample("p1"))
    _ = runs.run(for: .sample("p2", .starting))
    _ = runs.run(for: .sample("p3", .succeeded))
    #expect(runs.underWay == 2)
    #expect(runs.ownUnderWay.isEmpty)

    stage.script.answer("POST /predictions", status: 201, Prediction.answer("own", "starting"))
    answer("own", "processing")
    let own = try await runs.create(plan)
    #expect(runs.underWay == 3)
    #expect(runs.ownUnderWay.map(\.id) == ["own"])

    _ = runs.run(for: .sample("p1", .canceled))
    #expect(runs.underWay == 2)
    answer("own", "succeeded")
    await stage.passing { !own.isUnderWay }
    #expect(runs.underWay == 1)
    #expect(runs.ownUnderWay.isEmpty)
    runs.end()
  }

  @Test func `a run without updates for a day is no longer counted`() async {
    _ = runs.run(for: .sample("old", .starting, secondsAgo: 365 * 86_400))
    #expect(runs.underWay == 0)
    _ = runs.run(for: .sample("p1", .starting, secondsAgo: 86_000))
    #expect(runs.underWay == 1)
    await stage.passing(.seconds(100)) { runs.underWay == 0 }

    // It turns out to be alive.
    _ = runs.run(for: .sample("p1", .processing, secondsAgo: 86_000))
    #expect(runs.underWay == 1)
    runs.end()
  }

  @Test func `an end that appears only in a list is reported`() async {
    var ended: [Prediction.ID] = []
    runs.onChange = { ended.append($0.id) }
    let run = runs.run(for: .sample("p1"))
    _ = runs.run(for: .sample("p1", .succeeded))
    #expect(ended.isEmpty)
    await runs.settled()
    #expect(ended == [run.id])
  }

  // MARK: Polling

  @Test func `an unknown status with a completion time means the run has ended`() async {
    var prediction = Prediction.sample("p1", .unknown("preempted"), secondsAgo: 100)
    prediction.startedAt = Timestamp(secondsSince1970: RunsStage.start - 90)
    prediction.completedAt = Timestamp(secondsSince1970: RunsStage.start - 80)
    let run = runs.run(for: prediction)
    runs.show(run)
    await runs.settled()
    #expect(!run.isUnderWay)
    #expect(run.elapsed(now: RunsStage.start) == 10)
    #expect(runs.underWay == 0)
    #expect(stage.script.sent.isEmpty)
  }

  @Test func `runs started elsewhere are polled only while visible`() async {
    for id in ["p1", "p2"] {
      answer(id, "processing")
      runs.follow(runs.run(for: .sample(id)))
    }
    runs.setSeen(["p2"])
    await stage.passing { stage.polls("p2") >= 3 }
    #expect(stage.polls("p1") == 0)

    runs.setSeen(["p1"])
    await stage.rest()
    let polls = stage.polls("p2")
    await stage.passing { stage.polls("p1") >= 3 }
    #expect(stage.polls("p2") == polls)
    #expect(runs.underWay == 2)
    runs.end()
  }

  @Test func `the user's own run and the shown run are polled out of sight`() async throws {
    runs.setSeen([])
    stage.script.answer("POST /predictions", status: 201, Prediction.answer("own", "starting"))
    answer("own", "processing")
    answer("p1", "processing")
    _ = try await runs.create(plan)
    runs.show(runs.run(for: .sample("p1")))
    await stage.passing { stage.polls("own") >= 3 && stage.polls("p1") >= 3 }
    runs.end()
  }

  @Test func `a row that becomes visible again doesn't wait all over again`() async {
    answer("p1", "processing")
    runs.follow(runs.run(for: .sample("p1")))
    // One sleep until the poll is due, and one until the run no longer counts.
    await stage.clock.sleeps(2)
    for _ in 0..<4 {
      stage.clock.advance(by: .milliseconds(200))
      await stage.rest()
      runs.setSeen([])
      await stage.rest()
      runs.setSeen(["p1"])
      await stage.rest()
    }
    await stage.until { stage.polls("p1") > 0 }
    runs.end()
  }

  @Test func `a cancel is polled until it's confirmed`() async throws {
    runs.setSeen([])
    let run = runs.run(for: .sample("p1"))
    stage.script.answer("POST /predictions/p1/cancel", Prediction.answer("p1", "processing"))
    answer("p1", "processing")
    try await runs.cancel(run)
    #expect(run.isCanceling)
    await stage.passing { stage.polls("p1") >= 2 }
    answer("p1", "canceled")
    await stage.passing { !run.isUnderWay }
    #expect(!run.isCanceling)
    await runs.settled()
  }

  // MARK: Creating and ending the session

  @Test func `creates are sent one at a time`() async throws {
    stage.script.answer("POST /predictions", status: 201, Prediction.answer("p1", "succeeded"))
    stage.script.hold("POST /predictions")
    let first = Task { try await runs.create(plan) }
    let second = Task { try await runs.create(plan) }
    await stage.script.sent("POST /predictions")
    await stage.rest()
    #expect(runs.isCreating)
    #expect(stage.script.sent.filter { $0 == "POST /predictions" }.count == 1)
    stage.script.release("POST /predictions")
    _ = try await first.value
    _ = try await second.value
    #expect(!runs.isCreating)
    #expect(stage.script.sent.filter { $0 == "POST /predictions" }.count == 2)
  }

  @Test func `ending stops everything except a create, whose result still arrives`() async throws {
    answer("p1", "processing")
    let run = runs.run(for: .sample("p1"))
    runs.show(run)
    await stage.transport.connected("p1")
    stage.script.answer("POST /predictions", status: 201, Prediction.answer("own", "starting"))
    stage.script.hold("POST /predictions")
    let create = Task { try await runs.create(plan) }
    await stage.script.sent("POST /predictions")
    create.cancel()

    runs.end()
    #expect(runs.underWay == 0)
    stage.transport.send("late", eventID: "1:0", to: "p1")
    stage.script.release("POST /predictions")
    let created = try await create.value
    #expect(created.id == "own" && created.isOwn)
    await runs.settled()
    let polls = stage.polls("p1")
    for _ in 0..<20 {
      stage.clock.advance(by: .seconds(5))
      await stage.rest()
    }
    #expect(stage.polls("p1") == polls && stage.polls("own") == 0)
    #expect(run.streamed.isEmpty)
    #expect(runs.underWay == 0)
  }

  // MARK: Storing

  @Test func `data that the service has deleted is still shown`() async throws {
    var prediction = Prediction.sample("p1", .succeeded)
    prediction.input = ["prompt": "a fox"]
    prediction.output = "A fox."
    prediction.logs = "done"
    let run = runs.run(for: prediction)
    await runs.settled()
    var removed = Prediction.sample("p1", .succeeded)
    removed.isDataRemoved = true
    _ = runs.run(for: removed)
    #expect(run.output == [.text("A fox.")])
    #expect(run.prediction.input == ["prompt": "a fox"])
    #expect(run.prediction.isDataRemoved)

    let later = Runs(client: Client(Client.Configuration()), store: stage.store)
    let again = later.run(for: removed)
    later.show(again)
    await later.settled()
    #expect(again.output == [.text("A fox.")])
    #expect(again.prediction.logs == "done")
  }

  @Test func `a failing store doesn't affect runs`() async {
    struct Broken: RunStore {
      struct Failure: Error, CustomStringConvertible { let description = "The disk is full." }
      func keep(_ predictions: [Prediction]) async throws { throw Failure() }
      func prediction(_ id: Prediction.ID) async throws -> Prediction? { throw Failure() }
    }
    let runs = Runs(client: Client(Client.Configuration()), store: Broken())
    let run = runs.run(for: .sample("p1", .succeeded))
    await runs.settled()
    #expect(runs.storeFailure == "The disk is full.")
    #expect(runs.run("p1") === run)
  }

  @Test func `a store in memory keeps the newest runs, including deleted data`() async {
    let store = MemoryRunStore(capacity: 2)
    var first = Prediction.sample("p1", .succeeded)
    first.output = "text"
    await store.keep([.sample("p0"), first])
    first.output = nil
    first.isDataRemoved = true
    await store.keep([first, .sample("p2")])
    #expect(await store.prediction("p0") == nil)
    #expect(await store.prediction("p1")?.output == "text")
    #expect(await store.prediction("p2") != nil)
  }

  // MARK: Times

  @Test func `ages are measured by the service's clock`() async {
    #expect(runs.serviceNow == RunsStage.start)
    // Ten minutes ahead of the local clock.
    stage.transport.tellTime("Tue, 24 Nov 2026 03:10:00 GMT")
    answer("p1", "processing")
    let run = runs.run(for: .sample("p1", secondsAgo: -590))
    runs.follow(run)
    await stage.passing { runs.serviceNow > RunsStage.start + 500 }
    let before = runs.serviceNow
    stage.clock.advance(by: .seconds(5))
    #expect(runs.serviceNow - before == 5)
    let elapsed = run.elapsed(now: runs.serviceNow)
    #expect(abs(elapsed - (runs.serviceNow - RunsStage.start - 590)) < 0.001)
    #expect(elapsed >= 15)
    #expect(run.age(now: runs.serviceNow) == elapsed)
    runs.end()
  }

  @Test(arguments: [-1e19, -12.34, 1e19, 1e300, .infinity, -.infinity, .nan])
  func `an elapsed time is never negative or infinite and never traps`(number: Double) {
    var prediction = Prediction.sample("p1", .succeeded)
    prediction.startedAt = Timestamp(secondsSince1970: RunsStage.start - 4)
    prediction.completedAt = Timestamp(secondsSince1970: RunsStage.start - 1)
    prediction.metrics = ["predict_time": .number(JSONNumber(number))]
    let elapsed = Run(prediction).elapsed(now: number)
    #expect(elapsed == (number.isFinite && number > 0 ? 1e10 : 3))
    let underWay = Run(.sample("p2")).elapsed(now: number)
    #expect((0...1e10).contains(underWay))
    _ = Int(underWay * 1000)
  }
}

@Suite struct `A run's plan` {
  private let schema = ModelSchema(
    inputs: [
      InputField(name: "prompt", isRequired: true),
      InputField(name: "steps", kind: .integer(NumberRules(minimum: 1, maximum: 50))),
      InputField(name: "token", kind: .secret()),
      InputField(name: "mask", kind: .file(), isRequired: true, isNullable: true),
    ], output: .textStream)

  private func plan(_ input: JSONObject) -> RunPlan {
    RunPlan(
      .model(ModelID(owner: "acme", name: "writer")), input: input, schema: schema,
      options: PredictionOptions(cancelAfter: .seconds(60)))
  }

  @Test func `it becomes a request that knows its secrets and files`() {
    let request = plan(["prompt": "a fox", "token": "s", "mask": .null]).request
    #expect(request.privateInputs == ["token", "mask"])
    #expect(request.options.cancelAfter == .seconds(60))
    #expect(plan([:]).outputKind == .textStream)
  }

  @Test func `secrets are known in dictionaries, beside files, and by the names of unknown inputs`()
  {
    let schema = ModelSchema(
      inputs: [
        InputField(name: "keys", kind: .object(ObjectRules(others: .secret()))),
        InputField(
          name: "both",
          kind: .object(
            ObjectRules(members: [
              .init(name: "image", kind: .file()), .init(name: "password", kind: .secret()),
            ]))), InputField(name: "image", kind: .file()),
      ], output: .text)
    let plan = RunPlan(
      .model(ModelID(owner: "acme", name: "writer")),
      input: ["keys": ["a": "s1"], "both": ["password": "s2"], "hf_token": "s3", "image": "x"],
      schema: schema, options: PredictionOptions())
    #expect(plan.request.privateInputs == ["keys", "both", "hf_token", "image"])
    #expect(plan.request.secretInputs == ["keys", "both", "hf_token"])
    let group = PredictionGroup(RunBatch(plan: plan), createdAt: "2026-11-24T03:00:00Z")
    #expect(group.secrets == ["keys", "both", "hf_token"])
    #expect(!"\(group)".contains("s1") && !"\(group)".contains("s2") && !"\(group)".contains("s3"))
  }

  @Test func `problems with an input are reported in the schema's order`() {
    #expect(plan(["prompt": "a fox", "mask": .null, "steps": 4]).problems.isEmpty)
    let problems = plan(["color": "red", "steps": 7.5, "token": .null]).problems
    #expect(
      problems.map { "\($0.field) \($0.description)" } == [
        "prompt is required", "steps must be a whole number",
        "token can't be null; leave it out instead", "mask is required",
        "color isn't an input of this model",
      ])
  }

  @Test func `without a schema nothing is checked`() {
    let plan = RunPlan(.version(ModelVersion.ID(rawValue: "v")), input: ["x": 1])
    #expect(plan.problems.isEmpty && plan.outputKind == nil)
    #expect(plan.request.input == ["x": 1])
  }
}
