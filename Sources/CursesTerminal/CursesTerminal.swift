import CNcurses
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why no terminal can be had, in words to act on.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

/// The terminal that the program was started in, drawn on through ncurses.
///
/// ncurses does output only: it finds the fewest bytes that turn one screen into the next. Input is
/// read and parsed by `MainLoop`. Whatever is switched on here is switched off again in reverse
/// order on every way out.
@MainActor
public final class CursesTerminal: Terminal {
  public private(set) var size: Size
  public let widths: WidthTable
  public let borders: BorderSet
  public var hasMouse: Bool {
    didSet {
      guard hasMouse != oldValue, areModesOn else { return }
      write(hasMouse ? Self.mouseOn : Self.mouseOff)
    }
  }

  private let isUTF8: Bool
  /// Whether the terminal's own background decides between dark and light.
  private let followsBackground: Bool
  private var theme: CursesTheme
  private var palette = Palette()
  private var shown: Canvas?
  /// Whether the terminal is ours; false while another program has it.
  private(set) var isActive = true
  private let receiver: TerminalMessage.Receiver
  private var shownProgress: TerminalProgress?
  private var areModesOn = false
  private var isScreenForgotten = false
  private var savedModes: termios
  private var errors: CapturedErrors?

  private var isAsked = false
  private var isAnswered = false
  private var canSynchronize = false
  private var hasKittyKeys = false

