import Observation
import ReplicateAPI
import Running

/// The list of models: all of them, a collection's, or search results.
@MainActor @Observable
public final class ModelsViewModel: PlaceViewModel {
  public static let id = PlaceID("models")

  /// The source of the models in the list.
  public enum Source: Hashable, Sendable {
    case everything
    case collection(slug: String)
    case search(String)
  }

  /// The source requested most recently.
  public private(set) var source = Source.everything
  /// The source of the listed models. Differs from ``source`` while that is loading.
  public private(set) var listedSource = Source.everything
  public let models: PagedList<ModelSummary>
  /// The names of opened collections, by slug.
  public private(set) var collectionNames: [String: String] = [:]

  @ObservationIgnored private let session: Session
  @ObservationIgnored private var earlier: [Source] = []
  @ObservationIgnored private let activity = Activity()

  /// How long to wait after the last keystroke before searching.
  static let debounce = Duration.milliseconds(150)

  public init(_ session: Session) {
    self.session = session
    models = PagedList(
      .pages(of: .models(), session.client),
      columns: [
        ListColumn("name", "name") { $0.id.name.lowercased() },
        ListColumn("owner", "owner") { $0.id.owner.lowercased() },
        ListColumn("description", "description"),
        ListColumn("runs", "runs", startsDescending: true) { $0.runCount },
      ], choices: session.lists[Self.id]
    ) { [$0.id.description, $0.description ?? ""] }
    models.connect(session, Self.id)
    let loaded = models.onLoaded
    models.onLoaded = { [weak self] in
      if let self, listedSource != source { listedSource = source }
      loaded()
    }
    models.onTyped = { [weak self] in self?.typed($0) }
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Models" }
  public var list: (any ListViewModel)? { models }

  public var previewed: Preview? {
    models.selected.map { Preview(.model($0.id, version: nil), isFetched: true) }
  }

  public var subject: Subject? {
    models.selected.map { model in
      Subject(
        text: model.id.description, address: model.url ?? "https://replicate.com/\(model.id)")
    }
  }

  public func load() { models.load() }

  public func completions(of text: String) -> [String] {
    let typed = text.lowercased()
    guard typed.count > 1 else { return [] }
    return models.rows.lazy.map(\.id.description).filter { $0.lowercased().contains(typed) }
      .prefix(8).map { $0 }
  }

  // MARK: Sources

  public func open(_ address: Address) -> Bool {
    switch address {
    case .collection(let slug): show(.collection(slug: slug))
    case .search: models.startFilter()
    case .searchFor(let words):
      models.showFilter(words)
      show(.search(words))
    default: return false
    }
    return true
  }

  private func show(_ new: Source) {
    guard new != source else { return models.load() }
    // A search replaces itself as the user keeps typing.
    let isSearchingOn = if case .search = source { true } else { false }
    if !isSearchingOn { earlier.append(source) }
    source = new
    models.show(rows(of: new), remembers: !isSearchingOn)
  }

  /// Goes back from a search or a collection to the previous list. Returns false at the first list.
  private func goBack() -> Bool {
    guard let before = earlier.popLast() else { return false }
    activity.cancel("debounce")
    source = before
    listedSource = before
    return models.goBack()
  }

  private func rows(of source: Source) -> RowSource<ModelSummary> {
    let client = session.client
    switch source {
    case .everything: return .pages(of: .models(), client)
    case .collection(let slug): return models(ofCollection: slug)
    case .search(let words):
      return RowSource { () async throws(ReplicateError) -> RowPage<ModelSummary> in
        do throws(ReplicateError) {
          let found = try await client.send(.search(words, limit: 50))
          return RowPage(
            found.models.map(\.model), unreadable: found.unreadable.map(\.description))
        } catch {
          // GET /search is in beta. Fall back to the older search if it isn't available.
          switch error.reason {
          case .notFound, .server:
            let page = try await client.send(.searchModels(words))
            return RowPage(page.results, unreadable: page.unreadable.map(\.description))
          default: throw error
          }
        }
      }
    }
  }

  private func models(ofCollection slug: String) -> RowSource<ModelSummary> {
    var isFirst = true
    return RowSource { [session, weak self] () async throws(ReplicateError) in
      // Opening it shows what its page has loaded already. Loading it again asks the service.
      let known = isFirst ? session.collections[slug] : nil
      isFirst = false
      let collection =
        if let known { known } else { try await session.load(collection: slug) }
      self?.collectionNames[slug] = collection.name
      return RowPage(collection.models, unreadable: collection.unreadable.map(\.description))
    }
  }

  // MARK: Commands

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open, .run: models.visible.isEmpty ? .no(because: "No model is selected.") : .yes
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .accept where models.filter.isEmpty:
      models.stopFilter()
      return .done
    case .open, .accept:
      models.stopFilter()
      guard let model = models.selected else { return .done }
      return .open(.model(model.id, version: nil))
    case .run:
      models.stopFilter()
      guard let model = models.selected else { return .done }
      return .open(.form(FormRequest(model: model.id)))
    case .back: return back()
    default: return .pass
    }
  }

  private func back() -> Outcome {
    if models.isTyping {
      models.stopFilter()
      if case .search = source {
        models.showFilter("")
        _ = goBack()
      } else {
        models.clearFilter()
      }
      return .done
    }
    if models.stopLoadingOn() { return .done }
    let isCollection = if case .collection = source { true } else { false }
    guard goBack() else { return .pass }
    models.showFilter("")
    return isCollection ? .back : .done
  }

  private func typed(_ text: String) {
    let words = String(text.trimmingBlanks())
    activity.start("debounce") { [session, weak self] in
      try? await session.time.clock.sleep(for: Self.debounce)
      guard !Task.isCancelled, let self else { return }
      if words.isEmpty {
        if case .search = source { _ = goBack() }
      } else if source != .search(words) {
        show(.search(words))
      }
    }
  }

  public func end() { activity.cancelAll() }

  public func settled() async {
    await activity.settled()
    await models.settled()
  }
}
