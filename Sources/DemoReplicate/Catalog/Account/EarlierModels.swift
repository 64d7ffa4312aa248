import ReplicateAPI

/// The models that the account has made before the service started.
enum EarlierModels {
  private static let rain = ModelID(owner: "demo", name: "rain-study")
  private static let tunes = ModelID(owner: "demo", name: "harbor-tunes")

  /// Those that can be run, without their versions.
  static let runnable = [foxes, windows, harborTunes]

  /// The model of a replay.
  static func model(_ id: ModelID) -> DemoModel? { runnable.first { $0.id == id } }

  /// Oldest first.
  static func items(_ start: ServiceStart) -> [AccountModels.Item] {
    let day = 86_400.0
    let time = start.time
    let address = start.addresses.output
    func cover(_ id: ModelID, _ variant: Int) -> String {
      "\(address)\(Replay(model: id, variant: variant).path)/out-0.png"
    }
    func version(_ id: ModelID, _ number: Int, daysAgo days: Double) -> DemoVersion {
      DemoVersion(
        id: EarlierTrainings.version(id, number),
        createdAt: TimestampFormat.django(time - days * day), cogVersion: "0.16.9")
    }
    var windows = windows
    windows.versions =
      trained(windows.id, start) + [version(windows.id, 1, daysAgo: 33.14)]
    var tunes = harborTunes
    tunes.versions = [version(tunes.id, 1, daysAgo: 26.4)]
    var foxes = foxes
    foxes.versions = trained(foxes.id, start)
    return [
      AccountModels.Item(
        model: windows, visibility: "public", coverURL: cover(windows.id, 1),
        weightsURL: "https://huggingface.co/demo/night-windows", createdAt: time - 34.02 * day),
      AccountModels.Item(
        model: tunes, visibility: "public", coverURL: cover(DemoModel.painter.id, 8),
        createdAt: time - 26.52 * day),
      AccountModels.Item(
        model: foxes, visibility: "private", coverURL: cover(foxes.id, 2),
        createdAt: time - 20.44 * day),
      AccountModels.Item(model: rainStudy, visibility: "private", createdAt: time - 5.7 * day),
    ]
  }

  /// The versions that trainings had made before the start, newest first.
  private static func trained(_ id: ModelID, _ start: ServiceStart) -> [DemoVersion] {
    EarlierTrainings.all(start).reversed().compactMap { training in
      guard training.destination == id, training.endsAt <= start.systemTime else { return nil }
      return version(of: training, start)
    }
  }

  /// The version that a training makes; nil if it makes none.
  static func version(
    of training: EarlierTrainings.Training, _ start: ServiceStart
  ) -> DemoVersion? {
    guard case .version(let id) = training.end else { return nil }
    return DemoVersion(
      id: id, createdAt: TimestampFormat.django(training.endsAt + start.shift),
      cogVersion: DemoModel.pictureTrainer.versions.first?.cogVersion ?? "0.16.2")
  }

  private static let foxes = DemoModel(
    id: EarlierTrainings.foxes,
    description: "Foxes cut from paper, in the style of my own cuts",
    runCount: 318, githubURL: "https://github.com/demo/paper-foxes",
    readme: """
      # Paper foxes

      Trained on a dozen of my own paper cuts, all of foxes. Say `PAPERFOX` in the prompt.

      | Version | Pictures | Steps | Notes |
      |---|---|---|---|
      | 1 | 10 | 600 | No captions; too many trees |
      | 2 | 12 | 1000 | With captions, 768 pixels |
      | 3 | 12 | 1200 | Slower learning rate. The best so far |
      """,
    versions: [],
    schema: TrainedPainter.schema(trigger: "PAPERFOX", style: .paperCut),
    exampleInput: [
      "prompt": "PAPERFOX in a winter forest under stars", "style": "paper cut",
      "aspect_ratio": "1:1", "megapixels": "0.25", "seed": 42,
    ],
    run: TrainedPainter.run)

  private static let windows = DemoModel(
    id: EarlierTrainings.windows,
    description: "Stained glass windows, seen from outside at night",
    runCount: 4127, githubURL: "https://github.com/demo/night-windows",
    paperURL: "https://arxiv.org/abs/2106.09685",
    licenseURL: "https://choosealicense.com/licenses/cc0-1.0/",
    readme: """
      # Night windows

      Paints leaded windows with the light on behind them. The first version was pushed with Cog; \
      the second was trained with lumen-lab/picture-trainer on photos of two dozen real windows.

      Say `NIGHTPANE` in the prompt, and what should be in the window.
      """,
    versions: [],
    schema: TrainedPainter.schema(trigger: "NIGHTPANE", style: .stainedGlass),
    exampleInput: [
      "prompt": "NIGHTPANE, a boat on a moonlit lake", "style": "stained glass",
      "aspect_ratio": "2:3", "megapixels": "0.25", "seed": 11,
    ],
    run: TrainedPainter.run)

  private static let harborTunes: DemoModel = {
    var model = DemoModel.tunesmith
    model.id = tunes
    model.description = "Tunesmith with the bells and organs of a small harbor"
    model.runCount = 95
    model.githubURL = "https://github.com/demo/harbor-tunes"
    model.readme = """
      # Harbor tunes

      The same as quietwave/tunesmith, but for the harbor: use *bell* in fog, and *organ* on Sundays.
      """
    model.exampleInput = [
      "text": "The ferry leaves at seven", "instrument": "bell", "scale": "dorian", "tempo": 96,
    ]
    return model
  }()

  private static let rainStudy = DemoModel(
    id: rain, description: "Rain on glass, to be trained when there are enough pictures",
    runCount: 0, readme: "# Rain study\n\nNo version yet. Eleven pictures so far.\n",
    versions: [], schema: [:], exampleInput: [:],
    run: { _ in throw DemoFailure(message: "This model has no version yet.") })
}