  /// Paste in brackets, focus, and the mouse with drags, in numbers of any size.
  private static let modesOn = "\u{1B}[?2004h\u{1B}[?1004h"
  private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"
  private static let modesOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1004l\u{1B}[?2004l"
  private static let kittyKeysOn = "\u{1B}[>1u"
  private static let kittyKeysOff = "\u{1B}[<u"
  private static let synchronizedOn = "\u{1B}[?2026h"
  private static let synchronizedOff = "\u{1B}[?2026l"
  /// Kitty keys? Synchronized output? The background's colour? DA1 comes last: every terminal
  /// answers it, so that whatever hasn't been answered before it won't be.
  private static let questions = "\u{1B}[?u\u{1B}[?2026$p\u{1B}]11;?\u{1B}\\\u{1B}[c"

  /// Starts the full screen.
  public init(_ preferences: TerminalPreferences = .init()) throws(TerminalError) {
    let name = System.environment("TERM") ?? ""
    hasMouse = preferences.usesMouse
    receiver = TerminalMessage.Receiver(preferences, environment: System.environment)
    try Self.check(name)
    isUTF8 = System.takeLocale()
    widths = isUTF8 ? System.widths : .builtIn
    followsBackground = preferences.theme == .auto
    borders = isUTF8 ? Self.borders(preferences.borders, for: name) : .ascii

    savedModes = termios()
    guard tcgetattr(STDIN_FILENO, &savedModes) == 0, nc_start() else {
      throw TerminalError(
        description: "Couldn't start the full screen on a terminal of type “\(name)”.")
    }
    let isLight =
      preferences.theme == .light
      || preferences.theme == .auto
        && Self.isLightByEnvironment(System.environment("COLORFGBG"))
    theme = CursesTheme(
      depth: preferences.theme == .mono ? .mono : Self.depth(), isLight: isLight)
    size = Size(width: Int(nc_columns()), height: Int(nc_rows()))
    nc_prepare_rescue(
      TerminalMessage.progress(nil).sequence(for: receiver) + Self.synchronizedOff
        + Self.kittyKeysOffIfAny(name) + Self.modesOff, &savedModes)
    errors = CapturedErrors(log: preferences.logPath)
    preferences.logPath.map { nc_name_log($0) }
    captureErrors()
    isAnswered = !Self.canAsk(name)
  }

  // MARK: Showing

  public func show(_ canvas: Canvas) {
    guard isActive else { return }
    if canSynchronize { write(Self.synchronizedOn) }
    putDifference(from: shown, to: canvas)
    shown = canvas
    if isScreenForgotten {
      nc_forget_screen()
      isScreenForgotten = false
    }
    if let cursor = canvas.cursor, Rect(size).contains(cursor) {
      nc_update(Int32(cursor.y), Int32(cursor.x))
    } else {
      nc_update(-1, 0)
    }
    if canSynchronize { write(Self.synchronizedOff) }
    if !areModesOn { switchModesOn() }
  }

  public func repaint() {
    guard isActive else { return }
    _ = updateSize()
    isScreenForgotten = true
    if let shown { show(shown) }
  }

  public func send(_ message: TerminalMessage) {
    if case .progress(let progress) = message { shownProgress = progress }
    guard isActive else { return }
    write(message.sequence(for: receiver))
  }

  /// Asks the system for the size; true if it has changed.
  func updateSize() -> Bool {
    guard let now = System.terminalSize(), now != size else { return false }
    size = now
    resizeterm(Int32(now.height), Int32(now.width))
    forgetScreen()
    return true
  }

  /// A terminal has answered one of our questions.
  func handle(_ reply: TerminalReply) {
    switch reply {
    case .mode(number: 2026, let state): canSynchronize = state == 1 || state == 2
    case .keyboard:
      guard !hasKittyKeys, isActive, areModesOn else { return }
      hasKittyKeys = true
      write(Self.kittyKeysOn)
    case .color(number: 11, let red, let green, let blue):
      let isLight = (299 * red + 587 * green + 114 * blue) / 1000 > 32_767
      guard followsBackground, isLight != theme.isLight else { return }
      theme.isLight = isLight
      palette = Palette()
      if let shown {
        self.shown = nil
        show(shown)
      }
    case .deviceAttributes: isAnswered = true
    default: break
    }
  }

  private func putDifference(from old: Canvas?, to new: Canvas) {
    let width = min(new.size.width, size.width)
    let height = min(new.size.height, size.height)
    let comparable = old.flatMap { $0.size == new.size ? $0 : nil }
    if comparable == nil { nc_blank_screen() }
    for y in 0..<height {
      if let comparable {
        new.forEachChange(from: comparable, row: y) { put(new, y, $0.clamped(to: 0..<width)) }
      } else {
        put(new, y, 0..<width)
      }
    }
  }

  private func put(_ canvas: Canvas, _ y: Int, _ span: Range<Int>) {
    guard !span.isEmpty else { return }
    canvas.withRow(y) {
      put(UnsafeBufferPointer(rebasing: $0[..<min($0.count, size.width)]), span, y)
    }
  }

  private func put(_ row: UnsafeBufferPointer<Cell>, _ span: Range<Int>, _ y: Int) {
    withUnsafeTemporaryAllocation(of: nc_cell.self, capacity: span.count) { cells in
      var style: Style?
      var look = Palette.Entry()
      for (index, column) in span.enumerated() {
        let cell = row[column]
        if cell.style != style {
          style = cell.style
          look = palette.entry(for: cell.style, in: theme)
        }
        var characters = (cell.base, cell.firstMark, cell.secondMark)
        if cell.width == 2, column + 1 == row.count { characters = (0x20, 0, 0) }
        if !isUTF8, characters.0 > 0x7E { characters = (Self.ascii(characters.0), 0, 0) }
        cells[index] = nc_cell(
          characters: characters, attributes: look.attributes, pair: look.pair)
      }
      nc_put(Int32(y), Int32(span.lowerBound), cells.baseAddress, Int32(span.count))
    }
  }

  /// What stands for a character where only ASCII can be shown.
  private static func ascii(_ value: UInt32) -> UInt32 {
    let character: Unicode.Scalar =
      switch value {
      case 0x2500, 0x2501, 0x2504, 0x2013, 0x2014: "-"
      case 0x2502, 0x2503, 0x258F...0x2595: "|"
      case 0x250C...0x254B, 0x256D...0x2570: "+"
      case 0x2588...0x258E, 0x2593: "#"
      case 0x2591, 0x2592, 0x2026, 0xB7, 0x2022: "."
      case 0x2713, 0x2714: "v"
      case 0x2715...0x2718, 0xD7: "x"
      case 0x25B6...0x25BB, 0x203A, 0x2192: ">"
      case 0x25C0...0x25C5, 0x2039, 0x2190: "<"
      case 0x25CF, 0x25C6, 0x2605: "*"
      case 0x25CB, 0x25C7, 0x2606: "o"
      case 0x2191: "^"
      case 0x2193: "v"
      case 0x2018, 0x2019: "'"
      case 0x201C, 0x201D: "\""
      default: "?"
      }
    return character.value
  }

  // MARK: Leaving and coming back

  public func suspend() { suspend(wholeJob: true) }

  /// Stops the program until it is continued: with everything in its job, as Ctrl-Z does, or alone
  /// when the signal was meant for this process.
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
  }

  public func takeBack() {
    guard !isActive else { return }
    enter()
    hasHandedOver = true
  }

  /// Whether another program has had the terminal; what was typed at it is not for us.
  private(set) var hasHandedOver = false

  func forgetHandOver() { hasHandedOver = false }

  /// Whether the next SIGCONT ends a stop that we have already come back from.
  private var isContinueExpected = false

  /// Somebody has continued the program, and may have changed the terminal while it was stopped.
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

