import ReplicateAPI

/// A list the user can move through, filter, and sort, independent of what its rows are.
@MainActor
public protocol ListViewModel: AnyObject {
  var cursor: ListCursor { get }
  /// Incremented whenever the cursor moves. The cursor itself isn't observed, because observation
  /// would make held-down keys slow.
  var moves: Int { get }

  /// The filter's text.
  var filter: TextBuffer { get }
  var isTyping: Bool { get }
  /// Whether the filter hides some of the rows.
  var isFiltered: Bool { get }

  var isLoading: Bool { get }
  /// Whether rows have been loaded at least once, even if there were none.
  var hasLoaded: Bool { get }
  var failure: ReplicateError? { get }
  /// Whether the source has more rows.
  var hasMore: Bool { get }
  /// Whether pages keep loading until the end, because the user asked for the end.
  var isLoadingOn: Bool { get }
  var loadedCount: Int { get }
  /// Explains why rows are missing, if any are.
  var remark: String? { get }

  var columns: [ListColumnInfo] { get }
  var sort: ListSort? { get }

  func load()
  func setHeight(_ rows: Int)
  func move(_ movement: Movement)
  func select(_ row: Int)
  func scroll(by rows: Int)
  func stopLoadingOn() -> Bool

  func startFilter()
  func stopFilter()
  func clearFilter()
  func edit(_ edit: TextEdit)

  func sort(by column: String)
  func toggleColumn(_ column: String)

  func settled() async
}

/// A column's state in a list.
public struct ListColumnInfo: Hashable, Sendable {
  public var id: String
  public var title: String
  public var isShown: Bool
  public var isSortable: Bool

  public init(id: String, title: String, isShown: Bool, isSortable: Bool) {
    self.id = id
    self.title = title
    self.isShown = isShown
    self.isSortable = isSortable
  }
}

/// The column and direction of a sort.
public struct ListSort: Hashable, Sendable {
  public var column: String
  public var isDescending: Bool

  public init(column: String, isDescending: Bool) {
    self.column = column
    self.isDescending = isDescending
  }
}

/// The user's choices for a list: its sort order and visible columns.
public struct ListChoices: Hashable, Sendable {
  public var sort: ListSort?
  /// The IDs of the visible columns, or nil for the list's defaults.
  public var columns: [String]?

  public init(sort: ListSort? = nil, columns: [String]? = nil) {
    self.sort = sort
    self.columns = columns
  }
}
