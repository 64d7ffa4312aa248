import Observation
import ReplicateAPI
import Running

/// The account's webhooks: the secret that signs them, deliveries that were checked, and deliveries that
/// were made again from predictions.
@MainActor @Observable
public final class WebhooksViewModel: PlaceViewModel {
  public static let id = PlaceID("webhooks")
  static let verify: CommandID = "webhooks.verify"
  static let replay: CommandID = "webhooks.replay"
  static let copySecret: CommandID = "webhooks.copy-secret"

  public static let commands = [
    CommandRow(verify, "check a delivery that arrived", .own(verify)),
    CommandRow(replay, "send a prediction’s deliveries again", .own(replay)),
    CommandRow(copySecret, "copy the secret that signs webhooks", .own(copySecret), asks: true),
    CommandRow(copyNow, "copy the secret without a question", .own(copyNow), isListed: false),
  ]
  static let copyNow: CommandID = "webhooks.copy-now"

  /// A delivery that was checked or made, newest first.
  public struct Row: Identifiable, Sendable {
    public enum Kind: Sendable {
      /// Checked: what was found.
      case checked(WebhookExamination, remarks: [String])
      /// Made: what came of it. Nil while it is under way.
      case sent(WebhookOutcome?)
    }

    public let id: Int
    public var event: String
    public var address: String
    public var prediction: String
    /// In seconds since 1970.
    public var at: Double
    public var kind: Kind
  }

  /// The secret that signs the account's webhooks.
  public private(set) var secret = Loadable<WebhookSecret>()

  @ObservationIgnored public let deliveries: PagedList<Row>
  @ObservationIgnored let session: Session
  @ObservationIgnored private var detailViewModel: DetailViewModel?
  @ObservationIgnored let activity = Activity()
  @ObservationIgnored private var rows: [Row] = []
  @ObservationIgnored private var count = 0
  /// Makes the transport for deliveries, which get neither the token nor the profile's headers.
  @ObservationIgnored var makeTransport: @MainActor () -> any Transport = { AsyncHTTPTransport() }

