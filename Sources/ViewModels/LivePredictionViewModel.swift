import Observation
import ReplicateAPI
import Running

/// What the live pane shows: one of the runs under way, or one that has ended.
@MainActor @Observable
public final class LivePredictionViewModel {
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
  public var scroll = ScrollPosition()
  /// Rows that the text of the tab has; the pane counts them while it draws.
  @ObservationIgnored public var textRows = 0
  @ObservationIgnored public var textHeight = 1

  @ObservationIgnored private var client: Client
  @ObservationIgnored private let runs: Runs
  @ObservationIgnored private let activity = Activity()

  init(client: Client, runs: Runs) {
    self.client = client
    self.runs = runs
  }

  func use(_ newClient: Client) { client = newClient }

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

  /// Shows a run; it goes on being followed whether it is shown or not.
  func show(_ run: Run) {
    guard shown !== run else { return }
    if let shown { runs.hide(shown) }
    present(run)
    runs.show(run)
  }

  package func present(_ run: Run) {
    activity.cancel("prediction")
    loading = nil
    failure = nil
    shown = run
    tab = .run
    selectedFile = 0
    backFromEnd = 0
    scroll.reset()
  }

  /// Shows a prediction by its id, which is asked for first where it isn't known.
  func show(_ id: Prediction.ID) {
    if let run = runs.run(id) { return show(run) }
    loading = id
    failure = nil
    activity.start("prediction") { [client, runs, weak self] in
      do {
        let prediction = try await client.send(.prediction(id))
        guard !Task.isCancelled else { return }
        self?.show(runs.run(for: prediction))
      } catch {
        guard !Task.isCancelled, let self else { return }
        loading = nil
        failure = .of(error)
      }
    }
  }

  func select(_ newTab: Tab) {
    guard tab != newTab else { return }
    tab = newTab
    scroll.reset()
    backFromEnd = 0
  }

  func nextTab(by step: Int) {
    let count = Tab.allCases.count
    if let next = Tab(rawValue: (tab.rawValue + step + count) % count) { select(next) }
  }

  func selectFile(_ index: Int) {
    let count = files.count
    guard count > 0 else { return }
    selectedFile = min(max(0, index), count - 1)
  }

  func move(_ movement: Movement) {
    if tab == .run || tab == .log { return moveLog(movement) }
    if tab == .output, files.count > 1, movement == .up || movement == .down {
      return selectFile(selectedFile + (movement == .up ? -1 : 1))
    }
    scroll.move(movement, count: textRows, height: textHeight)
  }

  func scroll(by rows: Int) {
    if tab == .run || tab == .log {
      backFromEnd = min(max(0, backFromEnd - rows), max(0, textRows - textHeight))
    } else {
      scroll.scroll(by: rows, count: textRows, height: textHeight)
    }
  }

  private func moveLog(_ movement: Movement) {
    let page = max(1, textHeight - 1)
    switch movement {
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
    case .pageUp: scroll(by: -page)
    case .pageDown: scroll(by: page)
    case .start: scroll(by: -textRows)
    case .end: scroll(by: textRows)
    }
  }

  package func settled() async { await activity.settled() }
}