  /// Restores the terminal for good.
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
    _ = updateSize()
    forgetScreen()
    if let shown { show(shown) }
  }

  private func leave() {
    switchModesOff()
    endwin()
    tcsetattr(STDIN_FILENO, TCSADRAIN, &savedModes)
    isActive = false
    nc_disarm_rescue()
    errors?.end()
  }

  private func switchModesOff() {
    guard areModesOn else { return }
    if hasKittyKeys { write(Self.kittyKeysOff) }
    if shownProgress != nil {
      write(TerminalMessage.progress(nil).sequence(for: receiver))
    }
    write(Self.modesOff)
    areModesOn = false
  }

  private func switchModesOn() {
    areModesOn = true
    var text = Self.modesOn
    if hasMouse { text += Self.mouseOn }
    if shownProgress != nil {
      text += TerminalMessage.progress(shownProgress).sequence(for: receiver)
    }
    if hasKittyKeys { text += Self.kittyKeysOn }
    if !isAsked, !isAnswered {
      isAsked = true
      text += Self.questions
    }
    write(text)
  }

  /// Answers still on their way would be typed at the shell.
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
      for case .reply(.deviceAttributes) in parser.feed(buffer[..<count]) { isAnswered = true }
    }
  }

  private func captureErrors() {
    errors?.begin()
    let descriptors = errors?.descriptors
    nc_arm_rescue(
      descriptors?.file ?? -1, Int(descriptors?.start ?? 0), descriptors?.original ?? -1)
  }

  private func forgetScreen() {
    isScreenForgotten = true
  }

  private func write(_ text: String) { writeAll(text.utf8, to: STDOUT_FILENO) }

  // MARK: What the terminal can do

  private static func check(_ name: String) throws(TerminalError) {
    guard isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 else {
      throw TerminalError(
        description: "This needs a terminal: its input and output can't be a pipe or a file.")
    }
    guard !name.isEmpty else {
      throw TerminalError(
        description: "TERM isn't set: set it to your terminal's type, for example xterm-256color.")
    }
    guard name != "dumb", name != "unknown", nc_can_show(name) else {
      throw TerminalError(
        description: "A terminal of type “\(name)” can't show a full screen: "
          + "set TERM to your terminal's type, for example xterm-256color.")
    }
  }

  private static func borders(
    _ chosen: TerminalPreferences.Borders, for name: String
  ) -> BorderSet {
    switch chosen {
    case .rounded: return .rounded
    case .plain: return .plain
    case .ascii: return .ascii
    case .auto: break
    }
    if ["vt", "ansi", "sun", "wy", "cons", "pc"].contains(where: name.hasPrefix) { return .ascii }
    // The console's font has no rounded corners.
    return name == "linux" ? .plain : .rounded
  }

  private static func depth() -> CursesTheme.Depth {
    if let value = System.environment("NO_COLOR"), !value.isEmpty { return .mono }
    guard has_colors() else { return .mono }
    return switch nc_colors() {
    case ..<8: .mono
    case 8..<16: .basic(bright: false)
    case 16..<256: .basic(bright: true)
    case 256: .indexed
    default: .direct
    }
  }

  /// rxvt and Konsole say what colours they have: "15;0" is light text on black.
  private static func isLightByEnvironment(_ value: String?) -> Bool {
    guard let last = value?.split(separator: ";").last, let index = Int(last) else { return false }
    return index == 7 || (9...15).contains(index)
  }

  /// The Linux console and Terminal.app print parts of questions that they don't know.
  private static func canAsk(_ name: String) -> Bool {
    !["linux", "vt", "ansi", "sun", "cons"].contains(where: name.hasPrefix)
      && System.environment("TERM_PROGRAM") != "Apple_Terminal"
  }

  private static func kittyKeysOffIfAny(_ name: String) -> String {
    canAsk(name) ? kittyKeysOff : ""
  }
}

/// The attributes and colour pairs of the styles in use, made when a style is first shown.
private struct Palette {
  struct Entry {
    var attributes: UInt32 = 0
    var pair: Int32 = 0
  }

  private struct Colors: Hashable {
    var foreground: Int32
    var background: Int32
  }

  /// By `Style.index`; a pair of −1 has not been made.
  private var entries = [Entry](
    repeating: Entry(attributes: 0, pair: -1), count: Style.indexCount)
  private var pairs: [Colors: Int32] = [:]

  mutating func entry(for style: Style, in theme: CursesTheme) -> Entry {
    let known = entries[style.index]
    if known.pair >= 0 { return known }
    let look = theme.look(of: style)
    var entry = Entry()
    if look.isBold { entry.attributes |= NC_BOLD }
    if look.isDim { entry.attributes |= NC_DIM }
    if look.isUnderlined { entry.attributes |= NC_UNDERLINE }
    if look.isReversed { entry.attributes |= NC_REVERSE }
    if look.isItalic { entry.attributes |= NC_ITALIC }
    entry.pair = pair(Colors(foreground: look.foreground, background: look.background))
    entries[style.index] = entry
    return entry
  }

  /// Pair 0 is the terminal's own colours; it also stands in when all pairs are taken.
  private mutating func pair(_ colors: Colors) -> Int32 {
    if colors.foreground == -1, colors.background == -1 { return 0 }
    if let pair = pairs[colors] { return pair }
    let number = Int32(pairs.count + 1)
    guard number < nc_pairs(),
      init_extended_pair(number, colors.foreground, colors.background) == OK
    else { return 0 }
    pairs[colors] = number
    return number
  }
}