  public init(_ session: Session) {
    self.session = session
    deliveries = PagedList(
      RowSource { () async throws(ReplicateError) -> RowPage<Row> in RowPage([]) },
      columns: [
        ListColumn("event", "event") { $0.event },
        ListColumn("prediction", "prediction"),
        ListColumn("address", "to"),
        ListColumn("result", "result") { $0.summary },
        ListColumn("time", "age", startsDescending: true) { $0.at },
      ], choices: session.lists[Self.id]
    ) { [$0.event, $0.prediction, $0.address, $0.summary] }
    deliveries.onChoices = { [weak session] in session?.lists[Self.id] = $0 }
    detailViewModel = DetailViewModel(of: self, title: "Webhook") { [weak self] in
      self?.blocks ?? []
    }
    deliveries.set([])
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Webhooks" }
  public var list: (any ListViewModel)? { deliveries }
  public var detail: (any PlaceViewModel)? { detailViewModel }
  public var dependsOnCursor: Bool { true }

  public var subject: Subject? {
    // The secret isn't copied by the key that copies anything.
    guard let row = deliveries.selected else { return nil }
    return Subject(
      text: row.blocks.map(\.text).joined(separator: "\n"),
      page: { ("webhook.txt", row.blocks.plainText) })
  }

  public func load() {
    deliveries.set(rows)
    loadSecret()
  }

  public func arrive() { if secret.value == nil { loadSecret() } }
  public func end() { activity.cancelAll() }

  public func settled() async {
    await activity.settled()
    await deliveries.settled()
  }

  private func loadSecret() {
    guard session.hasToken else { return }
    secret.begin()
    activity.start("secret") { [session, weak self] in
      do throws(ReplicateError) {
        let value = try await session.client.send(.webhookSecret)
        guard !Task.isCancelled else { return }
        self?.secret.finish(value)
      } catch {
        if !Task.isCancelled { self?.secret.fail(error) }
      }
    }
  }

  // MARK: Commands

  public func availability(of command: Command) -> Availability {
    switch command {
    case .own(Self.copySecret), .own(Self.copyNow):
      secret.value == nil ? .no(because: "The secret hasn’t loaded.") : .yes
    case .own(Self.verify), .own(Self.replay): .yes
    case .open:
      deliveries.selected == nil ? .no(because: "No delivery is listed.") : .yes
    case .run: .no(because: "Open a model to run it.")
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept: return openDetail(of: deliveries)
    case .own(Self.verify): session.open(verificationForm)
    case .own(Self.replay): session.open(replayForm)
    case .own(Self.copySecret): askToCopy()
    case .own(Self.copyNow): copySecret()
    default: return .pass
    }
    return .done
  }

  private func askToCopy() {
    session.host?.ask(
      Confirmation(
        title: "Copy the webhook secret?",
        message: "Whoever has it can make deliveries that look like Replicate’s. It stays in the "
          + "clipboard until something else is copied.",
        choices: [.init("Don’t", key: "n"), .init("Copy it", key: "y", .own(Self.copyNow))]))
  }

  private func copySecret() {
    guard let secret = secret.value else { return }
    activity.start("copy") { [session] in
      do throws(DesktopFailure) {
        session.host?.notify(Notice(.done, try await session.desktop.copy(secret.key)))
      } catch {
        session.host?.notify(Notice(.failed, error.message))
      }
    }
  }

  // MARK: Rows

  /// Adds a row, or replaces the one with this number. Returns its number.
  @discardableResult
  func add(_ make: (Int) -> Row) -> Int {
    count += 1
    rows.insert(make(count), at: 0)
    if rows.count > 1000 { rows.removeLast() }
    deliveries.set(rows)
    deliveries.select(0)
    return count
  }

  func update(_ id: Int, _ kind: Row.Kind) {
    guard let index = rows.firstIndex(where: { $0.id == id }) else { return }
    rows[index].kind = kind
    deliveries.set(rows)
  }

  /// What is shown beside the list: the selected delivery, and the secret below it.
  private var blocks: [DetailBlock] {
    var blocks = deliveries.selected.map { $0.blocks + [.blank] } ?? []
    blocks += [.heading("The account’s secret"), .blank]
    if let secret = secret.value {
      blocks.append(.fact(name: "secret", value: secret.masked))
    } else if let failure = secret.failure {
      blocks.append(.text(failure.inWords))
    } else {
      blocks.append(.text("Loading…"))
    }
    return blocks + [
      .blank,
      .text(
        "Replicate signs the deliveries of all webhooks with it. A receiver checks the signature of "
          + "the headers webhook-id and webhook-timestamp and of the body, and refuses what is older "
          + "than five minutes."),
      .blank,
      .text(
        "p checks a delivery that you paste. n sends the deliveries of a prediction to an address, "
          + "signed as Replicate does it."),
    ]
  }
}

extension WebhooksViewModel.Row {
  /// What came of it, in a few words.
  public var summary: String {
    switch kind {
    case .checked(let examination, _):
      examination.isTrustworthy
        ? "genuine" : examination.firstProblem?.description ?? "not genuine"
    case .sent(nil): "sending"
    case .sent(let outcome?):
      outcome.status.map { "\($0) in \(outcome.milliseconds) ms" } ?? outcome.text
    }
  }

  /// Whether something is wrong; nil while nobody knows.
  public var isGood: Bool? {
    switch kind {
    case .checked(let examination, _): examination.isTrustworthy
    case .sent(let outcome): outcome.map { $0.verdict == .delivered }
    }
  }

  var blocks: [DetailBlock] {
    var blocks: [DetailBlock] = []
    switch kind {
    case .checked(let examination, let remarks):
      blocks += [
        .heading(examination.isTrustworthy ? "Genuine" : "Not genuine"), .blank,
      ]
      for finding in examination.findings {
        blocks.append(.fact(name: finding.weight.word, value: finding.description))
      }
      blocks += remarks.map { .fact(name: "note", value: $0) }
    case .sent(let outcome):
      blocks += [
        .heading(event), .blank, .fact(name: "to", value: address),
        .fact(name: "prediction", value: prediction),
      ]
      guard let outcome else { return blocks + [.text("Sending…")] }
      if let status = outcome.status { blocks.append(.fact(name: "status", value: "\(status)")) }
      blocks += [
        .fact(name: "took", value: "\(outcome.milliseconds) ms"),
        .fact(name: "webhook-id", value: outcome.id),
      ]
      if let remark = outcome.remark { blocks.append(.fact(name: "note", value: remark)) }
      if !outcome.text.isEmpty { blocks += [.blank, .code(outcome.text)] }
    }
    return blocks
  }
}

extension WebhookExamination.Weight {
  fileprivate var word: String {
    switch self {
    case .passed: "right"
    case .remark: "note"
    case .problem: "wrong"
    }
  }
}
