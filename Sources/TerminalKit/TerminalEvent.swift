/// What a terminal tells the program.
public enum TerminalEvent: Sendable, Equatable {
  case key(Key)
  case mouse(Mouse)
  /// Text pasted as one piece; it is never a key, whatever is in it.
  case paste(String)
  /// Whether the terminal has the keyboard.
  case focus(Bool)
  case resize(Size)
  case reply(TerminalReply)
}

/// A terminal's answer to a question that the program asked it.
public enum TerminalReply: Hashable, Sendable {
  /// DA1: what kind of terminal it is and what it has (4: sixel pictures).
  case deviceAttributes([Int])
  /// DECRQM: the state of a private mode; 0 means that the terminal doesn't know the mode.
  case mode(number: Int, state: Int)
  /// The kitty keyboard protocol's flags that are on.
  case keyboard(flags: Int)
  /// OSC 10, 11 or 4: a colour, 0…65535 each; `number` is 10 for the text, 11 for the background.
  case color(number: Int, red: Int, green: Int, blue: Int)
  /// CPR: where the cursor stands, from 0.
  case cursor(Point)
  /// A sequence of another kind, as it came, without its introducer and its end.
  case other(String)
}

/// Something done with the mouse.
public struct Mouse: Hashable, Sendable {
  public var kind: Kind
  /// The button pressed or let go; for the wheel it has no meaning.
  public var button: Button
  /// The cell, from 0.
  public var point: Point
  public var modifiers: Key.Modifiers
  /// 1, 2 or 3 presses in a row at one place.
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
