import ReplicateAPI
import Testing

@Suite struct `Pages of a list` {
  func page(_ id: String, next: String?) -> ScriptedTransport.Answer {
    .answer(
      200,
      #"{"next":\#(next.map { "\"\($0)\"" } ?? "null"),"results":[{"id":"\#(id)","status":"x"}]}"#)
  }

  @Test func `pages are fetched one after another, each when it is asked for`() async throws {
    let transport = ScriptedTransport(
      page("a", next: "https://api.example.com/v1/predictions?cursor=cD0y%3D"),
      page("b", next: nil))
    var pages = Client.scripted(transport).pages(of: .predictions()).makeAsyncIterator()
    #expect(transport.requests.isEmpty)
    #expect(try await pages.next()?.results.map(\.id) == ["a"])
    #expect(transport.requests.count == 1)
    #expect(try await pages.next()?.results.map(\.id) == ["b"])
    #expect(try await pages.next() == nil)
    #expect(try await pages.next() == nil)
    #expect(
      transport.requests.map(\.url) == [
        "https://api.example.com/v1/predictions",
        "https://api.example.com/v1/predictions?cursor=cD0y%3D",
      ])
  }

  @Test(arguments: [
    "http://api.example.com/v1/predictions?cursor=c",
    "https://evil.example/v1/predictions?cursor=c", "?cursor=c",
    "/v1/predictions?cursor=c#top", "//evil.example/?cursor=c",
  ])
  func `the next page is asked of the base URL's host alone`(next: String) async throws {
    let transport = ScriptedTransport(page("a", next: next), page("b", next: nil))
    let client = Client.scripted(transport)
    for try await _ in client.pages(of: .predictions()) {}
    #expect(transport.requests[1].url == "https://api.example.com/v1/predictions?cursor=c")
  }

  @Test func `the list's own parameters are kept where the next address lacks them`() async throws {
    let transport = ScriptedTransport(
      page("a", next: "https://x/v1/predictions?cursor=c&source=web"), page("b", next: nil))
    let client = Client.scripted(transport)
    let list = Endpoint.predictions(createdAfter: "2025", source: .web)
    for try await _ in client.pages(of: list) {}
    #expect(
      transport.requests[1].url
        == "https://api.example.com/v1/predictions?cursor=c&source=web&created_after=2025")
  }

  @Test func `the page after one is fetched by itself, and there is none after the last`()
    async throws
  {
    let transport = ScriptedTransport(page("b", next: nil))
    let client = Client.scripted(transport)
    let first = Page<Prediction>(results: [], next: "https://x/v1/predictions?cursor=c")
    let second = try #require(try await client.page(after: first, of: .predictions()))
    #expect(second.results.map(\.id) == ["b"])
    #expect(try await client.page(after: second, of: .predictions()) == nil)
    #expect(transport.requests.count == 1)
  }

  @Test func `a list that leads back ends after its good rows`() async throws {
    let next = "https://x/v1/predictions?cursor=c"
    let transport = ScriptedTransport(
      page("a", next: next), page("b", next: "http://y/v1/predictions?cursor=c#x"))
    var pages: [Page<Prediction>] = []
    for try await page in Client.scripted(transport).pages(of: .predictions()) {
      pages.append(page)
    }
    #expect(pages.map(\.results.first?.id) == ["a", "b"])
    #expect(pages.map(\.leadsBack) == [false, true])
    #expect(pages.last?.next == nil)
    #expect(transport.requests.count == 2)
  }

  @Test(arguments: [
    "https://x/v1/predictions", "https://x/v1/predictions?source=web",
    "https://x/v1/predictions?cursor=a",
  ])
  func `a trail notices the first page and all later ones`(next: String) {
    let list = Endpoint.predictions(source: .web)
    var trail = PageTrail(of: list)
    let first = trail.checked(Page(results: [], next: "https://x/v1/predictions?cursor=a"))
    #expect(first.next != nil && !first.leadsBack)
    let second = trail.checked(Page(results: [], next: "?cursor=b"))
    #expect(second.next != nil && !second.leadsBack)
    let third = trail.checked(Page(results: [], next: next))
    #expect(third.next == nil && third.leadsBack)
    let last = trail.checked(Page<Prediction>(results: []))
    #expect(last.next == nil && !last.leadsBack)
  }

  @Test func `after an error the same page is asked for again`() async throws {
    let transport = ScriptedTransport(.answer(401, ""), page("a", next: nil))
    var pages = Client.scripted(transport).pages(of: .predictions()).makeAsyncIterator()
    let reason = await failure { _ = try await pages.next() }
    #expect(reason == .unauthorized(detail: ""))
    #expect(try await pages.next()?.results.map(\.id) == ["a"])
  }
}

@Suite struct `Updates of a prediction` {
  let clock = InstantClock()

