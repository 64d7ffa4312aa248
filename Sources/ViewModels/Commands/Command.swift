import ReplicateAPI
import Running

/// The stable name of a command, such as `open` or `log.copy-curl`.
///
/// The config file's `[keys]` uses these names, so they must not change once released.
public struct CommandID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }

  public var description: String { rawValue }
}

/// Everything the user can request. Keys, mouse, palette, and command line all end here.
public enum Command: Hashable, Sendable {
  // Navigation.
  case focus(PlaceID)
  case focusNext
  case focusPrevious
  case zoom
  /// Makes the focused pane larger or smaller. The screen knows which border to move.
  case resizePane(PaneStep)
  case moveBorder(BorderID, to: Double)
  /// Saves the borders' positions after the mouse or a key has moved one.
  case saveBorders
  case resetPanes
  case back
  /// Ctrl-C: one step back; pressed twice in a row, quits.
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
  /// Opens a web address shown on the screen.
  case openLink(String)
  case selectTab(PlaceID, Int)
  case nextTab
  case previousTab
  case filter
  case refresh
  case chooseColumns
  /// Sorts a list by a column, or reverses the order if it's already sorted by it.
  case sort(PlaceID, column: String)
  case toggleColumn(PlaceID, column: String)

  // Runs.
  case run
  /// Sends the form about something of the account.
  case send
  /// Sends the form after questions that the user has answered with yes.
  case runDespite(RunConsent, question: Int)
  case rerun
  case cancel
  case cancelRun(Prediction.ID)
  /// Acts on a group of runs, after a question.
  case group(GroupCommand)

  // Other programs.
  case openOnWeb
  case copy
  case copyAddress
  case page
  case editText
  /// Reads a text that an editor may still have open, or discards it.
  case finishEdit(Int, reading: Bool)

  // Text editing.
  case edit(TextEdit)
  case form(FormCommand)
  case request(RequestCommand)
  /// In the file chooser.
  case files(FileChooserCommand)
  /// Where a form's values come from, and how it is run.
  case values(ValuesCommand)
  case accept

  // Overlays.
  case help
  /// The list of all commands. It also accepts addresses to open.
  case palette
  /// Opens the palette with text that was pasted where nothing is typed.
  case offer(String, isSearch: Bool)
  case enterToken
  case saveToken
  /// Uses the token that another program keeps.
  case useOfferedToken
  /// Reads the token of a profile of the config, and switches to it.
  case useProfile(String)
  /// Uses the token that was entered, or the profile, after a question.
  case switchAccount
  case choose(Int)
  /// Selects a row and accepts it, as a double click does.
  case chooseAndAccept(Int)
  case nextChoice
  case previousChoice
  case toggle
  /// Clears the current notice after a key that has no other meaning here.
  case dismiss

  // Commands that only one place knows.
  case own(CommandID)

  // Commands for the terminal, which the screen performs.
  case repaint
  case suspend
  case toggleMouse

  // Reports from the screen: the layout, and whether the terminal has the keyboard focus.
  case laidOut(ScreenLayout)
  case drawn(PlaceID, DrawnSize)
  case terminalFocus(Bool)
  case notify(Notice)
}

extension Command {
  /// Whether it can cost money, lose something, or end the program, at once or by answering a
  /// question. Nothing like that is done right after a burst of keys that no hand can type.
  public var isRisky: Bool {
    switch self {
    case .run, .send, .runDespite, .cancelRun, .quit, .interrupt, .leave, .cancelAllAndLeave,
      .saveToken,
      .useOfferedToken,
      .useProfile, .switchAccount, .finishEdit, .choose, .chooseAndAccept, .accept, .resetPanes,
      .suspend:
      true
    case .form(.unset), .form(.resetAll), .request(.take), .group: true
    case .values(let command): command.isRisky
    case .focus, .focusNext, .focusPrevious, .zoom, .resizePane, .moveBorder, .saveBorders, .back,
      .move, .select, .scroll, .open, .openAddress, .openLink, .selectTab, .nextTab, .previousTab,
      .filter, .refresh, .chooseColumns, .sort, .toggleColumn, .rerun, .cancel, .openOnWeb, .copy,
      .copyAddress, .page, .editText, .edit, .form, .request, .files, .help, .palette, .offer,
      .enterToken,
      .nextChoice, .previousChoice, .toggle, .dismiss, .own, .repaint, .toggleMouse, .laidOut,
      .drawn, .terminalFocus, .notify:
      false
    }
  }

  /// The place that the command is for, whether or not it has the focus.
  var addressee: PlaceID? {
    switch self {
    case .select(let id, _), .scroll(let id, _), .selectTab(let id, _), .sort(let id, _),
      .toggleColumn(let id, _):
      id
    // The question may have come while another place had the focus.
    case .runDespite, .finishEdit: ModelViewModel.id
    default: nil
    }
  }
}

/// What can be done about a group of runs.
public enum GroupCommand: Hashable, Sendable {
  /// Sends what hasn't been sent yet. Members in doubt stay as they are.
  case goOn(PredictionGroup.ID)
  /// Sends members in doubt again, and what hasn't been sent yet.
  case sendAgain(PredictionGroup.ID)
  case cancel(PredictionGroup.ID)
}

/// A movement of the selection or of scrolled text.
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

/// The size of a place's content on the screen.
public struct Extent: Hashable, Sendable {
  public var rows: Int
  public var columns: Int

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }
}

/// What a pane learned while drawing: the length of its text, or the layout of its form.
public enum DrawnSize: Hashable, Sendable {
  /// The total number of rows, and how many of them are visible.
  case text(rows: Int, height: Int)
  case form(fieldsPerPage: Int, textColumns: Int)
}

/// What the screen has space for.
public struct ScreenLayout: Hashable, Sendable {
  /// The visible places, with the size of each one's list or text.
  public var visible: [PlaceID: Extent]
  /// Whether a pane can be zoomed to half of the screen before it fills all of it.
  public var hasRoomForHalf: Bool
  /// How many rows the list of an overlay has.
  public var overlayRows: Int
  /// The size of the text in the request's overlay.
  public var request: Extent

  public init(
    visible: [PlaceID: Extent], hasRoomForHalf: Bool, overlayRows: Int,
    request: Extent = Extent(rows: 10, columns: 60)
  ) {
    self.visible = visible
    self.hasRoomForHalf = hasRoomForHalf
    self.overlayRows = overlayRows
    self.request = request
  }
}

/// Whether a command is available here and now.
public enum Availability: Hashable, Sendable {
  case yes
  /// Unavailable, with the reason to show the user.
  case no(because: String)
  /// Not a command of this place.
  case notMine
}

/// The result of offering a command to a place.
public enum Outcome: Hashable, Sendable {
  case done
  /// Has no meaning here; the next responder gets it.
  case pass
  case open(Address)
  /// Done, and the user should go back to the previous place.
  case back
}
