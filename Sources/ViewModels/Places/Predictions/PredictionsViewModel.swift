import Observation
import ReplicateAPI
import Running

/// The account's predictions, newest first. Those of a group are one row, which opens.
@MainActor
public final class PredictionsViewModel: PlaceViewModel, RunWatcher, GroupWatcher {
  public static let id = PlaceID("predictions")

  public static let commands: [CommandRow] = [
    CommandRow(goOn, "go on with the group", .own(goOn), asks: true)
  ]
  private static let goOn: CommandID = "predictions.go-on"

  public let predictions: PagedList<PredictionRow>
  /// The group whose members are shown in place of all predictions.
  public private(set) var shownGroup: RunGroup?
  private let session: Session
  private var isVisible = false
  private let refreshes = Activity()

  public init(_ session: Session) {
    self.session = session
    let runs = session.runs
    predictions = PagedList(
      .pages(of: .predictions(), session.client) { page in
        Self.grouped(
          page.results.map { prediction in
            let run = runs.run(for: prediction)
            if run.isUnderWay { runs.follow(run) }
            return .run(run)
          }, runs.groups)
      },
      columns: [
        ListColumn("status", "") { $0.status },
        ListColumn("model", "model") { $0.modelName.lowercased() },
        ListColumn("input", "input"),
        ListColumn("id", "id", isShownAtFirst: false),
        ListColumn("took", "took", startsDescending: true) { $0.elapsed(now: runs.serviceNow) },
        ListColumn("age", "age", startsDescending: true) { $0.createdAt ?? 0 },
      ], choices: session.lists[Self.id]
    ) { $0.texts }
    predictions.connect(session, Self.id)
    predictions.onVisible = { [weak self] in self?.followVisible() }
    let loaded = predictions.onLoaded
    predictions.onLoaded = { [weak self, weak session, weak predictions] in
      loaded()
      self?.arrangeGroups()
      if let newest = predictions?.rows.lazy.compactMap(\.run).first {
        session?.host?.offer(.prediction(newest.id))
      }
      session?.reconsiderDoubts()
    }
  }

  /// Tracks runs started elsewhere, but only while their rows are visible.
  private func followVisible() {
    let rows = predictions.cursor.visible.clamped(to: 0..<predictions.visible.count)
    session.runs.setSeen(
      isVisible ? Set(predictions.visible[rows].compactMap { $0.run?.id }) : [])
  }

  public func setVisible(_ isVisible: Bool) {
    self.isVisible = isVisible
    followVisible()
  }

  public var id: PlaceID { Self.id }
  public var title: String {
    shownGroup.map { "×\($0.group.members.count) \($0.modelName)" } ?? "Predictions"
  }
  public var list: (any ListViewModel)? { predictions }
  public var dependsOnCursor: Bool { true }

  public var previewed: Preview? {
    switch predictions.selected {
    case .group(let group):
      // The first that is under way, so that it can be watched to its end.
      (group.predictions.first { session.runs.run($0.id)?.isUnderWay == true }
        ?? group.predictions.last).map { Preview(.prediction($0.id), isFetched: false) }
    case let row: row?.run.map { Preview(.prediction($0.id), isFetched: false) }
    }
  }

