import OrderedCollections
import ReplicateAPI

/// Runs and stores all predictions and trainings of the demo service, in real time.
actor DemoPredictions {
  /// A prediction or training to run.
  struct RunRequest: Sendable {
    var model: ModelID
    var version: String
    var deployment: String?
    /// The input that the API returns, without secrets.
    var input: JSONObject
    /// The input that the model gets, with the schema's defaults.
    var filledIn: JSONObject
    var streams = false
    var isTraining = false
    var coldStart = 0.3
    /// Seconds after which the run is canceled.
    var cancelAfter: Double?
    var webhook: Webhook?
    var run: @Sendable (any DemoJob) async throws -> Void
  }

  /// Selects the predictions of a list.
  struct Filter: Sendable {
    var isTraining = false
    var createdAfter: Double?
    var createdBefore: Double?
    var source: String?

    func contains(_ record: PredictionRecord) -> Bool {
      record.isTraining == isTraining && record.listedAt >= createdAfter ?? -.infinity
        && record.listedAt < createdBefore ?? .infinity
        && (source == nil || record.source == source)
    }
  }

  private let speed: Double
  private let agingSpeed: Double
  private let clock: ServiceClock
  private let webhooks: WebhookSender
  private let outputs: OutputStore
  private let files: FileStore
  private let addresses: ServiceAddresses
  private let start: ServiceStart
  private let odd: OddInjector
  private var random: SeededRandom
  private var records: [String: PredictionRecord] = [:]
  /// Oldest first.
  private var ids: [String] = []
  private var tasks: [String: Task<Void, Never>] = [:]
  private var deadlines: [String: Task<Void, Never>] = [:]
  /// When each active run was created, by the system clock.
  private var createdTimes: [String: Double] = [:]
  private var waiters: [String: [Int: CheckedContinuation<Void, Never>]] = [:]
  private var nextWaiter = 0
  private var hasHistory = false
  /// Predictions and trainings created through the API, oldest first.
  private var created: [String] = []
  private var isStopped = false

  /// The number of predictions per page.
  static let pageSize = 100
  /// How many seconds the input, output, logs and files of a prediction are kept.
  static let retention = 3600.0
  /// How many seconds later Django's creation time is than the Go backend's.
  private static let lag = 0.031

  init(
    speed: Double, agingSpeed: Double, seed: UInt64, clock: ServiceClock, outputs: OutputStore,
    files: FileStore, addresses: ServiceAddresses, start: ServiceStart, webhooks: WebhookSender,
    odd: OddInjector
  ) {
    self.speed = speed
    self.agingSpeed = agingSpeed
    self.clock = clock
    self.webhooks = webhooks
    self.outputs = outputs
    self.files = files
    self.addresses = addresses
    self.start = start
    self.odd = odd
    random = SeededRandom("predictions", seed)
  }

  // MARK: Queries

  func record(_ id: String) async -> PredictionRecord? {
    fillHistory()
    bringUpToDate(id)
    await removeExpiredData(id)
    return records[id]
  }

  func hasStream(_ id: String) async -> Bool {
    await record(id).map { $0.streams && !$0.isDataRemoved } ?? false
  }

  /// Everything created through the API, oldest first, without the earlier history.
  func allCreated() -> [PredictionRecord] { created.compactMap { records[$0] } }

  /// The number of predictions and trainings created through the API.
  var count: Int { created.count }

  /// Whether a deployment has an active prediction, and when its last one ended.
  func use(of deployment: ModelID) -> (isRunning: Bool, endedAt: Double?) {
    fillHistory()
    let own = records.values.filter { $0.deployment == deployment.description }
    return (
      own.contains { !$0.status.isTerminal },
      own.compactMap { $0.endedAt ?? $0.completedAt.map { $0 - clock.shift } }.max()
    )
  }

  /// The page after a cursor, newest first, and the cursor of the page after that.
  func page(
    before cursor: String?, _ filter: Filter
  ) async -> (records: [PredictionRecord], next: String?) {
    fillHistory()
    let older = cursor.map { cursor in ids.prefix { $0 != cursor } } ?? ids[...]
    var page: [String] = []
    for id in older.reversed() where records[id].map(filter.contains) == true {
      page.append(id)
      if page.count > Self.pageSize { break }
    }
    let shown = page.prefix(Self.pageSize)
    for id in shown {
      bringUpToDate(id)
      await removeExpiredData(id)
    }
    return (shown.compactMap { records[$0] }, page.count > shown.count ? shown.last : nil)
  }

  /// The events of a stream from an index on. Waits for at least one, and returns none once the
  /// stream has ended.
  func events(of id: String, from index: Int) async -> [StreamEvent] {
    while let record = records[id], !isStopped, !Task.isCancelled {
      if record.events.count > index { return Array(record.events[index...]) }
      if record.status.isTerminal { return [] }
      await changed(id)
    }
    return []
  }

  /// Waits until a prediction has ended, or for a number of (unscaled) seconds.
  func ended(_ id: String, within seconds: Double) async -> PredictionRecord? {
    let limit = ServiceClock.systemTime + seconds
    let alarm = Task {
      try await Task.sleep(for: Duration(clampingSeconds: seconds))
      wake(id)
    }
    defer { alarm.cancel() }
    while let record = records[id], !record.status.isTerminal, ServiceClock.systemTime < limit,
      !isStopped,
      !Task.isCancelled
    {
      await changed(id)
    }
    return records[id]
  }

  private func changed(_ id: String) async {
    nextWaiter += 1
    let number = nextWaiter
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled || isStopped {
          continuation.resume()
        } else {
          waiters[id, default: [:]][number] = continuation
        }
      }
    } onCancel: {
      Task { await self.giveUp(id, number) }
    }
  }

  private func giveUp(_ id: String, _ number: Int) {
    waiters[id]?.removeValue(forKey: number)?.resume()
  }

  private func wake(_ id: String) {
    for waiter in waiters.removeValue(forKey: id)?.values ?? [:].values { waiter.resume() }
  }

  // MARK: Running

  /// Starts a prediction in the background.
  func create(_ request: RunRequest) async -> PredictionRecord {
    fillHistory()
    var record = PredictionRecord(
      id: random.identifier(), model: request.model, version: request.version,
      deployment: request.deployment, input: request.input, createdAt: clock.now)
    record.lag = Self.lag / speed
    let lifetime = request.cancelAfter.map { $0 / speed }
    record.deadline = lifetime.map { record.createdAt + $0 }
    record.streams = request.streams
    record.isTraining = request.isTraining
    record.webhook = request.webhook
    let id = record.id
    records[id] = record
    ids.append(id)
    created.append(id)
    createdTimes[id] = ServiceClock.systemTime
    if let webhook = request.webhook { webhooks.open(id, webhook) }
    let job = LiveJob(
      id: id, input: request.filledIn, seed: random.next(), speed: speed, predictions: self,
      outputs: outputs, files: files, addresses: addresses,
      opening: request.streams ? odd.opening(id, origin: addresses.output) : nil)
    tasks[id] = Task { await run(id, request, job) }
    if let lifetime {
      deadlines[id] = Task {
        guard (try? await Task.sleep(for: Duration(clampingSeconds: lifetime))) != nil else {
          return
        }
        end(id, records[id]?.startedAt == nil ? .aborted : .canceled)
      }
    }
    return record
  }

  private func run(_ id: String, _ request: RunRequest, _ job: LiveJob) async {
    do {
      try await job.work(request.coldStart)
      change(id, .start) { record in
        record.status = .processing
        record.startedAt = clock.now
        record.workedSince = ServiceClock.systemTime
      }
      try await request.run(job)
      end(id, .succeeded)
    } catch let failure as DemoFailure {
      end(id, .failed, failure.message)
    } catch is CancellationError {
      end(id, .canceled)
    } catch {
      end(id, .failed, "\(error)")
    }
  }

  /// Cancels a prediction, unless it has already ended.
  func cancel(_ id: String) async -> PredictionRecord? {
    guard await record(id) != nil else { return nil }
    end(id, .canceled)
    return records[id]
  }

  private func end(_ id: String, _ status: Prediction.Status, _ error: String? = nil) {
    let now = ServiceClock.systemTime
    change(id, .completed) { record in
      record.status = status
      record.error = error
      record.completedAt = clock.now
      record.endedAt = now
      if let began = record.workedSince {
        record.metrics["predict_time"] = Self.seconds(now - began)
      }
      if let began = createdTimes[id] { record.metrics["total_time"] = Self.seconds(now - began) }
      guard record.streams else { return }
      if let error {
        record.addEvent("error", JSONValue.object(["detail": .string(error)]).serialized())
      }
      switch status {
      case .succeeded: record.addEvent("done", "{}")
      case .failed: record.addEvent("done", #"{"reason": "error"}"#)
      default: record.addEvent("done", #"{"reason": "canceled"}"#)
      }
    }
    createdTimes[id] = nil
    tasks.removeValue(forKey: id)?.cancel()
    deadlines.removeValue(forKey: id)?.cancel()
  }

  private static func seconds(_ seconds: Double) -> JSONValue {
    .number(JSONNumber((seconds * 1e6).rounded() / 1e6))
  }

  /// Removes the data of an API prediction after an hour. This is checked on access, so that no
  /// timer is needed.
  private func removeExpiredData(_ id: String) async {
    guard let record = records[id], !record.isDataRemoved, record.source == "api",
      let endedAt = record.endedAt ?? record.completedAt.map({ $0 - clock.shift }),
      endedAt + Self.retention / agingSpeed < ServiceClock.systemTime
    else { return }
    records[id]?.isDataRemoved = true
    records[id]?.events = []
    await outputs.remove(under: id)
  }

  /// Cancels everything that runs and wakes everyone who waits, since the service is stopping.
  func stop() async {
    isStopped = true
    for task in tasks.values { task.cancel() }
    for task in deadlines.values { task.cancel() }
    tasks = [:]
    deadlines = [:]
    for id in Array(waiters.keys) { wake(id) }
    await webhooks.stop()
  }

  // MARK: Changes by a running model

  /// - Parameter event: The webhook event to send; nil for none.
  func change(
    _ id: String, _ event: WebhookEvent? = nil, _ change: (inout PredictionRecord) -> Void
  ) {
    // Removed during the change, so that its logs and events aren't copied every time.
    guard var record = records.removeValue(forKey: id) else { return }
    let isOver = record.status.isTerminal
    if !isOver { change(&record) }
    records[id] = record
    wake(id)
    guard let event, record.webhook != nil, !isOver else { return }
    let base = addresses.base
    webhooks.post(event, of: id, at: ServiceClock.systemTime) {
      let value = record.isTraining ? record.training(base, isGet: true) : record.director(base)
      return Array(value.serialized().utf8)
    }
  }

  // MARK: Earlier predictions

  private func fillHistory() {
    guard !hasHistory else { return }
    hasHistory = true
    let time = ServiceClock.systemTime
    let now = time + clock.shift
    var earlier = EarlierPredictions.make(catalog: start.catalog, now: now, random: &random)
    earlier += EarlierDeployments.runs(start, now: now)
    earlier += EarlierTrainings.all(start).map { EarlierTrainings.record($0, at: time, start) }
    for record in earlier.sorted(by: { $0.createdAt < $1.createdAt }) {
      let record = odd.earlier(record)
      records[record.id] = record
      ids.append(record.id)
    }
  }

  /// Lets a training from before the start go on, or end, and writes the log that it has by now.
  private func bringUpToDate(_ id: String) {
    guard var record = records[id], let training = record.training else { return }
    let time = ServiceClock.systemTime
    EarlierTrainings.advance(&record, to: time, start)
    record.logs = training.log(at: min(time, record.endedAt ?? time))
    if record.status.isTerminal { record.training = nil }
    records[id] = record
  }
}

extension OutputKind {
  /// Whether predictions stream their output.
  var streams: Bool {
    switch self {
    case .textStream, .fileStream: true
    default: false
    }
  }
}
