import Logging

/// The one door to Replicate: sends an ``Endpoint`` and gives its typed answer.
///
///     let client = Client(try .fromEnvironment(environment))
///     for try await page in client.pages(of: .predictions()) { … }
///
/// Copies share one connection pool, which is made at the first call. The token goes to the base
/// URL's host and nowhere else.
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

  /// A client over another transport, such as a test's.
  public init(
    _ configuration: Configuration, transport: any Transport,
    logger: Logger = Logger(label: "replicate", factory: { _ in SwiftLogNoOpLogHandler() }),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    core = ClientCore(
      configuration: configuration, transport: transport, logger: logger, clock: clock)
  }

  public var configuration: Configuration { core.configuration }

  /// Calls the API once, or a few times where ``RetryPolicy`` allows it. The answer is read on the
  /// global executor, whatever actor calls.
  @concurrent
  public func send<Response>(
    _ endpoint: Endpoint<Response>
  ) async throws(ReplicateError) -> Response {
    try await core.send(endpoint)
  }

  /// A list's pages, each fetched when it is asked for.
  public func pages<Item>(of endpoint: Endpoint<Page<Item>>) -> Pages<Item> {
    Pages(client: self, endpoint: endpoint)
  }

  /// The page that follows one of the same list, or nil after the last.
  ///
  /// The address that a page gives is followed on the base URL's host alone, with its query as it
  /// is.
  @concurrent
  public func page<Item>(
    after page: Page<Item>, of endpoint: Endpoint<Page<Item>>
  ) async throws(ReplicateError) -> Page<Item>? {
    guard let next = page.next else { return nil }
    return try await core.send(endpoint, at: next)
  }

  /// A prediction's changes until its end, found by polling. Those of many predictions share their
  /// calls where that costs less.
  public func updates(of prediction: Prediction) -> PredictionUpdates {
    PredictionUpdates(client: self, prediction: prediction)
  }

  /// A training's changes until its end, found by polling.
  public func updates(of training: Training) -> TrainingUpdates {
    TrainingUpdates(client: self, training: training)
  }

  /// A prediction's output as it is made, or nil where the model doesn't stream.
  public func output(of prediction: Prediction) -> OutputStream? {
    prediction.urls.stream.map { OutputStream(core: core, url: $0, id: prediction.id) }
  }

  /// The time by the service's clock, in seconds since 1970; nil until an answer has told it.
  ///
  /// Ages of predictions are measured from this, since the clock of this machine may be wrong.
  public var serviceTime: Double? { core.serverTime.seconds }

  /// Every call from now on as it ends, those of all copies of this client. Each stream that is
  /// asked for gets them all, and holds back the newest 256.
  public var calls: AsyncStream<CallRecord> { core.calls.stream() }

  /// The calls that wait to be sent (the rate limit, or another try after a failure), soonest first,
  /// whenever that changes. Who is slow sees the newest alone.
  public var waits: AsyncStream<[CallWait]> { core.waits.changes.stream() }

  /// Closes the connections; nothing can be called afterwards.
  public func shutdown() async {
    await core.transport.shutdown()
    core.calls.finish()
    core.waits.changes.finish()
  }
}
