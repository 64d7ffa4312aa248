import ReplicateAPI

/// A page of rows from a source, with a way to get the next page.
public struct RowPage<Row> {
  public var rows: [Row]
  /// Descriptions of rows that couldn't be read, with the reasons.
  public var unreadable: [String]
  /// Loads the next page. Nil at the end.
  public var next: Next?

  /// A link to a page.
  public struct Next {
    /// Identifies the page, so that a list can detect a loop.
    public var name: String
    public var fetch: @MainActor () async throws(ReplicateError) -> RowPage

    public init(
      name: String, fetch: @escaping @MainActor () async throws(ReplicateError) -> RowPage
    ) {
      self.name = name
      self.fetch = fetch
    }
  }

  public init(_ rows: [Row], unreadable: [String] = [], next: Next? = nil) {
    self.rows = rows
    self.unreadable = unreadable
    self.next = next
  }
}

/// The source of a list's rows: pages of the API, an archive query, or memory.
public struct RowSource<Row> {
  public var first: @MainActor () async throws(ReplicateError) -> RowPage<Row>
  /// Whether rows keep their order between loads, so that a refresh can join new rows to the loaded
  /// ones. Search results don't.
  public var isOrdered: Bool

  public init(
    isOrdered: Bool = false,
    first: @escaping @MainActor () async throws(ReplicateError) -> RowPage<Row>
  ) {
    self.isOrdered = isOrdered
    self.first = first
  }
}

extension RowSource {
  /// The pages of an API list.
  ///
  /// - Parameter rows: Converts a page's elements to rows.
  public static func pages<Element>(
    of endpoint: Endpoint<Page<Element>>, _ client: Client, isOrdered: Bool = true,
    rows: @escaping @MainActor (Page<Element>) -> [Row]
  ) -> Self {
    @MainActor func rowPage(_ page: Page<Element>) -> RowPage<Row> {
      RowPage(
        rows(page), unreadable: page.unreadable.map(\.description),
        next: page.next.map { name in
          RowPage<Row>.Next(name: name) { () async throws(ReplicateError) -> RowPage<Row> in
            guard let next = try await client.page(after: page, of: endpoint) else {
              return RowPage<Row>([])
            }
            return rowPage(next)
          }
        })
    }
    return RowSource(isOrdered: isOrdered) { () async throws(ReplicateError) -> RowPage<Row> in
      rowPage(try await client.send(endpoint))
    }
  }
}

extension RowSource {
  /// An API list that isn't paged.
  public static func list<Response: Sendable>(
    _ endpoint: Endpoint<Response>, _ client: Client,
    rows: @escaping @MainActor (Response) -> RowPage<Row>
  ) -> Self {
    RowSource { () async throws(ReplicateError) -> RowPage<Row> in
      rows(try await client.send(endpoint))
    }
  }
}

extension RowSource where Row: Sendable {
  /// The pages of an API list whose elements are the rows.
  public static func pages(
    of endpoint: Endpoint<Page<Row>>, _ client: Client, isOrdered: Bool = true
  ) -> Self {
    pages(of: endpoint, client, isOrdered: isOrdered) { $0.results }
  }
}
