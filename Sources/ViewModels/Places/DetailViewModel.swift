import Observation

/// A piece of information about a row.
public enum DetailBlock: Hashable, Sendable {
  case heading(String)
  case text(String)
  case fact(name: String, value: String, link: String? = nil)
  case code(String)
  /// Values over time, the oldest first, with what there is to say about them.
  case chart(name: String, values: [Double?], note: String)
  case blank
}

/// The place next to a list, with details of the selected row.
@MainActor @Observable
public final class DetailViewModel: PlaceViewModel {
  public let id: PlaceID
  public let title: String
  public private(set) var scroll = TextScroll()
  @ObservationIgnored private weak var owner: (any PlaceViewModel)?
  @ObservationIgnored private let content: @MainActor () -> [DetailBlock]

  /// - Parameter content: The details of the selected row, empty if there is none.
  init(
    of owner: any PlaceViewModel, title: String,
    content: @escaping @MainActor () -> [DetailBlock]
  ) {
    id = PlaceID("\(owner.id).detail")
    self.owner = owner
    self.title = title
    self.content = content
  }

  public var blocks: [DetailBlock] { content() }

  /// Incremented whenever the list's cursor moves, because the cursor isn't observed.
  public var moves: Int { owner?.list?.moves ?? 0 }

  public var subject: Subject? { owner?.subject }

  public func load() { owner?.load() }

  public func availability(of command: Command) -> Availability {
    owner?.availability(of: command) ?? .notMine
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .move(let movement): scroll.move(movement)
    case .scroll(_, let rows): scroll.scroll(by: rows)
    case .back: return .pass
    case .select, .filter, .edit, .accept: return .pass
    default: return owner?.perform(command) ?? .pass
    }
    return .done
  }

  public func drawn(_ size: DrawnSize) {
    if let changed = scroll.resized(size) { scroll = changed }
  }

  /// Resets the scroll position after another row is selected.
  func reset() {
    if scroll.top != 0 { scroll.reset() }
  }

  public func settled() async {}
}
