import Synchronization
import Testing

import class Support.TestClock

@testable import ReplicateAPI

@Suite struct `A cog server through the client` {
  let clock = TestClock()

  func client(_ server: CogDouble, token: String? = nil) throws -> Client {
    let configuration = try Client.Configuration.cogServer("http://localhost:5000/", token: token)
    return Client(
      configuration,
      transport: CogTransport(
        wrapping: server, baseURL: configuration.baseURL, clock: clock,
        now: { Timestamp("2026-01-02T03:04:05Z") }),
      clock: InstantClock())
  }

  func create(_ text: String, wait: Duration? = nil) -> Endpoint<Prediction> {
    .createPrediction(
      model: Self.model, input: ["text": .string(text)], options: PredictionOptions(wait: wait))
  }

  static let model = ModelID(owner: "cog", name: "localhost-5000")
  static let done = """
    {"input":{"text":"hi"},"output":"HI","id":"a1","version":null,"created_at":null,\
    "started_at":"2026-11-28T03:35:12.861744+00:00",\
    "completed_at":"2026-11-28T03:35:13.867573+00:00","logs":"step 0\\n","error":null,\
    "status":"succeeded","metrics":{"predict_time":1.005829}}
    """
  static let busy = #"{"detail":"Already running a prediction"}"#

  // MARK: The model

  @Test func `the server's model is listed, found, and described`() async throws {
    let client = try client(CogDouble(health: CogDouble.coglet))
    let listed = try await client.send(.models())
    let model = try await client.send(.model(Self.model))
    let found = try await client.send(.search("anything"))
    let old = try await client.send(.searchModels("anything"))
    let versions = try await client.send(.versions(of: Self.model))
    let version = try #require(model.latestVersion)
    let one = try await client.send(.version(version.id, of: Self.model))
    #expect(listed.results.map(\.id) == [Self.model] && listed.unreadable.isEmpty)
    #expect(found.models.map(\.model.id) == [Self.model] && old.results.map(\.id) == [Self.model])
    #expect(version.id.rawValue.count == 64 && version.cogVersion == "0.23.1")
    #expect(version.schema?.inputs.map(\.name) == ["text", "seconds"])
    #expect(versions.results == [version] && one == version)
    #expect(model.runCount == 0)
  }

  @Test func `a title of its own is the model's name`() async throws {
    let schema = #"{"info":{"title":"My  Model (v2)","description":"Draws."},"paths":{}}"#
    let client = try client(CogDouble(schema: schema))
    let model = try await client.send(.model(ModelID(owner: "cog", name: "my-model-v2")))
    #expect(model.description == "Draws.")
  }

  @Test func `a failed setup is said with the end of its logs`() async throws {
    let health = """
      {"status":"SETUP_FAILED","setup":{"status":"failed","logs":"loading\\nno weights here"}}
      """
    let client = try client(CogDouble(health: health))
    let reason = await failure { _ = try await client.send(.model(Self.model)) }
    guard case .conflict(let detail) = reason else {
      Issue.record("\(String(describing: reason))")
      return
    }
    #expect(detail.contains("setup failed") && detail.hasSuffix("no weights here"))
  }

