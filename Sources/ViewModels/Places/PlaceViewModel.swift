import ReplicateAPI

/// Somewhere the keys can go: a list, a model's page, a run, the log of calls, …
///
/// Navigator offers every command to the place in focus; no one else knows what a place does with it.
@MainActor
public protocol PlaceViewModel: AnyObject {
  var id: PlaceID { get }
  /// Whose name the pane has in its border, such as `Models`.
  var title: String { get }
  /// What is moved through, filtered and sorted, where the place is a list.
  var list: (any ListViewModel)? { get }
  /// What copy, open on the web, page and the preview beside a list are about.
  var subject: Subject? { get }
  /// The place that shows the row under the cursor, where that is a place of its own.
  var detail: (any PlaceViewModel)? { get }
  /// Whether what can be done here depends on the row under the cursor.
  var dependsOnCursor: Bool { get }
  /// Addresses that complete what was typed, for the command line.
  func completions(of text: String) -> [String]
  /// Whether printable keys are typed into something here.
  var isTyping: Bool { get }
  /// The modes whose keys come before those of the place itself, such as a form's.
  var modes: [KeyMode] { get }

  /// Loads what the place shows; asked for at the start and by the refresh key.
  func load()
  /// The place has the focus now; a list that grows elsewhere may look for news.
  func arrive()
  /// Whether a command can be had here now.
  func availability(of command: Command) -> Availability
  func perform(_ command: Command) -> Outcome
  /// Opens an address here; false where it is another place's.
  func open(_ address: Address) -> Bool
  /// Shows an address beside a list, without being asked to open it.
  func preview(_ address: Address) -> Bool
  func resize(_ extent: Extent)
  /// The place came onto the screen, or left it.
  func setVisible(_ isVisible: Bool)
  /// Called with what the pane found out while it drew, when that has changed.
  func drawn(_ size: DrawnSize)
  /// Cancels what is under way; the account is another one from here on.
  func end()
  /// Why the program can't be left without a question, if there is a reason.
  var unsaved: String? { get }
  /// Waits for what is under way; tests use it instead of sleeping.
  func settled() async
}

/// A mode that has keys of its own, wherever it occurs.
public struct KeyMode: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  public static let form = KeyMode(rawValue: "form")
  public static let formChoice = KeyMode(rawValue: "form-choice")
}

extension PlaceViewModel {
  public var list: (any ListViewModel)? { nil }
  public var detail: (any PlaceViewModel)? { nil }
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

/// What the keys act on where they are: the row under the cursor, the model, the run.
@MainActor
public struct Subject {
  /// What the copy key copies.
  public var text: () -> String?
  /// The page for people.
  public var address: String?
  /// What is read in the pager, under a file name.
  public var page: (() -> (name: String, text: String)?)?
  /// What is shown beside the list while the cursor rests here.
  public var preview: Address?
  /// Whether showing it costs a call, so that the cursor should rest first.
  public var isPreviewFetched: Bool

  public init(
    text: @autoclosure @escaping () -> String?, address: String? = nil,
    page: (() -> (name: String, text: String)?)? = nil, preview: Address? = nil,
    isPreviewFetched: Bool = false
  ) {
    self.text = text
    self.address = address
    self.page = page
    self.preview = preview
    self.isPreviewFetched = isPreviewFetched
  }
}

/// What the table of places says to the view-models about one of its rows.
public struct PlaceDescriptor: Sendable {
  public var id: PlaceID
  /// The place's name as a person reads it.
  public var title: String
  /// What opens it on the command line: `models`, `:log`.
  public var names: [String]
  /// The key that goes there from any pane.
  public var key: Character?
  public var desk: DeskID
  /// Whether it is offered by name; a place that shows what others choose isn't.
  public var isListed: Bool
  /// The commands that only this place knows.
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

/// The stable name of a desk: a screen that shows some places together.
public struct DeskID: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  /// Home: collections, models, a model, predictions and the live run.
  public static let browse = DeskID(rawValue: "browse")

  /// The desk of a list that is beside its detail.
  public static func list(_ place: PlaceID) -> DeskID { DeskID(rawValue: place.rawValue) }
}
