import Observation
import ReplicateAPI
import Running

/// The list of models: all of them, a collection's, or what a search found.
@MainActor @Observable
public final class SearchViewModel {
  /// Where the models in the list come from.
  public enum Source: Hashable, Sendable {
    case everything
    case collection(slug: String, name: String)
    case search(String)
  }

  /// What was asked for last.
  public private(set) var source = Source.everything
  /// Where the models that are listed come from; another than ``source`` while that is loading.
  public private(set) var listedSource = Source.everything
  public private(set) var models = Loadable<[ModelSummary]>()
  /// Counted in `moves` instead of observed: that is cheap enough for a key that is held down.
  @ObservationIgnored public private(set) var cursor = ListCursor() { didSet { moves &+= 1 } }
  @ObservationIgnored private(set) var moves = 0
  public private(set) var query = TextBuffer()
  public private(set) var isTyping = false
  /// More pages are there to be loaded.
  public private(set) var hasMore = false
  public private(set) var isLoadingMore = false
  /// G was pressed: pages go on loading until the end or another key.
  public private(set) var isLoadingOn = false

  @ObservationIgnored private var client: Client
  @ObservationIgnored private let time: TimeSource
  @ObservationIgnored private var lastPage: Page<ModelSummary>?
  @ObservationIgnored private var before: [(Source, [ModelSummary], ListCursor)] = []
  @ObservationIgnored private let activity = Activity()
  /// Told when the list was replaced.
  @ObservationIgnored var onLoaded: () -> Void = {}

  /// How long typing must rest before the service is asked.
  static let debounce = Duration.milliseconds(150)

  init(client: Client, time: TimeSource) {
    self.client = client
    self.time = time
  }

  public var selected: ModelSummary? {
    guard let all = models.value, all.indices.contains(cursor.selected) else { return nil }
    return all[cursor.selected]
  }

  func use(_ newClient: Client) {
    client = newClient
    load()
  }

  // MARK: Sources

  func show(_ newSource: Source) {
    if case .search = newSource {} else { query = TextBuffer() }
    if newSource != source, case .search = source {
    } else if newSource != source {
      before.append((source, models.value ?? [], cursor))
    }
    source = newSource
    load()
  }

  /// One step back: from a search or a collection to what was listed before. False at the start.
  func goBack() -> Bool {
    guard source != .everything else { return false }
    activity.cancel("list")
    query = TextBuffer()
    let (earlier, list, place) = before.popLast() ?? (.everything, [], ListCursor())
    source = earlier
    listedSource = earlier
    lastPage = nil
    hasMore = false
    if list.isEmpty {
      models.reset()
      load()
    } else {
      models.finish(list)
      let height = cursor.height
      cursor = place
      cursor.setHeight(height)
      if case .everything = earlier { load(keepingPlace: true) }
    }
    return true
  }

  func load(keepingPlace: Bool = false) {
    models.begin()
    isLoadingOn = false
    let source = source
    activity.start("list") { [client, weak self] in
      do {
        let page = try await Self.firstPage(of: source, client)
        guard !Task.isCancelled else { return }
        self?.finish(page, keepingPlace: keepingPlace)
      } catch {
        guard !Task.isCancelled else { return }
        self?.models.fail(.of(error))
      }
    }
  }

  private func finish(_ page: Page<ModelSummary>, keepingPlace: Bool) {
    if keepingPlace, let listed = models.value, listed.count > page.results.count {
      models.finish(listed)
      return
    }
    models.finish(page.results)
    listedSource = source
    lastPage = page
    hasMore = page.next != nil
    cursor.setCount(page.results.count)
    if !keepingPlace { cursor.select(0) }
    onLoaded()
  }

  private static func firstPage(
    of source: Source, _ client: Client
  ) async throws -> Page<ModelSummary> {
    switch source {
    case .everything:
      return try await client.send(.models())
    case .collection(let slug, _):
      return Page(results: try await client.send(.collection(slug)).models)
    case .search(let words):
      do throws(ReplicateError) {
        let found = try await client.send(.search(words, limit: 50))
        return Page(results: found.models.map(\.model))
      } catch {
        // GET /search is a beta: the older search answers where it doesn't.
        switch error.reason {
        case .notFound, .server: return try await client.send(.searchModels(words))
        default: throw error
        }
      }
    }
  }

  // MARK: Loading on

  func loadMore() {
    guard hasMore, !isLoadingMore, let page = lastPage, source == .everything else { return }
    isLoadingMore = true
    activity.start("more") { [client, weak self] in
      do {
        let next = try await client.page(after: page, of: .models())
        guard !Task.isCancelled, let self else { return }
        isLoadingMore = false
        guard source == .everything else { return }
        lastPage = next
        hasMore = next?.next != nil
        if let next {
          models.update { $0 += next.results }
          cursor.setCount(models.value?.count ?? 0)
        }
        if isLoadingOn {
          cursor.move(.end)
          if hasMore { loadMore() } else { isLoadingOn = false }
        }
      } catch {
        guard !Task.isCancelled, let self else { return }
        isLoadingMore = false
        isLoadingOn = false
        models.fail(.of(error))
      }
    }
  }

  func stopLoadingOn() -> Bool {
    guard isLoadingOn else { return false }
    isLoadingOn = false
    return true
  }

  // MARK: Moving

  func setHeight(_ rows: Int) {
    if cursor.height != rows { cursor.setHeight(rows) }
  }

  func move(_ movement: Movement) {
    if isLoadingOn { isLoadingOn = false }
    cursor.move(movement)
    if movement == .end, hasMore { isLoadingOn = true }
    if hasMore, cursor.selected + cursor.height >= cursor.count { loadMore() }
  }

  func select(_ row: Int) { cursor.select(row) }

  func scroll(by rows: Int) {
    cursor.scroll(by: rows)
    if hasMore, cursor.visible.upperBound + cursor.height >= cursor.count { loadMore() }
  }

  // MARK: Typing

  func startTyping() { isTyping = true }
  func stopTyping() { isTyping = false }

  func edit(_ edit: TextEdit) {
    let old = query.text
    guard query.apply(edit), query.text != old else { return }
    let words = String(query.text.trimmingBlanks())
    activity.start("debounce") { [time, weak self] in
      try? await time.clock.sleep(for: Self.debounce)
      guard !Task.isCancelled, let self else { return }
      if words.isEmpty {
        if case .search = source { _ = goBack() }
      } else if source != .search(words) {
        show(.search(words))
      }
    }
  }

  package func settled() async { await activity.settled() }
}
