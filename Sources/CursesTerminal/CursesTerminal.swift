import CNcurses
import Settings
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why the terminal can't be used, in words to act on.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

/// The terminal that the program was started in, drawn on through ncurses.
///
/// ncurses is used for output only: it finds the fewest bytes that turn one screen into the next.
/// `MainLoop` reads and parses the input. Every mode switched on here is switched off again in reverse
/// order, however the program ends.
@MainActor
public final class CursesTerminal: Terminal {
  public private(set) var size: Size
  public let widths: WidthTable
  public let borders: BorderSet
  public var hasMouse: Bool {
    didSet {
      guard hasMouse != oldValue, isActive, areModesOn else { return }
      write(hasMouse ? Self.mouseOn : Self.mouseOff)
    }
  }

  private let config: Settings.Config
  private let encoder: MessageEncoder
  private var cells: CellWriter
  private var shown: Canvas?
  private var isActive = true
  private var areModesOn = false
  private var isScreenForgotten = false
  private var savedModes: termios
  private var errors: ErrorLog?
  private var progress: TerminalProgress?

  private var isAsked = false
  private var isAnswered = false {
    didSet { nc_expect_answers(isAsked && !isAnswered) }
  }
  private var canSynchronize = false
  private var hasKittyKeys = false

  /// Bracketed paste and focus events.
  private static let modesOn = "\u{1B}[?2004h\u{1B}[?1004h"
  private static let modesOff = "\u{1B}[?1004l\u{1B}[?2004l"
  /// Mouse events including drags, with coordinates of any size.
  private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"
  private static let linkOff = "\u{1B}]8;;\u{1B}\\"
  private static let kittyKeysOn = "\u{1B}[>1u"
  private static let kittyKeysOff = "\u{1B}[<u"
  private static let synchronizedOn = "\u{1B}[?2026h"
  private static let synchronizedOff = "\u{1B}[?2026l"
  /// Queries: kitty keys, synchronized output, the background color, and DA1. Every terminal answers
  /// DA1; whatever it hasn't answered by then, it never will.
  private static let questions = "\u{1B}[?u\u{1B}[?2026$p\u{1B}]11;?\u{1B}\\\u{1B}[c"

  /// Starts full-screen mode.
  ///
  /// - Parameter logPath: where messages on stderr go while the screen is full; with nil they are kept
  ///   in memory and printed once the terminal is restored.
  public init(
    _ config: Settings.Config = Settings.Config(), logPath: String? = nil
  ) throws(TerminalError) {
    let facts = try TerminalFacts()
    self.config = config
    encoder = MessageEncoder(
      config: config, environment: System.environment(MessageEncoder.variables))
    hasMouse = config.mouse
    let isUTF8 = System.takeLocale()
    // Other terminals print the parts of a sequence that they don't understand.
    let usesLinks = config.links && facts.canBeAsked && encoder.passesLinks && isUTF8
    widths = isUTF8 ? System.widths : .builtIn
    borders = facts.borders(config.borders, isUTF8: isUTF8)

    savedModes = termios()
    guard tcgetattr(STDIN_FILENO, &savedModes) == 0, nc_start() else {
      throw TerminalError(
        description: "Couldn't start the full screen on a terminal of type “\(facts.name)”.")
    }
    cells = CellWriter(theme: facts.theme(config.theme), isUTF8: isUTF8, usesLinks: usesLinks)
    size = Size(width: Int(nc_columns()), height: Int(nc_rows()))
    if let actual = System.terminalSize(), actual != size {
      size = actual
      resizeterm(Int32(actual.height), Int32(actual.width))
    }
    let noProgress = String(decoding: encoder.bytes(for: .progress(nil)), as: UTF8.self)
    nc_prepare_rescue(
      noProgress + Self.synchronizedOff + (facts.canBeAsked ? Self.kittyKeysOff : "")
        + (usesLinks ? Self.linkOff : "") + Self.mouseOff + Self.modesOff, &savedModes)
    errors = ErrorLog(path: logPath)
    errors?.reportCrashes()
    captureErrors()
    isAnswered = !facts.canBeAsked
  }