  @Test func `a schema that comes after the setup is waited for`() async throws {
    let server = CogDouble(health: #"{"status":"STARTING","version":{"coglet":"0.23.1"}}"#)
    server.setSchema(503, #"{"error":"OpenAPI schema not available"}"#)
    let client = try client(server)
    async let model = client.send(.model(Self.model))
    await clock.sleeps(1)
    server.setHealth(CogDouble.coglet)
    server.setSchema(200, CogDouble.schema)
    clock.advance(by: .seconds(1))
    #expect(try await model.latestVersion?.schema != nil)
  }

  @Test func `a server without a schema has a model without one`() async throws {
    let server = CogDouble(health: CogDouble.coglet)
    server.setSchema(503, #"{"error":"OpenAPI schema not available"}"#)
    let model = try await client(server).send(.model(Self.model))
    #expect(model.latestVersion?.id.rawValue.count == 64 && model.latestVersion?.schema == nil)
  }

  @Test func `something else at the address is no cog server`() async throws {
    let server = CogDouble(health: "<html>")
    server.setSchema(404, "<html>")
    let client = try client(server)
    let reason = await failure { _ = try await client.send(.models()) }
    guard case .notFound(let detail) = reason else {
      Issue.record("\(String(describing: reason))")
      return
    }
    #expect(detail.contains("isn’t a cog server"))
  }

  @Test func `what a server doesn't have is empty or says so`() async throws {
    let client = try client(CogDouble())
    #expect(try await client.send(.account).username == "cog")
    #expect(try await client.send(.collections).results.isEmpty)
    #expect(try await client.send(.deployments).results.isEmpty)
    #expect(try await client.send(.trainings).results.isEmpty)
    #expect(try await client.send(.hardware).results.isEmpty)
    #expect(try await client.send(.examples(of: Self.model)).results.isEmpty)
    #expect(try await client.send(.readme(of: Self.model)) == nil)
    let deployment = await failure {
      _ = try await client.send(.deployment(ModelID(owner: "a", name: "b")))
    }
    let other = await failure { _ = try await client.send(.model(ModelID(owner: "a", name: "b"))) }
    #expect("\(String(describing: deployment))".contains("has no deployments"))
    #expect("\(String(describing: other))".contains("cog/localhost-5000, not a/b"))
  }

  @Test func `only a real token is sent`() async throws {
    let open = CogDouble()
    _ = try await client(open).send(.models())
    let closed = CogDouble()
    _ = try await client(closed, token: "secret").send(.models())
    #expect(open.requests.allSatisfy { $0.header("authorization") == nil })
    #expect(closed.requests.allSatisfy { $0.header("authorization") == "Bearer secret" })
  }

  @Test func `an address that is none is refused`() {
    #expect(throws: ReplicateError.self) {
      _ = try Client.Configuration.cogServer("localhost:5000")
    }
  }

  // MARK: Runs

  @Test func `a run that ends at once is created with its output`() async throws {
    let server = CogDouble(.answer(200, Self.done))
    let client = try client(server)
    let run = try await client.send(create("hi"))
    #expect(run.id.rawValue.count == 26 && run.model == "cog/localhost-5000")
    #expect(run.status == .succeeded && run.output == "HI" && run.logs == "step 0\n")
    #expect(run.startedAt == "2026-11-28T03:35:12.861744+00:00" && run.input == ["text": "hi"])
    #expect(run.metrics["predict_time"] == 1.005829)
    let again = try await client.send(.prediction(run.id))
    #expect(again == run)
    let sent = try #require(server.requests.last)
    #expect(sent.isPatient && sent.timeout == nil && sent.header("prefer") == nil)
    #expect(sent.text == #"{"id":"\#(run.id)","input":{"text":"hi"}}"#)
  }

  @Test func `a version is run by its ID, and no other version is`() async throws {
    let server = CogDouble(.answer(200, Self.done))
    let client = try client(server)
    let version = try #require(try await client.send(.model(Self.model)).latestVersion?.id)
    let input: JSONObject = ["text": "hi"]
    let run = try await client.send(.createPrediction(version: version.rawValue, input: input))
    #expect(run.version == version.rawValue && run.status == .succeeded)
    let reason = await failure {
      _ = try await client.send(.createPrediction(version: "5c7d5dc6", input: input))
    }
    #expect("\(String(describing: reason))".contains("not 5c7d5dc6"))
    #expect(server.calls.count(where: { $0 == "PUT run" }) == 1)
  }

  @Test func `a failed run has its error without coglet's prefixes`() async throws {
    let failed = """
      {"error":"Prediction failed: Prediction failed: ValueError: it failed","id":"a2","logs":"",\
      "metrics":{"predict_time":0.001},"status":"failed"}
      """
    let run = try await client(CogDouble(.answer(200, failed))).send(create("fail"))
    #expect(run.status == .failed && run.error == "ValueError: it failed")
    #expect(run.startedAt != nil && run.completedAt != nil)
  }

  @Test func `a rejected input fails the create with its fields and makes no run`() async throws {
    let rejected = """
      {"detail":[{"loc":["body","input","seconds"],"msg":"99 is greater than the maximum of 60.0",\
      "type":"value_error"}]}
      """
    let client = try client(CogDouble(.answer(422, rejected)))
    let reason = await failure { _ = try await client.send(create("hi")) }
    guard case .invalidInput(let fields, _) = reason else {
      Issue.record("\(String(describing: reason))")
      return
    }
    #expect(fields.map(\.field) == ["seconds"])
    #expect(try await client.send(.predictions()).results.isEmpty)
  }

  @Test func `a server that can't be reached fails the create as such`() async throws {
    let refused = CogDouble.Answer.failure(.unreachable("refused"))
    let server = CogDouble(refused, refused, refused, refused)
    let client = try client(server)
    let reason = await failure { _ = try await client.send(create("hi")) }
    #expect(reason == .unreachable(reason: "refused"))
    #expect(try await client.send(.predictions()).results.isEmpty)
  }

  @Test func `a longer run is processing, shows what it has, and ends with its answer`()
    async throws
  {
    let server = CogDouble(.held, health: CogDouble.coglet)
    server.setLook(
      #"{"id":"x","logs":"step 0\n","metrics":{},"output":["one "],"status":"processing"}"#)
    let client = try client(server)
    async let created = client.send(create("hi"))
    await server.made("PUT run")
    await clock.sleeps(2)
    clock.advance(by: CogRuns.grace)
    let id = try await created.id
    let running = try await state(of: id, client) { $0.logs == "step 0\n" }
    #expect(running.status == .processing && running.output == ["one "])
    server.finish(200, #"{"id":"x","logs":"step 0\n","output":"HI","status":"succeeded"}"#)
    let ended = try await state(of: id, client) { $0.hasEnded }
    #expect(ended.status == .succeeded && ended.output == "HI")
    #expect(server.calls.count(where: { $0 == "PUT run" }) == 1)
  }

  @Test func `older servers aren't asked while a run is under way`() async throws {
    let server = CogDouble(.held)
    let client = try client(server)
    async let created = client.send(create("hi"))
    await server.made("PUT run")
    await clock.sleeps(2)
    clock.advance(by: CogRuns.grace)
    let id = try await created.id
    _ = try await state(of: id, client) { $0.status == .processing }
    #expect(!server.calls.contains("PUT look"))
    server.finish(200, Self.done)
    _ = try await state(of: id, client) { $0.hasEnded }
  }

  @Test func `a wait is waited for`() async throws {
    let server = CogDouble(.held)
    let client = try client(server)
    async let created = client.send(create("hi", wait: .seconds(10)))
    await server.made("PUT run")
    await clock.sleeps(2)
    clock.advance(by: .seconds(5))
    server.finish(200, Self.done)
    #expect(try await created.status == .succeeded)
  }

  @Test func `a busy server is asked again until it takes the run`() async throws {
    let server = CogDouble(
      .answer(409, Self.busy),
      .answer(503, #"{"error":"Setup has not finished yet.","status":"failed"}"#),
      .answer(200, Self.done))
    let client = try client(server)
    async let created = client.send(create("hi", wait: .seconds(60)))
    await server.made("PUT run")
    await clock.pass(by: .milliseconds(250), turns: 200) {
      server.calls.count(where: { $0 == "PUT run" }) == 3
    }
    #expect(try await created.status == .succeeded)
  }

  @Test func `a run fails if the setup has failed meanwhile`() async throws {
    let server = CogDouble(.answer(503, #"{"error":"Setup has not finished yet."}"#))
    let client = try client(server)
    _ = try await client.send(.models())
    server.setHealth(#"{"status":"SETUP_FAILED","setup":{"logs":"no weights here"}}"#)
    let run = try await client.send(create("hi"))
    #expect(run.status == .failed && run.error?.hasSuffix("no weights here") == true)
  }

  @Test func `runs wait for each other, and one that waits is canceled unsent`() async throws {
    let server = CogDouble(.answer(200, Self.done))
    server.setBusy(Self.busy)
    let client = try client(server)
    let isCreated = Mutex(false)
    let creation = Task {
      defer { isCreated.withLock { $0 = true } }
      return try await client.send(create("first"))
    }
    await clock.pass(by: .milliseconds(100), turns: 200) { isCreated.withLock { $0 } }
    let first = try await creation.value
    #expect(first.status == .starting)
    let second = try await client.send(create("second"))
    let canceled = try await client.send(.cancelPrediction(second.id))
    #expect(second.status == .starting && canceled.status == .canceled)
    server.setBusy(nil)
    await clock.pass(by: .milliseconds(250), turns: 200) { server.isDone }
    let ended = try await state(of: first.id, client) { $0.hasEnded }
    #expect(ended.status == .succeeded)
    #expect(server.requests.allSatisfy { $0.text?.contains("second") != true })
    let list = try await client.send(.predictions())
    #expect(list.results.map(\.id) == [second.id, first.id])
    let none = try await client.send(.predictions(createdBefore: "2026-01-02T03:04:05Z"))
    #expect(none.results.isEmpty)
  }

  @Test func `canceling a run asks the server and takes its answer`() async throws {
    let server = CogDouble(.held)
    let client = try client(server)
    async let created = client.send(create("hi"))
    await server.made("PUT run")
    await clock.sleeps(2)
    clock.advance(by: CogRuns.grace)
    let id = try await created.id
    async let canceled = client.send(.cancelPrediction(id))
    await server.made("POST cancel")
    server.finish(200, #"{"id":"a4","logs":"","metrics":{"predict_time":2},"status":"canceled"}"#)
    #expect(try await canceled.status == .canceled)
    let address = server.requests.first { $0.method == "POST" }?.url
    #expect(address == "http://localhost:5000/predictions/\(id)/cancel")
  }

  @Test func `a lost connection fails the run and doesn't send it again`() async throws {
    let server = CogDouble(.failure(.interrupted("reset")))
    let client = try client(server)
    let run = try await client.send(create("hi"))
    #expect(run.status == .failed && run.error?.contains("connection") == true)
    #expect(server.calls.count(where: { $0 == "PUT run" }) == 1)
  }

  @Test func `answers that nobody can read fail the run`() async throws {
    let answers = ["", "[]", "<html>", "null", #"{"status":["#]
    for answer in answers {
      let run = try await client(CogDouble(.answer(200, answer))).send(create("hi"))
      #expect(run.status == .failed && run.error != nil)
    }
    let odd = try await client(CogDouble(.answer(200, #"{"output":[1],"logs":7,"status":5}"#)))
      .send(create("hi"))
    #expect(odd.status == .succeeded && odd.output == [1])
  }

  @Test func `the shutdown ends what is under way`() async throws {
    let server = CogDouble(.held)
    let client = try client(server)
    async let created = client.send(create("hi", wait: .seconds(60)))
    await server.made("PUT run")
    await client.shutdown()
    #expect(try await created.status == .failed)
  }

  @Test func `a run of another program is unknown here`() async throws {
    let client = try client(CogDouble())
    let reason = await failure { _ = try await client.send(.prediction("x")) }
    #expect("\(String(describing: reason))".contains("doesn’t remember"))
  }

  /// A run’s state as soon as it is so.
  private func state(
    of id: Prediction.ID, _ client: Client, when isSo: (Prediction) -> Bool
  ) async throws -> Prediction {
    while true {
      let run = try await client.send(.prediction(id))
      if isSo(run) { return run }
      await Task.yield()
    }
  }
}
