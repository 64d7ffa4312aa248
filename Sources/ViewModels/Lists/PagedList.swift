import ReplicateAPI
import Running

/// A list of rows from any source, loaded page by page, with a cursor, a filter, and sorting.
///
/// Showing another source keeps a snapshot of the current one (rows, page, whether there is more,
/// cursor), and going back restores it.
@MainActor
public final class PagedList<Row: Identifiable>: ListViewModel where Row.ID: Sendable {
  // The macro's observation of a generic class makes key paths at every access, which costs more than
  // everything else a key does. All of the list is observed as one.
  private var state = State()
  private let changes = ListChanges()

  private struct State {
    var rows: [Row] = []
    var visible: [Row] = []
    var filter = TextBuffer()
    var isTyping = false
    var isLoading = false
    var hasLoaded = false
    var failure: ReplicateError?
    var isLoadingOn = false
    var sort: ListSort?
    var shownColumns: [String]?
    var unreadable: [String] = []
    var leadsBack = false
    var next: RowPage<Row>.Next?
  }

  public private(set) var cursor = ListCursor() {
    didSet {
      moves &+= 1
      if let onVisible, cursor.visible != oldValue.visible { onVisible() }
    }
  }
  public private(set) var moves = 0

  private var source: RowSource<Row>
  private let definitions: [ListColumn<Row>]
  private let texts: @MainActor (Row) -> [String]
  private var earlier: [Snapshot] = []
  private var seenPages: Set<String> = []
  /// The IDs of the loaded rows. Nil until there is a second page to compare with.
  private var known: Set<Row.ID>?
  /// How far the user tried to move past the last loaded row. Caught up on as pages arrive.
  private var owedRows = 0
  /// The filter starts out selected as a whole, so that typing replaces it.
  private var isFilterSelected = false
  private var isShowingSource = true
  /// The row to select when it has loaded.
  private var wanted: (@MainActor (Row) -> Bool)?
  private let activity = Activity()

  /// Called when a first page has replaced the rows or been joined to them.
  public var onLoaded: @MainActor () -> Void = {}
  /// Called with each failure, and with nil after a success.
  public var onAnswer: @MainActor (ReplicateError?) -> Void = { _ in }
  /// Called when the sort order or the visible columns change.
  public var onChoices: @MainActor (ListChoices) -> Void = { _ in }
  /// Called when different rows become visible.
  public var onVisible: (@MainActor () -> Void)?
  /// Receives the filter's text if the service does the filtering instead of the list.
  public var onTyped: (@MainActor (String) -> Void)?

  /// How many pages a refresh loads to connect with the rows that were loaded before.
  static var pagesToJoin: Int { 10 }

  private struct Snapshot {
    var source: RowSource<Row>
    var rows: [Row]
    var next: RowPage<Row>.Next?
    var hasLoaded: Bool
    var unreadable: [String]
    var leadsBack: Bool
    var seenPages: Set<String>
    var selected: Int
    var top: Int
    var sort: ListSort?
  }

  /// - Parameter texts: The texts of a row that the filter searches.
  public init(
    _ source: RowSource<Row>, columns: [ListColumn<Row>], choices: ListChoices = ListChoices(),
    texts: @escaping @MainActor (Row) -> [String]
  ) {
    self.source = source
    definitions = columns
    self.texts = texts
    observed.sort = choices.sort.flatMap { sort in
      columns.contains { $0.id == sort.column && $0.precedes != nil } ? sort : nil
    }
    observed.shownColumns = choices.columns
  }

  public var hasMore: Bool { next != nil }
  public var loadedCount: Int { rows.count }
  public var isFiltered: Bool { onTyped == nil && !filter.isEmpty }

  /// Selects the first visible row that a condition is true for, now or after the next load.
  func select(where isWanted: @escaping @MainActor (Row) -> Bool) {
    if let index = visible.firstIndex(where: isWanted) {
      select(index)
    } else if isLoading {
      wanted = isWanted
    }
  }

  public var selected: Row? {
    visible.indices.contains(cursor.selected) ? visible[cursor.selected] : nil
  }

