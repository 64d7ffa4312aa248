import Observation
import ReplicateAPI
import Running

/// The contents of the Live pane: one run, in progress or ended.
@MainActor @Observable
public final class LiveViewModel: PlaceViewModel, RunWatcher {
  public static let id = PlaceID("live")

  public enum Tab: Int, CaseIterable, Sendable {
    case run, output, log, input
  }

  public private(set) var shown: Run?
  public private(set) var loading: Prediction.ID?
  public private(set) var failure: ReplicateError?
  /// The prediction that couldn't be loaded because of the failure.
  public private(set) var failed: Prediction.ID?
  public private(set) var tab = Tab.run
  /// The addresses of the output's files, in order.
  public private(set) var files: [String] = []
  /// The output file that commands act on.
  public private(set) var selectedFile = 0
  /// The model's output so far, with one row per file.
  public let output = Document()
  public let log = Document(followsGrowth: true)
  public let input = Document()
  /// How the rows of the first tab are divided while a run is in progress.
  public private(set) var shares = Shares()

  /// The losses of a training, as its log has them.
  public private(set) var losses: TrainingLog?

  /// How many rows the chart of the losses has, with its line of words.
  public var chartHeight: Int {
    guard tab == .run, let losses, losses.count > 1, extent.rows >= 10 else { return 0 }
    return min(9, extent.rows / 3)
  }

  /// The number of rows for the output and for the end of the log below it.
  public struct Shares: Hashable, Sendable {
    public var output = 0
    /// Whether a line separates the log from the output.
    public var hasRule = false
    public var log = 0
  }

  @ObservationIgnored let session: Session
  @ObservationIgnored private weak var owner: (any PlaceViewModel)?
  @ObservationIgnored public let showsTrainings: Bool
  @ObservationIgnored private let activity = Activity()
  @ObservationIgnored private var extent = Extent(rows: 1, columns: 1)
  /// The indices of the output's blocks that are files, in order.
  @ObservationIgnored private var fileBlocks: [Int] = []
  @ObservationIgnored private var hasOutput = false
  /// Whether the output was scrolled away from the selected file.
  @ObservationIgnored private var isScrolled = false
  /// Incremented for every run shown, which ends the observations of the previous one.
  private var watch = 0

  /// - Parameter owner: The list of trainings whose selected row this shows; by default this is the
  ///   place that shows predictions.
  public init(_ session: Session, detailOf owner: (any PlaceViewModel)? = nil) {
    self.session = session
    self.owner = owner
    id = owner.map { PlaceID("\($0.id).detail") } ?? Self.id
    showsTrainings = owner != nil
  }

  public let id: PlaceID
  public var title: String { showsTrainings ? "Training" : "Live" }
  var watched: Run? { shown }

  public var subject: Subject? {
    guard let run = shown else {
      return failed.map { Subject(text: $0.rawValue, address: Self.page(of: $0)) }
    }
    return Subject(
      text: self.text, address: address,
      page: { [weak self] in ("\(run.id.rawValue).txt", self?.textToRead ?? "") })
  }

  /// The address to open: the selected file, or the prediction's page on the web.
  public var address: String? {
    if files.indices.contains(selectedFile) { return files[selectedFile] }
    return shown?.prediction.urls.web ?? failed.map(Self.page)
  }

  /// The page of a prediction on the web, where predictions of other accounts may be shown, too.
  private static func page(of id: Prediction.ID) -> String {
    "https://replicate.com/p/\(id.rawValue)"
  }

  /// Why the prediction isn't shown.
  public var failureWords: String? {
    guard let failure, failed != nil else { return nil }
    if case .notFound = failure.reason {
      return "Replicate’s API has no such prediction in your account: it gives you only your own. "
        + "Its page on the web may show it: press o to open it, or Y to copy its address."
    }
    return nil
  }

  // MARK: Showing

  public func open(_ address: Address) -> Bool {
    switch address {
    case .prediction(let id) where !showsTrainings: show(id)
    case .training(let id) where showsTrainings: show(Prediction.ID(id.rawValue))
    default: return false
    }
    return true
  }

  public func preview(_ address: Address) -> Bool {
    switch address {
    case .prediction(let id) where !showsTrainings:
      guard let run = session.runs.run(id) else { return false }
      present(run)
    case .training(let id) where showsTrainings:
      guard let run = session.runs.run(Prediction.ID(id.rawValue)) else { return false }
      show(run)
    default: return false
    }
    return true
  }

  /// Shows a run. It's tracked whether or not it's shown.
  func show(_ run: Run) {
    present(run)
    session.runs.show(run)
  }

