import ReplicateAPI
import Testing

@testable import DemoReplicate

/// The plan that decides which calls fail.
struct DemoFaultsTests {
  private func verdicts(
    _ faults: Set<DemoFault>, seed: UInt64 = 1, changes: Bool = true, count: Int = 2000
  ) -> [FaultPlan.Verdict] {
    var plan = FaultPlan(faults, seed: seed)
    return (0..<count).map { _ in plan.verdict(changes: changes) }
  }

  @Test func `without faults, nothing fails`() {
    #expect(verdicts([]).allSatisfy { $0 == FaultPlan.Verdict() })
    let others = DemoFault.odd.union([.stoppedClock, .lowCredit, .lostCreates])
    #expect(verdicts(others).allSatisfy { $0 == FaultPlan.Verdict() })
    var plan = FaultPlan([], seed: 1)
    #expect(plan.eventsUntilBreak() == nil)
  }

  @Test func `the same seed gives the same failures, and another seed others`() {
    let all = Set(DemoFault.allCases)
    #expect(verdicts(all) == verdicts(all))
    #expect(verdicts(all) != verdicts(all, seed: 2))
  }

  @Test(arguments: [
    DemoFault.cutOff, .reset, .tooManyRequests, .serverErrors, .brokenJSON,
  ])
  func `a fault hits about one in four calls`(fault: DemoFault) {
    let struck = verdicts([fault]).filter { $0.failure != nil }.count
    #expect((350...750).contains(struck))
  }

  @Test func `most delays are shorter than two seconds`() {
    let delays = verdicts([.latency]).map(\.delay).filter { $0 > 0 }
    #expect((400...600).contains(delays.count))
    #expect(delays.allSatisfy { $0 >= 0.05 && $0 <= 6 })
    #expect(delays.contains { $0 > 2 } && delays.filter { $0 < 1.5 }.count > delays.count / 2)
  }

  @Test func `429 answers come in bursts`() {
    let refused = verdicts([.tooManyRequests]).map { $0.failure != nil }
    var bursts: [Int] = []
    var length = 0
    for isRefused in refused {
      if isRefused {
        length += 1
      } else if length > 0 {
        bursts.append(length)
        length = 0
      }
    }
    #expect(bursts.allSatisfy { $0 >= 2 })
    #expect(bursts.contains { $0 > 2 })
  }

  @Test func `only calls that change something can take effect before they fail`() {
    func effects(changes: Bool) -> Set<Bool> {
      Set(
        verdicts([.reset, .serverErrors], changes: changes).compactMap { verdict -> Bool? in
          switch verdict.failure {
          case .reset(let takesEffect), .serverError(_, _, let takesEffect): takesEffect
          default: nil
          }
        })
    }
    #expect(effects(changes: true) == [true, false])
    #expect(effects(changes: false) == [false])
  }

  @Test func `a stream has at least one event before it breaks`() {
    var plan = FaultPlan([.dropStreams], seed: 3)
    let lives = (0..<500).compactMap { _ in plan.eventsUntilBreak() }
    #expect(lives.count == 500)
    #expect(lives.min() == 1 && lives.max() == 24)
  }

  @Test func `truncated JSON is invalid, and never empty`() {
    let whole = DemoAnswer.director(["id": "x"], status: 201)
    for fraction in [0.0, 0.1, 0.5, 0.99, 1] {
      let half = whole.after(.halfJSON(fraction: fraction))
      #expect(half.status == 201)
      #expect(!half.body.isEmpty)
      #expect((try? JSONValue(parsing: half.body)) == nil)
    }
    let page = whole.after(.htmlForJSON)
    #expect(page.type == "application/json")
    #expect((try? JSONValue(parsing: page.body)) == nil)
    #expect(DemoAnswer.noContent.after(.htmlForJSON).body.isEmpty)
    #expect(DemoAnswer.text("# Readme").after(.halfJSON(fraction: 0.5)).body.count == 8)
  }

  @Test func `a part of an answer that never changes isn't kept as the answer`() {
    var whole = DemoAnswer.json(["results": ["a", "b"]])
    whole.constantName = "all"
    let half = whole.after(.halfJSON(fraction: 0.5))
    #expect(half.constantName == nil && half.body.count < whole.body.count)
    #expect(whole.after(.htmlForJSON).constantName == nil)
    #expect(whole.after(nil).constantName == "all")
  }

  @Test func `server errors are JSON or a proxy's page`() throws {
    let json = DemoAnswer(body: []).after(
      .serverError(status: 503, isHTML: false, takesEffect: false))
    #expect(try JSONValue(parsing: json.body)["status"] == 503)
    let page = DemoAnswer(body: []).after(
      .serverError(status: 502, isHTML: true, takesEffect: false))
    #expect(page.type == "text/html")
    #expect(String(decoding: page.body, as: UTF8.self).contains("<h1>502 Bad Gateway</h1>"))
  }

  @Test func `faults have the names used on the command line`() {
    #expect(
      DemoFault.allCases.map(\.rawValue) == [
        "latency", "cut-off", "reset", "429", "5xx", "broken-json", "lost-creates",
        "drop-streams", "stopped-clock", "low-credit", "no-search", "odd-rows", "odd-members",
        "odd-numbers", "odd-dates", "odd-clock", "odd-statuses", "odd-pages", "odd-outputs",
        "odd-logs",
        "odd-inputs", "odd-waits", "odd-streams",
      ])
  }
}
