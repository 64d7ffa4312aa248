import ReplicateAPI

/// One run of a deployment: when it was made, began, and ended.
public struct DeploymentRun: Hashable, Sendable {
  /// The deployment's name, as `owner/name` or without the owner.
  public var deployment: String
  /// In seconds since 1970.
  public var createdAt: Double
  /// How long it waited for a machine, in seconds; nil if it hasn't begun or nobody knows.
  public var waited: Double?
  /// How long it worked, in seconds; nil if it hasn't ended or nobody knows.
  public var worked: Double?
  public var status: Prediction.Status

  /// Nil if the prediction isn't one of a deployment, or has no time.
  public init?(_ prediction: Prediction) {
    guard let name = prediction.deployment, !name.isEmpty,
      let createdAt = prediction.createdAt?.secondsSince1970
    else { return nil }
    deployment = name
    self.createdAt = createdAt
    status = prediction.status
    let startedAt = prediction.startedAt?.secondsSince1970
    waited = startedAt.map { $0 - createdAt }.flatMap(Self.plausible)
    let measured = prediction.metrics["predict_time"]?.double.flatMap(Self.plausible)
    let ended = prediction.completedAt?.secondsSince1970
    worked =
      measured ?? startedAt.flatMap { start in ended.map { $0 - start } }.flatMap(Self.plausible)
  }

  private static func plausible(_ seconds: Double) -> Double? {
    seconds.isFinite && seconds >= 0 && seconds < 1e8 ? seconds : nil
  }

  /// Whether it is a run of this deployment.
  public func isOf(_ id: ModelID) -> Bool {
    deployment == id.description || deployment == id.name
  }
}

/// How a deployment was used in a span of time: how often, with how many failures, and how long its
/// runs waited and worked. Computed here, because the API has no figures.
public struct DeploymentFigures: Hashable, Sendable {
  /// The middle of some times and how long the slowest took, in seconds.
  public struct Spread: Hashable, Sendable {
    public var median: Double
    /// Which 95 of 100 stay below.
    public var high: Double

    init?(_ values: [Double]) {
      guard !values.isEmpty else { return nil }
      let sorted = values.sorted()
      median = sorted[sorted.count / 2]
      high = sorted[min(sorted.count - 1, sorted.count * 95 / 100)]
    }
  }

  public var count = 0
  public var failed = 0
  public var canceled = 0
  public var underWay = 0
  public var waiting: Spread?
  public var working: Spread?
  /// Per part of the span, the oldest first: runs, failures, and the median seconds, nil where nothing
  /// ran.
  public var counts: [Double?] = []
  public var failures: [Double?] = []
  public var waits: [Double?] = []
  public var works: [Double?] = []

  /// - Parameters:
  ///   - now: The end of the span, in seconds since 1970.
  ///   - span: In seconds.
  ///   - parts: How many parts the span has.
  public init(_ runs: [DeploymentRun], now: Double, span: Double, parts: Int) {
    let parts = max(1, parts)
    var buckets = [[DeploymentRun]](repeating: [], count: parts)
    for run in runs {
      let age = now - run.createdAt
      // What was made a moment ago may be dated in the future by another clock.
      guard age <= span, age > -60 else { continue }
      let position = (span - max(0, age)) / span * Double(parts)
      buckets[min(parts - 1, max(0, Int(clamping: position.rounded(.down))))].append(run)
    }
    let all = buckets.flatMap(\.self)
    count = all.count
    failed = all.count(where: \.hasFailed)
    canceled = all.count { $0.status == .canceled }
    underWay = all.count { !$0.status.isTerminal }
    waiting = Spread(all.compactMap(\.waited))
    working = Spread(all.compactMap(\.worked))
    counts = buckets.map { $0.isEmpty ? nil : Double($0.count) }
    failures = buckets.map { bucket in
      let failed = bucket.count(where: \.hasFailed)
      return failed == 0 ? nil : Double(failed)
    }
    waits = buckets.map { Spread($0.compactMap(\.waited))?.median }
    works = buckets.map { Spread($0.compactMap(\.worked))?.median }
  }
}

extension DeploymentRun {
  var hasFailed: Bool { status == .failed || status == .aborted }
}