  package func present(_ run: Run) {
    activity.cancel("prediction")
    loading = nil
    failure = nil
    failed = nil
    guard shown !== run else { return }
    activity.cancel("schema")
    if let shown { session.runs.hide(shown) }
    shown = run
    tab = .run
    selectedFile = 0
    isScrolled = false
    for document in [output, log, input] { document.show([]) }
    activity.cancel("losses")
    losses = nil
    watch += 1
    if run.outputKind == nil, let kind = session.knownOutputKind(of: run.prediction) {
      run.outputKind = kind
    }
    // Each separately, because tokens change only the output, many times a second.
    follow {
      $0.shownOutput(of: $1)
    } show: {
      $0.showOutput($1)
      $0.lookUpKind()
    }
    follow {
      $1.prediction.logs
    } show: {
      $0.showLog($1)
    }
    follow {
      $0.inputBlocks(of: $1)
    } show: {
      $0.input.replace($1)
    }
  }

  /// Shows a part of the run, now and whenever what was read for it changes.
  private func follow<Part>(
    _ read: @escaping @MainActor (LiveViewModel, Run) -> Part,
    show: @escaping @MainActor (LiveViewModel, Part) -> Void
  ) {
    guard let run = shown else { return }
    let number = watch
    let part = withObservationTracking {
      _ = watch
      return read(self, run)
    } onChange: { [weak self] in
      Task { @MainActor in
        guard let self, self.watch == number else { return }
        self.follow(read, show: show)
      }
    }
    show(self, part)
    arrange()
  }

  private func showOutput(_ part: ShownOutput) {
    output.followsGrowth = part.isGrowing
    fileBlocks = part.fileBlocks
    if files != part.files { files = part.files }
    output.replace(part.blocks)
    hasOutput = part.hasOutput
  }

  /// Gets the model's schema, once, if only that says how the output's texts belong together.
  private func lookUpKind() {
    guard let run = shown, run.outputKind == nil, run.prediction.hasEnded,
      let output = run.prediction.output, OutputPart.isAmbiguous(output)
    else { return }
    guard !activity.isUnderWay("schema") else { return }
    activity.start("schema") { [session] in
      guard let kind = await session.outputKind(of: run.prediction), !Task.isCancelled else {
        return
      }
      run.outputKind = kind
    }
  }

  private func showLog(_ text: String) {
    if log.blocks.isEmpty {
      log.show([Document.Block(.log, text)])
    } else {
      log.update(text: text, ofBlock: 0)
    }
    if let run = shown, run.isTraining { readLosses(text, hasEnded: !run.isUnderWay) }
  }

  private func readLosses(_ text: String, hasEnded: Bool) {
    let known = losses ?? TrainingLog()
    activity.start("losses") { [weak self] in
      let read = await Self.losses(known, text, hasEnded: hasEnded)
      guard !Task.isCancelled, let self, read != losses else { return }
      losses = read
      arrange()
    }
  }

  /// The first look at a long log takes a while.
  @concurrent
  private nonisolated static func losses(
    _ known: TrainingLog, _ text: String, hasEnded: Bool
  ) async -> TrainingLog {
    var log = known
    log.update(text, hasEnded: hasEnded)
    return log
  }

  /// What is shown of a run's output.
  private struct ShownOutput {
    var isGrowing: Bool
    /// Whether there is anything but a message.
    var hasOutput = false
    var blocks: [Document.Block] = []
    /// The indices of the blocks that are files, and their addresses.
    var fileBlocks: [Int] = []
    var files: [String] = []
  }

  private func shownOutput(of run: Run) -> ShownOutput {
    var part = ShownOutput(isGrowing: run.isUnderWay)
    if let error = run.prediction.error, !error.isEmpty {
      part.blocks.append(.init(.error, DataURI.shortened(in: error)))
    }
    if let failure = run.failure {
      part.blocks.append(.init(.warning, "Lost track of this run: \(failure.inWords)"))
    }
    if let trained = run.trained {
      part.blocks.append(
        .init(
          .success,
          "Made \(trained.model):\(trained.version.rawValue.prefix(12)). m opens it, x tries it beside "
            + "its base."))
    }
    let pieces = run.output
    part.hasOutput = !pieces.isEmpty
    if pieces.isEmpty, part.blocks.isEmpty, let words = Self.reasonForNoOutput(run.prediction) {
      part.blocks.append(.init(.note, words))
    }
    for piece in pieces {
      switch piece {
      case .text(let text): part.blocks.append(.init(.plain, DataURI.shortened(in: text)))
      case .json(let json): part.blocks.append(.init(.code, json))
      case .file(let address, let label):
        part.files.append(address)
        part.fileBlocks.append(part.blocks.count)
        let name = label.map { "\($0): " } ?? ""
        part.blocks.append(
          .init(
            .link, name + Self.shortened(address),
            link: address.hasPrefix("data:") ? nil : address, indent: 4,
            label: "\(part.files.count)"))
      }
    }
    return part
  }

