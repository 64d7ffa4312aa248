import Observation
import ReplicateAPI
import Running

/// The collections that Replicate's editors keep, filtered as one types.
@MainActor @Observable
public final class CollectionsViewModel {
  public private(set) var collections = Loadable<[ReplicateAPI.Collection]>()
  public private(set) var visible: [ReplicateAPI.Collection] = []
  /// Counted in `moves` instead of observed: that is cheap enough for a key that is held down.
  @ObservationIgnored public private(set) var cursor = ListCursor() { didSet { moves &+= 1 } }
  @ObservationIgnored private(set) var moves = 0
  public private(set) var filter = TextBuffer()
  public private(set) var isTyping = false

  @ObservationIgnored private var client: Client
  @ObservationIgnored private let activity = Activity()

  init(client: Client) {
    self.client = client
  }

  public var selected: ReplicateAPI.Collection? {
    visible.indices.contains(cursor.selected) ? visible[cursor.selected] : nil
  }

  func use(_ newClient: Client) {
    client = newClient
    load()
  }

  func load() {
    collections.begin()
    activity.start("collections") { [client, weak self] in
      do {
        var all: [ReplicateAPI.Collection] = []
        for try await page in client.pages(of: .collections) { all += page.results }
        guard !Task.isCancelled, let self else { return }
        collections.finish(all)
        show()
      } catch {
        guard !Task.isCancelled else { return }
        self?.collections.fail(.of(error))
      }
    }
  }

  func setHeight(_ rows: Int) {
    if cursor.height != rows { cursor.setHeight(rows) }
  }

  func move(_ movement: Movement) { cursor.move(movement) }
  func select(_ row: Int) { cursor.select(row) }
  func scroll(by rows: Int) { cursor.scroll(by: rows) }

  func startFilter() { isTyping = true }
  func stopFilter() { isTyping = false }

  func clearFilter() {
    isTyping = false
    filter = TextBuffer()
    show()
  }

  func edit(_ edit: TextEdit) {
    guard filter.apply(edit) else { return }
    show()
  }

  private func show() {
    let kept = selected?.slug
    let words = FilterWords(filter.text)
    visible = (collections.value ?? []).filter {
      words.match([$0.name, $0.slug, $0.description ?? ""])
    }
    cursor.setCount(visible.count)
    if let kept, let row = visible.firstIndex(where: { $0.slug == kept }) { cursor.select(row) }
  }

  package func settled() async { await activity.settled() }
}

/// What was typed into a filter: every word must stand somewhere, whatever the case.
struct FilterWords {
  private let words: [String]

  init(_ text: String) {
    words = text.lowercased().split(separator: " ").map(String.init)
  }

  func match(_ texts: [String]) -> Bool {
    guard !words.isEmpty else { return true }
    let lowered = texts.map { $0.lowercased() }
    return words.allSatisfy { word in lowered.contains { $0.contains(word) } }
  }
}
