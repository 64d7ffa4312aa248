import OrderedCollections
import ReplicateAPI
import Testing

@testable import DemoReplicate

/// The oddities as functions of answers, without a service.
struct OddAnswersTests {
  private typealias Occasion = OddAnswers.Occasion

  /// A page of ended runs, as Django writes them.
  private static func page(_ count: Int = 40, next: String? = nil) -> JSONValue {
    [
      "previous": .null, "next": next.map { .string($0) } ?? .null,
      "results": .array((0..<count).map { run("run\($0)") }),
    ]
  }

  private static func run(_ id: String, status: String = "succeeded") -> JSONValue {
    let isOver = OddStatuses.isFinal(.string(status))
    return [
      "id": .string(id), "model": "a/b", "version": "v", "status": .string(status),
      "input": ["prompt": "x", "seed": 4, "nested": ["b": 1, "a": [["d": 1, "c": 2, "e": 3]]]],
      "output": isOver ? ["http://127.0.0.1:9/xezq/\(id)/out.png"] : .null, "logs": "one\ntwo\n",
      "error": .null, "created_at": "2026-11-01T10:00:00.123456Z",
      "started_at": "2026-11-01T10:00:01.123456Z",
      "completed_at": isOver ? "2026-11-01T10:00:02.123456Z" : .null,
      "metrics": ["predict_time": 1.5, "total_time": 2.5, "inner": ["count": 3]],
      "urls": ["get": "http://127.0.0.1:8/v1/predictions/\(id)", "cancel": "c", "web": "w"],
    ]
  }

  private func odd(_ faults: Set<DemoFault>, seed: UInt64 = 1) -> OddAnswers {
    OddAnswers(faults, seed: seed)
  }

  private func rows(_ answer: JSONValue) -> [JSONValue] { answer["results"]?.array ?? [] }

  private func row(_ id: String, _ answer: JSONValue) -> JSONValue? {
    rows(answer).first { $0["id"] == .string(id) }
  }

  /// The answers to asking for a page many times.
  private func answers(
    _ faults: Set<DemoFault>, _ page: JSONValue = page(), count: Int = 30
  ) -> [JSONValue] {
    (0..<count).map { odd(faults).changed(page, on: Occasion(target: "/predictions", call: $0)) }
  }

  // MARK: What they have in common

  @Test func `odd stands for all of its parts, and each has a name and a summary`() {
    #expect(DemoFault.named("odd") == DemoFault.odd)
    #expect(DemoFault.odd.count == 12)
    #expect(DemoFault.named("odd-rows") == [.oddRows])
    #expect(DemoFault.named("latency") == [.latency])
    for name in ["", "Odd", "odd-", "odd ", "odd-everything"] {
      #expect(DemoFault.named(name) == nil)
    }
    #expect(DemoFault.allCases.allSatisfy { (10...55).contains($0.summary.count) })
    #expect(Set(DemoFault.allCases.map(\.summary)).count == DemoFault.allCases.count)
  }

  @Test(arguments: DemoFault.odd.subtracting([.oddClock, .oddWaits, .oddStreams]))
  func `the same seed and call give the same bytes, and another seed others`(fault: DemoFault) {
    let example: JSONValue = ["default_example": Self.run("x")]
    func bytes(_ seed: UInt64) -> [String] {
      (0..<20).map { call in
        let occasion = Occasion(target: "/predictions", call: call)
        let odd = odd([fault], seed: seed)
        return odd.changed(Self.page(), on: occasion).serialized()
          + odd.changed(Self.page(3), on: occasion).serialized()
          + odd.changed(example, on: occasion).serialized()
          + odd.changed(Self.run("y", status: "processing"), on: occasion).serialized()
      }
    }
    #expect(bytes(1) == bytes(1))
    #expect(bytes(1) != bytes(2))
  }

  @Test func `without a part, nothing changes`() {
    let faults = Set(DemoFault.allCases).subtracting(DemoFault.odd)
    #expect(answers(faults).allSatisfy { $0.serialized() == Self.page().serialized() })
  }

  @Test(arguments: DemoFault.odd)
  func `every good row stays, in its order`(fault: DemoFault) {
    let ids = (0..<40).map { JSONValue.string("run\($0)") }
    for answer in answers([fault]) where answer["results"]?.array?.isEmpty == false {
      #expect(rows(answer).compactMap { $0["id"] }.filter(ids.contains) == ids)
    }
  }

