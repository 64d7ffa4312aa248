import Observation
import ReplicateAPI
import Running

/// One collection's page, with its description and models. It replaces the model while the cursor
/// rests on a collection.
@MainActor @Observable
public final class CollectionViewModel: PlaceViewModel {
  public static let id = PlaceID("collection")

  public private(set) var slug: String?
  public private(set) var collection = Loadable<ReplicateAPI.Collection>()
  public private(set) var scroll = TextScroll()
  @ObservationIgnored private let session: Session
  @ObservationIgnored private let activity = Activity()

  public init(_ session: Session) {
    self.session = session
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Collection" }

  public var subject: Subject? {
    slug.map { slug in
      Subject(text: slug, address: "https://replicate.com/collections/\(slug)")
    }
  }

  public func preview(_ address: Address) -> Bool {
    guard case .collection(let slug) = address else { return false }
    guard slug != self.slug else { return true }
    self.slug = slug
    scroll.reset()
    collection.reset()
    load()
    return true
  }

  public func load() {
    guard let slug else { return }
    activity.cancel("collection")
    if let known = session.collections[slug] { return collection.finish(known) }
    collection.begin()
    activity.start("collection") { [session, weak self] in
      do throws(ReplicateError) {
        let answer = try await session.load(collection: slug)
        guard !Task.isCancelled, let self else { return }
        collection.finish(answer)
        session.note(nil, of: Self.id) {}
      } catch {
        guard !Task.isCancelled, let self else { return }
        collection.fail(error)
        session.note(error, of: Self.id) { [weak self] in self?.load() }
      }
    }
  }

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open: slug == nil ? .no(because: "There’s nothing to open.") : .yes
    case .run: .no(because: "Open the collection and choose a model to run.")
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open:
      guard let slug else { return .done }
      return .open(.collection(slug))
    case .move(let movement): scroll.move(movement)
    case .scroll(_, let rows): scroll.scroll(by: rows)
    case .refresh:
      if let slug { session.collections[slug] = nil }
      return .pass
    default: return .pass
    }
    return .done
  }

  public func drawn(_ size: DrawnSize) {
    if let changed = scroll.resized(size) { scroll = changed }
  }

  public func end() { activity.cancelAll() }
  public func settled() async { await activity.settled() }
}