  /// Why a run that has ended shows no output, if it doesn't.
  private static func reasonForNoOutput(_ prediction: Prediction) -> String? {
    switch prediction.status {
    case .succeeded where prediction.isDataRemoved:
      "Replicate has deleted this prediction’s input, output, and log."
    case .succeeded: "The model returned no output."
    case .canceled: "Canceled before there was any output."
    case .aborted: "Aborted before it started. It isn’t billed."
    case .starting, .processing, .failed, .unknown: nil
    }
  }

  /// Replaces a data URI with its type and size, because its contents mean nothing to a reader.
  private static func shortened(_ address: String) -> String {
    DataURI(address)?.summary ?? address
  }

  private func inputBlocks(of run: Run) -> [Document.Block] {
    let column = min(24, max(10, (run.prediction.input.keys.map(\.count).max() ?? 8) + 2))
    var blocks = run.prediction.input.map { name, value in
      Document.Block.fact(
        name, value.shortText, .string, column: column)
    }
    if let version = run.prediction.version {
      blocks += [.blank, .fact("version", version, .note, column: column)]
    }
    return blocks
  }

  /// The file in a row of the output, counted from 0.
  public func file(at place: Document.Place) -> Int? { fileBlocks.firstIndex(of: place.block) }

  // MARK: Layout

  public func resize(_ extent: Extent) {
    self.extent = extent
    arrange()
  }

  /// Divides the rows between the output and the log.
  private func arrange() {
    guard let breaker = session.host?.breaker else { return }
    let (rows, columns) = (extent.rows - chartHeight, extent.columns)
    log.setViewport(width: columns, height: rows, breaker: breaker)
    input.setViewport(width: columns, height: rows, breaker: breaker)
    // Rows are counted at the width that they will be shown at.
    output.setViewport(width: columns, height: shares.output, breaker: breaker)
    var wanted = Shares(output: rows)
    if tab == .run, !log.isEmpty {
      let isUnderWay = shown?.isUnderWay == true
      // After a run ends, its output takes precedence. The full log is on its own tab.
      let most = isUnderWay ? max(2, rows * 3 / 5) : rows
      let used = output.rowCount(upTo: most)
      if isUnderWay || !hasOutput || shown?.prediction.status != .succeeded {
        wanted.output = min(used, most)
        wanted.hasRule = wanted.output > 0 && rows - wanted.output > 2
        wanted.log = rows - wanted.output - (wanted.hasRule ? 1 : 0)
      }
    }
    output.setViewport(width: columns, height: wanted.output, breaker: breaker)
    if tab == .run { log.setViewport(width: columns, height: wanted.log, breaker: breaker) }
    if shares != wanted { shares = wanted }
    if !isScrolled { reveal() }
  }

  /// Shows a prediction by ID, and loads it first if necessary.
  private func show(_ id: Prediction.ID) {
    if let run = session.runs.run(id) { return show(run) }
    loading = id
    failure = nil
    failed = nil
    // What is shown must be what was asked for.
    if let shown { session.runs.hide(shown) }
    shown = nil
    watch += 1
    files = []
    activity.start("prediction") { [session, weak self] in
      do throws(ReplicateError) {
        let run =
          self?.showsTrainings == true
          ? session.runs.run(
            for: try await session.client.send(.training(Training.ID(id.rawValue))))
          : session.runs.run(for: try await session.client.send(.prediction(id)))
        guard !Task.isCancelled else { return }
        self?.show(run)
      } catch {
        guard !Task.isCancelled, let self else { return }
        loading = nil
        failure = error
        failed = id
      }
    }
  }

  public func load() {
    if let run = shown { session.runs.show(run) } else if let id = loading ?? failed { show(id) }
  }