  @Test func `with all parts at once every run can be seen to end`() {
    for number in 0..<300 {
      let run = Self.run("run\(number)")
      for call in 0..<10 {
        let odd = odd(DemoFault.odd).changed(
          run, on: Occasion(target: "/predictions/run\(number)", call: call))
        #expect(odd["id"] == run["id"])
        #expect(
          OddStatuses.isFinal(odd["status"])
            || odd["completed_at"]?.string.flatMap { Timestamp($0).secondsSince1970 } != nil)
      }
    }
  }

  @Test func `the answer to a create stays true to what was made`() throws {
    for number in 0..<300 {
      let made = Self.run("run\(number)", status: "starting")
      let odd = odd(DemoFault.odd).changed(
        made, on: Occasion(target: "/predictions", call: number, isChange: true))
      for key in ["id", "model", "version", "input", "urls"] {
        #expect(odd[key] != nil && odd[key]?.isNull == false, "\(key)")
      }
      #expect(odd["id"] == made["id"])
      // Equal apart from the order of keys.
      let input = try #require(odd["input"]?.object)
      #expect(Set(input.keys) == ["prompt", "seed", "nested"] && input["seed"] == 4)
      let text = try #require(odd["created_at"]?.string)
      let moment = try #require(Timestamp(text).secondsSince1970)
      #expect(abs(moment - 1_793_527_200.123) < 1)
    }
  }

  // MARK: Each of them

  @Test func `odd rows stand among the good ones of every kind of list`() {
    let model: JSONValue = ["owner": "a", "name": "b", "url": "u", "run_count": 1]
    let lists: [JSONValue] = [
      Self.page(), ["results": []], [["sku": "cpu", "name": "CPU"]],
      ["slug": "s", "name": "S", "models": [model, model]],
      ["query": "q", "models": [["model": model]], "collections": [["slug": "s"]], "pages": []],
    ]
    for list in lists {
      var kinds: Set<String> = []
      for call in 0..<200 {
        let odd = odd([.oddRows]).changed(list, on: Occasion(target: "/x", call: call))
        let texts = odd.serialized()
        #expect((try? JSONValue(parsing: texts)) == odd)
        for rows in Self.lists(odd) {
          for row in rows { kinds.insert(InputValidation.kind(of: row)) }
        }
      }
      #expect(kinds == ["null", "string", "integer", "number", "boolean", "array", "object"])
    }
  }

  private static func lists(_ answer: JSONValue) -> [[JSONValue]] {
    answer.array.map { [$0] } ?? OddAnswers.listKeys.compactMap { answer[$0]?.array }
  }

  @Test func `a row without its identity is one that the core can't read`() {
    var random = SeededRandom(1)
    let samples: [JSONObject] = [
      Self.run("x").object ?? [:], ["owner": "a", "name": "b", "url": "u", "run_count": 1],
      ["slug": "s", "name": "S", "description": "d"], ["sku": "s", "name": "S"],
    ]
    for sample in samples {
      var objects = 0
      for _ in 0..<300 {
        let row = OddRows.row(like: sample, &random)
        guard let members = row.object else { continue }
        objects += 1
        let names = ["id", "owner", "slug", "sku"].filter { sample[$0] != nil }
        #expect(!names.contains { members[$0] == sample[$0] && members[$0] != nil })
      }
      #expect(objects > 50)
    }
  }

  @Test func `members are null or absent, but never those that tell a thing from others`() {
    let runs = answers([.oddMembers]).compactMap { row("run3", $0) }
    #expect(runs.count == 30)
    for key in ["model", "version", "input", "output", "created_at", "urls", "metrics", "logs"] {
      #expect(runs.contains { $0[key] == nil } || runs.contains { $0[key] == .null }, "\(key)")
    }
    #expect(runs.contains { $0.object?.count == Self.run("run3").object?.count })
    #expect(runs.allSatisfy { $0["id"] == "run3" && $0["status"] == "succeeded" })
    let model: JSONValue = ["model": ["owner": "a", "name": "b", "description": "d"]]
    for call in 0..<100 {
      let found = odd([.oddMembers]).changed(
        ["models": [model]], on: Occasion(target: "/search", call: call))
      #expect(found["models"]?[0]?["model"]?["owner"] == "a")
      #expect(found["models"]?[0]?["model"]?["name"] == "b")
    }
  }

  @Test func `numbers are absurd in metrics and counts, and the same in every answer`() {
    let answers = answers([.oddNumbers], Self.page(300), count: 3)
    #expect(Set(answers.map { $0.serialized() }).count == 1)
    let metrics = rows(answers[0]).compactMap { $0["metrics"] }
    let times = metrics.compactMap { $0["predict_time"] }
    #expect(times.contains { $0 == 1.5 } && times.contains { $0.string != nil })
    #expect(times.contains { $0.double ?? 0 < 0 } && times.contains { $0.double ?? 0 > 1e18 })
    #expect(metrics.contains { $0["inner"]?["count"] != 3 })
    #expect(rows(answers[0]).allSatisfy { $0["input"]?["seed"] == 4 })
    let models = odd([.oddNumbers]).changed(
      ["results": .array((0..<60).map { ["owner": "a", "name": "m\($0)", "run_count": 7] })],
      on: Occasion(target: "/models"))
    let counts = rows(models).compactMap { $0["run_count"]?.serialized() }
    for text in ["7", "1e300", "-1e19", "18446744073709551616", #""12""#] {
      #expect(counts.contains(text) || OddNumbers.all.contains { $0.serialized() == text })
    }
    #expect(Set(counts).count > 8)
  }

  @Test func `dates have every format, and some are absurd or out of order`() {
    let answers = answers([.oddDates])
    #expect(Set(answers.map { $0.serialized() }).count == 1)
    let dates = (0..<400).compactMap { number in
      odd([.oddDates]).changed(Self.run("run\(number)"), on: Occasion(target: "/x"))["created_at"]
    }
    let texts = Set(dates.compactMap(\.string))
    for text in [
      "2026-11-01T10:00:00.123456Z", "2026-11-01T10:00:00.123456",
      "2026-11-01T10:00:00.123456000Z", "2026-11-01T10:00:00Z", "2026-11-01T15:30:00.123456+05:30",
      "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "", "not a date",
      "2026-11-01T12:00:00.123456Z",
    ] {
      #expect(texts.contains(text), "\(text)")
    }
    #expect(dates.contains { $0.double ?? 0 > 1e9 } && dates.contains { $0.double ?? 0 > 1e12 })
  }

  @Test(arguments: [
    "2026-11-01T10:00:00.5Z", "2026-11-01T10:00:00+00:00", "2026-11-01T10:00:00.123456789Z",
  ])
  func `all formats of a date are the same moment`(text: String) throws {
    let moment = try #require(Timestamp(text).secondsSince1970)
    for format in OddDates.formats(of: text, moment) {
      let other = try #require(Timestamp(format).secondsSince1970, "\(format)")
      #expect(abs(other - moment) < 1, "\(format)")
    }
  }

  @Test func `statuses are unknown ones, and some ends show by their date only`() {
    func statuses(_ status: String) -> [JSONValue] {
      (0..<200).map { number in
        odd([.oddStatuses]).changed(
          Self.run("run\(number)", status: status), on: Occasion(target: "/x"))
      }
    }
    #expect(
      Set(statuses("starting").compactMap { $0["status"]?.string })
        == ["starting", "queued", "booting", ""])
    #expect(
      Set(statuses("processing").compactMap { $0["status"]?.string })
        == ["processing", "running", ""])
    let ended = statuses("succeeded")
    let stuck = ended.filter { $0["status"] != "succeeded" }
    #expect((10...80).contains(stuck.count))
    #expect(stuck.contains { $0["status"] == "processing" })
    #expect(ended.allSatisfy { $0["completed_at"]?.string?.isEmpty == false })
    // The cancel's own answer shows what it did.
    let canceled = odd([.oddStatuses]).changed(
      Self.run("run1", status: "canceled"), on: Occasion(target: "/x", isChange: true))
    #expect(canceled["status"] == "canceled")
  }

  @Test func `outputs have every shape, and the same in every answer`() throws {
    let answers = answers([.oddOutputs], Self.page(300), count: 3)
    #expect(Set(answers.map { $0.serialized() }).count == 1)
    let outputs = rows(answers[0]).map { $0["output"] ?? .null }
    let kinds = Set(outputs.map { InputValidation.kind(of: $0) })
    #expect(kinds == ["null", "string", "integer", "number", "boolean", "array", "object"])
    #expect(outputs.contains { $0.array?.first?.string?.hasSuffix("out.png") == true })
    #expect(answers[0].serialized().utf8.count < 20_000_000)
    // What still runs has the output that it has.
    let live = Self.run("run1", status: "processing")
    #expect(odd([.oddOutputs]).changed(live, on: Occasion(target: "/x")) == live)
  }

  @Test func `every shape can be written and read again`() throws {
    let shapes = OddOutputs.shapes(of: ["good"], origin: "http://o")
    for shape in shapes { #expect(try JSONValue(parsing: shape.serialized()) == shape) }
    #expect(shapes.contains { Self.depth($0) > 100 })
    #expect(shapes.contains { $0.array?.count ?? 0 >= 3000 })
    #expect(shapes.contains([]) && shapes.contains([:]) && shapes.contains(""))
  }

  private static func depth(_ value: JSONValue) -> Int {
    switch value {
    case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
    case .object(let members): 1 + (members.values.map(depth).max() ?? 0)
    default: 0
    }
  }

  @Test func `an output of megabytes is rare, and comes alone`() {
    var huge = 0
    for number in 0..<400 {
      let run = Self.run("run\(number)")
      let alone = odd([.oddOutputs]).changed(
        run, on: Occasion(target: "/predictions/run\(number)"))
      if alone["output"]?.string?.utf8.count ?? 0 > 2_000_000 { huge += 1 }
      let listed = odd([.oddOutputs]).changed(
        ["results": [run]], on: Occasion(target: "/predictions"))
      #expect(listed.serialized().utf8.count < 200_000)
    }
    #expect((1...20).contains(huge))
  }

  @Test func `logs only grow, and have what terminals have`() {
    var all = ""
    for number in 0..<100 {
      var before = ""
      for (text, status) in [("", "starting"), ("a\n", "processing"), ("a\nb\n", "succeeded")] {
        var run = Self.run("run\(number)", status: status).object ?? [:]
        run["logs"] = .string(text)
        let odd = odd([.oddLogs]).changed(.object(run), on: Occasion(target: "/x"))
        let logs = odd["logs"]?.string ?? ""
        #expect(logs.utf8.starts(with: before.utf8))
        #expect(text.isEmpty || Array(logs.utf8).firstRange(of: Array(text.utf8)) != nil)
        before = logs
      }
      all += before
    }
    let bytes = Array(all.utf8)
    for piece in OddLogs.pieces { #expect(bytes.firstRange(of: Array(piece.utf8)) != nil) }
    for sign in ["\u{1B}[31m", "\u{8}", "\u{1B}]52", "\u{9B}", "\u{0}", "\u{202E}", "\r"] {
      #expect(all.unicodeScalars.contains(Array(sign.unicodeScalars)), "\(sign.unicodeScalars)")
    }
  }

  @Test func `inputs keep their values in another order of keys, at every depth`() throws {
    let runs = rows(answers([.oddInputs], count: 1)[0])
    let inputs = runs.compactMap { $0["input"]?.object }
    #expect(Set(inputs.map { Array($0.keys) }).count > 3)
    let inner = inputs.compactMap { $0["nested"]?["a"]?[0]?.object }
    #expect(inner.count == 40 && Set(inner.map { Array($0.keys) }).count > 3)
    for input in inputs {
      #expect(input["seed"] == 4 && input["prompt"] == "x" && input["nested"]?["b"] == 1)
    }
    #expect(inner.allSatisfy { $0["d"] == 1 && $0["c"] == 2 && $0["e"] == 3 })
  }

  @Test func `examples have seeds of 64 bits`() {
    let seeds = (0..<40).map { number in
      odd([.oddInputs]).changed(
        ["default_example": Self.run("run\(number)")], on: Occasion(target: "/models/a/b"))[
          "default_example"]?["input"]?["seed"]?.serialized()
    }
    #expect(seeds.contains("18446744073709551615") && seeds.contains("-9223372036854775808"))
    #expect(seeds.contains("4"))
  }

  // MARK: Waits and streams

  @Test func `waits are the same for the same seed and call, and others otherwise`() {
    func waits(_ seed: UInt64) -> [OddWaits] {
      (0..<200).map { call in
        var random = odd([.oddWaits], seed: seed).random(.oddWaits, "/x \(call)")
        return OddWaits(call: call, now: 1_700_000_000, &random)
      }
    }
    #expect(waits(1) == waits(1) && waits(1) != waits(2))
    let failures = waits(1).enumerated().filter { $1.failure != nil }.map(\.offset)
    #expect((5...60).contains(failures.count) && failures.allSatisfy { $0.isMultiple(of: 2) })
    for wait in waits(3) where wait.failure != nil {
      #expect(wait.headers.contains { $0.name == "retry-after" })
      #expect(wait.answer?.status == wait.failure)
    }
  }

  @Test func `an odd stream is the same for the same seed, and loses no event`() {
    func bytes(_ seed: UInt64) -> [String] {
      (0..<20).map { connection in
        var stream = OddStream(connection: connection, SeededRandom("\(connection)", seed))
        return (0..<40).map { index in
          stream.text(name: "output", id: "1:\(index)", data: " piece\n\(index)")
        }.joined()
      }
    }
    #expect(bytes(1) == bytes(1) && bytes(1) != bytes(2))
    for text in bytes(1) {
      var parser = ServerSentEvents()
      // A lone carriage return could be half of a line break, so more has to follow.
      let events = parser.push(Array((text + ": end\n").utf8)).filter { $0.id != nil }
      #expect(events.map(\.data) == (0..<40).map { " piece\n\($0)" })
      #expect(events.map(\.id) == (0..<40).map { "1:\($0)" })
    }
    let all = bytes(1).joined()
    for sign in [": keep-alive", "event: heartbeat", "event: debug", "retry: soon", "\r\n"] {
      #expect(Array(all.utf8).firstRange(of: Array(sign.utf8)) != nil, "\(sign)")
    }
    let connections = (0..<50).map { OddStream(connection: $0, SeededRandom("\($0)", 1)) }
    #expect(connections.contains(where: \.lacksDone) && connections.contains { $0.repeats == 3 })
    #expect(zip(connections, connections.dropFirst()).allSatisfy { !$0.lacksDone || !$1.lacksDone })
  }

  // MARK: Pages

  /// Follows a list of 95 rows by pages of 10 until its end, or until it leads back.
  private func follow(seed: UInt64) throws -> (ids: [String], pages: Int, asked: [String]) {
    let base = "http://127.0.0.1:8/v1"
    var address = "\(base)/predictions?source=web"
    var asked: [String] = []
    var ids: [String] = []
    var pages = 0
    while !asked.contains(address), pages < 100 {
      asked.append(address)
      pages += 1
      let target = String(address.dropFirst(base.count))
      let held = address.replacing("&held=1", with: "")
      var first = 0
      if let range = held.firstRange(of: "cursor=") {
        let cursor = held[range.upperBound...].prefix { $0 != "&" }
        first = try Cursor.offset(PercentEncoding.decoded(cursor))
      }
      let last = min(95, first + 10)
      let call = DemoService.Call(
        route: .listPredictions, parameters: [:], query: ["source": "web"], headers: [:], body: [],
        base: base)
      let page: JSONValue = [
        "next": last == 95
          ? .null : .string(Cursor.address(call, "/predictions", "o=\(last)", keeping: ["source"])),
        "results": .array((first..<last).map { ["id": .string("row\($0)")] }),
      ]
      let odd = odd([.oddPages], seed: seed).changed(
        page, on: Occasion(base: base, target: target, call: pages))
      ids += rows(odd).compactMap { $0["id"]?.string }
      guard let next = odd["next"]?.string, next.hasPrefix("http") else { break }
      address = next
    }
    return (ids, pages, asked)
  }

  @Test func `whoever follows odd pages has every row, and comes to an end or back`() throws {
    var ways: [(ids: [String], pages: Int, asked: [String])] = []
    for seed in 1...60 as ClosedRange<UInt64> {
      let way = try follow(seed: seed)
      #expect(Set(way.ids) == Set((0..<95).map { "row\($0)" }), "seed \(seed)")
      #expect(way.pages < 40)
      ways.append(way)
    }
    #expect(ways.contains { $0.ids.count > 95 })
    #expect(ways.contains { $0.asked.contains { $0.contains("held=1") } })
  }

  @Test func `pages are empty or without results, and the last leads back or nowhere`() {
    let pages = answers([.oddPages], Self.page(3), count: 60)
    let held = pages.filter { $0["results"]?.array?.isEmpty ?? true }
    #expect(held.contains { $0["results"] == nil } && held.contains { $0["results"] == .null })
    #expect(held.contains { $0["results"] == [] })
    #expect(held.allSatisfy { $0["next"]?.string?.hasSuffix("/predictions?held=1") == true })
    let ends = Set(
      (0..<60).compactMap { number in
        odd([.oddPages]).changed(
          Self.page(3), on: Occasion(target: "/predictions?cursor=\(number)&held=1"))["next"]
      })
    #expect(ends.contains(.null) && ends.contains("null") && ends.contains(""))
    #expect(ends.contains("http://127.0.0.1:8/v1/predictions"))
    #expect(ends.contains { $0.string?.contains("cursor=") == true })
  }
}

extension Sequence<Unicode.Scalar> {
  fileprivate func contains(_ others: [Unicode.Scalar]) -> Bool {
    Array(self).firstRange(of: others) != nil
  }
}
