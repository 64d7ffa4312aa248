import Observation
import ReplicateAPI
import Running

/// The account: who it is, its token, what the service allows, and what is under way.
@MainActor @Observable
public final class AccountViewModel: PlaceViewModel {
  public static let id = PlaceID("account")

  /// A part of what there is to know.
  public enum Topic: String, CaseIterable, Identifiable, Sendable {
    case account, token, limits, underWay, service

    public var id: String { rawValue }

    public var title: String {
      switch self {
      case .account: "Account"
      case .token: "Token"
      case .limits: "Rate limits"
      case .underWay: "Under way"
      case .service: "Service"
      }
    }
  }

  /// What the service said last about its limits.
  public private(set) var limits: [RateLimitReport] = []

  @ObservationIgnored public let topics: PagedList<Topic>
  @ObservationIgnored private let session: Session
  @ObservationIgnored private var detailViewModel: DetailViewModel?
  @ObservationIgnored private let activity = Activity()

  public init(_ session: Session) {
    self.session = session
    topics = PagedList(
      RowSource { () async throws(ReplicateError) -> RowPage<Topic> in RowPage(Topic.allCases) },
      columns: [ListColumn("topic", "topic"), ListColumn("summary", "")],
      choices: session.lists[Self.id]
    ) { [$0.title] }
    topics.onChoices = { [weak session] in session?.lists[Self.id] = $0 }
    detailViewModel = DetailViewModel(of: self, title: "Account") { [weak self] in
      guard let self, let topic = topics.selected else { return [] }
      return blocks(of: topic)
    }
    topics.set(Topic.allCases)
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Account" }
  public var list: (any ListViewModel)? { topics }
  public var detail: (any PlaceViewModel)? { detailViewModel }
  public var dependsOnCursor: Bool { true }

  public var subject: Subject? {
    guard let topic = topics.selected else { return nil }
    let name = session.account.value?.username
    return Subject(
      text: name, address: name.map { "https://replicate.com/\($0)" },
      page: { [weak self] in
        ("account.txt", (self?.blocks(of: topic) ?? []).plainText)
      })
  }

  public func load() {
    topics.load()
    session.loadAccount()
    readLimits()
  }

  public func arrive() { readLimits() }

  private func readLimits() {
    activity.start("limits") { [client = session.client, weak self] in
      let limits = await client.rateLimits()
      if !Task.isCancelled { self?.limits = limits }
    }
  }

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open: .yes
    case .run: .no(because: "Open a model to run it.")
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept: openDetail(of: topics)
    default: .pass
    }
  }

  public func end() { activity.cancelAll() }

  public func settled() async {
    await activity.settled()
    await topics.settled()
  }

  // MARK: What is shown

  /// What matters most of a topic, for its row.
  public func summary(of topic: Topic) -> String {
    switch topic {
    case .account:
      guard let account = session.account.value else {
        return session.account.isLoading ? "loading" : "unknown"
      }
      return account.name.map { "\(account.username) (\($0))" } ?? account.username
    case .token: return Self.masked(session.client.configuration.token) ?? "none"
    case .limits:
      return limits.first { $0.limit == .others }.map {
        "\(NumberText.grouped($0.remaining)) calls left"
      } ?? "not seen yet"
    case .underWay:
      let count = session.runs.ownUnderWay.count
      return session.runs.underWay == 0
        ? "nothing" : "\(count) of yours, \(session.runs.underWay) in all"
    case .service: return session.client.configuration.baseURL
    }
  }

  /// The end of a token, which tells tokens apart and is no secret.
  private static func masked(_ token: String?) -> String? {
    guard let token, !token.isEmpty else { return nil }
    // Of a short one, that would be too much.
    return token.count < 12 ? "set" : "…\(token.suffix(4))"
  }

  private func blocks(of topic: Topic) -> [DetailBlock] {
    switch topic {
    case .account: accountBlocks
    case .token: tokenBlocks
    case .limits: limitBlocks
    case .underWay: workBlocks
    case .service: serviceBlocks
    }
  }

  private var accountBlocks: [DetailBlock] {
    guard let account = session.account.value else {
      return [
        .text(
          session.account.failure?.inWords
            ?? (session.account.isLoading ? "Loading…" : "No account is known."))
      ]
    }
    let page = "https://replicate.com/\(account.username)"
    var blocks: [DetailBlock] = [
      .heading(account.name ?? account.username), .blank,
      .fact(name: "name", value: account.username),
      .fact(name: "kind", value: account.type.isEmpty ? "unknown" : account.type),
      .fact(name: "page", value: page, link: page),
    ]
    if let github = account.githubURL, !github.isEmpty {
      blocks.append(.fact(name: "GitHub", value: github, link: github))
    }
    let billing = "https://replicate.com/account/billing"
    return blocks + [
      .blank, .fact(name: "billing", value: billing, link: billing),
      .text("The API tells neither the balance nor what was spent: the web page does."),
    ]
  }

  private var tokenBlocks: [DetailBlock] {
    var blocks: [DetailBlock] = [.heading("Token"), .blank]
    guard let masked = Self.masked(session.client.configuration.token) else {
      return blocks + [.text("None is set. Press t to enter one.")]
    }
    blocks += [
      .fact(name: "ends in", value: masked), .fact(name: "from", value: session.tokenOrigin),
    ]
    if let profile = session.profile { blocks.append(.fact(name: "profile", value: profile)) }
    let page = "https://replicate.com/account/api-tokens"
    return blocks + [
      .blank, .fact(name: "tokens", value: page, link: page),
      .text(
        "It is sent to \(host) only, and kept in no log. Press t to use another one; profiles in the "
          + "config are switched in the palette (:)."),
    ]
  }

  private var limitBlocks: [DetailBlock] {
    var blocks: [DetailBlock] = [.heading("Rate limits, as last seen"), .blank]
    for limit in RateLimit.allCases {
      let most = NumberText.grouped(limit.callsPerMinute)
      let report = limits.first { $0.limit == limit }
      let value =
        report.map { report in
          let seconds = max(0, report.age.components.seconds)
          let age = seconds < 2 ? "now" : "\(NumberText.grouped(Int(clamping: seconds))) s ago"
          return "\(NumberText.grouped(report.remaining)) left of \(most) per minute, \(age)"
        } ?? "\(most) per minute; not seen yet"
      blocks.append(.fact(name: limit.words, value: value))
    }
    if let wait = session.wait, wait.isRateLimit {
      blocks += [.blank, .text("Replicate asks to wait; calls go on by themselves.")]
    }
    return blocks + [
      .blank,
      .text(
        "Replicate counts calls per minute, and tells what is left with each answer. With little credit "
          + "it allows far fewer runs."),
    ]
  }

  private var workBlocks: [DetailBlock] {
    let runs = session.runs
    var blocks: [DetailBlock] = [.heading("Under way"), .blank]
    for run in runs.ownUnderWay {
      blocks.append(
        .fact(
          name: run.isTraining ? "training" : "run",
          value: "\(run.modelName), \(run.prediction.status.rawValue), \(run.id.rawValue)"))
    }
    let others = runs.underWay - runs.ownUnderWay.count
    if others > 0 { blocks.append(.fact(name: "elsewhere", value: "\(others)")) }
    for group in runs.groups.all where group.isUnderWay {
      blocks.append(.fact(name: "group", value: "\(group.modelName): \(group.progressWords)"))
    }
    if runs.creates.underWay > 0 {
      blocks.append(.fact(name: "being sent", value: "\(runs.creates.underWay)"))
    }
    for doubt in runs.creates.doubts {
      blocks.append(
        .fact(name: "in doubt", value: "a run noted at \(doubt.notedAt.text) may have started"))
    }
    if blocks.count == 2 { blocks.append(.text("Nothing is under way.")) }
    return blocks
  }

  private var host: String {
    // https://host/v1
    let parts = session.client.configuration.baseURL.split(separator: "/")
    return String(parts.dropFirst().first ?? "the service")
  }

  private var serviceBlocks: [DetailBlock] {
    let configuration = session.client.configuration
    var blocks: [DetailBlock] = [
      .heading(host), .blank, .fact(name: "address", value: configuration.baseURL),
    ]
    if let time = session.client.serviceTime {
      let difference = time - session.now
      blocks.append(
        .fact(
          name: "its clock",
          value: abs(difference) < 2
            ? "the same as here"
            : "\(NumberText.short(abs(difference))) s \(difference > 0 ? "ahead of" : "behind") this machine’s"
        ))
    }
    return blocks
  }
}

extension RateLimit {
  fileprivate var words: String {
    switch self {
    case .creates: "runs"
    case .predictionReads: "looking at runs"
    case .others: "all else"
    }
  }
}