  // MARK: Commands

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open, .openOnWeb:
      return address == nil ? .no(because: "There’s nothing to open yet.") : .yes
    case .run, .rerun: return shown == nil ? .no(because: "No run is shown.") : .yes
    case .cancel:
      guard let run = shown else { return .no(because: "No run is shown.") }
      return run.isUnderWay ? .yes : .no(because: "This run has ended.")
    case .filter: return .yes
    case .own(Self.nextMember), .own(Self.previousMember): return availabilityOfMembers
    case .nextTab, .previousTab: return shown == nil ? .no(because: "No run is shown.") : .yes
    case .own: return owner?.availability(of: command) ?? .notMine
    default: return .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open: return openFile()
    case .run, .rerun:
      guard let run = shown else { return .done }
      return session.rerun(run)
    case .filter: return .open(.search)
    case .own(Self.nextMember): stepMember(by: 1)
    case .own(Self.previousMember): stepMember(by: -1)
    case .cancel: if let run = shown { session.askToCancel(run) }
    case .selectTab(_, let tab): Tab(rawValue: tab).map(select)
    case .nextTab: step(by: 1)
    case .previousTab: step(by: -1)
    case .own where owner != nil: return owner?.perform(command) ?? .pass
    case .select(_, let row): selectFile(row)
    case .move(let movement): move(movement)
    case .scroll(_, let rows):
      document.scroll(by: rows)
      selectVisibleFile()
    default: return .pass
    }
    return .done
  }

  private func openFile() -> Outcome {
    guard let address else { return .done }
    session.host?.perform(.openLink(address))
    return .done
  }

  private func select(_ newTab: Tab) {
    guard tab != newTab else { return }
    tab = newTab
    arrange()
  }

  private func step(by step: Int) {
    let count = Tab.allCases.count
    if let next = Tab(rawValue: (tab.rawValue + step + count) % count) { select(next) }
  }

  private func selectFile(_ index: Int) {
    let count = files.count
    guard count > 0 else { return }
    selectedFile = min(max(0, index), count - 1)
    isScrolled = false
    reveal()
  }

  /// After scrolling, selects a file that can be seen, so that commands don't act on another one.
  private func selectVisibleFile() {
    guard document === output, !files.isEmpty else { return }
    isScrolled = true
    let visible = output.rows.compactMap { file(at: $0.place) }
    if let first = visible.first, !visible.contains(selectedFile) { selectedFile = first }
  }

  /// Scrolls the output to the selected file.
  private func reveal() {
    guard fileBlocks.indices.contains(selectedFile) else { return }
    let block = fileBlocks[selectedFile]
    let rows = output.rows
    guard !rows.contains(where: { $0.place.block == block }) else { return }
    output.go(to: Document.Place(block: block))
  }

  /// The document that the keys scroll.
  private var document: Document {
    switch tab {
    case .run: shares.log > 0 ? log : output
    case .output: output
    case .log: log
    case .input: input
    }
  }

  private func move(_ movement: Movement) {
    let picksFiles = document === output && files.count > 1
    if picksFiles, movement == .up || movement == .down {
      return selectFile(selectedFile + (movement == .up ? -1 : 1))
    }
    document.move(movement)
    selectVisibleFile()
  }

  // MARK: Text

  /// The visible tab's full contents as plain text.
  var text: String? {
    guard let run = shown else { return nil }
    switch tab {
    case .run:
      // Like the tab: the output, or the log if there is no output.
      return [outputText(of: run), run.prediction.logs].compactMap(\.self).first { !$0.isEmpty }
        ?? run.id.rawValue
    case .log: return run.prediction.logs
    case .input: return JSONValue.object(run.prediction.input).serialized()
    case .output: return outputText(of: run)
    }
  }

  /// The same for reading: all of the output, with data URIs by their kind and size.
  private var textToRead: String? {
    guard let run = shown else { return nil }
    switch tab {
    case .log: return run.prediction.logs
    case .input:
      return run.prediction.input.map { "\($0): \($1.shortText)" }.joined(separator: "\n")
    case .run, .output:
      let output = output.blocks.map { block in
        [fileBlocks.isEmpty ? nil : block.label, block.text].compactMap(\.self)
          .joined(separator: "  ")
      }.joined(separator: "\n")
      return hasOutput || tab == .output || run.prediction.logs.isEmpty
        ? output : run.prediction.logs
    }
  }

  private func outputText(of run: Run) -> String? {
    if files.indices.contains(selectedFile) { return files[selectedFile] }
    if let output = run.prediction.output, output.array != nil || output.object != nil,
      run.output.contains(where: { if case .json = $0 { true } else { false } })
    {
      return output.serialized(pretty: true)
    }
    let parts = run.output.map { part in
      switch part {
      case .text(let text), .json(let text), .file(let text, _): text
      }
    }
    return parts.isEmpty ? run.prediction.error : parts.joined(separator: "\n")
  }

  func note(_ run: Run) {}
  public func end() { activity.cancelAll() }
  public func settled() async { await activity.settled() }
}
