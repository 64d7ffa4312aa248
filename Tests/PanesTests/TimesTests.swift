import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Times on the screen are true, at no more wake-ups than that takes.
@MainActor
@Suite struct `Times on the screen` {
  @Test(
    arguments: [
      (0, 5), (4.5, 0.5), (5, 1), (14.25, 0.75), (59.5, 0.5), (60, 60), (90, 30), (3599, 1),
      (3600, 3600), (86_399, 1), (86_400, 86_400), (-10, 5),
    ] as [(Double, Double)])
  func `an age says when it will be another`(age: Double, change: Double) throws {
    #expect(try #require(Formatting.untilNextAge(age)) == change)
    let before = Formatting.age(age)
    #expect(Formatting.age(max(0, age) + change + 0.001) != before)
    if change > 0.02 { #expect(Formatting.age(max(0, age) + change - 0.01) == before) }
  }

  @Test func `what takes days isn't waited for`() {
    #expect(Formatting.untilNextAge(90 * 86_400) == nil)
    #expect(Formatting.untilNextAge(.infinity) == nil)
  }

  @Test func `the ages of rows go on by themselves`() async throws {
    let stage = Stage()
    stage.transport.answer(
      "GET /predictions",
      Stage.page([Stage.prediction("aaa1", "succeeded", "2026-11-24T02:59:46Z")]))
    let (screen, _) = stage.screen(200, 40)
    var now = ContinuousClock.now
    screen.clock = { now }
    await stage.started()
    _ = screen.frame()
    #expect(screen.text(of: .predictions).contains("14 s"))
    let deadline = try #require(screen.nextDeadline)
    #expect(deadline < now + .seconds(1.5))
    stage.pass(66)
    #expect(!screen.needsFrame)
    // As the loop does when the time has come.
    now = deadline
    #expect(screen.needsFrame)
    #expect(screen.text(of: .predictions).contains("1 min"))
    #expect(try #require(screen.nextDeadline) > now + .seconds(30))
  }
}

/// Predictions looks for runs started elsewhere while somebody is in it.
@MainActor
@Suite struct PredictionsTimes {
  @Test func `it asks again from time to time, and not when it's left`() async {
    let stage = Stage()
    stage.navigator.refreshInterval = .seconds(30)
    await stage.started()
    stage.navigator.perform(.focus(.predictions))
    let asked = { stage.transport.sent.count { $0.hasPrefix("GET /predictions") } }
    await stage.passing { !stage.predictions.predictions.isLoading }
    let before = asked()
    await stage.passing { asked() == before + 2 }
    stage.navigator.perform(.focus(.models))
    await stage.passing { !stage.predictions.isRefreshing }
    let left = asked()
    for _ in 0..<30 { stage.clock.advance(by: .seconds(5)) }
    await stage.navigator.settled()
    #expect(asked() == left)
  }
}
