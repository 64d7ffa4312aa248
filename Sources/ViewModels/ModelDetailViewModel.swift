import Observation
import ReplicateAPI
import Running

/// One model: what it is, what it takes, which versions there are.
@MainActor @Observable
public final class ModelDetailViewModel {
  public enum Tab: Int, CaseIterable, Sendable {
    case overview, inputs, versions
  }

  /// The model that is shown or on its way.
  public private(set) var shown: ModelID?
  /// What a list knew of it already; shown until the model itself is there.
  public private(set) var summary: ModelSummary?
  public private(set) var model = Loadable<Model>()
  public private(set) var versions = Loadable<[ModelVersion]>()
  public private(set) var hasMoreVersions = false
  public private(set) var versionsCursor = ListCursor()
  /// The version that was chosen, if it isn't the latest.
  public private(set) var pinned: ModelVersion?
  public private(set) var schema: ModelSchema?
  public private(set) var tab = Tab.overview
  public var scroll = ScrollPosition()
  /// Rows that the text of the tab has; the pane counts them while it draws.
  @ObservationIgnored public var textRows = 0
  @ObservationIgnored public private(set) var height = 1

  @ObservationIgnored private var client: Client
  @ObservationIgnored private let time: TimeSource
  @ObservationIgnored private var lastVersions: Page<ModelVersion>?
  @ObservationIgnored private var wantedVersion: ModelVersion.ID?
  @ObservationIgnored private let activity = Activity()
  /// Told once the model and its schema are there.
  @ObservationIgnored var onLoaded: () -> Void = {}

  init(client: Client, time: TimeSource) {
    self.client = client
    self.time = time
  }

  func use(_ newClient: Client) {
    client = newClient
    if shown != nil { load() }
  }

  /// The version that a run would use.
  public var version: ModelVersion? { pinned ?? model.value?.latestVersion }

  /// What a run of this would be sent to.
  public var target: PredictionTarget? {
    guard let model = model.value else { return nil }
    if let pinned, pinned.id.isRunnable { return .version(pinned.id) }
    if model.isOfficial { return .model(model.id) }
    if let latest = model.latestVersion, latest.id.isRunnable { return .version(latest.id) }
    return .model(model.id)
  }

  /// Why this model can't be run, in words, where it can't.
  public var obstacle: String? {
    guard model.value != nil else { return nil }
    return schema == nil
      ? "This model has no version with an input schema, so it can't be run from here." : nil
  }

  // MARK: Showing

  func show(_ listed: ModelSummary) {
    guard shown != listed.id || pinned != nil else { return }
    begin(listed.id, listed)
    load()
  }

  func show(_ id: ModelID, version: ModelVersion.ID? = nil) {
    guard shown != id || pinned?.id != version || model.value == nil else { return }
    begin(id, summary?.id == id ? summary : nil)
    wantedVersion = version
    load()
  }

  private func begin(_ id: ModelID, _ listed: ModelSummary?) {
    shown = id
    summary = listed
    model.reset()
    versions.reset()
    lastVersions = nil
    hasMoreVersions = false
    versionsCursor = ListCursor(height: versionsCursor.height)
    pinned = nil
    wantedVersion = nil
    schema = nil
    scroll.reset()
    if tab == .versions { tab = .overview }
  }

  func load() {
    guard let id = shown else { return }
    let wanted = wantedVersion
    model.begin()
    activity.start("model") { [client, weak self] in
      do {
        let answer = try await client.send(.model(id))
        var pinned: ModelVersion?
        if let wanted, wanted != answer.latestVersion?.id {
          pinned = try await client.send(.version(wanted, of: id))
        }
        let schema = await Self.readSchema(pinned ?? answer.latestVersion)
        guard !Task.isCancelled, let self else { return }
        self.pinned = pinned
        self.schema = schema
        model.finish(answer)
        if tab == .versions { loadVersions() }
        onLoaded()
      } catch {
        guard !Task.isCancelled else { return }
        self?.model.fail(.of(error))
      }
    }
  }

  /// Schemas can be long; they are read off the main actor.
  @concurrent
  private nonisolated static func readSchema(_ version: ModelVersion?) async -> ModelSchema? {
    version?.schema
  }

  // MARK: Versions

  private func loadVersions() {
    guard let id = shown, versions.value == nil, !versions.isLoading else { return }
    versions.begin()
    activity.start("versions") { [client, weak self] in
      do {
        let page = try await client.send(.versions(of: id))
        guard !Task.isCancelled, let self, shown == id else { return }
        versions.finish(page.results)
        lastVersions = page
        hasMoreVersions = page.next != nil
        versionsCursor.setCount(page.results.count)
      } catch {
        guard !Task.isCancelled, let self, shown == id else { return }
        // Unversioned official models answer 404 here.
        if case .notFound = ReplicateError.of(error).reason {
          versions.finish([])
        } else {
          versions.fail(.of(error))
        }
      }
    }
  }

  private func loadMoreVersions() {
    guard let id = shown, hasMoreVersions, !versions.isLoading, let page = lastVersions else {
      return
    }
    versions.begin()
    activity.start("versions") { [client, weak self] in
      do {
        let next = try await client.page(after: page, of: .versions(of: id))
        guard !Task.isCancelled, let self, shown == id else { return }
        lastVersions = next
        hasMoreVersions = next?.next != nil
        versions.finish((versions.value ?? []) + (next?.results ?? []))
        versionsCursor.setCount(versions.value?.count ?? 0)
      } catch {
        guard !Task.isCancelled, let self, shown == id else { return }
        versions.fail(.of(error))
      }
    }
  }

  /// Enter on a version: its schema is shown, and runs use it.
  func pinSelectedVersion() {
    guard let all = versions.value, all.indices.contains(versionsCursor.selected) else { return }
    let chosen = all[versionsCursor.selected]
    pinned = chosen.id == model.value?.latestVersion?.id ? nil : chosen
    activity.start("schema") { [weak self] in
      let schema = await Self.readSchema(chosen)
      guard !Task.isCancelled else { return }
      self?.schema = schema
    }
    select(.inputs)
  }

  // MARK: Moving

  func setHeight(_ rows: Int) {
    height = rows
    // The version list stands below a heading.
    if versionsCursor.height != rows { versionsCursor.setHeight(rows) }
  }

  func select(_ newTab: Tab) {
    guard tab != newTab else { return }
    tab = newTab
    scroll.reset()
    if newTab == .versions { loadVersions() }
  }

  func nextTab(by step: Int) {
    let count = Tab.allCases.count
    if let next = Tab(rawValue: (tab.rawValue + step + count) % count) { select(next) }
  }

  func move(_ movement: Movement) {
    if tab == .versions {
      versionsCursor.move(movement)
      if versionsCursor.isAtEnd { loadMoreVersions() }
    } else {
      scroll.move(movement, count: textRows, height: height)
    }
  }

  func select(_ row: Int) {
    if tab == .versions { versionsCursor.select(row) }
  }

  func scroll(by rows: Int) {
    if tab == .versions {
      versionsCursor.scroll(by: rows)
    } else {
      scroll.scroll(by: rows, count: textRows, height: height)
    }
  }

  package func settled() async { await activity.settled() }
}

extension ModelVersion.ID {
  /// Official models show a version that has no id of its own, or one that hides it.
  fileprivate var isRunnable: Bool { !rawValue.isEmpty && rawValue != "hidden" }
}
