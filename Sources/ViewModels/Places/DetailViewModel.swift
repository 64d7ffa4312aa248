import Observation

/// A piece of what is known about a row of a list.
public enum DetailBlock: Hashable, Sendable {
  case heading(String)
  case text(String)
  case fact(name: String, value: String, link: String? = nil)
  case code(String)
  case blank
}

/// The place beside a list: what is known about the row under its cursor.
@MainActor @Observable
public final class DetailViewModel: PlaceViewModel {
  public let id: PlaceID
  public let title: String
  public private(set) var scroll = TextScroll()
  @ObservationIgnored private weak var owner: (any PlaceViewModel)?
  @ObservationIgnored private let content: @MainActor () -> [DetailBlock]

  /// - Parameter content: what is known about the selected row; empty without one.
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

  /// Incremented whenever the cursor of the list moves, which isn't observed.
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

  /// The row under the cursor is another one.
  func reset() {
    if scroll.top != 0 { scroll.reset() }
  }

  public func settled() async {}
}
