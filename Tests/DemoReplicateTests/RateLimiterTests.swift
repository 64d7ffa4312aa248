import ReplicateAPI
import Testing

@testable import DemoReplicate

/// How many calls a token may make.
struct RateLimiterTests {
  @Test func `a bucket empties with calls and refills with time`() {
    var bucket = TokenBucket(capacity: 3, perSecond: 1, now: 100)
    #expect(bucket.take(at: 100) == .init(isGranted: true, remaining: 2, reset: 1, wait: 1))
    #expect(bucket.take(at: 100).remaining == 1)
    #expect(bucket.take(at: 100).remaining == 0)
    #expect(bucket.take(at: 100) == .init(isGranted: false, remaining: 0, reset: 3, wait: 1))
    #expect(!bucket.take(at: 100.5).isGranted)
    #expect(bucket.take(at: 101).isGranted)
    #expect(!bucket.take(at: 101).isGranted)
    #expect(bucket.take(at: 200) == .init(isGranted: true, remaining: 2, reset: 1, wait: 1))
  }

  @Test func `a clock that goes back adds no tokens`() {
    var bucket = TokenBucket(capacity: 1, perSecond: 1, now: 100)
    #expect(bucket.take(at: 100).isGranted)
    #expect(!bucket.take(at: 50).isGranted)
    #expect(!bucket.take(at: 100.5).isGranted)
    #expect(bucket.take(at: 101).isGranted)
  }

  @Test(arguments: [
    (RateLimit.creates, 600), (.predictionReads, 60_000), (.others, 3000),
  ])
  func `every token has one bucket per kind of call`(
    kind: RateLimit, count: Int
  ) {
    let limiter = RateLimiter(speed: 1)
    for left in (0..<count).reversed() {
      let grant = limiter.take(kind, token: "a", at: 0)
      #expect(grant.isGranted && grant.remaining == left)
    }
    #expect(limiter.take(kind, token: "a", at: 0).reset == 60)
    #expect(!limiter.take(kind, token: "a", at: 0).isGranted)
    #expect(limiter.take(kind, token: "b", at: 0).isGranted)
    #expect(
      limiter.take(kind == .predictionReads ? .creates : .predictionReads, token: "a", at: 0)
        .isGranted)
    #expect(limiter.take(kind, token: "a", at: 60).remaining == count - 1)
  }

  @Test func `a minute is a minute of service time`() {
    let limiter = RateLimiter(speed: 60, hasLowCredit: true)
    #expect(limiter.take(.creates, token: "a", at: 0).isGranted)
    #expect(!limiter.take(.creates, token: "a", at: 0.1).isGranted)
    #expect(limiter.take(.creates, token: "a", at: 0.17).isGranted)
  }

  @Test func `with low credit, there are six creates per minute, one at a time`() {
    let limiter = RateLimiter(speed: 1, hasLowCredit: true)
    #expect(limiter.take(.creates, token: "a", at: 0).remaining == 0)
    #expect(
      limiter.take(.creates, token: "a", at: 5)
        == .init(isGranted: false, remaining: 0, reset: 5, wait: 5))
    #expect(limiter.take(.creates, token: "a", at: 10).isGranted)
    #expect(limiter.take(.others, token: "a", at: 10).remaining == 2999)
  }

  @Test(arguments: [
    (Route.createPrediction, RateLimit.creates), (.createModelPrediction, .creates),
    (.createDeploymentPrediction, .creates), (.getPrediction, .predictionReads),
    (.createTraining, .others),
    (.cancelPrediction, .others), (.createModel, .others), (.listFiles, .others),
  ])
  func `every route uses the bucket of its kind`(route: Route, kind: RateLimit) {
    #expect(route.rateLimit == kind)
  }
}
