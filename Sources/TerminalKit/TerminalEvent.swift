/// An event from the terminal.
public enum TerminalEvent: Sendable, Equatable {
  case key(Key)
  case mouse(Mouse)
  /// Text that was pasted as a whole. Never interpreted as keys.
  case paste(String)
  /// Text that came as keys, but faster than a hand can type. Never interpreted as keys.
  case burst(String)
  /// Whether the terminal has the keyboard focus.
  case focus(Bool)
  case resize(Size)
  case reply(TerminalReply)
}

/// The terminal's reply to a query.
public enum TerminalReply: Hashable, Sendable {
  /// DA1: the terminal's type and features (4 means sixel graphics).
  case deviceAttributes([Int])
  /// DECRQM: the state of a private mode. 0 means that the terminal doesn't know the mode.
  case mode(number: Int, state: Int)
  /// The active flags of the kitty keyboard protocol.
  case keyboard(flags: Int)
  /// OSC 10, 11, or 4: a color, with components from 0 to 65535. `number` is 10 for the text and 11
  /// for the background.
  case color(number: Int, red: Int, green: Int, blue: Int)
  /// CPR: the position of the cursor, counted from 0.
  case cursor(Point)
  /// Any other sequence, without its introducer and terminator.
  case other(String)
}

/// A mouse event.
public struct Mouse: Hashable, Sendable {
  public var kind: Kind
  /// The button that was pressed or released. Has no meaning for the wheel.
  public var button: Button
  /// The cell, counted from 0.
  public var point: Point
  public var modifiers: Key.Modifiers
  /// The number of consecutive presses at one position, from 1 to 3.
  public var clickCount: Int

  public init(
    _ kind: Kind, button: Button = .left, at point: Point, modifiers: Key.Modifiers = [],
    clickCount: Int = 1
  ) {
    self.kind = kind
    self.button = button
    self.point = point
    self.modifiers = modifiers
    self.clickCount = clickCount
  }

  public enum Kind: Hashable, Sendable { case press, release, drag, wheelUp, wheelDown }
  public enum Button: Hashable, Sendable { case left, middle, right }
}
