import Testing

@testable import Running

@Suite struct RestingClockTests {
  private let clock = RestingClock()

  @Test func `a sleep lasts at least as long as asked for`() async throws {
    let start = clock.now
    try await clock.sleep(for: .milliseconds(3))
    #expect(start.duration(to: clock.now) >= .milliseconds(3))
    try await clock.sleep(until: start, tolerance: nil)
  }

  @Test func `a canceled sleep throws, however early it's canceled`() async {
    for yields in 0..<50 {
      let sleep = Task { try await clock.sleep(for: .seconds(3600)) }
      for _ in 0..<yields { await Task.yield() }
      sleep.cancel()
      await #expect(throws: CancellationError.self) { try await sleep.value }
    }
  }

  @Test func `sleeps that end while being canceled end only once`() async {
    await withTaskGroup { group in
      for index in 0..<200 {
        group.addTask {
          let sleep = Task { try? await RestingClock().sleep(for: .microseconds(index)) }
          await Task.yield()
          sleep.cancel()
          await sleep.value
        }
      }
    }
  }

  @Test func `the longest possible sleep works`() async {
    let sleep = Task { try await clock.sleep(for: .seconds(Int64.max / 4)) }
    await Task.yield()
    sleep.cancel()
    await #expect(throws: CancellationError.self) { try await sleep.value }
  }
}
