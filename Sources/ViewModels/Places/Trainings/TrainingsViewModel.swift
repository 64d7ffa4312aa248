import Observation
import ReplicateAPI
import Running

/// The account's trainings, each of which makes a new version of a model.
@MainActor @Observable
public final class TrainingsViewModel: PlaceViewModel, RunWatcher {
  public static let id = PlaceID("trainings")
  private static let start: CommandID = "trainings.start"
  private static let version: CommandID = "trainings.version"
  private static let tryOut: CommandID = "trainings.try"
  static let tryNow: CommandID = "trainings.try-now"

  public static let commands = [
    CommandRow(start, "start a training", .own(start)),
    CommandRow(version, "open the version that was made", .own(version)),
    CommandRow(tryOut, "try the version beside its base", .own(tryOut), asks: true),
    CommandRow(tryNow, "try it without a question", .own(tryNow), isListed: false),
  ]

  @ObservationIgnored public let trainings: PagedList<Run>
  /// The selected training, watched like any other run.
  @ObservationIgnored public private(set) var live: LiveViewModel?
  @ObservationIgnored let session: Session
  @ObservationIgnored let activity = Activity()
  /// What the open question about two runs is about.
  @ObservationIgnored var comparison: TrainingComparison?
  @ObservationIgnored private var isVisible = false

  public init(_ session: Session) {
    self.session = session
    let runs = session.runs
    trainings = PagedList(
      .pages(of: .trainings, session.client) { page in page.results.map { runs.run(for: $0) } },
      columns: [
        ListColumn("status", "") { $0.prediction.status.rawValue },
        ListColumn("model", "trainer") { $0.prediction.model.lowercased() },
        ListColumn("made", "made") { $0.trained?.model.description ?? "" },
        ListColumn("input", "input"),
        ListColumn("took", "time", startsDescending: true) { $0.elapsed(now: runs.serviceNow) },
        ListColumn("created", "age", startsDescending: true) {
          $0.prediction.createdAt?.secondsSince1970 ?? 0
        },
      ], choices: session.lists[Self.id]
    ) { run in
      [
        run.id.rawValue, run.prediction.model, run.prediction.status.rawValue,
        run.trained?.model.description ?? "",
      ] + run.inputTexts
    }
    trainings.connect(session, Self.id)
    trainings.onVisible = { [weak self] in self?.followVisible() }
    live = LiveViewModel(session, detailOf: self)
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Trainings" }
  public var list: (any ListViewModel)? { trainings }
  public var detail: (any PlaceViewModel)? { live }
  public var dependsOnCursor: Bool { true }

  public var previewed: Preview? {
    trainings.selected.map {
      Preview(.training(Training.ID($0.id.rawValue)), isFetched: false)
    }
  }

  public var subject: Subject? {
    trainings.selected.map { run in
      Subject(
        text: run.trained.map { "\($0.model):\($0.version.rawValue)" } ?? run.id.rawValue,
        address: run.prediction.urls.web ?? "https://replicate.com/p/\(run.id.rawValue)",
        page: { ("\(run.id.rawValue).log", run.prediction.logs) })
    }
  }

  public func load() { trainings.load() }
  public func arrive() { if session.hasToken, !trainings.isLoading { trainings.load() } }

  public func end() { activity.cancelAll() }

  public func setVisible(_ isVisible: Bool) {
    self.isVisible = isVisible
    followVisible()
  }

  private func followVisible() {
    let rows = trainings.cursor.visible.clamped(to: 0..<trainings.visible.count)
    session.runs.setSeen(
      isVisible ? Set(trainings.visible[rows].map(\.id)) : [], in: Self.id.rawValue)
  }

  public func settled() async {
    await activity.settled()
    await trainings.settled()
    await live?.settled()
  }

  // MARK: News

  func note(_ run: Run) {
    guard run.isTraining, trainings.hasLoaded || run.isOwn else { return }
    trainings.prepend(run)
  }

  var watched: Run? { live?.shown }

  public func open(_ address: Address) -> Bool {
    switch address {
    case .training(let id):
      trainings.clearFilter()
      trainings.select { $0.id.rawValue == id.rawValue }
      return live?.open(address) ?? false
    case .newTraining(let request):
      openForm(request)
      return true
    default: return false
    }
  }

  // MARK: Commands

  private var run: Run? { trainings.selected }

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open: return run == nil ? .no(because: "No training is listed.") : .yes
    case .cancel:
      guard let run else { return .no(because: "No training is selected.") }
      return run.isUnderWay ? .yes : .no(because: "This training has ended.")
    case .run, .rerun: return run == nil ? .no(because: "No training is selected.") : .yes
    case .own(Self.start): return .yes
    case .own(Self.version), .own(Self.tryOut), .own(Self.tryNow):
      guard let run else { return .no(because: "No training is selected.") }
      if run.trained != nil { return .yes }
      return .no(
        because: run.isUnderWay
          ? "It hasn’t made a version yet." : "This training made no version.")
    case .nextTab, .previousTab: return live?.availability(of: command) ?? .notMine
    default: return .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept: return openDetail(of: trainings)
    case .cancel: if let run { session.askToCancel(run) }
    case .run, .rerun: return run.map(session.rerun) ?? .done
    case .nextTab, .previousTab: return live?.perform(command) ?? .pass
    case .own(Self.start): chooseTrainer()
    case .own(Self.version):
      guard let trained = run?.trained else { break }
      return .open(.model(trained.model, version: trained.version))
    case .own(Self.tryOut): if let run { askToTry(run) }
    case .own(Self.tryNow): tryBoth()
    default: return .pass
    }
    return .done
  }

  /// Asks which model to train.
  private func chooseTrainer() {
    var prompt = TextPrompt(
      "Train a model",
      "Which one? Type it as owner/name, or press b on its page. It has to be one that can be trained."
    ) { [weak self] text in
      guard case .model(let model, let version)? = Address(text) else {
        return "That isn’t owner/name."
      }
      self?.openForm(TrainingFormRequest(model: model, version: version))
      return nil
    }
    if let run { prompt.text = TextBuffer(run.prediction.model) }
    session.host?.present(.text(prompt))
  }
}

extension Run {
  /// What tells trainings of the same model apart: the word that was taught, the steps, or the first
  /// text.
  public var trainingSummary: String {
    let input = prediction.input
    var parts: [String] = []
    for name in ["trigger_word", "token_string", "instance_prompt", "trigger"] {
      guard parts.isEmpty, let text = input[name]?.string, !text.isEmpty else { continue }
      parts.append(String(text.prefix(100)))
    }
    for name in ["steps", "max_train_steps", "num_train_epochs"] {
      guard let number = input[name]?.int else { continue }
      parts.append("\(number) \(name.hasSuffix("steps") ? "steps" : "epochs")")
      break
    }
    return parts.isEmpty ? inputSummary : parts.joined(separator: ", ")
  }
}
