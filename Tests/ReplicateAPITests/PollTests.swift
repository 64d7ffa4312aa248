import Testing

import class Support.TestClock

@testable import ReplicateAPI

@Suite struct `Many predictions followed at once` {
  func prediction(_ number: Int, _ status: String) -> String {
    #"{"id":"p\#(number)","status":"\#(status)"}"#
  }

  @Test func `a few are asked for singly, many by a page`() {
    var costs = PollCosts()
    let few = costs.prefersList(for: 5)
    let many = costs.prefersList(for: 100)
    #expect(!few && many)
    costs.took(bytesForPage: 400_000, found: 100, of: 100)
    let more = costs.prefersList(for: 120)
    let fewer = costs.prefersList(for: 60)
    #expect(more && !fewer)
  }

  @Test func `a page that holds few of them isn't asked for again soon`() {
    var costs = PollCosts()
    for _ in 0..<3 { costs.took(bytesForPage: 200_000, found: 2, of: 100) }
    #expect(costs.share < 0.2)
    let answers = (0..<20).map { _ in costs.prefersList(for: 100) }
    #expect(!answers.contains(true))
  }

  @Test func `large answers make single calls dearer`() {
    var costs = PollCosts()
    costs.took(bytesForPage: 300_000, found: 50, of: 50)
    let small = costs.prefersList(for: 50)
    for _ in 0..<20 { costs.took(bytesForOne: 20_000) }
    let large = costs.prefersList(for: 50)
    #expect(!small && large)
  }

  @Test func `followed together they share the list's page`() async throws {
    let running = (0..<100).map { prediction($0, "processing") }.joined(separator: ",")
    let ended = (0..<100).map { prediction($0, "succeeded") }.joined(separator: ",")
    let transport = ScriptedTransport(
      .answer(200, #"{"results":[\#(running)]}"#), .answer(200, #"{"results":[\#(ended)]}"#))
    let clock = TestClock()
    let client = Client(
      Client.Configuration(token: "r8_x", baseURL: "https://api.example.com/v1"),
      transport: transport, clock: clock)
    let statuses = try await withThrowingTaskGroup(of: Prediction.Status.self) { group in
      for number in 0..<100 {
        group.addTask {
          var last = Prediction(id: Prediction.ID("p\(number)"), status: .processing)
          for try await update in client.updates(of: last) { last = update }
          return last.status
        }
      }
      while await client.core.poller.count < 100 { await Task.yield() }
      for count in 1...2 {
        await clock.sleeps(count)
        clock.advance(by: .milliseconds(500))
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.count == 100 && statuses.allSatisfy { $0 == .succeeded })
  }

  @Test func `what ends is asked for at once when its stream has ended`() async throws {
    let clock = InstantClock()
    let transport = ScriptedTransport(
      .pieces([Array("event: done\ndata: {}\n\n".utf8)]))
    let client = Client.scripted(transport, clock: clock)
    let prediction = Prediction(
      id: "p1", urls: Prediction.URLs(stream: "https://stream.example.com/a"))
    for try await event in try #require(client.output(of: prediction)) {
      #expect(event == .done(reason: nil))
    }
    #expect(clock.sleeps.isEmpty)
  }

  @Test func `a task that is cancelled is let go of`() async {
    let client = Client(
      Client.Configuration(token: "r8_x", baseURL: "https://api.example.com/v1"),
      transport: ScriptedTransport(), clock: ContinuousClock())
    let task = Task {
      for try await _ in client.updates(of: Prediction(id: "p1")) {}
    }
    task.cancel()
    let reason = await failure { try await task.value }
    #expect(reason == .canceled)
  }

  @Test func `polls are rarer where answers are large`() {
    var schedule = PollSchedule()
    #expect(schedule.delay == .milliseconds(500))
    schedule.answered(size: 1 << 20)
    #expect(schedule.delay == .seconds(4))
    schedule.answered(size: 1 << 30)
    #expect(schedule.delay == .seconds(60))
    schedule.answered(size: 1_000)
    #expect(schedule.delay == .milliseconds(500))
  }

  private static let delaysByAge: [(Double, Double)] = [
    (0, 0.5), (30, 1), (100, 2), (3000, 5), (15_000, 30), (72_000, 60), (31_622_400, 600),
    (-600, 0.5), (1e300, 600),
  ]

  @Test(arguments: delaysByAge)
  func `what is old is asked for rarely from the start`(age: Double, seconds: Double) {
    let created = Timestamp("2026-01-01T00:00:00Z")
    let now = (created.secondsSince1970 ?? 0) + age
    #expect(PollSchedule(since: created, now: now).delay == .seconds(seconds))
    #expect(PollSchedule(since: created, now: nil).delay == .milliseconds(500))
  }

  @Test func `what is old and moves is asked for more often again`() {
    var schedule = PollSchedule(since: "2026-01-01T00:00:00Z", now: 1.8e9)
    schedule.foundNews()
    #expect(schedule.delay == .seconds(5))
  }

  @Test func `how the two back ends write times and nothing is no news`() {
    let one = Prediction(id: "p", createdAt: "2024-01-01T00:00:00.123456789Z")
    let other = Prediction(id: "p", createdAt: "2024-01-01T00:00:00.150000Z")
    #expect(!other.hasNews(since: one))
    var started = other
    started.startedAt = "2024-01-01T00:00:01Z"
    #expect(started.hasNews(since: one))
  }
}
