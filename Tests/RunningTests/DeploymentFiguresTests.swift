import ReplicateAPI
import Testing

@testable import Running

/// What is counted from the runs of a deployment.
@Suite struct `The figures of a deployment` {
  private static let now = 1_795_489_200.0

  private func run(
    _ age: Double, _ status: Prediction.Status = .succeeded, waited: Double? = nil,
    worked: Double? = nil, of deployment: String = "acme/app"
  ) -> DeploymentRun? {
    let created = Self.now - age
    let started = waited.map { Timestamp(secondsSince1970: created + $0) }
    var prediction = Prediction(
      id: "a1", model: "acme/painter", status: status,
      createdAt: Timestamp(secondsSince1970: created), startedAt: started)
    prediction.deployment = deployment
    if let worked { prediction.metrics = ["predict_time": .number(JSONNumber(worked))] }
    return DeploymentRun(prediction)
  }

  private func figures(_ runs: [DeploymentRun?], parts: Int = 6) -> DeploymentFigures {
    DeploymentFigures(runs.compactMap(\.self), now: Self.now, span: 60, parts: parts)
  }

  @Test func `runs are counted in the part of the span in which they were made`() {
    let figures = figures([run(0), run(5), run(9.9), run(10.1), run(59), run(60), run(60.5)])
    #expect(figures.count == 6)
    // The oldest come first; what is older than the span isn't counted.
    #expect(figures.counts == [2, nil, nil, nil, 1, 3])
    #expect(figures.failures == [nil, nil, nil, nil, nil, nil])
    #expect(figures.waiting == nil && figures.working == nil)
  }

  @Test func `failures, cancellations, and what is under way are told apart`() {
    let figures = figures([
      run(1, .failed), run(2, .aborted), run(25, .failed), run(3, .canceled),
      run(4, .processing), run(5, .starting), run(6),
    ])
    #expect(figures.count == 7)
    #expect(figures.failed == 3 && figures.canceled == 1 && figures.underWay == 2)
    #expect(figures.failures == [nil, nil, nil, 1, nil, 2])
  }

  @Test func `medians aren't moved by one slow run, which the other figure shows`() {
    let times: [Double] = [1, 2, 3, 4, 100]
    let figures = figures(times.map { run(5, waited: $0 / 10, worked: $0) })
    #expect(figures.working?.median == 3)
    #expect(figures.working?.high == 100)
    #expect(figures.works == [nil, nil, nil, nil, nil, 3])
    let waited = figures.waiting?.median ?? 0
    #expect(abs(waited - 0.3) < 0.001)
  }

  @Test func `95 of 100 stay below the high figure`() {
    let figures = figures((1...100).map { run(5, worked: Double($0)) })
    #expect(figures.working?.median == 51)
    #expect(figures.working?.high == 96)
  }

  @Test func `another clock's time is the newest part, and another minute's none`() {
    let figures = figures([run(-30), run(-59), run(-61), run(-1e12)])
    #expect(figures.count == 2)
    #expect(figures.counts == [nil, nil, nil, nil, nil, 2])
  }

  @Test func `a span has at least one part`() {
    #expect(figures([run(5), run(50)], parts: 0).counts == [2])
    #expect(figures([], parts: 3).counts == [nil, nil, nil])
    #expect(figures([]).count == 0)
  }

  @Test func `times that can't be are left out`() {
    #expect(run(5, waited: -3)?.waited == nil)
    #expect(run(5, waited: 1e9)?.waited == nil)
    #expect(run(5, worked: -1)?.worked == nil)
    var prediction = Prediction(
      id: "a1", model: "", createdAt: "2026-11-24T02:00:00Z", startedAt: "2026-11-24T02:00:04Z",
      completedAt: "2026-11-24T02:00:10Z")
    prediction.deployment = "acme/app"
    let run = DeploymentRun(prediction)
    #expect(run?.waited == 4 && run?.worked == 6)
    prediction.metrics = ["predict_time": 5.5]
    #expect(DeploymentRun(prediction)?.worked == 5.5)
    prediction.completedAt = "2026-11-24T01:00:00Z"
    prediction.metrics = [:]
    #expect(DeploymentRun(prediction)?.worked == nil)
  }

  @Test func `a deployment is named with and without its owner, and only its runs are its own`() {
    let id = ModelID(owner: "acme", name: "app")
    #expect(run(5)?.isOf(id) == true)
    #expect(run(5, of: "app")?.isOf(id) == true)
    #expect(run(5, of: "acme/other")?.isOf(id) == false)
    #expect(run(5, of: "other/app")?.isOf(id) == false)
    #expect(run(5, of: "") == nil)
    var prediction = Prediction(id: "a1", model: "acme/painter")
    prediction.deployment = "acme/app"
    // Without a time it can't be counted.
    #expect(DeploymentRun(prediction) == nil)
  }
}
