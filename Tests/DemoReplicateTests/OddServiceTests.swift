import NIOHTTP1
import ReplicateAPI
import Testing

@testable import DemoReplicate

/// The service with odd data, over real sockets.
@Suite(.serialized) struct OddServiceTests {
  private static let palindrome = ModelID(owner: "inkwell", name: "is-it-a-palindrome")

  /// Answers that don't depend on the time, without the ports.
  private func answers(seed: UInt64) async throws -> [String] {
    var texts: [String] = []
    try await withService(faults: DemoFault.odd.subtracting([.oddWaits]), seed: seed) { service in
      for path in [
        "/collections/audio", "/collections/audio", "/collections", "/hardware",
        "/search?query=pi", "/collections/utilities", "/models/demo/painter",
        "/models/demo/painter/versions", "/account", "/models/glacier/haiku",
      ] {
        texts.append(try await service.call("GET", path).text)
      }
      // Of the API and of files. A port's digits alone may be a part of any other number.
      texts = texts.map { text in
        text.replacing(/127\.0\.0\.1:\d+/, with: "127.0.0.1:PORT")
      }
    }
    return texts
  }

  @Test func `the same seed and calls give the same bytes, and another seed others`() async throws {
    let first = try await answers(seed: 7)
    for (again, first) in zip(try await answers(seed: 7), first) { #expect(again == first) }
    let other = try await answers(seed: 8)
    #expect(zip(first, other).filter { $0 == $1 }.count < 3)
    // Asking again is another call.
    #expect(first[0] != first[1])
  }

  @Test func `with odd data, a run ends, and its end stays`() async throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      try await withService(faults: DemoFault.odd, seed: seed) { service in
        let version = try #require(
          DemoModels.all().first { $0.id == Self.palindrome }?.versions.first?.id)
        // Unpacking a log that is long and all the same is too much for the test's client.
        let plain = [("accept-encoding", "identity")]
        for number in 0..<8 {
          var id: String?
          // A refusal takes no effect, and no two in a row come.
          for _ in 0..<3 where id == nil {
            let answer = try await service.call(
              "POST", "/predictions",
              ["version": .string(version), "input": ["text": .string("Anna \(number)")]],
              headers: plain)
            if answer.status == 201 { id = try answer.json["id"]?.string }
          }
          let path = "/predictions/\(try #require(id))"
          var polls = 0
          while polls < 3000 {
            polls += 1
            let answer = try await service.call("GET", path, headers: plain)
            guard answer.status == 200 else { continue }
            let run = try answer.json
            if OddStatuses.isFinal(run["status"]) || run["completed_at"]?.string?.isEmpty == false {
              break
            }
          }
          #expect(polls < 3000)
        }
        #expect(await service.server.predictions().count == 8)
        #expect(await service.server.predictions().allSatisfy { $0.status == "succeeded" })
      }
    }
  }

  @Test func `a wrong clock is minutes off in headers and in what is made`() async throws {
    var shifts: Set<Double> = []
    for seed in 1...6 as ClosedRange<UInt64> {
      try await withService(faults: [.oddClock], seed: seed) { service in
        let model = try #require(DemoModels.all().first { $0.id == Self.palindrome })
        let now = ServiceClock.systemTime
        let made = try await service.call(
          "POST", "/predictions",
          ["version": .string(model.versions[0].id), "input": ["text": "Anna"]])
        let text = try #require(try made.json["created_at"]?.string)
        let shift = try #require(Timestamp(text).secondsSince1970) - now
        #expect(abs(shift) > 300 && abs(shift) < 900)
        let rounded = [-780, -420, 540, 660].min { abs($0 - shift) < abs($1 - shift) } ?? 0
        #expect(abs(shift - rounded) < 30)
        let date = try #require(made.headers["date"].first)
        #expect(
          [0, 1, 2, 30].contains { TimestampFormat.http(now + rounded + $0) == date }
            || date.hasSuffix("GMT"))
        shifts.insert(rounded)
      }
    }
    #expect(shifts.count > 1)
  }

  @Test func `waits come with refusals, errors and good answers`() async throws {
    try await withService(faults: [.oddWaits]) { service in
      var waits: [Int: Set<String>] = [:]
      var several = false
      var before = 200
      for _ in 0..<600 {
        let answer = try await service.call("GET", "/account")
        let values = answer.headers["retry-after"]
        waits[answer.status, default: []].formUnion(values)
        several = several || values.count > 1
        #expect(answer.status == 200 || !values.isEmpty)
        #expect(before == 200 || answer.status == 200)
        before = answer.status
        if answer.status == 200 { #expect(try answer.json["username"] == "demo") }
      }
      #expect(Set(waits.keys) == [200, 429, 500, 502, 503])
      #expect(several)
      #expect(waits.values.contains { $0.contains("99999") || $0.contains("3600") })
      #expect(waits[200]?.contains("1") == true)
    }
  }

  @Test func `a refused create has no effect`() async throws {
    try await withService(speed: 1000, faults: [.oddWaits]) { service in
      let model = try #require(DemoModels.all().first { $0.id == Self.palindrome })
      var made = 0
      for _ in 0..<100 {
        let answer = try await service.call(
          "POST", "/predictions",
          ["version": .string(model.versions[0].id), "input": ["text": "Anna"]])
        if answer.status == 201 { made += 1 }
      }
      #expect(made < 100 && made > 50)
      #expect(await service.server.predictions().count == made)
    }
  }

  @Test func `the answer to every create is lost, and each took effect`() async throws {
    try await withService(speed: 1000, faults: [.lostCreates]) { service in
      let model = try #require(DemoModels.all().first { $0.id == Self.palindrome })
      for number in 1...5 {
        await #expect(throws: (any Error).self) {
          try await service.call(
            "POST", "/predictions",
            ["version": .string(model.versions[0].id), "input": ["text": "Anna"]])
        }
        #expect(await service.server.predictions().count == number)
      }
      let refused = try await service.call("POST", "/predictions", ["version": 1, "input": [:]])
      #expect(refused.status == 422)
      #expect(try await service.call("GET", "/predictions").status == 200)
    }
  }

  @Test func `an odd stream has the whole text for a client that reconnects`() async throws {
    var connections: [Int] = []
    var names: Set<String> = []
    var beginsWithAddress = false
    for seed in 1...6 as ClosedRange<UInt64> {
      try await withService(speed: 2000, faults: [.oddStreams], seed: seed) { service in
        let created = try await service.call(
          "POST", "/models/lumen-lab/storyteller/predictions",
          ["input": ["prompt": "a fox", "seed": 4]], headers: [("prefer", "wait")]
        ).json
        let address = try #require(created["urls"]?["stream"]?.string)
        var parser = ServerSentEvents()
        var seen: Set<String> = []
        var pieces: [String] = []
        var isDone = false
        var count = 0
        while !isDone, count < 10 {
          count += 1
          let headers =
            parser.lastEventID.isEmpty ? [] : [("last-event-id", parser.lastEventID)]
          let bytes = try await service.call("GET", address, headers: headers, token: nil).bytes
          for event in parser.push(bytes) {
            names.insert(event.name)
            if event.name == "done" { isDone = true }
            if let id = event.id, !seen.insert(id).inserted { continue }
            if event.name == "output" { pieces.append(event.data) }
          }
          parser = parser.forNextConnection()
        }
        #expect(isDone)
        connections.append(count)
        let output = created["output"]?.array?.compactMap(\.string) ?? []
        #expect(pieces.joined() == output.joined())
        if output.first?.hasPrefix("http") == true { beginsWithAddress = true }
      }
    }
    #expect(connections.contains(1) && connections.contains { $0 > 1 })
    #expect(names.isSuperset(of: ["output", "done", "heartbeat"]))
    #expect(beginsWithAddress)
  }

  @Test func `an answer that never changes is made odd once`() {
    let injector = OddInjector(DemoFault.odd, seed: 1)
    var answer = DemoAnswer.json(["results": .array((0..<50).map { ["id": .string("\($0)")] })])
    func bodies() -> Set<[UInt8]> {
      Set(
        (0..<10).map { call in
          injector.changed(answer, on: OddAnswers.Occasion(target: "/x", call: call)).body
        })
    }
    #expect(bodies().count > 1)
    answer.constantName = "all"
    #expect(bodies().count == 1)
  }

  @Test(arguments: ["18446744073709551615", "-9223372036854775808"])
  func `a seed of 64 bits is accepted, returned and used`(seed: String) async throws {
    try await withService(faults: [.oddInputs]) { service in
      let model = ModelID(owner: "quarry", name: "maze")
      let version = try await service.version(of: model)
      let made = try await service.call(
        "POST", "/predictions", text: #"{"version":"\#(version)","input":{"seed":\#(seed)}}"#)
      #expect(try made.json["input"]?["seed"]?.serialized() == seed)
      let id = try #require(try made.json["id"]?.string)
      let ended = try await service.end(
        of: try await service.client.send(.prediction(Prediction.ID(id))))
      #expect(ended.logs.contains("Using seed: \(seed)\n"))
    }
  }
}