  // MARK: Showing

  public func show(_ canvas: Canvas) {
    guard isActive else { return }
    cells.put(canvas, after: &shown, in: size, all: isScreenForgotten)
    if isScreenForgotten {
      nc_forget_screen()
      isScreenForgotten = false
    }
    if let cursor = canvas.cursor, Rect(size).contains(cursor) {
      nc_update(Int32(cursor.y), Int32(cursor.x))
    } else {
      nc_update(-1, 0)
    }
    if canSynchronize {
      nc_send(Self.synchronizedOn, Self.synchronizedOff)
    } else {
      nc_send("", "")
    }
    if !areModesOn { switchModesOn() }
  }

  public func repaint() {
    guard isActive else { return }
    _ = updateSize()
    isScreenForgotten = true
    if let shown { show(shown) }
  }

  /// Nothing is sent while another program has the terminal; progress is shown again afterwards.
  public func send(_ message: TerminalMessage) {
    if case .progress(let progress) = message {
      guard progress != self.progress else { return }
      self.progress = progress
    }
    guard isActive else { return }
    writeAll(encoder.bytes(for: message), to: STDOUT_FILENO)
  }

  /// Gets the size from the system.
  ///
  /// - Returns: whether it has changed.
  func updateSize() -> Bool {
    guard let now = System.terminalSize(), now != size else { return false }
    size = now
    resizeterm(Int32(now.height), Int32(now.width))
    forgetScreen()
    return true
  }

  /// Handles the terminal's answer to one of our queries.
  func handle(_ reply: TerminalReply) {
    switch reply {
    case .mode(number: 2026, let state): canSynchronize = state == 1 || state == 2
    case .keyboard:
      guard !hasKittyKeys, isActive, areModesOn else { return }
      hasKittyKeys = true
      write(Self.kittyKeysOn)
    case .color(number: 11, let red, let green, let blue):
      let isLight = (299 * red + 587 * green + 114 * blue) / 1000 > 32_767
      guard TerminalFacts.followsBackground(config.theme), isLight != cells.theme.isLight
      else {
        return
      }
      cells.theme.isLight = isLight
      if let shown {
        self.shown = nil
        show(shown)
      }
    case .deviceAttributes: isAnswered = true
    default: break
    }
  }

  // MARK: Leaving and coming back

  public func suspend() { suspend(wholeJob: true) }

  /// Stops the program until it is continued: its whole job, as Ctrl-Z does, or only this process if
  /// it alone received the signal.
  func suspend(wholeJob: Bool) {
    guard isActive else { return }
    awaitAnswers()
    leave()
    System.Signals.mask([SIGTSTP], how: SIG_UNBLOCK)
    isContinueExpected = true
    kill(wholeJob ? 0 : getpid(), SIGTSTP)
    System.Signals.mask([SIGTSTP], how: SIG_BLOCK)
    enter()
  }

  public func handOver() {
    guard isActive else { return }
    awaitAnswers()
    leave()
    isHandedOver = true
    isContinueExpected = false
  }

  public func takeBack() {
    guard isHandedOver else { return }
    isHandedOver = false
    if isLeaving {
      // The other program was ended, and may not have restored the terminal.
      nc_restore()
    } else {
      hasComeBack = true
      enter()
    }
  }

