import ReplicateAPI

/// A list that a person moves through, filters and sorts: what every list can do, whatever is in it.
@MainActor
public protocol ListViewModel: AnyObject {
  var cursor: ListCursor { get }
  /// Incremented whenever the cursor moves. The cursor isn't observed: that is cheap enough for a
  /// key that is held down.
  var moves: Int { get }

  /// What is typed into the filter.
  var filter: TextBuffer { get }
  var isTyping: Bool { get }
  /// Whether only some of the rows are shown because of the filter.
  var isFiltered: Bool { get }

  var isLoading: Bool { get }
  /// Whether rows were ever loaded, though there may be none.
  var hasLoaded: Bool { get }
  var failure: ReplicateError? { get }
  /// Whether there are more rows at the source.
  var hasMore: Bool { get }
  /// Whether pages go on loading until the end, because someone asked for the end.
  var isLoadingOn: Bool { get }
  var loadedCount: Int { get }
  /// Why some rows or the rest of the list are missing, in words, if they are.
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

/// What a list says about one of its columns.
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

/// The column that a list is sorted by.
public struct ListSort: Hashable, Sendable {
  public var column: String
  public var isDescending: Bool

  public init(column: String, isDescending: Bool) {
    self.column = column
    self.isDescending = isDescending
  }
}

/// What a person has chosen about a list: how it is sorted and which columns it shows.
public struct ListChoices: Hashable, Sendable {
  public var sort: ListSort?
  /// The columns that are shown, by id; nil for the list's own choice.
  public var columns: [String]?

  public init(sort: ListSort? = nil, columns: [String]? = nil) {
    self.sort = sort
    self.columns = columns
  }
}
