import OrderedCollections
import ReplicateAPI

/// Every prediction of the demo service: they start, work, log and end in real time.
actor DemoPredictions {
  private let speed: Double
  private let outputs: OutputStore
  private let files: FileStore
  private let places: Places
  private let catalog: DemoCatalog
  private var dice: Dice
  private var records: [String: PredictionRecord] = [:]
  /// Oldest first.
  private var order: [String] = []
  private var tasks: [String: Task<Void, Never>] = [:]
  private var forgetting: [String: Task<Void, Never>] = [:]
  private var waiters: [String: [CheckedContinuation<Void, Never>]] = [:]
  private var hasHistory = false

  /// How many a list's page holds.
  static let pageSize = 100
  /// For how long input, output, logs and files of a prediction are kept.
  static let retention = 3600.0

  init(
    speed: Double, seed: UInt64, outputs: OutputStore, files: FileStore, places: Places,
    catalog: DemoCatalog
  ) {
    self.speed = speed
    self.outputs = outputs
    self.files = files
    self.places = places
    self.catalog = catalog
    dice = Dice("predictions", seed)
  }

  // MARK: Asking

  func record(_ id: String) -> PredictionRecord? {
    fillHistory()
    return records[id]
  }

  func hasStream(_ id: String) -> Bool { records[id]?.streams ?? false }

  /// The page after a cursor, newest first, and the cursor after it.
  func page(
    before cursor: String?, createdAfter: Double?, createdBefore: Double?
  ) -> (records: [PredictionRecord], next: String?) {
    fillHistory()
    var newest = order.reversed().compactMap { records[$0] }
    if let createdAfter { newest.removeAll { $0.createdAt < createdAfter } }
    if let createdBefore { newest.removeAll { $0.createdAt >= createdBefore } }
    if let cursor {
      let place = newest.firstIndex { $0.id == cursor }
      newest = place.map { Array(newest[($0 + 1)...]) } ?? []
    }
    let page = Array(newest.prefix(Self.pageSize))
    return (page, newest.count > page.count ? page.last?.id : nil)
  }

  /// The events of a stream from an index on; waits until there is one. Empty once it has ended.
  func events(of id: String, from place: Int) async -> [StreamEvent] {
    while let record = records[id] {
      if record.events.count > place { return Array(record.events[place...]) }
      if record.status.isTerminal { return [] }
      await changed(id)
    }
    return []
  }

  /// Waits until a prediction has ended, or seconds (as they are, unscaled) have passed.
  func ended(_ id: String, within seconds: Double) async -> PredictionRecord? {
    let alarm = Task {
      try await Task.sleep(for: .seconds(seconds))
      self.wake(id)
    }
    defer { alarm.cancel() }
    let limit = Stamps.now + seconds
    while let record = records[id], !record.status.isTerminal, Stamps.now < limit {
      await changed(id)
    }
    return records[id]
  }

  private func changed(_ id: String) async {
    await withCheckedContinuation { waiters[id, default: []].append($0) }
  }

  private func wake(_ id: String) {
    for waiter in waiters.removeValue(forKey: id) ?? [] { waiter.resume() }
  }

  // MARK: Running

  /// Starts a prediction; it goes on by itself.
  func create(
    _ model: DemoModel, version: String, deployment: String?, input: JSONObject,
    filledIn: JSONObject, cancelAfter: Double?, webhook: String?
  ) -> PredictionRecord {
    fillHistory()
    let now = Stamps.now
    var record = PredictionRecord(
      id: dice.identifier(), model: model.id, version: version, deployment: deployment,
      input: input, createdAt: now)
    record.deadline = cancelAfter.map { now + $0 / speed }
    record.streams = ModelSchema(openAPI: model.schema).output.streams
    record.webhook = webhook
    records[record.id] = record
    order.append(record.id)
    let id = record.id
    let job = LiveJob(
      id: id, input: filledIn, seed: dice.next(), speed: speed, predictions: self,
      outputs: outputs, files: files, places: places)
    tasks[id] = Task { await self.run(id, model, job) }
    if let deadline = record.deadline {
      Task {
        try? await Task.sleep(for: .seconds(deadline - now))
        self.end(id, self.records[id]?.startedAt == nil ? .aborted : .canceled)
      }
    }
    return record
  }

  private func run(_ id: String, _ model: DemoModel, _ job: LiveJob) async {
    do {
      try await job.work(model.coldStart)
      change(id) {
        $0.status = .processing
        $0.startedAt = Stamps.now
      }
      try await model.run(job)
      end(id, .succeeded)
    } catch let failure as DemoFailure {
      end(id, .failed, failure.message)
    } catch is CancellationError {
      end(id, .canceled)
    } catch {
      end(id, .failed, "\(error)")
    }
    tasks[id] = nil
  }

  /// Forgets input, output, logs and files once their hour is over.
  private func forgetLater(_ id: String) {
    forgetting[id] = Task { [weak self, speed] in
      guard (try? await Task.sleep(for: .seconds(Self.retention / speed))) != nil else { return }
      await self?.forget(id)
    }
  }

  private func forget(_ id: String) async {
    records[id]?.isDataRemoved = true
    records[id]?.events = []
    forgetting[id] = nil
    await outputs.remove(under: id)
  }

  /// Ends a prediction as canceled; one that has ended stays as it is.
  func cancel(_ id: String) -> PredictionRecord? {
    guard record(id) != nil else { return nil }
    end(id, .canceled)
    return records[id]
  }

  private func end(_ id: String, _ status: Prediction.Status, _ error: String? = nil) {
    guard let record = records[id], !record.status.isTerminal else { return }
    let now = Stamps.now
    change(id) { record in
      record.status = status
      record.error = error
      record.completedAt = now
      if let started = record.startedAt {
        record.metrics["predict_time"] = .number(JSONNumber(Self.rounded(now - started)))
      }
      record.metrics["total_time"] = .number(JSONNumber(Self.rounded(now - record.createdAt)))
      if record.streams {
        if let error {
          Self.add("error", JSONValue.object(["detail": .string(error)]).serialized(), to: &record)
        }
        let reason =
          switch status {
          case .succeeded: "{}"
          case .failed: #"{"reason": "error"}"#
          default: #"{"reason": "canceled"}"#
          }
        Self.add("done", reason, to: &record)
      }
    }
    tasks[id]?.cancel()
    forgetLater(id)
  }

  private static func rounded(_ seconds: Double) -> Double {
    (seconds * 1e6).rounded() / 1e6
  }

  /// Ends what runs; for when the service is stopped.
  func stop() {
    for task in tasks.values { task.cancel() }
    for task in forgetting.values { task.cancel() }
    tasks = [:]
    forgetting = [:]
    for id in Array(waiters.keys) { wake(id) }
  }

  // MARK: What a running model changes

  func change(_ id: String, _ change: (inout PredictionRecord) -> Void) {
    guard var record = records[id], !record.status.isTerminal else { return }
    change(&record)
    records[id] = record
    wake(id)
  }

  /// Adds an event to a stream.
  static func add(_ name: String, _ data: String, to record: inout PredictionRecord) {
    let id = "\(Int(record.createdAt * 1000)):\(record.events.count)"
    record.events.append(StreamEvent(name: name, id: id, data: data))
  }

  // MARK: What was run before

  /// A service that was never used would show an empty list: these were run in the last weeks.
  private func fillHistory() {
    guard !hasHistory else { return }
    hasHistory = true
    for record in EarlierPredictions.make(catalog: catalog, now: Stamps.now, dice: &dice) {
      records[record.id] = record
      order.append(record.id)
    }
  }
}

extension OutputKind {
  /// Whether predictions have a stream of their output.
  var streams: Bool {
    switch self {
    case .textStream, .fileStream: true
    default: false
    }
  }
}
