import ReplicateAPI

/// The stable name of something a person can ask for, such as `open` or `log.copy-curl`.
///
/// The config file's `[keys]` uses these names, so they don't change once they are released.
public struct CommandID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }

  public var description: String { rawValue }
}

/// Everything a person can ask for. Keys, mouse, palette and command line all end here.
public enum Command: Hashable, Sendable {
  // Where to be.
  case focus(PlaceID)
  case focusNext
  case focusPrevious
  case zoom
  /// Makes the pane in focus larger or smaller; the screen knows which border that moves.
  case resizePane(PaneStep)
  case moveBorder(BorderID, to: Double)
  /// The mouse released a border, or a key moved one: remember where the borders are.
  case keepBorders
  case resetPanes
  case back
  /// Ctrl-C: one step back; twice in a row leaves.
  case interrupt
  case quit
  case leave
  case cancelAllAndLeave

  // Within a place.
  case move(Movement)
  case select(PlaceID, row: Int)
  case scroll(PlaceID, by: Int)
  case open
  case openAddress(Address)
  /// Opens a web address that is on the screen.
  case openLink(String)
  case selectTab(PlaceID, Int)
  case nextTab
  case previousTab
  case filter
  case refresh
  case chooseColumns
  /// Sorts a list by one of its columns; a second time reverses the order.
  case sort(PlaceID, column: String)
  case toggleColumn(PlaceID, column: String)

  // Running models.
  case run
  /// Sends the form again although the same input was sent a moment ago.
  case runAgain
  case rerun
  case cancel
  case cancelRun(Prediction.ID)

  // To other programs.
  case openOnWeb
  case copy
  case copyAddress
  case page
  case editText

  // Typing.
  case edit(TextEdit)
  case form(FormCommand)
  case accept

  // What lies over the panes.
  case help
  /// The list of every command; text that is typed into it may also be an address to open.
  case palette
  case enterToken
  case keepToken
  case choose(Int)
  /// Chooses a row and does it: a double click.
  case chooseAndAccept(Int)
  case nextChoice
  case previousChoice
  case toggle
  /// Clears what was said; for a key that means nothing here.
  case dismiss

  // What only one place knows.
  case own(CommandID)

  // The terminal itself; the screen does these.
  case repaint
  case suspend
  case toggleMouse

  // What the screen has to say: where everything is, and whether the keyboard is here.
  case laidOut(ScreenLayout)
  case drawn(PlaceID, DrawnSize)
  case terminalFocus(Bool)
  case tell(Notice)
}

/// A step of the selection or of the scrolled text.
public enum Movement: Hashable, Sendable {
  case up, down, pageUp, pageDown, start, end
}

/// The stable name of a place, such as `models`.
public struct PlaceID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }

  public var description: String { rawValue }
}

/// The rows and columns that a place has on the screen.
public struct Extent: Hashable, Sendable {
  public var rows: Int
  public var columns: Int

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }
}

/// What a pane found out while it drew: how long its text is, or how its form is set.
public enum DrawnSize: Hashable, Sendable {
  /// The rows of a text, of which `height` can be seen.
  case text(rows: Int, height: Int)
  case form(fieldsPerPage: Int, textColumns: Int)
}

/// What the screen has room for now.
public struct ScreenLayout: Hashable, Sendable {
  /// The places that can be seen, with the room for their lists or texts.
  public var visible: [PlaceID: Extent]
  /// Whether a pane can grow to half of the screen before it takes all of it.
  public var hasRoomForHalf: Bool
  /// How many rows the list of an overlay has room for.
  public var overlayRows: Int

  public init(visible: [PlaceID: Extent], hasRoomForHalf: Bool, overlayRows: Int) {
    self.visible = visible
    self.hasRoomForHalf = hasRoomForHalf
    self.overlayRows = overlayRows
  }
}

/// Whether something can be asked for here and now.
public enum Availability: Hashable, Sendable {
  case yes
  /// Why it can't be had now, in words to show.
  case no(because: String)
  /// Somebody else's command.
  case notMine
}

/// What became of a command.
public enum Outcome: Hashable, Sendable {
  case done
  /// It means nothing here; the next one in line is asked.
  case pass
  case open(Address)
  /// Done here, and back to where the person came from.
  case back
}
