import Testing

@testable import ReplicateAPI

@Suite struct `Creates that are never doubled` {
  let clock = InstantClock()
  let store = MemoryIntentStore()
  let request = PredictionRequest(
    .version("v1"), of: ModelID(owner: "a", name: "b"), input: ["text": "x", "file": "data:,y"])

  /// As the service would list it; made just now.
  func listed(
    _ id: String, text: String = "x", model: String = "a/b", age: Double = 0,
    source: String = "api"
  ) -> String {
    let now = Timestamp(secondsSince1970: (Self.now ?? 0) - age).text
    return #"{"id":"\#(id)","model":"\#(model)","version":"v2","status":"starting","#
      + #""source":"\#(source)","created_at":"\#(now)","input":{"file":"https://x/y","text":"\#(text)"}}"#
  }

  static var now: Double? {
    Client.scripted(ScriptedTransport()).core.localTime().secondsSince1970
  }

  func page(_ items: String...) -> ScriptedTransport.Answer {
    .answer(200, #"{"results":[\#(items.joined(separator: ","))]}"#)
  }

  func create(_ transport: ScriptedTransport) async throws -> Prediction {
    try await Client.scripted(transport, clock: clock).create(request, recording: store)
  }

  @Test func `a create that is answered is the intent's`() async throws {
    let transport = ScriptedTransport(.answer(201, #"{"id":"p1"}"#))
    #expect(try await create(transport).id == "p1")
    #expect(await store.open().isEmpty)
    #expect(await store.claimed(["p1", "p2"], byOthersThan: PredictionIntent.ID()) == ["p1"])
  }

  @Test(arguments: [
    ScriptedTransport.Answer.failure(.interrupted("reset")), .failure(.timedOut),
    .answer(502, "<html>"), .answer(201, #"{"id":"p"#), .answer(200, "<html>"),
    .pieces([Array(#"{"id""#.utf8)], then: .interrupted("cut")),
  ])
  func `after a lost answer the one that fits is taken, and nothing is sent again`(
    answer: ScriptedTransport.Answer
  ) async throws {
    let transport = ScriptedTransport(
      answer,
      page(
        listed("late", age: 4_000), listed("other", text: "y"), listed("p1"),
        listed("else", model: "a/c"), listed("web", source: "web")))
    #expect(try await create(transport).id == "p1")
    #expect(transport.requests.map(\.method) == ["POST", "GET"])
    #expect(await store.open().isEmpty)
  }

  @Test func `two that fit are told, and neither is taken`() async throws {
    let transport = ScriptedTransport(
      .failure(.timedOut), page(listed("p1"), listed("p2")))
    let reason = await failure { _ = try await create(transport) }
    #expect(reason == .outcomeUnknown(candidates: ["p1", "p2"]))
    #expect(await store.open().isEmpty)
  }

  @Test func `none is taken where one that may be it can't be read`() async throws {
    let transport = ScriptedTransport(
      .failure(.timedOut), page(listed("p1"), #"{"id":null}"#))
    let reason = await failure { _ = try await create(transport) }
    #expect(reason == .outcomeUnknown(candidates: ["p1"]))
  }

  @Test func `one that belongs to another intent isn't taken`() async throws {
    let other = PredictionIntent(request, serverTime: nil, notedAt: "2020-01-01T00:00:00Z")
    await store.record(other)
    #expect(await store.resolve(other.id, as: .created("p1")))
    let transport = ScriptedTransport(.failure(.timedOut), page(listed("p1"), listed("p2")))
    #expect(try await create(transport).id == "p2")
  }

  @Test func `one that shows late is found`() async throws {
    let transport = ScriptedTransport(.failure(.timedOut), page(), page(), page(listed("p1")))
    #expect(try await create(transport).id == "p1")
  }

  @Test func `trouble on the way to the list is waited out`() async throws {
    let broken = Array(repeating: ScriptedTransport.Answer.answer(200, "{"), count: 6)
    let transport = ScriptedTransport(script: [.failure(.timedOut)] + broken + [page(listed("p1"))])
    #expect(try await create(transport).id == "p1")
  }

  @Test func `where there is none it is told so`() async throws {
    let transport = ScriptedTransport(
      .failure(.timedOut), page(), page(), page(), page(), page(), page(listed("p1")))
    let reason = await failure { _ = try await create(transport) }
    #expect(reason == .outcomeUnknown(candidates: []))
    #expect(transport.requests.count { $0.method == "POST" } == 1)
  }

  @Test func `while a like one waits for its answer nothing is taken`() async throws {
    let other = PredictionIntent(request, serverTime: nil, notedAt: "2020-01-01T00:00:00Z")
    await store.record(other)
    let answers = Array(repeating: page(listed("p1")), count: IntentSearch.rounds)
    let transport = ScriptedTransport(script: [.failure(.timedOut)] + answers)
    let reason = await failure { _ = try await create(transport) }
    #expect(reason == .outcomeUnknown(candidates: ["p1"]))
    #expect(await store.open().map(\.id) == [other.id])
  }

  @Test func `what the service refuses isn't sought`() async throws {
    let transport = ScriptedTransport(.answer(402, #"{"title":"Insufficient credit"}"#))
    let reason = await failure { _ = try await create(transport) }
    #expect(reason == .paymentRequired(.insufficientCredit, detail: ""))
    #expect(transport.requests.count == 1)
    #expect(await store.open().isEmpty)
  }

  @Test func `what can't be noted down isn't sent`() async {
    struct Full: PredictionIntentStore {
      struct NoRoom: Error {}
      func record(_ intent: PredictionIntent) async throws { throw NoRoom() }
      func resolve(_: PredictionIntent.ID, as _: PredictionIntent.State) async -> Bool { true }
      func claimed(
        _: [Prediction.ID], byOthersThan _: PredictionIntent.ID
      ) async -> Set<Prediction.ID> { [] }
      func unsettled() async -> [PredictionIntent] { [] }
      func takeOverAbandoned() async -> [PredictionIntent] { [] }
      func outcomes(of _: Set<PredictionIntent.ID>) async -> IntentOutcomes {
        IntentOutcomes(record: "")
      }
      func identify(as account: String) async {}
    }
    let transport = ScriptedTransport(.answer(201, #"{"id":"p1"}"#))
    let reason = await failure {
      _ = try await Client.scripted(transport).create(request, recording: Full())
    }
    #expect(reason == .notRecorded(reason: "NoRoom()"))
    #expect(transport.requests.isEmpty)
  }

  @Test func `secrets, files and data aren't noted down`() {
    let schema = ModelSchema(
      openAPI: [
        "components": [
          "schemas": [
            "Input": [
              "properties": [
                "key": ["type": "string", "format": "password", "x-cog-secret": true],
                "picture": ["type": "string", "format": "uri"],
                "pictures": ["type": "array", "items": ["type": "string", "format": "uri"]],
                "prompt": ["type": "string"],
              ]
            ]
          ]
        ]
      ])
    let request = PredictionRequest(
      .version("v"),
      input: [
        "key": "s3cret", "picture": "https://a/b", "pictures": ["https://a/c"], "prompt": "p",
        "more": ["data:image/png;base64,AAAA"],
      ], schema: schema)
    let intent = PredictionIntent(request, serverTime: nil, notedAt: "2024-01-01T00:00:00Z")
    #expect(intent.input == ["prompt": "p"])
    #expect(intent.omitted == ["key", "picture", "pictures", "more"])
  }

  @Test func `the window begins at the service's own time`() {
    let intent = PredictionIntent(
      request, serverTime: "2024-01-01T00:00:10Z", notedAt: "2030-01-01T00:00:00Z")
    let now = intent.notedAt.secondsSince1970 ?? 0
    let seen = intent.serverTime?.secondsSince1970 ?? 0
    #expect(intent.window(until: now + 5) == (seen - 2)...(seen + 605))
    let blind = PredictionIntent(request, serverTime: nil, notedAt: intent.notedAt)
    #expect(blind.window(until: now + 5) == (now - 300)...(now + 305))
  }

  @Test func `the service's time is read from its answers`() async throws {
    let transport = ScriptedTransport(
      .answer(
        200, #"{"username":"a"}"#, headers: ["Date": "Sun, 06 Nov 1994 08:49:37 GMT"]),
      .answer(200, #"{"username":"a"}"#, headers: ["Date": "yesterday"]))
    let client = Client.scripted(transport, clock: clock)
    #expect(client.core.serverTime.now == nil)
    _ = try await client.send(.account)
    _ = try await client.send(.account)
    let seen = try #require(Timestamp("1994-11-06T08:49:37Z").secondsSince1970)
    #expect(client.core.serverTime.now?.secondsSince1970 == seen)
    // It goes on while nothing is asked.
    try await clock.sleep(for: .seconds(900))
    #expect(client.core.serverTime.now?.secondsSince1970 == seen + 900)
  }

  @Test func `a service's clock that stands still is taken as it is`() async throws {
    let time = ServerTime(elapsed: clock.stopwatch())
    time.see(date: "Sun, 06 Nov 1994 08:49:37 GMT")
    try await clock.sleep(for: .seconds(60))
    time.see(date: "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(
      time.now?.secondsSince1970 == Timestamp("1994-11-06T08:49:37Z").secondsSince1970)
  }

  @Test func `a store that fails later takes nothing away`() async throws {
    let transport = ScriptedTransport(.answer(201, #"{"id":"p1"}"#))
    let created = try await Client.scripted(transport).create(request, recording: Forgetful())
    #expect(created.id == "p1")
  }

  @Test func `of two with other files neither is taken for the other`() async throws {
    var otherRequest = request
    otherRequest.input["file"] = "data:,z"
    let other = PredictionIntent(
      otherRequest, key: Self.key, serverTime: nil, notedAt: "2020-01-01T00:00:00Z")
    await store.record(other)
    _ = await store.resolve(other.id, as: .sought)
    let transport = ScriptedTransport(.failure(.timedOut), page(listed("p1")))
    let reason = await failure { _ = try await create(transport) }
    #expect(reason == .outcomeUnknown(candidates: ["p1"]))
  }

  static let key = Client.scripted(ScriptedTransport()).configuration.token ?? ""

  @Test func `two identical ones whose answers are lost get one prediction each`() async throws {
    let other = PredictionIntent(
      request, key: Self.key, serverTime: nil, notedAt: Timestamp(secondsSince1970: Self.now ?? 0))
    await store.record(other)
    _ = await store.resolve(other.id, as: .sought)
    let both = page(listed("p1"), listed("p2"))
    let client = Client.scripted(ScriptedTransport(.failure(.timedOut), both), clock: clock)
    let mine = try await client.create(request, recording: store, evenIfUncertain: true)
    let theirs = try await Client.scripted(ScriptedTransport(both), clock: clock)
      .seek(other, in: store)
    #expect(Set([mine.id, theirs.id]) == ["p1", "p2"])
    #expect(await store.unsettled().isEmpty)
  }

  @Test func `the order of keys doesn't matter at any depth, nor do doubles for large numbers`()
    async throws
  {
    let input: JSONObject = [
      "a": ["x": 1, "y": ["p": [["k": 1, "l": 2]], "q": true]],
      "seed": .number(try #require(JSONNumber(literal: "18446744073709551615"))),
    ]
    let request = PredictionRequest(
      .version("v1"), of: ModelID(owner: "a", name: "b"), input: input)
    let now = Timestamp(secondsSince1970: Self.now ?? 0).text
    let answer =
      #"{"id":"p1","model":"a/b","version":"v2","status":"starting","source":"api","created_at":"\#(now)","#
      + #""input":{"seed":1.8446744073709552e+19,"a":{"y":{"q":true,"p":[{"l":2,"k":1}]},"x":1}}}"#
    let transport = ScriptedTransport(.failure(.timedOut), page(answer))
    let client = Client.scripted(transport, clock: clock)
    #expect(try await client.create(request, recording: store).id == "p1")
  }

  @Test func `what may have started isn't sent again unasked, however long ago it was`()
    async throws
  {
    let old = PredictionIntent(
      request, key: Self.key, serverTime: nil, notedAt: "2020-01-01T00:00:00Z")
    await store.record(old)
    _ = await store.resolve(old.id, as: .unknown(candidates: []))
    let transport = ScriptedTransport(.answer(201, #"{"id":"p1"}"#))
    let client = Client.scripted(transport, clock: clock)
    let reason = await failure { _ = try await client.create(request, recording: store) }
    #expect(reason == .mayHaveStarted(at: old.notedAt))
    #expect(transport.requests.isEmpty)
    let created = try await client.create(request, recording: store, evenIfUncertain: true)
    #expect(created.id == "p1")
    #expect(await store.unsettled().isEmpty)
  }

  @Test func `one that is still being searched for is in doubt, too`() async throws {
    let other = PredictionIntent(
      request, key: Self.key, serverTime: nil, notedAt: "2020-01-01T00:00:00Z")
    await store.record(other)
    _ = await store.resolve(other.id, as: .sought)
    let reason = await failure { _ = try await create(ScriptedTransport()) }
    #expect(reason == .mayHaveStarted(at: other.notedAt))
  }

  @Test func `a doubt stays where running it again is refused`() async throws {
    let old = PredictionIntent(
      request, key: Self.key, serverTime: nil, notedAt: "2020-01-01T00:00:00Z")
    await store.record(old)
    _ = await store.resolve(old.id, as: .unknown(candidates: []))
    let client = Client.scripted(
      ScriptedTransport(.answer(402, #"{"title":"Insufficient credit"}"#)), clock: clock)
    _ = await failure {
      _ = try await client.create(request, recording: store, evenIfUncertain: true)
    }
    #expect(await store.unsettled().map(\.id) == [old.id])
  }

  @Test func `what somebody else makes much later isn't taken for an old doubt`() throws {
    let intent = PredictionIntent(
      request, serverTime: "2026-01-01T00:00:00Z", notedAt: "2026-01-01T00:00:00Z")
    let noted = try #require(intent.notedAt.secondsSince1970)
    #expect(intent.window(until: noted + 60).contains(noted + 30))
    #expect(!intent.window(until: noted + 86_400).contains(noted + 7200))
    var unknown = intent
    unknown.serverTime = nil
    #expect(!unknown.window(until: noted + 86_400).contains(noted + 7200))
  }

  @Test func `another input, or another secret, is sent without asking`() async throws {
    let old = PredictionIntent(
      request, key: Self.key, serverTime: nil, notedAt: "2020-01-01T00:00:00Z")
    await store.record(old)
    _ = await store.resolve(old.id, as: .unknown(candidates: []))
    for (name, value) in [("text", "y"), ("file", "data:,z")] as [(String, JSONValue)] {
      var other = request
      other.input[name] = value
      let answer = ScriptedTransport(.answer(201, #"{"id":"\#(name)"}"#))
      let client = Client.scripted(answer, clock: clock)
      #expect(try await client.create(other, recording: store).id.rawValue == name)
    }
    #expect(await store.unsettled().map(\.id) == [old.id])
  }

  @Test func `a doubt is settled by a prediction that shows later`() async throws {
    let transport = ScriptedTransport(
      .failure(.timedOut), page(), page(), page(), page(), page(), page(listed("p1")))
    let client = Client.scripted(transport, clock: clock)
    _ = await failure { _ = try await client.create(request, recording: store) }
    let doubt = try #require(await store.unsettled().first)
    #expect(doubt.state == .unknown(candidates: []))
    #expect(try await client.reconsider(doubt, in: store)?.id == "p1")
    #expect(await store.unsettled().isEmpty)
  }

  private struct Forgetful: PredictionIntentStore {
    struct NoRoom: Error {}
    func record(_ intent: PredictionIntent) async {}
    func resolve(_: PredictionIntent.ID, as _: PredictionIntent.State) async throws -> Bool {
      throw NoRoom()
    }
    func claimed(
      _: [Prediction.ID], byOthersThan _: PredictionIntent.ID
    ) async -> Set<Prediction.ID> { [] }
    func unsettled() async -> [PredictionIntent] { [] }
    func takeOverAbandoned() async -> [PredictionIntent] { [] }
    func outcomes(of _: Set<PredictionIntent.ID>) async -> IntentOutcomes {
      IntentOutcomes(record: "")
    }
    func identify(as account: String) async {}
  }

  @Test func `the verdict of a search`() {
    #expect(IntentSearch.verdict(candidates: 0, rivals: .none, round: 0) == .wait)
    #expect(IntentSearch.verdict(candidates: 0, rivals: .underWay, round: 4) == .giveUp)
    #expect(IntentSearch.verdict(candidates: 1, rivals: .none, round: 0) == .adopt)
    #expect(IntentSearch.verdict(candidates: 1, rivals: .underWay, round: 5) == .wait)
    #expect(IntentSearch.verdict(candidates: 1, rivals: .indistinct, round: 0) == .giveUp)
    #expect(IntentSearch.verdict(candidates: 2, rivals: .none, round: 0) == .giveUp)
    #expect(IntentSearch.verdict(candidates: 2, rivals: .underWay, round: 39) == .giveUp)
    #expect(IntentSearch.verdict(candidates: 2, rivals: .identical(1), round: 0) == .adopt)
    #expect(IntentSearch.verdict(candidates: 3, rivals: .identical(1), round: 0) == .giveUp)
  }
}
