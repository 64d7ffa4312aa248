import OrderedCollections
import ReplicateAPI

/// The account's trainings of the last weeks, and the one that is under way when the service
/// starts.
enum EarlierTrainings {
  /// How a training went.
  enum End: Sendable, Hashable {
    case version(String)
    case failed(String)
    case canceled
  }

  /// A training from before the start.
  struct Training: Sendable {
    var id: String
    var destination: ModelID
    var input: JSONObject
    var script: TrainingScript
    var end: End
    /// Seconds of work after which it failed or was canceled; nil if it finished.
    var endsAfter: Double?
    /// By the system clock, in seconds since 1970.
    var startedAt: Double
    /// How much faster than the system's clock it works.
    var speed: Double

    /// Seconds of work.
    var seconds: Double { endsAfter ?? script.seconds }

    /// By the system clock, in seconds since 1970.
    var endsAt: Double { startedAt + seconds / speed }

    /// The log at a moment of the system clock.
    func log(at time: Double) -> String {
      guard time >= endsAt else { return script.log(until: (time - startedAt) * speed) }
      let log = script.log(until: seconds)
      guard case .failed(let reason) = end else { return log }
      return log + "\n"
        + PictureTrainer.traceback("torch.OutOfMemoryError", reason, in: "loss.backward()")
    }
  }

  static let foxes = ModelID(owner: "demo", name: "paper-foxes")
  static let windows = ModelID(owner: "demo", name: "night-windows")

  /// Seconds of service time that the training under way has worked for at the start.
  private static let headStart = 200.0

  private struct Draft {
    var days: Double
    var destination: ModelID
    var pictures: TrainingPictures
    var changes: JSONObject
    var end: End
    var endsAfter: Double?
  }

  private static let drafts = [
    Draft(
      days: 20.38, destination: foxes, pictures: TrainingPictures(pictures: 10, captions: 0),
      changes: ["trigger_word": "PAPERFOX", "steps": 600], end: .version(version(foxes, 1))),
    Draft(
      days: 19.21, destination: foxes, pictures: TrainingPictures(pictures: 12, captions: 0),
      changes: ["trigger_word": "PAPERFOX", "steps": 4000], end: .canceled, endsAfter: 61.3),
    Draft(
      days: 11.35, destination: foxes, pictures: TrainingPictures(pictures: 12, captions: 12),
      changes: [
        "trigger_word": "PAPERFOX", "steps": 1000, "lora_rank": 128, "resolution": "1024",
      ], end: .failed(outOfMemory), endsAfter: 9.1),
    Draft(
      days: 11.29, destination: foxes, pictures: TrainingPictures(pictures: 12, captions: 12),
      changes: ["trigger_word": "PAPERFOX", "steps": 1000, "resolution": "768"],
      end: .version(version(foxes, 2))),
    Draft(
      days: 8.12, destination: windows, pictures: TrainingPictures(pictures: 24, captions: 20),
      changes: ["trigger_word": "NIGHTPANE", "steps": 1500], end: .version(version(windows, 2))),
    Draft(
      days: 3.05, destination: foxes, pictures: TrainingPictures(pictures: 12, captions: 12),
      changes: ["trigger_word": "PAPERFOX", "steps": 1200, "learning_rate": 0.0002, "seed": 42],
      end: .version(version(foxes, 3))),
    Draft(
      days: 0, destination: foxes,
      pictures: TrainingPictures(
        pictures: EarlierFiles.foxes.count, captions: EarlierFiles.foxes.count),
      changes: ["trigger_word": "PAPERFOX", "steps": 2400, "lora_rank": 32],
      end: .version(version(foxes, 4))),
  ]

  private static let outOfMemory = """
    CUDA out of memory. Tried to allocate 2.25 GiB. GPU 0 has a total capacity of 79.32 GiB of \
    which 1.05 GiB is free. Try a smaller resolution or rank.
    """

  /// The ID of a model's version, counted from 1.
  static func version(_ model: ModelID, _ number: Int) -> String {
    var random = SeededRandom("\(model)@\(number)")
    return random.hex(64)
  }

  /// Oldest first; the last is under way.
  static func all(_ start: ServiceStart) -> [Training] {
    var random = SeededRandom("earlier trainings", start.seed)
    let schema = DemoModel.pictureTrainer.schema
    return drafts.map { draft in
      let isUnderWay = draft.days == 0
      let id = random.identifier()
      let archive =
        isUnderWay
        ? "\(start.addresses.api)/files/"
          + EarlierFiles.id(of: EarlierFiles.foxesName, seed: start.seed)
        : "https://replicate.delivery/pbxt/\(random.identifier(48))/\(draft.destination.name).zip"
      var input: JSONObject = ["input_images": .string(archive)]
      input.merge(draft.changes) { _, new in new }
      let script = TrainingScript(
        InputValidation.filledIn(input, schema: schema, component: "TrainingInput"),
        draft.pictures, seed: random.integer(1...99_999))
      return Training(
        id: id, destination: draft.destination, input: input, script: script, end: draft.end,
        endsAfter: draft.endsAfter,
        startedAt: start.systemTime - draft.days * 86_400
          - (isUnderWay ? headStart / start.speed : 0),
        speed: isUnderWay ? start.speed : 1)
    }
  }

  /// A training as it is at a moment of the system clock.
  static func record(_ training: Training, at time: Double, _ start: ServiceStart)
    -> PredictionRecord
  {
    let model = DemoModel.pictureTrainer
    let queued = 2.6 / training.speed
    var record = PredictionRecord(
      id: training.id, model: model.id, version: model.versions[0].id, input: training.input,
      createdAt: training.startedAt - queued + start.shift)
    record.isTraining = true
    record.startedAt = training.startedAt + start.shift
    record.status = .processing
    record.training = training
    advance(&record, to: time, start)
    return record
  }

  /// Brings a training that hasn't ended up to a moment of the system clock.
  static func advance(_ record: inout PredictionRecord, to time: Double, _ start: ServiceStart) {
    guard let training = record.training, !record.status.isTerminal else { return }
    guard time >= training.endsAt else { return }
    let seconds = training.seconds / training.speed
    record.completedAt = training.endsAt + start.shift
    record.endedAt = training.endsAt
    record.metrics = [
      "predict_time": EarlierPredictions.metric(seconds),
      "total_time": EarlierPredictions.metric(training.endsAt + start.shift - record.createdAt),
    ]
    switch training.end {
    case .version(let version):
      record.status = .succeeded
      record.metrics["training_step_count"] = .number(JSONNumber(training.script.steps))
      record.metrics["image_count"] = .number(JSONNumber(training.script.pictures.pictures))
      record.output = [
        "version": .string("\(training.destination):\(version)"),
        "weights": .string("\(start.addresses.output)\(root)\(version)/\(weights)"),
      ]
    case .failed(let reason):
      record.status = .failed
      record.error = reason
    case .canceled: record.status = .canceled
    }
  }

  private static let root = "/xezq/trained/"
  static let weights = "trained_model.tar"

  /// The weights of a version at a path on the output host; nil if there are none.
  static func file(at path: String) -> OutputStore.File? {
    guard path.hasPrefix(root), path.hasSuffix("/" + weights) else { return nil }
    let version = String(path.dropFirst(root.count).dropLast(weights.count + 1))
    guard drafts.contains(where: { $0.end == .version(version) }) else { return nil }
    return OutputStore.File(bytes: TrainedPainter.weights(version), type: "application/x-tar")
  }
}
