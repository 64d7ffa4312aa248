import ReplicateAPI

/// The collections curated by Replicate.
@MainActor
public final class CollectionsViewModel: PlaceViewModel {
  public static let id = PlaceID("collections")

  public let collections: PagedList<ReplicateAPI.Collection>
  private let session: Session

  public init(_ session: Session) {
    self.session = session
    collections = PagedList(
      .pages(of: .collections, session.client),
      columns: [
        ListColumn("name", "name") { $0.name.lowercased() },
        ListColumn("description", "description"),
      ], choices: session.lists[Self.id]
    ) { [$0.name, $0.slug, $0.description ?? ""] }
    collections.connect(session, Self.id)
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Collections" }
  public var list: (any ListViewModel)? { collections }

  public var previewed: Preview? {
    collections.selected.map { Preview(.collection($0.slug), isFetched: true) }
  }

  public var subject: Subject? {
    collections.selected.map { collection in
      Subject(
        text: collection.slug, address: "https://replicate.com/collections/\(collection.slug)")
    }
  }

  public func load() { collections.load() }

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open: collections.visible.isEmpty ? .no(because: "There’s nothing to open.") : .yes
    case .run: .no(because: "Open the collection and choose a model to run.")
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept:
      guard let collection = collections.selected else { return .done }
      collections.stopFilter()
      return .open(.collection(collection.slug))
    default: return .pass
    }
  }

  public func settled() async { await collections.settled() }
}
