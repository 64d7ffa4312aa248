import Testing

@testable import ReplicateAPI

@Suite struct `Conversions that can't trap` {
  @Test(arguments: [
    (0, 0), (1.9, 1), (-1.9, -1), (1e300, Int.max), (-1e19, .min), (.infinity, .max),
    (-.infinity, .min), (.nan, 0), (9.3e18, .max),
  ])
  func `a double becomes the nearest integer that there is`(value: Double, expected: Int) {
    #expect(Int(clamping: value) == expected)
  }

  @Test func `smaller types have bounds of their own`() {
    #expect(UInt8(clamping: -3.5) == 0)
    #expect(UInt8(clamping: 300.0) == 255)
    #expect(UInt64(clamping: 1.8e19) == 18_000_000_000_000_000_000)
  }

  @Test func `seconds become a duration of at most a thousand years`() {
    #expect(Duration(clampingSeconds: 1.5) == .milliseconds(1500))
    #expect(Duration(clampingSeconds: .nan) == .zero)
    #expect(Duration(clampingSeconds: 1e300) == Duration(clampingSeconds: .infinity))
    #expect(Duration(clampingSeconds: -.infinity) < .zero)
  }
}
