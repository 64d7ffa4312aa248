/// The screen and keyboard, independent of the implementation.
@MainActor
public protocol Terminal: AnyObject {
  var size: Size { get }
  /// The widths of characters on this terminal.
  var widths: WidthTable { get }
  /// The characters to draw frames with on this terminal.
  var borders: BorderSet { get }
  /// Whether the app receives mouse events. Otherwise, the terminal uses the mouse to select text.
  var hasMouse: Bool { get set }

  /// Shows a frame. Only what differs from the previous frame is sent.
  func show(_ canvas: Canvas)
  /// Redraws the last frame from scratch, in case something else wrote over it.
  func repaint()
  /// Restores the terminal for the shell and suspends the process.
  func suspend()
  /// Lends the terminal to another program until `takeBack()`. Until then nothing is read or drawn,
  /// but the app keeps running.
  func handOver()
  func takeBack()
  /// Writes a line on the screen of the program that had the terminal, and waits for a key, so that
  /// the program's output can be read. Does nothing unless the terminal is handed over.
  func pause(_ words: String) async
  /// Sends a message that isn't part of a frame. Repeated progress values aren't sent again.
  func send(_ message: TerminalMessage)
}

/// A full-screen app that the main loop runs.
@MainActor
public protocol TerminalApplication: AnyObject {
  /// Called once, before the first frame.
  func start(on terminal: any Terminal)
  func handle(_ event: TerminalEvent)
  /// Whether anything shown in the last frame has changed.
  var needsFrame: Bool { get }
  /// The frame to show, in the terminal's size.
  func frame() -> Canvas
  /// When to draw the next frame even if nothing happens, because something on the screen moves.
  /// Nil lets the process sleep.
  var nextDeadline: ContinuousClock.Instant? { get }
  var isFinished: Bool { get }
  /// Called for a signal (HUP, TERM, INT, QUIT). Quit without asking for confirmation.
  func terminate(_ signal: Int32)
}
