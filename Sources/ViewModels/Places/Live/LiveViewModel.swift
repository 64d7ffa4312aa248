import Observation
import ReplicateAPI
import Running

/// What the live pane shows: one of the runs under way, or one that has ended.
@MainActor @Observable
public final class LiveViewModel: PlaceViewModel, RunWatcher {
  public static let id = PlaceID("live")

  public enum Tab: Int, CaseIterable, Sendable {
    case run, output, log, input
  }

  public private(set) var shown: Run?
  public private(set) var loading: Prediction.ID?
  public private(set) var failure: ReplicateError?
  public private(set) var tab = Tab.run
  /// Which file of the output the keys act on.
  public private(set) var selectedFile = 0
  /// Lines that are scrolled back from the end of the log; 0 follows it.
  public private(set) var backFromEnd = 0
  public private(set) var scroll = TextScroll()

  @ObservationIgnored private let session: Session
  @ObservationIgnored private let activity = Activity()

  public init(_ session: Session) {
    self.session = session
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Live" }
  var watched: Run? { shown }

  public var subject: Subject? {
    guard let run = shown else { return nil }
    return Subject(
      text: self.text, address: address,
      page: { [weak self] in ("\(run.id.rawValue).txt", self?.text ?? "") })
  }

  /// The addresses of the files in the output, in order.
  public var files: [String] {
    (shown?.output ?? []).compactMap {
      if case .file(let address, _) = $0 { address } else { nil }
    }
  }

  /// What the open key opens: the selected file, or the prediction's own page.
  public var address: String? {
    let files = files
    if files.indices.contains(selectedFile) { return files[selectedFile] }
    return shown?.prediction.urls.web
  }

  // MARK: Showing

  public func open(_ address: Address) -> Bool {
    guard case .prediction(let id) = address else { return false }
    show(id)
    return true
  }

  public func preview(_ address: Address) -> Bool {
    guard case .prediction(let id) = address, let run = session.runs.run(id) else { return false }
    present(run)
    return true
  }

  /// Shows a run; it goes on being followed whether it is shown or not.
  func show(_ run: Run) {
    present(run)
    session.runs.follow(run)
  }

  package func present(_ run: Run) {
    activity.cancel("prediction")
    loading = nil
    failure = nil
    guard shown !== run else { return }
    shown = run
    tab = .run
    selectedFile = 0
    backFromEnd = 0
    scroll.reset()
  }

  /// Shows a prediction by its id, which is asked for first where it isn't known.
  private func show(_ id: Prediction.ID) {
    if let run = session.runs.run(id) { return show(run) }
    loading = id
    failure = nil
    activity.start("prediction") { [session, weak self] in
      do throws(ReplicateError) {
        let prediction = try await session.client.send(.prediction(id))
        guard !Task.isCancelled else { return }
        self?.show(session.runs.run(for: prediction))
      } catch {
        guard !Task.isCancelled, let self else { return }
        loading = nil
        failure = error
      }
    }
  }

  public func load() {
    if let run = shown { session.runs.follow(run) } else if let id = loading { show(id) }
  }

  // MARK: What is asked

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open, .openOnWeb:
      return address == nil ? .no(because: "There is nothing to open yet.") : .yes
    case .run, .rerun: return shown == nil ? .no(because: "No run is shown.") : .yes
    case .cancel:
      guard let run = shown else { return .no(because: "No run is shown.") }
      return run.isUnderWay ? .yes : .no(because: "This run has ended.")
    case .nextTab, .previousTab: return shown == nil ? .no(because: "No run is shown.") : .yes
    default: return .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open: return openFile()
    case .run, .rerun:
      guard let run = shown else { return .done }
      return session.rerun(run)
    case .cancel: if let run = shown { session.askToCancel(run) }
    case .selectTab(_, let tab): Tab(rawValue: tab).map(select)
    case .nextTab: step(by: 1)
    case .previousTab: step(by: -1)
    case .select(_, let row): selectFile(row)
    case .move(let movement): move(movement)
    case .scroll(_, let rows): scroll(by: rows)
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
    scroll.reset()
    backFromEnd = 0
  }

  private func step(by step: Int) {
    let count = Tab.allCases.count
    if let next = Tab(rawValue: (tab.rawValue + step + count) % count) { select(next) }
  }

  private func selectFile(_ index: Int) {
    let count = files.count
    guard count > 0 else { return }
    selectedFile = min(max(0, index), count - 1)
  }

  private func move(_ movement: Movement) {
    if tab == .run || tab == .log { return moveLog(movement) }
    if tab == .output, files.count > 1, movement == .up || movement == .down {
      return selectFile(selectedFile + (movement == .up ? -1 : 1))
    }
    scroll.move(movement)
  }

  private func scroll(by rows: Int) {
    if tab == .run || tab == .log {
      backFromEnd = min(max(0, backFromEnd - rows), max(0, scroll.rows - scroll.height))
    } else {
      scroll.scroll(by: rows)
    }
  }

  private func moveLog(_ movement: Movement) {
    let page = max(1, scroll.height - 1)
    switch movement {
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
    case .pageUp: scroll(by: -page)
    case .pageDown: scroll(by: page)
    case .start: scroll(by: -scroll.rows)
    case .end: scroll(by: scroll.rows)
    }
  }

  public func drawn(_ size: DrawnSize) {
    if let changed = scroll.resized(size) { scroll = changed }
  }

  // MARK: Text

  /// What the tab in front shows, in full, as plain text.
  var text: String? {
    guard let run = shown else { return nil }
    switch tab {
    case .run:
      // As the tab does: the output above, or the log where there is none.
      return [outputText(of: run), run.prediction.logs].compactMap(\.self).first { !$0.isEmpty }
        ?? run.id.rawValue
    case .log: return run.prediction.logs
    case .input: return JSONValue.object(run.prediction.input).serialized()
    case .output: return outputText(of: run)
    }
  }

  private func outputText(of run: Run) -> String? {
    if files.indices.contains(selectedFile) { return files[selectedFile] }
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