  public var subject: Subject? {
    switch predictions.selected {
    case .group(let group):
      return Subject(
        text: group.predictions.map(\.id.rawValue).joined(separator: "\n"), address: nil)
    case let row:
      return row?.run.map { run in
        Subject(
          text: run.id.rawValue, address: run.prediction.urls.web,
          page: { ("\(run.id.rawValue).log", run.prediction.logs) })
      }
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
    guard !run.isTraining, shownGroup == nil, session.runs.groups.group(of: run.id) == nil else {
      return
    }
    if predictions.hasLoaded || run.isOwn { predictions.prepend(.run(run)) }
  }

  // MARK: Groups

  func note(_ group: RunGroup) {
    defer {
      if predictions.selected?.group === group { session.host?.subjectChanged(of: Self.id) }
    }
    guard let shownGroup else { return arrangeGroups() }
    if shownGroup === group { predictions.set(members(of: group)) }
  }

  /// Rows in which the members of a group are one row, where the first of them was.
  private static func grouped(_ rows: [PredictionRow], _ groups: RunGroups) -> [PredictionRow] {
    var seen: Set<PredictionGroup.ID> = []
    return rows.compactMap { row in
      switch row {
      case .group(let group): return seen.insert(group.id).inserted ? row : nil
      case .run(let run):
        guard let group = groups.group(of: run.id) else { return row }
        return seen.insert(group.id).inserted ? .group(group) : nil
      case .member: return row
      }
    }
  }

  /// Makes one row of each group, also of one of which nothing has been sent yet.
  private func arrangeGroups() {
    guard shownGroup == nil, predictions.hasLoaded || !session.runs.groups.all.isEmpty else {
      return
    }
    let rows = predictions.rows
    var arranged = Self.grouped(rows, session.runs.groups)
    let oldest = predictions.hasMore ? arranged.last?.createdAt ?? 0 : 0
    var shown = Set(arranged.compactMap { $0.group?.id })
    for group in session.runs.groups.all.reversed() where !shown.contains(group.id) {
      let createdAt = group.group.createdAt.secondsSince1970 ?? 0
      guard createdAt >= oldest || !group.group.isOver else { continue }
      let place = arranged.firstIndex { ($0.createdAt ?? 0) <= createdAt } ?? arranged.count
      arranged.insert(.group(group), at: place)
      shown.insert(group.id)
    }
    if arranged.map(\.id) != rows.map(\.id) { predictions.set(arranged) }
    if arranged.count < rows.count { predictions.fill() }
  }

  private func members(of group: RunGroup) -> [PredictionRow] {
    group.group.members.indices.map { index in
      var run: Run?
      if case .created(let id, _) = group.group[index] { run = session.runs.run(id) }
      return .member(group, index, run)
    }
  }

  /// Shows the members of a group in place of all predictions.
  private func open(_ group: RunGroup) {
    predictions.stopFilter()
    predictions.clearFilter()
    shownGroup = group
    predictions.show(
      RowSource { [weak self] () async throws(ReplicateError) -> RowPage<PredictionRow> in
        RowPage(self?.members(of: group) ?? [])
      })
    predictions.set(members(of: group))
  }

  /// Shows all predictions again. Returns false if they are shown.
  private func closeGroup() -> Bool {
    guard let group = shownGroup else { return false }
    shownGroup = nil
    _ = predictions.goBack()
    arrangeGroups()
    select(group)
    predictions.load()
    return true
  }

  private func select(_ group: RunGroup) {
    let row = PredictionRow.group(group).id
    if let index = predictions.visible.firstIndex(where: { $0.id == row }) {
      predictions.select(index)
    }
  }

  public func open(_ address: Address) -> Bool {
    guard case .group(let id) = address, let group = session.runs.groups[id] else { return false }
    if shownGroup != nil { _ = closeGroup() }
    predictions.clearFilter()
    arrangeGroups()
    select(group)
    return true
  }

  // MARK: Commands

  public func availability(of command: Command) -> Availability {
    let row = predictions.selected
    switch command {
    case .open:
      guard let row else { return .no(because: "There’s nothing to open.") }
      return row.group != nil || row.prediction != nil ? .yes : .no(because: Self.reason(row))
    case .run, .rerun: return row == nil ? .no(because: "No prediction is selected.") : .yes
    case .cancel:
      switch row {
      case .group(let group):
        if group.phase == .elsewhere {
          return .no(because: "Another Replicant is at work on this group.")
        }
        return group.isUnderWay ? .yes : .no(because: "Nothing of this group is under way.")
      case let row:
        return row?.run?.isUnderWay == true
          ? .yes : .no(because: row.map(Self.reasonNotToCancel) ?? "No prediction is selected.")
      }
    case .own(Self.goOn):
      guard let group = row?.group ?? shownGroup else {
        return .no(because: "Only a group that has stopped can go on.")
      }
      switch group.phase {
      case .paused, .elsewhere: return .yes
      case .sending: return .no(because: "This group is being sent.")
      case .canceling: return .no(because: "This group is being canceled.")
      case .sent:
        return group.progress.doubtful > 0
          ? .yes : .no(because: "Nothing of this group is left to send.")
      }
    default: return .notMine
    }
  }

  private static func reason(_ row: PredictionRow) -> String {
    guard case .member(let group, let index, _) = row else { return "There’s nothing to open." }
    switch group.group[index] {
    case .waiting: return "This run hasn’t been sent yet."
    case .sending: return "This run is being sent."
    case .created: return "This run has ended."
    case .refused(let reason): return reason
    case .doubtful: return "Nobody knows whether this run has started."
    case .dropped: return "This run was never sent."
    }
  }

  private static func reasonNotToCancel(_ row: PredictionRow) -> String {
    row.run == nil ? reason(row) : "This prediction has ended."
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept:
      predictions.stopFilter()
      if let group = predictions.selected?.group {
        open(group)
        return .done
      }
      guard let id = predictions.selected?.prediction else { return .done }
      return .open(.prediction(id))
    case .back where !predictions.isTyping && !predictions.isFiltered:
      return closeGroup() ? .done : .pass
    case .run, .rerun:
      switch predictions.selected {
      case .group(let group): return session.rerun(group)
      case .member(let group, let index, nil): return session.rerun(index, of: group)
      case let row: return row?.run.map(session.rerun) ?? .done
      }
    case .cancel:
      if let group = predictions.selected?.group {
        session.askToCancel(group)
      } else if let run = predictions.selected?.run {
        session.askToCancel(run)
      }
      return .done
    case .own(Self.goOn):
      if let group = predictions.selected?.group ?? shownGroup { session.askToGoOn(group) }
      return .done
    default: return .pass
    }
  }

