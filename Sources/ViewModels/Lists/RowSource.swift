import ReplicateAPI

/// Some rows of a list as a source hands them out, and how to get those that follow.
public struct RowPage<Row> {
  public var rows: [Row]
  /// Rows that couldn't be read, in words: which, and why.
  public var unreadable: [String]
  /// Fetches the page that follows; nil at the end.
  public var next: Next?

  /// The way to a page.
  public struct Next {
    /// Names the page, so that a list notices when it is led back to one it has seen.
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

/// Where a list's rows come from: pages of the API, a query of the archive, memory.
public struct RowSource<Row> {
  public var first: @MainActor () async throws(ReplicateError) -> RowPage<Row>
  /// Whether rows keep their order between two looks, so that a refresh can join what is new to what
  /// was loaded. A search's results have no such order.
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
  /// The pages of a list of the API.
  ///
  /// - Parameter rows: makes rows of a page's elements.
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
  /// A list of the API that comes whole.
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
  /// The pages of a list of the API whose elements are the rows.
  public static func pages(
    of endpoint: Endpoint<Page<Row>>, _ client: Client, isOrdered: Bool = true
  ) -> Self {
    pages(of: endpoint, client, isOrdered: isOrdered) { $0.results }
  }
}
