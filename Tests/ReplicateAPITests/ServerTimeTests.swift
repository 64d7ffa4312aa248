import Testing

@testable import ReplicateAPI

@Suite struct `The service's clock` {
  private let clock = InstantClock()

  private func pass(_ seconds: Double) async throws {
    try await clock.sleep(until: clock.now.advanced(by: .seconds(seconds)), tolerance: nil)
  }

  @Test func `it never steps back though its second is cut off`() async throws {
    let time = ServerTime(elapsed: clock.stopwatch())
    #expect(time.seconds == nil)
    time.see(date: "Tue, 24 Nov 2026 03:00:00 GMT")
    let start = try #require(time.seconds)
    try await pass(1.9)
    // It is 03:00:01.9 there.
    time.see(date: "Tue, 24 Nov 2026 03:00:01 GMT")
    #expect(time.seconds == start + 1.9)
    // It was 03:00:00.8 when it was seen first.
    try await pass(0.3)
    time.see(date: "Tue, 24 Nov 2026 03:00:03 GMT")
    #expect(abs((time.seconds ?? 0) - (start + 3)) < 0.001)
  }

  @Test func `a clock that was far ahead is corrected`() async throws {
    let time = ServerTime(elapsed: clock.stopwatch())
    time.see(date: "Tue, 24 Nov 2026 03:00:00 GMT")
    let start = try #require(time.seconds)
    try await pass(60)
    time.see(date: "Tue, 24 Nov 2026 03:00:10 GMT")
    #expect(time.seconds == start + 10)
  }
}
