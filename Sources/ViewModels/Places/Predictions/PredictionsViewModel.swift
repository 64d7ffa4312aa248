import Observation
import ReplicateAPI
import Running

/// The account's predictions, newest first.
@MainActor
public final class PredictionsViewModel: PlaceViewModel, RunWatcher {
  public static let id = PlaceID("predictions")

  public let predictions: PagedList<Run>
  private let session: Session
  private var isVisible = false
  private let refreshes = Activity()

  public init(_ session: Session) {
    self.session = session
    let runs = session.runs
    predictions = PagedList(
      .pages(of: .predictions(), session.client) { page in
        page.results.map { prediction in
          let run = runs.run(for: prediction)
          if run.isUnderWay { runs.follow(run) }
          return run
        }
      },
      columns: [
        ListColumn("status", "") { $0.prediction.status.rawValue },
        ListColumn("model", "model") { $0.modelName.lowercased() },
        ListColumn("input", "input"),
        ListColumn("id", "id", isShownAtFirst: false),
        ListColumn("took", "took", startsDescending: true) { $0.elapsed(now: runs.serviceNow) },
        ListColumn("age", "age", startsDescending: true) {
          $0.prediction.createdAt?.secondsSince1970 ?? 0
        },
      ], choices: session.lists[Self.id]
    ) { run in
      let prediction = run.prediction
      return [
        prediction.model, prediction.status.rawValue, prediction.id.rawValue,
      ] + run.inputTexts
    }
    predictions.connect(session, Self.id)
    predictions.onVisible = { [weak self] in self?.followVisible() }
    let loaded = predictions.onLoaded
    predictions.onLoaded = { [weak session, weak predictions] in
      loaded()
      if let newest = predictions?.rows.first { session?.host?.offer(.prediction(newest.id)) }
      session?.reconsiderDoubts()
    }
  }

  /// Tracks runs started elsewhere, but only while their rows are visible.
  private func followVisible() {
    let rows = predictions.cursor.visible.clamped(to: 0..<predictions.visible.count)
    session.runs.setSeen(isVisible ? Set(predictions.visible[rows].map(\.id)) : [])
  }

  public func setVisible(_ isVisible: Bool) {
    self.isVisible = isVisible
    followVisible()
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Predictions" }
  public var list: (any ListViewModel)? { predictions }
  public var dependsOnCursor: Bool { true }

  public var previewed: Preview? {
    predictions.selected.map { Preview(.prediction($0.id), isFetched: false) }
  }

  public var subject: Subject? {
    predictions.selected.map { run in
      Subject(
        text: run.id.rawValue, address: run.prediction.urls.web,
        page: { ("\(run.id.rawValue).log", run.prediction.logs) })
    }
  }

  var watched: Run? { nil }

  public func load() { predictions.load() }

  /// Checks for runs started elsewhere, now and from time to time while somebody looks.
  public func arrive() {
    guard session.hasToken else { return }
    if !predictions.isLoading { predictions.load() }
    guard let interval = session.host?.refreshInterval else { return }
    refreshes.start("refresh") { [weak self, clock = session.time.clock] in
      while !Task.isCancelled {
        try? await clock.sleep(for: interval)
        guard !Task.isCancelled, let self, let host = session.host, host.focus == Self.id,
          host.hasTerminalFocus
        else { return }
        if !predictions.isLoading, !predictions.isTyping { predictions.load() }
      }
    }
  }

  public var isRefreshing: Bool { !refreshes.isQuiet }

  public func end() { refreshes.cancelAll() }

  /// Adds a run that was just created, or updates one that has changed.
  func note(_ run: Run) {
    if predictions.hasLoaded || run.isOwn { predictions.prepend(run) }
  }

  public func availability(of command: Command) -> Availability {
    let run = predictions.selected
    switch command {
    case .open: return run == nil ? .no(because: "There’s nothing to open.") : .yes
    case .run, .rerun: return run == nil ? .no(because: "No prediction is selected.") : .yes
    case .cancel:
      return run?.isUnderWay == true ? .yes : .no(because: "This prediction has ended.")
    default: return .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept:
      predictions.stopFilter()
      guard let run = predictions.selected else { return .done }
      return .open(.prediction(run.id))
    case .run, .rerun:
      guard let run = predictions.selected else { return .done }
      return session.rerun(run)
    case .cancel:
      if let run = predictions.selected { session.askToCancel(run) }
      return .done
    default: return .pass
    }
  }

  public func settled() async { await predictions.settled() }
}

extension Session {
  /// The form filled in with a run's input.
  func rerun(_ run: Run) -> Outcome {
    guard let model = ModelID(run.prediction.model) else {
      host?.notify(Notice(.failed, "This prediction doesn’t name its model."))
      return .done
    }
    let version = run.prediction.version.flatMap { text in
      text.count == 64 ? ModelVersion.ID(rawValue: text) : nil
    }
    return .open(
      .form(
        FormRequest(
          model: model, version: version, input: run.prediction.input,
          remark: run.prediction.isDataRemoved
            ? "Replicate has deleted this prediction’s input. These are the model’s defaults." : nil
        )))
  }

  /// Asks for confirmation before canceling a run.
  func askToCancel(_ run: Run) {
    guard run.isUnderWay else {
      host?.notify(
        Notice(.done, "\(run.modelName) has already ended: \(run.prediction.status.rawValue)."))
      return
    }
    guard !run.isCanceling else { return }
    host?.ask(
      Confirmation(
        title: "Cancel this prediction?",
        message:
          "\(run.prediction.model) is \(run.prediction.status.rawValue). You’ll be billed for the "
          + "time it has used, and its output may be lost.",
        choices: [
          .init("Let it run", key: "n"), .init("Cancel it", key: "y", .cancelRun(run.id)),
        ]))
  }
}

extension Run {
  /// The beginning of the prompt, or of the first text in the input, which tells runs of the same
  /// model apart.
  public var inputSummary: String { prediction.input.summary }
}

extension JSONObject {
  /// The beginning of the prompt, or of the first text, which tells inputs of the same model apart.
  var summary: String {
    let input = self
    for name in ["prompt", "text", "input", "question", "query", "caption"] {
      if let text = input[name]?.string, !text.isEmpty { return String(text.prefix(400)) }
    }
    for (_, value) in input {
      if let text = value.string, !text.isEmpty, !text.hasPrefix("data:"),
        !text.hasPrefix("http")
      {
        return String(text.prefix(400))
      }
    }
    for (name, value) in input where !value.isNull {
      if let text = value.string, text.hasPrefix("data:") { continue }
      return "\(name) \(String(value.shortText.prefix(100)))"
    }
    return ""
  }
}

extension Run {
  /// The input's texts that a filter searches: prompts and the like, not files.
  var inputTexts: [String] {
    var texts: [String] = []
    var room = 4000
    for (_, value) in prediction.input {
      guard room > 0, let text = value.string, !text.hasPrefix("data:") else { continue }
      texts.append(String(text.prefix(room)))
      room -= text.utf8.count
    }
    return texts + [inputSummary]
  }
}