  public func pause(_ words: String) async {
    guard isHandedOver, !isLeaving, !isPaused else { return }
    var modes = savedModes
    modes.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
    write("\r\n" + TextLayout.sanitize(words))
    await withCheckedContinuation { pauseEnd = $0 }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &savedModes)
    write("\r\n")
  }

  /// Whether any key ends the pause.
  var isPaused: Bool { pauseEnd != nil }
  private var pauseEnd: CheckedContinuation<Void, Never>?

  /// Ends a pause. The key that did it has no other meaning.
  func endPause() {
    guard let end = pauseEnd else { return }
    pauseEnd = nil
    tcflush(STDIN_FILENO, TCIFLUSH)
    end.resume()
  }

  /// Whether the program is about to end: a terminal that is taken back is then restored right away.
  var isLeaving = false

  /// Whether another program has the terminal; the loop then neither reads nor draws.
  private(set) var isHandedOver = false
  private var hasComeBack = false

  /// Whether the terminal has been taken back since the last call.
  func hasJustComeBack() -> Bool {
    defer { hasComeBack = false }
    return hasComeBack
  }

  /// Input from while another program had the terminal, if that didn't read it. Returned only once.
  func inputFromMeanwhile() -> [UInt8] {
    defer { meanwhile = [] }
    return meanwhile
  }

  private var meanwhile: [UInt8] = []

  /// Whether the next SIGCONT belongs to a stop that has already been handled.
  private var isContinueExpected = false

  /// The program was stopped and continued from outside; the terminal may have changed meanwhile.
  func resume() {
    if isContinueExpected {
      isContinueExpected = false
      return
    }
    guard isActive else { return }
    nc_resume()
    switchModesOff()
    repaint()
  }

  /// Restores the terminal at the end of the program.
  func stop() {
    guard isActive else { return }
    awaitAnswers()
    leave()
  }

  private func enter() {
    isActive = true
    captureErrors()
    areModesOn = false
    nc_resume()
    collectInput()
    _ = updateSize()
    forgetScreen()
    if let shown { show(shown) }
    if progress != nil { writeAll(encoder.bytes(for: .progress(progress)), to: STDOUT_FILENO) }
  }

  /// Reads what was typed before our modes were back. Until then the line discipline turned the return
  /// key into a newline, which would be read as Ctrl-J.
  private func collectInput() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while poll(&descriptor, 1, 0) > 0, descriptor.revents & Int16(POLLIN) != 0 {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      guard count > 0 else { return }
      meanwhile += buffer[..<count].map { $0 == 0x0A ? 0x0D : $0 }
    }
  }

  private func leave() {
    if progress != nil { writeAll(encoder.bytes(for: .progress(nil)), to: STDOUT_FILENO) }
    switchModesOff()
    nc_end()
    tcsetattr(STDIN_FILENO, TCSADRAIN, &savedModes)
    isActive = false
    nc_disarm_rescue()
    errors?.end()
  }

  private func switchModesOff() {
    guard areModesOn else { return }
    if hasKittyKeys { write(Self.kittyKeysOff) }
    write(Self.mouseOff + Self.modesOff)
    areModesOn = false
  }

  private func switchModesOn() {
    areModesOn = true
    var text = Self.modesOn + (hasMouse ? Self.mouseOn : "")
    if hasKittyKeys { text += Self.kittyKeysOn }
    if !isAsked, !isAnswered {
      isAsked = true
      nc_expect_answers(true)
      text += Self.questions
    }
    write(text)
  }

  /// Waits for pending answers, which would otherwise end up on the shell's command line.
  private func awaitAnswers() {
    guard isAsked, !isAnswered else { return }
    var parser = InputParser()
    var buffer = [UInt8](repeating: 0, count: 4096)
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let end = ContinuousClock.now + .milliseconds(100)
    while !isAnswered, ContinuousClock.now < end, poll(&descriptor, 1, 20) >= 0 {
      guard descriptor.revents != 0 else { continue }
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      guard count > 0 else { return }
      // Keys typed in between are handled later.
      meanwhile += buffer[..<count]
      for case .reply(.deviceAttributes) in parser.feed(buffer[..<count]) { isAnswered = true }
    }
  }

  private func captureErrors() {
    errors?.begin()
    nc_arm_rescue()
  }

  private func forgetScreen() {
    isScreenForgotten = true
  }

  private func write(_ text: String) { writeAll(text.utf8, to: STDOUT_FILENO) }
}
