import Logging

/// Sends calls to Replicate: an ``Endpoint`` goes in, its typed answer comes out.
///
///     let client = Client(try .fromEnvironment(environment))
///     for try await page in client.pages(of: .predictions()) { … }
///
/// Copies share one connection pool, which is created by the first call. The token and
/// the extra headers are sent only to the base URL's host.
public struct Client: Sendable {
  let core: ClientCore

  public init(
    _ configuration: Configuration,
    logger: Logger = Logger(label: "replicate", factory: { _ in SwiftLogNoOpLogHandler() }),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.init(
      configuration,
      transport: AsyncHTTPTransport(limits: configuration.limits, network: configuration.network),
      logger: logger, clock: clock)
  }

  /// A client with another transport, such as a test's.
  public init(
    _ configuration: Configuration, transport: any Transport,
    logger: Logger = Logger(label: "replicate", factory: { _ in SwiftLogNoOpLogHandler() }),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    core = ClientCore(
      configuration: configuration, transport: transport, logger: logger, clock: clock)
  }

  public var configuration: Configuration { core.configuration }

  /// Sends a call, and sends it again after failures as far as the ``RetryPolicy`` allows. The
  /// answer is read on the global executor, whatever the caller's actor.
  ///
  /// - Throws: ``ReplicateError/Reason/canceled`` as soon as the task is canceled.
  @concurrent
  public func send<Response>(
    _ endpoint: Endpoint<Response>
  ) async throws(ReplicateError) -> Response {
    try await core.send(endpoint)
  }

  /// A list's pages, each fetched as it is asked for.
  public func pages<Item>(of endpoint: Endpoint<Page<Item>>) -> Pages<Item> {
    Pages(client: self, endpoint: endpoint)
  }

  /// The next page of a list, or nil after the last one.
  ///
  /// Of the address in ``Page/next`` only the query is used, so the call always goes to the base
  /// URL's host. A list may lead back to a page that was seen before; ``PageTrail`` detects that.
  @concurrent
  public func page<Item>(
    after page: Page<Item>, of endpoint: Endpoint<Page<Item>>
  ) async throws(ReplicateError) -> Page<Item>? {
    guard let next = page.next else { return nil }
    return try await core.send(endpoint, at: next)
  }

  /// Follows a prediction to its end by polling. Many predictions share calls if that costs less.
  public func updates(of prediction: Prediction) -> PredictionUpdates {
    PredictionUpdates(client: self, prediction: prediction)
  }

  /// Follows a training to its end by polling.
  public func updates(of training: Training) -> TrainingUpdates {
    TrainingUpdates(client: self, training: training)
  }

  /// Streams a prediction's output; nil if the model doesn't stream.
  public func output(of prediction: Prediction) -> OutputStream? {
    prediction.urls.stream.map { OutputStream(core: core, url: $0, id: prediction.id) }
  }

  /// The time by the service's clock, in seconds since 1970; nil until an answer has given it.
  ///
  /// Measure the ages of predictions from this: the clock of this machine may be wrong.
  public var serviceTime: Double? { core.serverTime.seconds }

  /// A record of every call that this client and its copies make from now on, when it ends. Calls
  /// whose answers take their time, such as streams, are recorded twice; see
  /// ``CallRecord/isOngoing``. Each stream gets all records and buffers the latest 256.
  public var calls: AsyncStream<CallRecord> { core.calls.stream() }

  /// The calls that are waiting because of a rate limit or before another attempt, soonest first.
  /// Sends a new value on every change; a slow consumer sees only the latest one.
  public var waits: AsyncStream<[CallWait]> { core.waits.changes.stream() }

  /// What the service has said last about its rate limits, in the headers of its answers.
  public func rateLimits() async -> [RateLimitReport] { await core.limiter.reports }

  /// Lets the next call under each rate limit go out at once, even if the service has asked to wait.
  ///
  /// For a person who asks for another attempt. If the service refuses that one, too, all calls wait
  /// as before; if not, the wait is over for all.
  public func tryAtOnce() { core.tryAtOnce() }

  /// Closes all connections. Later calls fail.
  public func shutdown() async {
    await core.transport.shutdown()
    core.calls.finish()
    core.waits.changes.finish()
  }
}
