import AsyncHTTPClient
import NIOCore
import ReplicateAPI
import Testing

@testable import DemoReplicate

/// The service with faults, over real sockets.
@Suite(.serialized) struct FaultyServiceTests {
  private static let calls = 60

  /// A body for creating a prediction with a fast model.
  private static func create() throws -> JSONValue {
    let model = try #require(
      DemoModels.all().first { $0.id.description == "inkwell/is-it-a-palindrome" })
    let version = try #require(model.versions.first)
    return ["version": .string(version.id), "input": ["text": "Anna"]]
  }

  /// Creates many predictions and returns the answers that arrived.
  private func creates(_ service: RunningService) async throws -> [RunningService.Answer] {
    let body = try Self.create()
    var answers: [RunningService.Answer] = []
    for _ in 0..<Self.calls {
      if let answer = try? await service.call("POST", "/predictions", body) {
        answers.append(answer)
      }
    }
    return answers
  }

  @Test func `429 answers have no effect, and say how long to wait`() async throws {
    try await withService(faults: [.tooManyRequests]) { service in
      let answers = try await creates(service)
      let refused = answers.filter { $0.status == 429 }
      #expect(!refused.isEmpty && refused.count < Self.calls)
      for answer in refused {
        let seconds = try #require(try answer.json["retry_after"]?.int)
        #expect(answer.headers["ratelimit-reset"] == [String(seconds)])
        #expect(answer.headers["ratelimit-remaining"] == ["0"])
        #expect(
          try answer.json["detail"]?.string
            == "Request was throttled. Your rate limit resets in ~\(seconds)s.")
      }
      let made = await service.server.predictions()
      #expect(made.count == Self.calls - refused.count)
      #expect(made.allSatisfy { $0.model == "inkwell/is-it-a-palindrome" })
      #expect(made.first?.input == ["text": "Anna"])
    }
  }

  @Test func `server errors come before or after the create takes effect`() async throws {
    try await withService(faults: [.serverErrors]) { service in
      let answers = try await creates(service)
      let failed = answers.filter { $0.status >= 500 }
      #expect(Set(failed.map(\.status)).isSubset(of: [500, 502, 503, 504]))
      #expect(Set(failed.map { $0.headers["content-type"].first }).count == 2)
      let made = await service.server.predictions().count
      #expect(made > answers.filter { $0.status == 201 }.count)
      #expect(made < Self.calls)
    }
  }

  @Test func `connections are reset before or after the create takes effect`() async throws {
    try await withService(faults: [.reset]) { service in
      let answers = try await creates(service)
      #expect(answers.allSatisfy { $0.status == 201 })
      #expect(answers.count < Self.calls)
      let made = await service.server.predictions().count
      #expect(made > answers.count)
      #expect(made < Self.calls)
    }
  }

  @Test func `answers are cut off after the create takes effect`() async throws {
    try await withService(faults: [.cutOff]) { service in
      let answers = try await creates(service)
      #expect(answers.count < Self.calls && !answers.isEmpty)
      #expect(await service.server.predictions().count == Self.calls)
    }
  }

  @Test func `answers are invalid JSON after the create takes effect`() async throws {
    try await withService(faults: [.brokenJSON]) { service in
      let answers = try await creates(service)
      #expect(answers.count == Self.calls)
      #expect(answers.allSatisfy { $0.status == 201 })
      let broken = answers.filter { (try? $0.json) == nil }
      #expect(!broken.isEmpty && broken.count < Self.calls / 2)
      #expect(broken.contains { $0.text.contains("<html>") })
      #expect(await service.server.predictions().count == Self.calls)
    }
  }

  @Test func `delayed answers arrive`() async throws {
    try await withService(speed: 1000, faults: [.latency]) { service in
      let answers = try await creates(service)
      #expect(answers.count == Self.calls)
    }
  }

  @Test func `a dropped stream can be resumed until it is complete`() async throws {
    try await withService(speed: 100, faults: [.dropStreams]) { service in
      let created = try await service.call(
        "POST", "/models/lumen-lab/storyteller/predictions",
        ["input": ["prompt": "a fox", "seed": 4]], headers: [("prefer", "wait")]
      ).json
      let address = try #require(created["urls"]?["stream"]?.string)
      var text = ""
      var last: String?
      var connections = 0
      var isDone = false
      while !isDone, connections < 100_000 {
        connections += 1
        for block in try await Self.blocks(of: address, after: last) {
          last = Self.field("id", of: block).first
          let data = Self.field("data", of: block).joined(separator: "\n")
          if block.contains("event: output\n") { text += data }
          if block.contains("event: done\n") { isDone = true }
        }
      }
      #expect(isDone)
      #expect(connections > 1)
      #expect(text == created["output"]?.array?.compactMap(\.string).joined())
    }
  }

  /// The complete events of a connection.
  private static func blocks(of address: String, after last: String?) async throws -> [String] {
    var request = HTTPClientRequest(url: address)
    if let last { request.headers.add(name: "last-event-id", value: last) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(240))
    var bytes: [UInt8] = []
    do {
      for try await chunk in response.body { bytes += chunk.readableBytesView }
    } catch {}
    var blocks = String(decoding: bytes, as: UTF8.self).components(between: "\n\n")
    // Only a blank line ends an event.
    if !blocks.isEmpty { blocks.removeLast() }
    return blocks.filter { $0.contains("event: ") }.map { $0 + "\n" }
  }

  private static func field(_ name: String, of block: String) -> [String] {
    block.split(separator: "\n").filter { $0.hasPrefix(name + ": ") }.map {
      String($0.dropFirst(name.count + 2))
    }
  }

  @Test func `predictions continue while the clock is frozen`() async throws {
    try await withService(speed: 1000, faults: [.stoppedClock]) { service in
      let created = try await service.call("POST", "/predictions", try Self.create())
      let id = try #require(try created.json["id"]?.string)
      let ended = try await service.end(
        of: try await service.client.send(.prediction(Prediction.ID(id))))
      #expect(ended.status == .succeeded)
      let told = try await service.call("GET", "/predictions/\(id)")
      let times = try ["created_at", "started_at", "completed_at"].map { try told.json[$0]?.string }
      #expect(Set(times).count == 1)
      #expect(told.headers["date"] == created.headers["date"])
      #expect(try told.json["metrics"]?["predict_time"]?.double ?? 0 > 0)
    }
  }

  @Test func `with low credit, the second create is rejected with an explanation`() async throws {
    try await withService(speed: 1, faults: [.lowCredit]) { service in
      let body = try Self.create()
      #expect(try await service.call("POST", "/predictions", body).status == 201)
      let refused = try await service.call("POST", "/predictions", body)
      #expect(refused.status == 429)
      let seconds = try #require(try refused.json["retry_after"]?.int)
      #expect((1...10).contains(seconds))
      let words =
        "Request was throttled. Your rate limit for creating predictions is reduced to 6 requests"
        + " per minute with a burst of 1 requests while you have less than $5.0 in credit. Your"
        + " rate limit resets in ~\(seconds)s."
      #expect(try refused.json["detail"]?.string == words)
      #expect(try await service.call("GET", "/account").status == 200)
    }
  }

  @Test func `low credit runs out eventually`() async throws {
    try await withService(speed: 1_000_000, faults: [.lowCredit]) { service in
      let body = try Self.create()
      var statuses: [Int] = []
      for _ in 0...DemoService.lowCreditRuns {
        statuses.append(try await service.call("POST", "/predictions", body).status)
      }
      #expect(statuses.dropLast().allSatisfy { $0 == 201 })
      #expect(statuses.last == 402)
    }
  }

  @Test func `with all faults at once, the service still knows what was created`() async throws {
    let faults = Set(DemoFault.allCases).subtracting([.lowCredit, .lostCreates])
    try await withService(speed: 1000, faults: faults) { service in
      let answers = try await creates(service)
      let whole = answers.filter { $0.status == 201 && (try? $0.json["id"]) != nil }
      let made = await service.server.predictions()
      #expect(!whole.isEmpty && made.count > whole.count && made.count < Self.calls)
      for answer in whole {
        let id = try answer.json["id"]?.string
        #expect(made.contains { $0.id == id })
      }
    }
  }
}

extension String {
  fileprivate func components(between mark: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: mark) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
