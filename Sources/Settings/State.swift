extension Settings {
  /// What the program remembers from one start to the next.
  ///
  ///     [borders]
  ///     left = 0.3
  ///
  ///     [files]
  ///     folder = "/home/me/pictures"
  ///
  ///     [models]
  ///     own = ["acme/painter"]
  ///
  ///     [lists.models]
  ///     sort = "runs"
  ///     descending = true
  ///     columns = ["name", "owner"]
  ///
  /// Whatever else the file holds is kept, so that an older program doesn't lose what a newer one has
  /// saved.
  public struct State: Hashable, Sendable {
    /// Where the borders between panes are, by their names: the share of the screen before the border.
    public var borders: [String: Double] = [:]
    /// How the lists are shown, by their names.
    public var lists: [String: ListState] = [:]
    /// The folder that a file was last chosen from.
    public var folder: String?
    /// The models of one's own that were made or opened, as `owner/name`.
    public var ownModels: [String] = []
    /// What was read and isn't known here.
    private var rest = TOMLTable()

    public init() {}

    init(_ root: TOMLTable) {
      rest = root
      // Earlier versions saved the borders without a table, and the zoom.
      for name in ["left", "collections", "predictions", "detail", "list"] {
        if let share = Self.share(root[name]) { borders[name] = share }
        rest[name] = nil
      }
      rest["zoom"] = nil
      if var table = root["files"]?.table {
        folder = table["folder"]?.string
        table["folder"] = nil
        rest["files"] = table.isEmpty ? nil : TOMLValue(.table(table))
      }
      if var table = root["models"]?.table {
        ownModels = table["own"]?.strings ?? []
        table["own"] = nil
        rest["models"] = table.isEmpty ? nil : TOMLValue(.table(table))
      }
      if let table = root["borders"]?.table {
        var unknown = table
        for entry in table.entries {
          guard let share = Self.share(entry.value) else { continue }
          borders[entry.key] = share
          unknown[entry.key] = nil
        }
        rest["borders"] = unknown.isEmpty ? nil : TOMLValue(.table(unknown))
      }
      if let table = root["lists"]?.table {
        var unknown = table
        for entry in table.entries {
          guard var list = entry.value.table else { continue }
          if let known = ListState(taking: &list) { lists[entry.key] = known }
          unknown[entry.key] = list.isEmpty ? nil : TOMLValue(.table(list))
        }
        rest["lists"] = unknown.isEmpty ? nil : TOMLValue(.table(unknown))
      }
    }

    /// The document to save.
    var table: TOMLTable {
      var root = rest
      if !borders.isEmpty {
        var table = root["borders"]?.table ?? TOMLTable()
        for (name, share) in borders.sorted(by: { $0.key < $1.key }) where share.isFinite {
          table[name] = TOMLValue(.float(share))
        }
        root["borders"] = TOMLValue(.table(table))
      }
      if let folder {
        var table = root["files"]?.table ?? TOMLTable()
        table["folder"] = TOMLValue(.string(folder))
        root["files"] = TOMLValue(.table(table))
      }
      if !ownModels.isEmpty {
        var table = root["models"]?.table ?? TOMLTable()
        table["own"] = TOMLValue(.array(ownModels.map { TOMLValue(.string($0)) }))
        root["models"] = TOMLValue(.table(table))
      }
      if !lists.isEmpty {
        var table = root["lists"]?.table ?? TOMLTable()
        for (name, list) in lists.sorted(by: { $0.key < $1.key }) {
          var values = table[name]?.table ?? TOMLTable()
          list.add(to: &values)
          table[name] = TOMLValue(.table(values))
        }
        root["lists"] = TOMLValue(.table(table))
      }
      return root
    }

    private static func share(_ value: TOMLValue?) -> Double? {
      guard let number = value?.number, number.isFinite else { return nil }
      return number
    }
  }

  /// How a list is sorted, and which columns it shows.
  public struct ListState: Hashable, Sendable {
    /// The column that the list is sorted by; nil for the list's own order.
    public var sort: String?
    public var isDescending: Bool
    /// The columns shown, from left to right; nil for the list's own choice.
    public var columns: [String]?

    public init(sort: String? = nil, isDescending: Bool = false, columns: [String]? = nil) {
      self.sort = sort
      self.isDescending = isDescending
      self.columns = columns
    }

    /// Takes the values that are known here out of a table; nil if there are none.
    fileprivate init?(taking table: inout TOMLTable) {
      sort = table["sort"]?.string
      isDescending = table["descending"]?.boolean ?? false
      columns = table["columns"]?.strings
      let count = table.entries.count
      for key in ["sort", "descending", "columns"] { table[key] = nil }
      guard table.entries.count < count else { return nil }
    }

    fileprivate func add(to table: inout TOMLTable) {
      table["sort"] = sort.map { TOMLValue(.string($0)) }
      table["descending"] = sort == nil && !isDescending ? nil : TOMLValue(.boolean(isDescending))
      table["columns"] = columns.map { TOMLValue(.array($0.map { TOMLValue(.string($0)) })) }
    }
  }
}