  public func settled() async { await predictions.settled() }
}

extension Session {
  /// The form filled in with a run's input.
  func rerun(_ run: Run) -> Outcome {
    if run.isTraining { return retrain(run) }
    guard let model = ModelID(run.prediction.model) else {
      host?.notify(Notice(.failed, "This prediction doesn’t name its model."))
      return .done
    }
    let version = run.prediction.version.flatMap { text in
      text.count == 64 ? ModelVersion.ID(rawValue: text) : nil
    }
    let options = RunOptions(of: run.prediction, account: account.value?.username)
    var remarks: [String] = []
    if run.prediction.isDataRemoved {
      remarks.append(
        "Replicate has deleted this prediction’s input. These are the model’s defaults.")
    }
    if let deployment = run.prediction.deployment, !deployment.isEmpty, options.target == nil {
      remarks.append("It ran on the deployment \(deployment). Choose it with F7.")
    }
    return .open(
      .form(
        FormRequest(
          model: model, version: version, input: run.prediction.input, options: options,
          remark: remarks.isEmpty ? nil : remarks.joined(separator: " "))))
  }

  /// The form of a training, filled in with what an earlier one was started with.
  private func retrain(_ run: Run) -> Outcome {
    guard let model = ModelID(run.prediction.model) else {
      host?.notify(Notice(.failed, "This training doesn’t name its model."))
      return .done
    }
    return .open(
      .newTraining(
        TrainingFormRequest(
          model: model, version: run.prediction.version.map { ModelVersion.ID(rawValue: $0) },
          input: run.prediction.input, destination: run.trained?.model)))
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
        title: "Cancel this \(run.isTraining ? "training" : "prediction")?",
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