  public var remark: String? {
    var words: [String] = []
    if let first = unreadable.first {
      let count = unreadable.count
      words.append("\(count) \(count == 1 ? "row" : "rows") couldn’t be read: \(first)")
    }
    if leadsBack {
      words.append("Replicate’s list looped back to an earlier page, so it ends here.")
    }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  // MARK: Sources

  /// Shows another source. The user can go back to the current one if it ever loaded.
  ///
  /// - Parameter remembers: Whether going back returns to the current source. A search replaces
  ///   itself as the user keeps typing.
  public func show(_ newSource: RowSource<Row>, remembers: Bool = true) {
    if remembers { earlier.append(snapshot()) }
    source = newSource
    isShowingSource = false
    load()
  }

  /// Goes back to the previous source. Returns false at the first one.
  public func goBack() -> Bool {
    guard let snapshot = earlier.popLast() else { return false }
    stopAll()
    source = snapshot.source
    observed.failure = nil
    isShowingSource = true
    observed.hasLoaded = snapshot.hasLoaded
    observed.next = snapshot.next
    observed.unreadable = snapshot.unreadable
    observed.leadsBack = snapshot.leadsBack
    seenPages = snapshot.seenPages
    observed.sort = snapshot.sort
    known = nil
    observed.filter = TextBuffer()
    observed.rows = snapshot.rows
    arrange()
    cursor.restore(selected: snapshot.selected, top: snapshot.top)
    if !hasLoaded { load() }
    return true
  }

  public var canGoBack: Bool { !earlier.isEmpty }

  private func snapshot() -> Snapshot {
    Snapshot(
      source: source, rows: rows, next: next, hasLoaded: hasLoaded, unreadable: unreadable,
      leadsBack: leadsBack, seenPages: seenPages, selected: cursor.selected, top: cursor.top,
      sort: sort)
  }

  private func stopAll() {
    activity.cancel("first")
    activity.cancel("more")
    observed.isLoading = false
    observed.isLoadingOn = false
    owedRows = 0
  }

  /// Shows rows from memory.
  public func set(_ newRows: [Row]) {
    let kept = selected?.id
    let follows = cursor.selected == 0 && cursor.top == 0
    known = nil
    observed.rows = newRows
    observed.hasLoaded = true
    arrange(keeping: follows ? nil : kept)
    if follows { cursor.restore(selected: 0, top: 0) }
  }

  /// Adds a row at the top that isn't on the source's pages yet.
  public func prepend(_ row: Row) {
    guard !rows.contains(where: { $0.id == row.id }) else { return }
    known?.insert(row.id)
    observed.rows.insert(row, at: 0)
    arrange(keeping: row.id)
  }

  /// Updates the order and filter after a row has changed.
  public func rearrange() { arrange(keeping: selected?.id) }

  // MARK: Loading

  /// Loads the newest rows and keeps those that were loaded further down.
  public func load() {
    stopAll()
    observed.isLoading = true
    activity.start("first") { [weak self, source] in
      do throws(ReplicateError) {
        var page = try await source.first()
        guard !Task.isCancelled, let self else { return }
        var pages = [page]
        if isShowingSource, source.isOrdered, !rows.isEmpty {
          let listed = Set(rows.map(\.id))
          while let next = page.next, pages.count < Self.pagesToJoin,
            !page.rows.contains(where: { listed.contains($0.id) })
          {
            page = try await next.fetch()
            if Task.isCancelled { return }
            pages.append(page)
          }
        }
        finish(pages)
      } catch {
        guard !Task.isCancelled, let self else { return }
        observed.isLoading = false
        observed.isLoadingOn = false
        owedRows = 0
        observed.failure = error
        onAnswer(error)
      }
    }
  }

  private func finish(_ pages: [RowPage<Row>]) {
    let kept = isShowingSource ? selected?.id : nil
    let fresh = Self.unique(pages.count == 1 ? pages[0].rows : pages.flatMap(\.rows))
    let last = pages[pages.count - 1]
    let canJoin = isShowingSource && source.isOrdered && last.next != nil && !rows.isEmpty
    let news = canJoin ? Set(fresh.map(\.id)) : []
    let joint = canJoin ? rows.lastIndex { news.contains($0.id) } : nil
    observed.isLoading = false
    observed.failure = nil
    observed.hasLoaded = true
    known = nil
    observed.unreadable = pages.flatMap(\.unreadable)
    if let joint {
      // Rows below the newly loaded pages haven't changed.
      observed.rows = fresh + rows[(joint + 1)...].filter { !news.contains($0.id) }
    } else {
      observed.rows = fresh
      observed.next = last.next
      observed.leadsBack = false
      seenPages = Set(pages.compactMap { $0.next?.name })
    }
    let isNew = !isShowingSource
    isShowingSource = true
    arrange(keeping: kept)
    if isNew {
      cursor.restore(selected: 0, top: 0)
      // What was asked for meant the rows that were there before.
      observed.isLoadingOn = false
      owedRows = 0
    }
    onAnswer(nil)
    activity.cancel("first")
    if let wanted {
      self.wanted = nil
      if let index = visible.firstIndex(where: wanted) { select(index) }
    }
    onLoaded()
    goOn()
  }

  private static func unique(_ rows: [Row]) -> [Row] {
    // Nearly always there are no duplicates, and a set of a long list's IDs takes much memory. Short
    // hashes find the few rows that need to be compared.
    func hash(_ row: Row) -> UInt32 { UInt32(truncatingIfNeeded: row.id.hashValue) }
    var hashes = rows.map(hash)
    hashes.sort()
    let repeated = Set(zip(hashes, hashes.dropFirst()).lazy.filter(==).map(\.0))
    var seen: Set<Row.ID> = []
    func isFirst(_ row: Row) -> Bool {
      !repeated.contains(hash(row)) || seen.insert(row.id).inserted
    }
    // Keep the same array if it's right.
    if rows.allSatisfy(isFirst) { return rows }
    seen = []
    return rows.filter(isFirst)
  }

  private var isLoadingMore: Bool { activity.isUnderWay("more") }

  private func loadMore() {
    guard let page = next, isShowingSource, !isLoadingMore, !activity.isUnderWay("first") else {
      return
    }
    observed.isLoading = true
    activity.start("more") { [weak self] in
      do throws(ReplicateError) {
        let more = try await page.fetch()
        guard !Task.isCancelled, let self else { return }
        append(more)
      } catch {
        guard !Task.isCancelled, let self else { return }
        observed.isLoading = false
        observed.isLoadingOn = false
        owedRows = 0
        observed.failure = error
        onAnswer(error)
      }
    }
  }

  /// Loads more if what is loaded doesn't fill the list.
  func fill() {
    if hasMore, !isFiltered, cursor.height > visible.count { loadMore() }
  }

  private func append(_ page: RowPage<Row>) {
    observed.isLoading = false
    observed.failure = nil
    var ids = known ?? Set(rows.map(\.id))
    let fresh = page.rows.filter { ids.insert($0.id).inserted }
    known = ids
    observed.unreadable += page.unreadable
    observed.next = page.next
    if let following = page.next, !seenPages.insert(following.name).inserted {
      observed.next = nil
      observed.leadsBack = true
    }
    let kept = selected?.id
    observed.rows += fresh
    arrange(keeping: kept)
    onAnswer(nil)
    activity.cancel("more")
    goOn()
  }

  /// Goes on with what a key asked for while rows were on their way.
  private func goOn() {
    if isLoadingOn {
      cursor.move(.end)
      if hasMore { loadMore() } else { observed.isLoadingOn = false }
    } else if owedRows > 0 {
      let wanted = cursor.selected + owedRows
      cursor.select(wanted)
      owedRows = wanted - cursor.selected
      if !hasMore { owedRows = 0 }
      if owedRows > 0 { loadMore() }
    }
  }

  public func stopLoadingOn() -> Bool {
    guard isLoadingOn || owedRows > 0 else { return false }
    observed.isLoadingOn = false
    owedRows = 0
    return true
  }

  // MARK: Filtering and sorting

  private func arrange(keeping kept: Row.ID? = nil) {
    let words = FilterWords(isFiltered ? filter.text : "")
    var shown = words.isEmpty ? rows : rows.filter { words.match(texts($0)) }
    if let sort, let precedes = definitions.first(where: { $0.id == sort.column })?.precedes {
      // Rows that compare equal keep the source's order.
      let order = shown.indices.sorted { first, second in
        let (one, other) = sort.isDescending ? (second, first) : (first, second)
        if precedes(shown[one], shown[other]) { return true }
        return !precedes(shown[other], shown[one]) && first < second
      }
      shown = order.map { shown[$0] }
    }
    observed.visible = shown
    cursor.setCount(visible.count)
    onVisible?()
    guard let kept, selected?.id != kept, let row = visible.firstIndex(where: { $0.id == kept })
    else { return }
    cursor.select(row)
  }

  public var columns: [ListColumnInfo] {
    definitions.map {
      ListColumnInfo(
        id: $0.id, title: $0.title, isShown: isShown($0), isSortable: $0.precedes != nil)
    }
  }

  private func isShown(_ column: ListColumn<Row>) -> Bool {
    shownColumns?.contains(column.id) ?? column.isShownAtFirst
  }

  public func sort(by column: String) {
    guard let definition = definitions.first(where: { $0.id == column }),
      definition.precedes != nil
    else { return }
    if let sort, sort.column == column {
      // The third press restores the source's own order.
      observed.sort =
        sort.isDescending == definition.startsDescending
        ? ListSort(column: column, isDescending: !sort.isDescending) : nil
    } else {
      observed.sort = ListSort(column: column, isDescending: definition.startsDescending)
    }
    arrange(keeping: selected?.id)
    onChoices(ListChoices(sort: sort, columns: shownColumns))
  }

  public func toggleColumn(_ column: String) {
    // The first column identifies the row, so it can't be hidden.
    guard definitions.dropFirst().contains(where: { $0.id == column }) else { return }
    let shown = Set(definitions.filter { isShown($0) }.map(\.id)).symmetricDifference([column])
    observed.shownColumns = definitions.map(\.id).filter(shown.contains)
    onChoices(ListChoices(sort: sort, columns: shownColumns))
  }

  // MARK: Moving

  public func setHeight(_ rows: Int) {
    if cursor.height != rows { cursor.setHeight(rows) }
  }

  public func move(_ movement: Movement) {
    if isLoadingOn { observed.isLoadingOn = false }
    let wanted: Int? =
      switch movement {
      case .down: cursor.selected + 1
      case .pageDown: cursor.selected + max(1, cursor.height - 1)
      default: nil
      }
    cursor.move(movement)
    owedRows = 0
    guard hasMore else { return }
    if movement == .end { observed.isLoadingOn = true }
    // With a filter, load more only at the end, because few of the new rows may match.
    if let wanted, !isFiltered { owedRows = max(0, wanted - cursor.selected) }
    if movement == .end || owedRows > 0 || isNearEnd(cursor.selected) { loadMore() }
  }

  public func select(_ row: Int) { cursor.select(row) }

  public func scroll(by rows: Int) {
    cursor.scroll(by: rows)
    if hasMore, isNearEnd(cursor.visible.upperBound) { loadMore() }
  }

  /// With a filter, few rows may match, and loading more of them could load the whole list.
  private func isNearEnd(_ row: Int) -> Bool { !isFiltered && row + cursor.height >= cursor.count }

  // MARK: Typing

  public func startFilter() {
    observed.isTyping = true
    isFilterSelected = !filter.isEmpty
  }

  public func stopFilter() {
    if isTyping { observed.isTyping = false }
  }

  public func clearFilter() {
    observed.isTyping = false
    guard !filter.isEmpty else { return }
    observed.filter = TextBuffer()
    if onTyped == nil { arrange(keeping: selected?.id) }
  }

  /// Sets the filter's text without acting on it.
  public func showFilter(_ text: String) { observed.filter = TextBuffer(text) }

  public func edit(_ edit: TextEdit) {
    let before = filter.text
    if isFilterSelected {
      isFilterSelected = false
      switch edit {
      case .insert, .deleteBackward, .deleteWordBackward, .deleteForward:
        observed.filter = TextBuffer()
      default: break
      }
    }
    _ = observed.filter.apply(edit)
    guard filter.text != before else { return }
    if let onTyped {
      onTyped(filter.text)
    } else {
      arrange(keeping: selected?.id)
    }
  }

  public func settled() async { await activity.settled() }
}

// What is observed.
extension PagedList {
  private var observed: State {
    _read {
      changes.access()
      yield state
    }
    _modify {
      changes.mark()
      yield &state
    }
  }

  /// The loaded rows, in the source's order.
  public var rows: [Row] { observed.rows }
  /// The rows that match the filter, in sorted order.
  public var visible: [Row] { observed.visible }
  public var filter: TextBuffer { observed.filter }
  public var isTyping: Bool { observed.isTyping }
  public var isLoading: Bool { observed.isLoading }
  public var hasLoaded: Bool { observed.hasLoaded }
  public var failure: ReplicateError? { observed.failure }
  public var isLoadingOn: Bool { observed.isLoadingOn }
  public var sort: ListSort? { observed.sort }
  /// The columns that were chosen to be shown, by ID; nil for the list's own choice.
  public var shownColumns: [String]? { observed.shownColumns }
  private var unreadable: [String] { observed.unreadable }
  private var leadsBack: Bool { observed.leadsBack }
  private var next: RowPage<Row>.Next? { observed.next }
}