  func answer(_ status: String, logs: String = "") -> ScriptedTransport.Answer {
    .answer(200, #"{"id":"p1","status":"\#(status)","logs":"\#(logs)"}"#)
  }

  @Test func `each change is given once, the end last`() async throws {
    let transport = ScriptedTransport(
      answer("starting"), answer("processing"), answer("processing"),
      answer("processing", logs: "40%"), answer("succeeded", logs: "100%"))
    let client = Client.scripted(transport, clock: clock)
    var seen: [String] = []
    for try await prediction in client.updates(of: Prediction(id: "p1")) {
      seen.append("\(prediction.status.rawValue) \(prediction.logs)")
    }
    #expect(seen == ["processing ", "processing 40%", "succeeded 100%"])
    #expect(clock.sleeps == Array(repeating: .milliseconds(500), count: 5))
  }

  @Test(arguments: ["succeeded", "failed", "canceled", "aborted"])
  func `every end ends them`(status: String) async throws {
    let transport = ScriptedTransport(answer(status))
    let client = Client.scripted(transport, clock: clock)
    var count = 0
    for try await _ in client.updates(of: Prediction(id: "p1")) { count += 1 }
    #expect(count == 1)
  }

  @Test func `a prediction that has ended is given once, without a call`() async throws {
    let transport = ScriptedTransport()
    let client = Client.scripted(transport, clock: clock)
    var seen: [Prediction.Status] = []
    for try await prediction in client.updates(of: Prediction(id: "p1", status: .failed)) {
      seen.append(prediction.status)
    }
    #expect(seen == [.failed])
    #expect(transport.requests.isEmpty)
  }

  @Test(arguments: ["processing", "preempted"])
  func `a time of completion ends them, whatever the status`(status: String) async throws {
    let transport = ScriptedTransport(
      .answer(
        200, #"{"id":"p1","status":"\#(status)","completed_at":"2026-01-01T00:00:00Z"}"#))
    let client = Client.scripted(transport, clock: clock)
    var count = 0
    for try await _ in client.updates(of: Prediction(id: "p1")) { count += 1 }
    #expect(count == 1)
    #expect(transport.requests.count == 1)
  }

  @Test func `trouble on the way is waited out`() async throws {
    let transport = ScriptedTransport(
      .failure(.unreachable("a")), .failure(.unreachable("b")), .failure(.unreachable("c")),
      .failure(.unreachable("d")), .failure(.timedOut), .answer(500, ""), .answer(200, "<html>"),
      answer("succeeded"))
    let client = Client.scripted(transport, clock: clock)
    var seen: [Prediction.Status] = []
    for try await prediction in client.updates(of: Prediction(id: "p1")) {
      seen.append(prediction.status)
    }
    #expect(seen == [.succeeded])
  }

  @Test func `what waiting can't mend ends them`() async {
    let transport = ScriptedTransport(.answer(404, ""))
    let client = Client.scripted(transport, clock: clock)
    let reason = await failure {
      for try await _ in client.updates(of: Prediction(id: "p1")) {}
    }
    #expect(reason == .notFound(detail: ""))
  }

  @Test func `polls become rarer with age`() async {
    var answers = (0..<200).map { answer("processing", logs: "\($0)") }
    answers.append(answer("succeeded"))
    let transport = ScriptedTransport(script: answers)
    let client = Client.scripted(transport, clock: clock)
    await #expect(throws: Never.self) {
      for try await _ in client.updates(of: Prediction(id: "p1")) {}
    }
    #expect(clock.sleeps.prefix(20).allSatisfy { $0 == .milliseconds(500) })
    #expect(clock.sleeps[20] == .seconds(1))
    #expect(clock.sleeps[70] == .seconds(2))
    #expect(clock.sleeps.last == .seconds(5))
  }
}

@Suite struct `The output as it is made` {
  let clock = InstantClock()
  let url = "https://stream.example.com/v1/streams/abc"

  func stream(_ transport: ScriptedTransport) throws -> OutputStream {
    let prediction = Prediction(id: "p1", urls: Prediction.URLs(stream: url))
    return try #require(Client.scripted(transport, clock: clock).output(of: prediction))
  }

  func events(_ stream: OutputStream) async throws(ReplicateError) -> [OutputEvent] {
    var events: [OutputEvent] = []
    for try await event in stream { events.append(event) }
    return events
  }

  func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `a model that doesn't stream has none`() {
    #expect(Client.scripted(ScriptedTransport()).output(of: Prediction(id: "p1")) == nil)
  }

  @Test func `pieces come as they are, to the end`() async throws {
    let transport = ScriptedTransport(
      .pieces([
        bytes(": hi\n\nevent: output\nid: 1:0\ndata: Once"),
        bytes(" upon\n\nevent: output\nid: 1:1\ndata:  a\ndata:\n\nevent: logs\ndata: log\n\n"),
        bytes("event: error\ndata: {\"detail\":\"bad\"}\n\nevent: error\ndata: plain\n\n"),
        bytes("event: strange\ndata: x\n\nevent: done\ndata: {}\n\nevent: output\ndata: no\n\n"),
      ]))
    #expect(
      try await events(stream(transport)) == [
        .output("Once upon"), .output(" a\n"), .logs("log"), .error("bad"), .error("plain"),
        .done(reason: nil),
      ])
  }

  @Test func `the token isn't sent to a stream's host`() async throws {
    let transport = ScriptedTransport(.pieces([bytes("event: done\ndata: {}\n\n")]))
    _ = try await events(stream(transport))
    let request = try #require(transport.requests.first)
    #expect(request.url == url)
    #expect(request.header("authorization") == nil)
    #expect(!request.headers.contains { $0.value.contains("r8_secret") })
    #expect(request.header("accept") == "text/event-stream")
    #expect(request.timeout == nil && request.isPatient)
  }

  @Test func `the reason of an end is told`() async throws {
    let transport = ScriptedTransport(
      .pieces([bytes("event: done\ndata: {\"reason\":\"canceled\"}\n\n")]))
    #expect(try await events(stream(transport)) == [.done(reason: "canceled")])
  }

  @Test func `a break is mended after the last event, and nothing comes twice`() async throws {
    let transport = ScriptedTransport(
      .pieces(
        [bytes("event: output\nid: 1:0\ndata: a\n\nevent: output\nid: 1:1\ndata: b\n\nevent: ou")],
        then: .interrupted("reset")),
      .failure(.unreachable("refused")),
      .pieces([bytes("event: output\nid: 1:1\ndata: b\n\nevent: output\nid: 1:2\ndata: c\n\n")]),
      .pieces([bytes("event: done\ndata: {}\n\n")]))
    #expect(
      try await events(stream(transport)) == [
        .output("a"), .output("b"), .output("c"), .done(reason: nil),
      ])
    #expect(
      transport.requests.map { $0.header("last-event-id") } == [nil, "1:1", "1:1", "1:2"])
    #expect(clock.sleeps.count == 3)
  }

  @Test func `a stream without ids isn't begun anew`() async throws {
    let transport = ScriptedTransport(
      .pieces([bytes("event: output\ndata: a\n\n")]), .pieces([bytes("event: done\n\n")]))
    var iterator = try stream(transport).makeAsyncIterator()
    #expect(try await iterator.next() == .output("a"))
    await #expect(throws: ReplicateError.self) { try await iterator.next() }
    #expect(transport.requests.count == 1)
  }

  @Test func `a server that cuts after every event is asked more and more rarely`() async throws {
    let answers = (0..<9).map { number -> ScriptedTransport.Answer in
      .pieces([bytes("retry: 0\nevent: output\nid: \(number)\ndata: \(number)\n\n")])
    }
    let transport = ScriptedTransport(script: answers + [.pieces([bytes("event: done\n\n")])])
    #expect(try await events(stream(transport)).count == 10)
    #expect(
      clock.sleeps == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) })
  }

  @Test func `after its breaks an iterator can be asked to go on`() async throws {
    let breaks = (0..<7).map { _ in ScriptedTransport.Answer.failure(.unreachable("refused")) }
    let first = ScriptedTransport.Answer.pieces([bytes("event: output\nid: 1:0\ndata: a\n\n")])
    let last = ScriptedTransport.Answer.pieces([bytes("event: output\nid: 1:1\ndata: b\n\n")])
    let transport = ScriptedTransport(script: [first] + breaks + [last])
    var iterator = try stream(transport).makeAsyncIterator()
    #expect(try await iterator.next() == .output("a"))
    await #expect(throws: ReplicateError.self) { try await iterator.next() }
    #expect(try await iterator.next() == .output("b"))
    #expect(transport.requests.last?.header("last-event-id") == "1:0")
  }

  @Test func `breaks have an end`() async throws {
    let transport = ScriptedTransport()
    let stream = try stream(transport)
    await #expect(throws: ReplicateError.self) { try await events(stream) }
    #expect(transport.requests.count == 6)
  }

  @Test func `a stream that is gone is told at once`() async throws {
    let transport = ScriptedTransport(.answer(404, "gone"))
    let stream = try stream(transport)
    let reason = await failure { _ = try await events(stream) }
    #expect(reason == .notFound(detail: "gone"))
    #expect(transport.requests.count == 1)
  }

  @Test(arguments: ["file:///etc/passwd", "", "javascript:1", "https://a b/"])
  func `an address that is none is never opened`(address: String) async throws {
    let transport = ScriptedTransport()
    let prediction = Prediction(id: "p1", urls: Prediction.URLs(stream: address))
    let stream = try #require(Client.scripted(transport).output(of: prediction))
    await #expect(throws: ReplicateError.self) { try await events(stream) }
    #expect(transport.requests.isEmpty)
  }
}
