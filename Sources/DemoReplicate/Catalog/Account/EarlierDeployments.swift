import ReplicateAPI

/// The deployments that the account has from the start, and their runs of the last day.
enum EarlierDeployments {
  static let painter = ModelID(owner: "demo", name: "painter-app")
  static let haiku = ModelID(owner: "demo", name: "haiku-batch")
  static let windows = ModelID(owner: "demo", name: "windows-live")

  /// Oldest first.
  static func all(_ start: ServiceStart) -> [DeploymentStore.Deployment] {
    func deployment(
      _ id: ModelID, _ release: Int, _ model: ModelID, _ version: String, _ hardware: String,
      _ instances: ClosedRange<Int>, days: Double
    ) -> DeploymentStore.Deployment {
      DeploymentStore.Deployment(
        id: id, number: release, model: model, version: version, hardware: hardware,
        minInstances: instances.lowerBound, maxInstances: instances.upperBound,
        createdAt: start.time - days * 86_400)
    }
    return [
      // One version behind.
      deployment(
        painter, 4, DemoModel.painter.id, DemoModel.painter.versions[1].id, "gpu-t4", 1...3,
        days: 15.2),
      deployment(
        haiku, 1, DemoModel.haiku.id, DemoModel.haiku.versions[0].id, "cpu", 0...2, days: 12.6),
      deployment(
        windows, 2, EarlierTrainings.windows, EarlierTrainings.version(EarlierTrainings.windows, 2),
        "gpu-l40s", 0...5, days: 7.9),
    ]
  }

  // MARK: Runs

  /// The runs of the last day, in no order. The newest is older than the newest of
  /// ``EarlierPredictions``. They have no output or logs yet.
  static func runs(_ start: ServiceStart, now: Double) -> [PredictionRecord] {
    all(start).flatMap { deployment -> [PredictionRecord] in
      guard
        let model = EarlierModels.model(deployment.model) ?? start.catalog.model(deployment.model)
      else { return [] }
      var random = SeededRandom("runs of \(deployment.id)", start.seed)
      var records: [PredictionRecord] = []
      // When an instance is there and idle, as an age.
      var freeAt = Double.infinity
      for age in ages(of: deployment.id, &random) {
        let boots = deployment.minInstances == 0 && freeAt - age > idleTime
        // Without an idle instance, a run waits for one to boot, or for the one before.
        let wait =
          boots
          ? Double(random.number(14...55))
          : age > freeAt ? min(age - freeAt, 90) : Double(random.number(0.1...1.4))
        let record = run(of: deployment, model, age: age, wait: wait, now: now, &random)
        records.append(record)
        let took = (record.completedAt ?? 0) - (record.startedAt ?? record.completedAt ?? 0)
        freeAt = age - wait - took / Double(deployment.maxInstances)
      }
      return records
    }
  }

  /// Seconds after which an instance without runs is stopped.
  private static let idleTime = 300.0

  /// The ages of a deployment's runs, oldest first.
  private static func ages(of id: ModelID, _ random: inout SeededRandom) -> [Double] {
    var ages: [Double] = []
    switch id {
    case painter:
      // All day, more in the last hour, and sometimes several at once.
      var age = 366.0
      while age < 86_000 {
        for _ in 0..<(random.integer(0...9) == 0 ? 5 : 1) {
          ages.append(age)
          age += Double(random.number(0.3...1.5))
        }
        age += Double(age < 3600 ? random.number(30...260) : random.number(120...1500))
      }
    case haiku:
      // Three batches; the last ended long enough ago for the deployment to be deleted.
      for (begin, count) in [(5100.0, 18), (34_000, 24), (77_500, 20)] {
        var age = begin
        for _ in 0..<count {
          ages.append(age)
          age -= Double(random.number(0.4...6))
        }
      }
    default:
      var age = 388.0
      while age < 80_000 {
        ages.append(age)
        age += Double(
          random.integer(0...3) == 0 ? random.number(900...6800) : random.number(40...300))
      }
    }
    return ages.sorted(by: >)
  }

  private static func run(
    of deployment: DeploymentStore.Deployment, _ model: DemoModel, age: Double, wait: Double,
    now: Double, _ random: inout SeededRandom
  ) -> PredictionRecord {
    let createdAt = now - age + Double(random.unit())
    let variant = random.integer(0...(3 * EarlierInputs.count(of: model) - 1))
    var record = PredictionRecord(
      id: random.identifier(), model: model.id, version: deployment.version,
      deployment: deployment.id.description,
      input: EarlierInputs.input(of: model, variant: variant),
      createdAt: createdAt)
    record.isDataRemoved = age > DemoPredictions.retention
    let took = Double(
      deployment.id == haiku ? random.number(0.6...2.4) : random.number(3...9))
    var endsAfter: Double?
    record.status = .succeeded
    switch random.integer(0...99) {
    case 0..<7:
      record.status = .failed
      record.error = random.pick(EarlierPredictions.failures)
      endsAfter = Double(random.number(0.3...2.5))
    case 7..<10:
      record.status = .canceled
      endsAfter = Double(random.number(0.5...3))
    case 10..<12:
      // The deadline passed while it waited for an instance.
      record.status = .aborted
      record.deadline = createdAt + 30
      record.completedAt = createdAt + 30
      record.metrics = ["total_time": 30]
      return record
    default: break
    }
    let worked = endsAfter ?? took
    record.startedAt = createdAt + wait
    record.completedAt = createdAt + wait + worked
    record.metrics = [
      "predict_time": EarlierPredictions.metric(worked),
      "total_time": EarlierPredictions.metric(wait + worked),
    ]
    record.replay = Replay(model: model.id, variant: variant, endsAfter: endsAfter)
    return record
  }
}
