/// A list's pages one after another, each fetched when it is asked for.
public struct Pages<Item: Sendable>: AsyncSequence, Sendable {
  public typealias Element = Page<Item>
  public typealias Failure = ReplicateError

  let client: Client
  let endpoint: Endpoint<Page<Item>>

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate enum Place {
      case start
      case after(Page<Item>)
      case end
    }

    fileprivate let client: Client
    fileprivate let endpoint: Endpoint<Page<Item>>
    fileprivate var place = Place.start
    /// A list that leads back to where it was would never end.
    fileprivate var visited: Set<String> = []

    /// After an error the same page is asked for again.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> Page<Item>? {
      let page: Page<Item>?
      switch place {
      case .start: page = try await client.send(endpoint)
      case .after(let last): page = try await client.page(after: last, of: endpoint)
      case .end: return nil
      }
      if let next = page?.next, !visited.insert(next).inserted {
        place = .end
        throw ReplicateError(
          .unreadable(what: "\(endpoint.route.rawValue), the list leads back to itself"),
          route: endpoint.route)
      }
      place = page.map { .after(Page(results: [], next: $0.next)) } ?? .end
      return page
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(client: client, endpoint: endpoint)
  }
}
