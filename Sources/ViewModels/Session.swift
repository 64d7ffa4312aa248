import Observation
import ReplicateAPI
import Running

/// Everything that belongs to one account: the client, its runs, the log of calls, the account itself.
///
/// Another token makes a new session and ends this one whole: its tasks are canceled, its connections
/// closed, and nothing of it stays on the screen. The one exception is a create, which is never
/// canceled.
@MainActor @Observable
public final class Session {
  public private(set) var account = Loadable<Account>()
  /// The call that waits longest for the service to allow it, if one does.
  public private(set) var wait: CallWait?
  public private(set) var outage: Outage?

  @ObservationIgnored public let client: Client
  public let runs: Runs
  public let calls = CallLog()
  @ObservationIgnored public let time: TimeSource
  @ObservationIgnored public let desktop: any DesktopServices
  /// What a person has chosen about the lists, by place.
  @ObservationIgnored public let lists: ListChoicesStore
  /// Where a place says what happened when nobody waits for its answer.
  @ObservationIgnored public weak var host: (any PlaceHost)?

  @ObservationIgnored private let activity = Activity()
  @ObservationIgnored private let watches = Activity()
  /// What is loaded again once the service can be reached.
  @ObservationIgnored private var retries: [PlaceID: @MainActor () -> Void] = [:]
  @ObservationIgnored private var outages = 0

  /// Replicate can't be reached: said once, in the header, with the time of the next try.
  public struct Outage: Hashable, Sendable {
    public var error: ReplicateError
    public var nextTry: ContinuousClock.Instant
  }

  public init(
    client: Client, desktop: any DesktopServices, time: TimeSource, lists: ListChoicesStore
  ) {
    self.client = client
    self.desktop = desktop
    self.time = time
    self.lists = lists
    runs = Runs(client: client, time: time)
  }

  /// The seconds since 1970 that ages and running times are measured from.
  public var now: Double { time.now() }

  public var hasToken: Bool { client.configuration.token != nil }

  /// Starts watching the calls. Nothing is sent without a token.
  func begin() {
    watch()
    if hasToken { loadAccount() }
  }

  func loadAccount() {
    account.begin()
    activity.start("account") { [client, weak self] in
      do throws(ReplicateError) {
        let answer = try await client.send(.account)
        guard !Task.isCancelled else { return }
        self?.account.finish(answer)
      } catch {
        guard !Task.isCancelled else { return }
        self?.account.fail(error)
      }
    }
  }

  private func watch() {
    let calls = client.calls
    watches.start("calls") { [weak self] in
      for await call in calls {
        guard !Task.isCancelled, let self else { return }
        self.calls.add(call)
      }
    }
    let waits = client.waits
    watches.start("waits") { [weak self] in
      for await waiting in waits {
        guard !Task.isCancelled, let self else { return }
        // Shorter waits are over before anyone has read about them.
        let longest = waiting.last { $0.isRateLimit && $0.until > .now + .seconds(1) }
        if wait != longest { wait = longest }
      }
    }
  }

  /// Ends everything of this account but creates under way.
  func end() {
    host = nil
    retries = [:]
    activity.cancelAll()
    watches.cancelAll()
    runs.end()
    let client = client
    guard !runs.isCreating else { return }
    Task { await client.shutdown() }
  }

  /// Looks for runs that this program doesn't know of.
  func lookForRuns() { host?.reloadRuns() }

  // MARK: Outages

  /// Takes what became of a place's call: an outage is said once for all, and ends with the first
  /// success.
  func note(_ error: ReplicateError?, of place: PlaceID, retry: @escaping @MainActor () -> Void) {
    guard let error, error.isOutage else {
      retries[place] = nil
      if error == nil { recover() }
      return
    }
    retries[place] = retry
    guard outage == nil || !activity.isUnderWay("retry") else { return }
    let delay = Self.delay(afterOutages: outages)
    outages += 1
    outage = Outage(error: error, nextTry: .now + delay)
    activity.start("retry") { [time, weak self] in
      try? await time.clock.sleep(for: delay)
      guard !Task.isCancelled, let self else { return }
      let retries = retries.values
      self.retries = [:]
      activity.cancel("retry")
      for retry in retries { retry() }
      if account.value == nil { loadAccount() }
    }
  }

  private func recover() {
    outages = 0
    guard outage != nil else { return }
    outage = nil
    let waiting = retries.values
    retries = [:]
    activity.cancel("retry")
    for retry in waiting { retry() }
    if account.value == nil { loadAccount() }
  }

  /// 2, 4, 8 … seconds, at most a minute.
  private static func delay(afterOutages count: Int) -> Duration {
    .seconds(min(60, 2 << min(count, 5)))
  }

  package func settled() async { await activity.settled() }
}

extension ReplicateError {
  /// Whether the service couldn't be reached, which is nobody's fault here.
  public var isOutage: Bool {
    switch reason {
    case .unreachable, .interrupted, .timedOut: true
    default: false
    }
  }
}

/// What a place can ask of the program while nobody waits for an answer.
@MainActor
public protocol PlaceHost: AnyObject {
  /// Incremented per command. A pending answer compares it to see whether the user has moved on.
  var commandCount: Int { get }
  var focus: PlaceID { get }
  /// The columns that a character takes, as the terminal shows it.
  var measure: @Sendable (Character) -> Int { get }
  /// Breaks lines into rows by the width of characters; nil before there is a screen.
  var breaker: (any RowBreaking)? { get }
  func perform(_ command: Command)
  func say(_ notice: Notice)
  func clearNotice()
  func ask(_ question: Confirmation)
  /// A run was started while the person went on working: it is shown without taking the keys.
  func offerRun(_ run: Run)
  /// Loads the predictions again.
  func reloadRuns()
  /// Shows an address in a place that has nothing to show yet.
  func offer(_ address: Address)
  /// The place's subject has changed; what is shown beside the list may follow.
  func subjectChanged(of place: PlaceID)
}

/// What a person has chosen about each list, and what keeps it.
@MainActor
public final class ListChoicesStore {
  private var choices: [PlaceID: ListChoices]
  private let keep: @MainActor (PlaceID, ListChoices) -> Void

  public init(
    _ choices: [PlaceID: ListChoices] = [:],
    keep: @escaping @MainActor (PlaceID, ListChoices) -> Void = { _, _ in }
  ) {
    self.choices = choices
    self.keep = keep
  }

  public subscript(place: PlaceID) -> ListChoices {
    get { choices[place] ?? ListChoices() }
    set {
      choices[place] = newValue
      keep(place, newValue)
    }
  }
}

extension PagedList {
  /// Connects a list with its session: outages are said once, and what is chosen is kept.
  func connect(_ session: Session, _ place: PlaceID) {
    onAnswer = { [weak session, weak self] error in
      session?.note(error, of: place) { self?.load() }
    }
    onChoices = { [weak session] in session?.lists[place] = $0 }
    onLoaded = { [weak session] in session?.host?.subjectChanged(of: place) }
  }
}
