import ReplicateAPI

/// Anything that can have the focus: a list, a model's page, a run, the call log, …
///
/// Navigator offers every command to the focused place. Only the place knows what to do with it.
@MainActor
public protocol PlaceViewModel: AnyObject {
  var id: PlaceID { get }
  /// The title in the pane's border, such as `Models`.
  var title: String { get }
  /// The list to move through, filter, and sort, if the place has one.
  var list: (any ListViewModel)? { get }
  /// The target of copying, opening on the web, paging, and previewing.
  var subject: Subject? { get }
  /// What to show next to the list while the cursor rests here. Read after every command, so it has
  /// to be cheap.
  var previewed: Preview? { get }
  /// The place that shows the details of the selected row, if there is a separate one.
  var detail: (any PlaceViewModel)? { get }
  /// Whether the available commands depend on the selected row.
  var dependsOnCursor: Bool { get }
  /// Addresses that complete the typed text in the palette.
  func completions(of text: String) -> [String]
  /// Whether printable keys are typed as text here.
  var isTyping: Bool { get }
  /// The active modes, such as a form. Their keys take precedence over the place's own.
  var modes: [KeyMode] { get }

  /// Loads the contents. Called at the start and by the refresh command.
  func load()
  /// Called when the place receives the focus. A list that changes elsewhere can refresh itself.
  func arrive()
  /// Whether a command is available here now.
  func availability(of command: Command) -> Availability
  func perform(_ command: Command) -> Outcome
  /// Opens an address. Returns false if it isn't for this place.
  func open(_ address: Address) -> Bool
  /// Shows the address that is selected in a list, without opening it.
  func preview(_ address: Address) -> Bool
  func resize(_ extent: Extent)
  /// Called when the place becomes visible or hidden.
  func setVisible(_ isVisible: Bool)
  /// Called when the size that the pane measured while drawing has changed.
  func drawn(_ size: DrawnSize)
  /// Cancels everything in progress, because the session has ended.
  func end()
  /// Why quitting needs a confirmation, if it does.
  var unsaved: String? { get }
  /// Waits for everything in progress. Tests use it instead of sleeping.
  func settled() async
}

/// A mode with its own keys, in whichever place it occurs.
public struct KeyMode: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  public static let form = KeyMode(rawValue: "form")
  /// A form about the account, which is sent and not run.
  public static let properties = KeyMode(rawValue: "properties")
  public static let formChoice = KeyMode(rawValue: "form-choice")
  public static let formJSON = KeyMode(rawValue: "form-json")
  public static let formExpanded = KeyMode(rawValue: "form-expanded")
  public static let formList = KeyMode(rawValue: "form-list")
  public static let formPicker = KeyMode(rawValue: "form-picker")
  public static let formFile = KeyMode(rawValue: "form-file")
}

extension PlaceViewModel {
  /// Goes to what is shown about the selected row of the place's list.
  func openDetail<Row>(of list: PagedList<Row>) -> Outcome {
    list.stopFilter()
    guard list.selected != nil, let detail else { return .done }
    return .open(.place(detail.id))
  }

  public var list: (any ListViewModel)? { nil }
  public var detail: (any PlaceViewModel)? { nil }
  public var previewed: Preview? { nil }
  public var dependsOnCursor: Bool { false }
  public func completions(of text: String) -> [String] { [] }
  public var isTyping: Bool { list?.isTyping ?? false }
  public var modes: [KeyMode] { [] }
  public var unsaved: String? { nil }
  public func arrive() {}
  public func open(_ address: Address) -> Bool { false }
  public func preview(_ address: Address) -> Bool { false }
  public func resize(_ extent: Extent) { list?.setHeight(extent.rows) }
  public func drawn(_ size: DrawnSize) {}
  public func setVisible(_ isVisible: Bool) {}
  public func end() {}
}

/// The thing that commands act on: the selected row, the model, the run.
@MainActor
public struct Subject {
  /// The text that the copy command copies.
  public var text: () -> String?
  /// The URL of its web page.
  public var address: String?
  /// The text for the pager, with a file name.
  public var page: (() -> (name: String, text: String)?)?
  public init(
    text: @autoclosure @escaping () -> String?, address: String? = nil,
    page: (() -> (name: String, text: String)?)? = nil
  ) {
    self.text = text
    self.address = address
    self.page = page
  }
}

/// What to show next to a list.
public struct Preview: Hashable, Sendable {
  public var address: Address
  /// Whether it requires an API call, so that the cursor should rest first.
  public var isFetched: Bool

  public init(_ address: Address, isFetched: Bool) {
    self.address = address
    self.isFetched = isFetched
  }
}

/// What the view-models need to know about a row in the table of places.
public struct PlaceDescriptor: Sendable {
  public var id: PlaceID
  /// The place's display name.
  public var title: String
  /// Names that open it in the palette: `models`, `log`.
  public var names: [String]
  /// The key that goes there from any pane.
  public var key: Character?
  public var desk: DeskID
  /// Whether it can be opened by name. A place that only shows what others select can't.
  public var isListed: Bool
  /// The place's own commands.
  public var commands: [CommandRow]
  public var make: @MainActor @Sendable (Session) -> any PlaceViewModel

  public init(
    id: PlaceID, title: String, names: [String], key: Character? = nil, desk: DeskID,
    isListed: Bool = true, commands: [CommandRow] = [],
    make: @escaping @MainActor @Sendable (Session) -> any PlaceViewModel
  ) {
    self.id = id
    self.title = title
    self.names = names
    self.key = key
    self.desk = desk
    self.isListed = isListed
    self.commands = commands
    self.make = make
  }
}

/// The stable name of a desk: a screen that shows several places together.
public struct DeskID: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  /// Home: collections, models, a model, predictions, and the live run.
  public static let browse = DeskID(rawValue: "browse")

  /// The desk of a list with its detail.
  public static func list(_ place: PlaceID) -> DeskID { DeskID(rawValue: place.rawValue) }
}
