/// The screen and keyboard as a program sees them, whatever is behind them.
@MainActor
public protocol Terminal: AnyObject {
  var size: Size { get }
  /// How wide characters are on this terminal.
  var widths: WidthTable { get }
  /// What frames are drawn with on this terminal.
  var borders: BorderSet { get }
  /// Whether the mouse is the program's; where it isn't, the terminal selects text with it.
  var hasMouse: Bool { get set }

  /// Shows a frame; only what differs from the last one is sent.
  func show(_ canvas: Canvas)
  /// Shows the last frame again from nothing, whatever a stranger has written over it.
  func repaint()
  /// Gives the terminal back to the shell and stops the program until it is continued.
  func suspend()
  /// Gives the terminal to another program until `takeBack()`: nothing is read or drawn meanwhile,
  /// while the program's own work goes on.
  func handOver()
  func takeBack()
  /// Tells the terminal something that isn't drawn. Progress that it shows already is no news.
  func send(_ message: TerminalMessage)
}

/// A full-screen program: what the main loop drives.
@MainActor
public protocol TerminalApplication: AnyObject {
  /// Called once, before the first frame.
  func start(on terminal: any Terminal)
  func handle(_ event: TerminalEvent)
  /// Whether something that the last frame showed has changed.
  var needsFrame: Bool { get }
  /// What to show, in the terminal's size.
  func frame() -> Canvas
  /// When the next frame is due although nothing happens, because something moves on the screen;
  /// nil lets the program sleep.
  var nextDeadline: ContinuousClock.Instant? { get }
  var isFinished: Bool { get }
  /// A signal from outside (HUP, TERM, INT, QUIT): leave now, and never ask.
  func terminate(_ signal: Int32)
}
