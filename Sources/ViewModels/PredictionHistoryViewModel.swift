import Observation
import ReplicateAPI
import Running

/// Every prediction of the account, newest first, read page by page as one scrolls.
@MainActor @Observable
public final class PredictionHistoryViewModel {
  public private(set) var rows: [Run] = []
  public private(set) var visible: [Run] = []
  public private(set) var first = Loadable<Bool>()
  public private(set) var hasMore = false
  public private(set) var isLoadingMore = false
  public private(set) var isLoadingOn = false
  public private(set) var cursor = ListCursor()
  public private(set) var filter = TextBuffer()
  public private(set) var isTyping = false

  @ObservationIgnored private var client: Client
  @ObservationIgnored private let runs: Runs
  @ObservationIgnored private var lastPage: Page<Prediction>?
  @ObservationIgnored private let activity = Activity()
  /// Told when the newest page is there.
  @ObservationIgnored var onLoaded: () -> Void = {}

  init(client: Client, runs: Runs) {
    self.client = client
    self.runs = runs
  }

  public var selected: Run? {
    visible.indices.contains(cursor.selected) ? visible[cursor.selected] : nil
  }

  func use(_ newClient: Client) {
    client = newClient
    rows = []
    lastPage = nil
    load()
  }

  /// Asks for the newest page; what was loaded further down stays.
  func load() {
    first.begin()
    activity.start("first") { [client, weak self] in
      do {
        let page = try await client.send(.predictions())
        guard !Task.isCancelled, let self else { return }
        merge(page.results)
        if lastPage == nil {
          lastPage = page
          hasMore = page.next != nil
        }
        first.finish(true)
        onLoaded()
      } catch {
        guard !Task.isCancelled else { return }
        self?.first.fail(.of(error))
      }
    }
  }

  func loadMore() {
    guard hasMore, !isLoadingMore, let page = lastPage else { return }
    isLoadingMore = true
    activity.start("more") { [client, weak self] in
      do {
        let next = try await client.page(after: page, of: .predictions())
        guard !Task.isCancelled, let self else { return }
        isLoadingMore = false
        lastPage = next
        hasMore = next?.next != nil
        if let next { merge(next.results) }
        if isLoadingOn {
          cursor.move(.end)
          if hasMore { loadMore() } else { isLoadingOn = false }
        }
      } catch {
        guard !Task.isCancelled, let self else { return }
        isLoadingMore = false
        isLoadingOn = false
        first.fail(.of(error))
      }
    }
  }

  /// Shows a run that was just created, or puts one that changed in its place.
  func note(_ run: Run) {
    guard !rows.contains(where: { $0 === run }) else { return }
    rows.insert(run, at: 0)
    show(selecting: run)
  }

  private func merge(_ predictions: [Prediction]) {
    let listed = Set(rows.map(\.id))
    var added: [Run] = []
    for prediction in predictions {
      let run = runs.run(for: prediction)
      if run.isUnderWay { runs.follow(run) }
      if !listed.contains(run.id) { added.append(run) }
    }
    if !added.isEmpty {
      rows = (rows + added).sorted { Self.isNewer($0, $1) }
    }
    show(selecting: selected)
  }

  private static func isNewer(_ one: Run, _ other: Run) -> Bool {
    let first = one.prediction.createdAt?.secondsSince1970 ?? 0
    let second = other.prediction.createdAt?.secondsSince1970 ?? 0
    return first == second ? one.id.rawValue > other.id.rawValue : first > second
  }

  private func show(selecting kept: Run?) {
    let words = FilterWords(filter.text)
    visible = rows.filter {
      words.match([$0.prediction.model, $0.prediction.status.rawValue, $0.id.rawValue])
    }
    let row = kept.flatMap { kept in visible.firstIndex { $0 === kept } }
    cursor.setCount(visible.count)
    if let row { cursor.select(row) }
  }

  // MARK: Moving and typing

  func setHeight(_ rows: Int) {
    if cursor.height != rows { cursor.setHeight(rows) }
  }

  func move(_ movement: Movement) {
    if isLoadingOn { isLoadingOn = false }
    cursor.move(movement)
    if movement == .end, hasMore { isLoadingOn = true }
    if hasMore, cursor.selected + cursor.height >= cursor.count { loadMore() }
  }

  func stopLoadingOn() -> Bool {
    guard isLoadingOn else { return false }
    isLoadingOn = false
    return true
  }

  func select(_ row: Int) { cursor.select(row) }

  func scroll(by rows: Int) {
    cursor.scroll(by: rows)
    if hasMore, cursor.visible.upperBound + cursor.height >= cursor.count { loadMore() }
  }

  func startFilter() { isTyping = true }
  func stopFilter() { isTyping = false }

  func clearFilter() {
    isTyping = false
    filter = TextBuffer()
    show(selecting: selected)
  }

  func edit(_ edit: TextEdit) {
    guard filter.apply(edit) else { return }
    show(selecting: selected)
  }

  package func settled() async { await activity.settled() }
}
