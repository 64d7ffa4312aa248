import ReplicateAPI

/// Everything a person can ask for; the key table, the mouse and the command line all end here.
public enum Command: Hashable, Sendable {
  // Where to be.
  case focus(Place)
  case focusNext
  case focusPrevious
  case zoom
  /// Makes the pane in focus larger or smaller; the screen's owner knows which border that moves.
  case resizePane(PaneStep)
  case moveBorder(PaneBorder, to: Double)
  case resetPanes
  case back
  case quit

  // Within a place.
  case move(Movement)
  case select(Place, row: Int)
  case scroll(Place, by: Int)
  case open
  case openAddress(Address)
  case selectTab(Place, Int)
  case nextTab
  case previousTab
  case filter
  case refresh

  // Running models.
  case run
  case rerun
  case cancelPrediction
  case openInBrowser
  /// Opens a web address that is on the screen.
  case openLink(String)

  // To other programs.
  case copy
  case copyAddress
  case page
  case editField

  // Typing.
  case edit(TextEdit)
  case form(FormCommand)
  case accept

  // Overlays.
  case help
  case goTo
  case enterToken
  case choose(Int)
  case nextChoice
  case previousChoice

  // The terminal itself; the screen's owner does these.
  case repaint
  case suspend
  case toggleMouse
}

/// A step of the selection or of the scrolled text.
public enum Movement: Hashable, Sendable {
  case up, down, pageUp, pageDown, start, end
}

/// One of the panes; where the keys go.
public enum Place: Int, CaseIterable, Hashable, Sendable {
  case collections = 1
  case models
  case detail
  case predictions
  case live
}
