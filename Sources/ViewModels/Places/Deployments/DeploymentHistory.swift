import ReplicateAPI
import Running

/// What ran on the account's deployments in the last day.
public struct DeploymentHistory: Sendable {
  public var runs: [DeploymentRun]
  /// When the oldest prediction was made that was looked at, in seconds since 1970; nil if all of the
  /// day's were.
  public var reachesTo: Double?
  public var pageCount: Int
  public var loadedAt: Double

  static let span = 86_400.0
  /// The API can't list the predictions of a deployment, so all of them are looked through.
  static let pageLimit = 10

  static func load(_ client: Client, now: Double) async throws(ReplicateError) -> Self {
    let endpoint = Endpoint.predictions(createdAfter: Timestamp(secondsSince1970: now - span))
    var runs: [DeploymentRun] = []
    var oldest = now
    var pages = 0
    var page: Page<Prediction>? = try await client.send(endpoint)
    while let current = page {
      pages += 1
      for prediction in current.results {
        if let run = DeploymentRun(prediction) { runs.append(run) }
        if let time = prediction.createdAt?.secondsSince1970 { oldest = min(oldest, time) }
      }
      guard pages < pageLimit, oldest > now - span else {
        let isAll = current.next == nil || oldest <= now - span
        return Self(
          runs: runs, reachesTo: isAll ? nil : oldest, pageCount: pages, loadedAt: now)
      }
      page = try await client.page(after: current, of: endpoint)
    }
    return Self(runs: runs, reachesTo: nil, pageCount: pages, loadedAt: now)
  }

  /// The figures of a deployment, with small charts.
  func blocks(of id: ModelID) -> [DetailBlock] {
    let own = runs.filter { $0.isOf(id) }
    var blocks =
      Self.blocks("Last hour", DeploymentFigures(own, now: loadedAt, span: 3600, parts: 12))
      + [.blank]
      + Self.blocks(
        "Last day", DeploymentFigures(own, now: loadedAt, span: Self.span, parts: 24))
      + [.blank]
    let source =
      "The API has no figures of deployments. These are counted from your predictions"
    if let reachesTo {
      let hours = (loadedAt - reachesTo) / 3600
      blocks.append(
        .text(
          "\(source): the newest \(pageCount) pages of them, which reach back "
            + "\(NumberText.short(hours)) hours only."))
    } else {
      blocks.append(.text("\(source) of the last day, all of them."))
    }
    return blocks
  }

  private static func blocks(_ title: String, _ figures: DeploymentFigures) -> [DetailBlock] {
    guard figures.count > 0 else { return [.heading(title), .text("No runs.")] }
    var counts = "\(NumberText.grouped(figures.count))"
    if figures.underWay > 0 { counts += ", \(figures.underWay) under way" }
    if figures.canceled > 0 { counts += ", \(figures.canceled) canceled" }
    let share = Double(figures.failed) * 100 / Double(figures.count)
    return [
      .heading(title),
      .chart(name: "runs", values: figures.counts, note: counts),
      .chart(
        name: "failed", values: figures.failures,
        note: figures.failed == 0 ? "none" : "\(figures.failed), \(NumberText.short(share)) %"),
      .chart(name: "waited", values: figures.waits, note: words(figures.waiting)),
      .chart(name: "worked", values: figures.works, note: words(figures.working)),
    ]
  }

  private static func words(_ spread: DeploymentFigures.Spread?) -> String {
    guard let spread else { return "unknown" }
    return
      "\(NumberText.short(spread.median)) s, at most \(NumberText.short(spread.high)) s for 95 %"
  }
}
