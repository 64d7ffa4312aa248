import ReplicateAPI
import Testing

@testable import Running

@Suite struct HistoryQueryTests {
  /// 2026-11-28 12:00 UTC.
  private static let now = 1_795_867_200.0

  private func conditions(_ line: String) -> [HistoryQuery.Condition] {
    HistoryQuery(line, now: Self.now).clauses.map(\.condition)
  }

  @Test func `a line of everything is read`() {
    let query = HistoryQuery(
      "model:flux status:failed after:3d took:>30s tag:hero lighthouse", now: Self.now)
    #expect(query.problems.isEmpty)
    #expect(
      query.clauses.map(\.condition) == [
        .model("flux"), .status(.failed), .after(Self.now - 3 * 86_400),
        .took(30...Double.infinity), .tag("hero"), .word("lighthouse"),
      ])
    #expect(query.words == ["lighthouse"])
  }

  @Test func `quotes keep phrases together, and a minus turns a condition around`() {
    let query = HistoryQuery(#"-status:succeeded -draft "red fox" model:"a b" -"no way""#, now: 0)
    #expect(
      query.clauses.map(\.condition) == [
        .status(.succeeded), .word("draft"), .word("red fox"), .model("a b"), .word("no way"),
      ])
    #expect(query.clauses.map(\.isNegated) == [true, true, false, false, true])
    #expect(query.words == ["red fox"])
  }

  @Test func `what isn't a field is a word`() {
    #expect(conditions("12:30") == [.word("12:30")])
    #expect(conditions("https://a.example/x") == [.word("https://a.example/x")])
    #expect(conditions("-") == [.word("-")])
    #expect(conditions("a-b") == [.word("a-b")])
    #expect(conditions(#""model:flux""#) == [.word("model:flux")])
    #expect(conditions(#"  ""  "#) == [])
    #expect(conditions("MODEL:Flux Status:CANCELLED") == [.model("Flux"), .status(.canceled)])
  }

  @Test(arguments: [
    ("after:2026-11-01", 1_793_491_200.0), ("after:2026-11", 1_793_491_200),
    ("after:2026", 1_767_225_600), ("after:2026-11-01T06:30", 1_793_514_600),
    ("after:today", 1_795_824_000), ("after:yesterday", 1_795_737_600), ("after:90s", now - 90),
    ("after:1h30m", now - 5400), ("after:2w", now - 1_209_600), ("after:10min", now - 600),
  ])
  func `times are read`(line: String, seconds: Double) {
    #expect(conditions(line) == [.after(seconds)])
  }

  @Test func `durations are read`() {
    #expect(conditions("took:>=1m") == [.took(60...Double.infinity)])
    #expect(conditions("took:<=1.5s") == [.took(0...1.5)])
    #expect(conditions("took:<2s") == [.took(0...2.0.nextDown)])
    #expect(conditions("took:10s..1m") == [.took(10...60)])
    #expect(conditions("took:250ms") == [.took(0.25...Double.infinity)])
  }

  @Test(arguments: [
    "took:soon", "took:>", "took:9..1", "took:<0", "after:noon", "after:5", "after:2026-13-45",
    "status:done", "is:blue", "source:x", "took:1e999s",
  ])
  func `what says nothing is told and left out`(line: String) {
    let query = HistoryQuery("fox \(line)", now: Self.now)
    #expect(query.clauses.map(\.condition) == [.word("fox")])
    #expect(query.problems.map(\.text) == [line])
    #expect(query.problems.first?.words.hasPrefix("must be ") == true)
  }

  @Test func `a field that is being typed isn't wrong yet`() {
    for (name, _) in HistoryQuery.fields {
      let query = HistoryQuery("\(name):", now: 0)
      #expect(query.isEmpty && query.problems.isEmpty)
    }
  }

  @Test func `every field's example is right`() {
    for (name, example) in HistoryQuery.fields {
      let query = HistoryQuery(example, now: Self.now)
      #expect(query.problems.isEmpty && query.clauses.count == 1, "\(name)")
      if case .word? = query.clauses.first?.condition { Issue.record("\(example) is a word") }
    }
  }

  @Test func `no line of random characters is too much`() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "model:", "took:", "after:", "\"", "-", ":", " ", "3d", ">", "..", "é", "\u{0}", "9",
    ]
    for _ in 0..<2000 {
      let line = (0..<Int.random(in: 0...12, using: &random))
        .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      let query = HistoryQuery(line, now: Self.now)
      #expect(query.clauses.count + query.problems.count <= 13, "\(line)")
    }
  }
}
