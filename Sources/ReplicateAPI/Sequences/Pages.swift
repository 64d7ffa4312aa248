/// A list's pages, fetched one after another as they are asked for.
///
/// A list whose next page would be one that was already given ends; its last page has
/// ``Page/leadsBack`` set. After an error, the iterator fetches the same page again.
public struct Pages<Item: Sendable>: AsyncSequence, Sendable {
  public typealias Element = Page<Item>
  public typealias Failure = ReplicateError

  let client: Client
  let endpoint: Endpoint<Page<Item>>

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate enum Position {
      case start
      case after(Page<Item>)
      case end
    }

    fileprivate let client: Client
    fileprivate let endpoint: Endpoint<Page<Item>>
    fileprivate var position = Position.start
    fileprivate var trail: PageTrail<Item>

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> Page<Item>? {
      let page: Page<Item>?
      switch position {
      case .start: page = try await client.send(endpoint)
      case .after(let last): page = try await client.page(after: last, of: endpoint)
      case .end: return nil
      }
      guard let page else {
        position = .end
        return nil
      }
      let checked = trail.checked(page)
      position = checked.next == nil ? .end : .after(Page(results: [], next: checked.next))
      return checked
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(client: client, endpoint: endpoint, trail: PageTrail(of: endpoint))
  }
}

/// Remembers the pages of a list, to detect a list that leads back to itself and would never end.
/// Use one with ``Client/page(after:of:)``; ``Pages`` has its own.
///
///     var trail = PageTrail(of: endpoint)
///     let page = trail.checked(try await client.send(endpoint))
public struct PageTrail<Item: Sendable>: Sendable {
  private let endpoint: Endpoint<Page<Item>>
  private var seen: Set<String>

  /// A trail that begins at the list's first page.
  public init(of endpoint: Endpoint<Page<Item>>) {
    self.endpoint = endpoint
    seen = [endpoint.target(at: nil)]
  }

  /// Returns the page as it is, or without its ``Page/next`` and with ``Page/leadsBack`` set if the
  /// next page was seen before.
  public mutating func checked(_ page: Page<Item>) -> Page<Item> {
    guard let next = page.next, !seen.insert(endpoint.target(at: next)).inserted else {
      return page
    }
    var page = page
    page.next = nil
    page.leadsBack = true
    return page
  }
}
