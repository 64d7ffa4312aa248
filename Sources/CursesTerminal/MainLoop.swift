import CNcurses
import CTasks
import Settings
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The loop that runs the program on the main thread: it sleeps in `poll()` until there is input, a
/// main-actor job, a signal or a deadline, handles everything there is, and then draws once.
///
/// It runs on the process's first thread and must be entered without `await`. Main-actor jobs run in
/// it.
@MainActor
public enum MainLoop {
  /// Makes signals wait for the loop, and lets the process sleep while nothing happens. Call this
  /// first, before there are any threads or tasks.
  public nonisolated static func prepare() {
    _ = missingSymbol
    System.Signals.block()
    // A write that fails is an error like any other.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// What the Swift runtime lacks for tasks to let the process sleep; looked up once, by `prepare()`.
  private nonisolated static let missingSymbol = ct_let_tasks_rest().map { String(cString: $0) }

  /// Prints a line to stderr; once the screen is full, it goes to the log. Words may quote foreign
  /// text, so they are sanitized.
  public nonisolated static func warn(_ words: String) {
    printError("replicant: \(words)")
  }

  /// Prints a sanitized text and a newline to stderr.
  public nonisolated static func printError(_ text: String) {
    writeAll("\(TextLayout.sanitize(text))\n".utf8, to: STDERR_FILENO)
  }

  /// Runs an application in full-screen mode until it is finished, and restores the terminal.
  ///
  /// - Parameter logPath: where messages on stderr go while the screen is full; with nil they are kept
  ///   in memory and printed once the terminal is restored.
  /// - Returns: the exit status: 0; 128 plus the signal's number after a signal; or 2 if the terminal
  ///   can't be used, with the reason printed to stderr.
  public static func run(
    _ application: any TerminalApplication, config: Settings.Config, logPath: String?
  ) throws -> Int32 {
    guard System.isFirstThread, let signals = System.Signals() else {
      throw TerminalError(description: "The main loop needs the process's first thread.")
    }
    defer { signals.close() }
    let terminal: CursesTerminal
    do {
      terminal = try CursesTerminal(config, logPath: logPath)
    } catch {
      warn("\(error)")
      return 2
    }
    if let missingSymbol {
      warn("The process can’t sleep while idle: this Swift runtime has no \(missingSymbol).")
    }
    var turn = Loop(application: application, terminal: terminal, signals: signals)
    turn.run()
    terminal.stop()
    return turn.status
  }
}

@MainActor
private struct Loop {
  let application: any TerminalApplication
  let terminal: CursesTerminal
  let signals: System.Signals
  private(set) var status: Int32 = 0

  private var parser = InputParser()
  private var clicks = ClickCounter()
  private var scheduler = FrameScheduler()
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  private var isInputOpen = true
  /// The size that the application knows.
  private var knownSize: Size
  private var wasHandedOver = false
  /// When a lone Esc counts as a key.
  private var escapeDeadline: ContinuousClock.Instant?
  /// When to exit even if the application hasn't finished after a signal.
  private var exitDeadline: ContinuousClock.Instant?

  /// How long to wait for the rest of an escape sequence.
  private let escapeDelay = EscapeDelay.duration(
    in: System.environment(EscapeDelay.variables))
  /// How long input may delay drawing.
  private static let longestDrain = Duration.milliseconds(50)
  /// Fewer bytes than this are a single key; it is drawn without polling for more input first.
  private static let singleKeySize = 16
  private static let exitGrace = Duration.seconds(2)

  init(
    application: any TerminalApplication, terminal: CursesTerminal, signals: System.Signals
  ) {
    self.application = application
    self.terminal = terminal
    self.signals = signals
    knownSize = terminal.size
  }

  mutating func run() {
    application.start(on: terminal)
    while !isOver {
      noteHandOver()
      reportSize()
      let now = ContinuousClock.now
      if terminal.isHandedOver {
        wait(until: exitDeadline, from: now)
        continue
      }
      let turn = scheduler.turn(
        at: now, needsFrame: application.needsFrame, deadline: application.nextDeadline)
      switch turn {
      case .draw:
        terminal.show(application.frame())
        scheduler.frameDrawn(at: .now)
      case .wait(let deadline):
        wait(until: [deadline, escapeDeadline, exitDeadline].compactMap(\.self).min(), from: now)
      }
    }
  }

  private var isOver: Bool {
    // The program that has the terminal has been asked to end.
    application.isFinished && !terminal.isHandedOver
      || exitDeadline.map { ContinuousClock.now >= $0 } ?? false
  }

  private mutating func wait(
    until deadline: ContinuousClock.Instant?, from now: ContinuousClock.Instant
  ) {
    let start = ContinuousClock.now
    var ready = look(Self.milliseconds(until: deadline, from: now))
    // Handle everything that is there before drawing.
    while true {
      if ready.signals { takeSignals() }
      var mayHaveMore = false
      if ready.input {
        if terminal.isPaused { terminal.endPause() } else { mayHaveMore = readInput() }
      }
      if ready.jobs { System.MainQueue.run() }
      noteHandOver()
      guard mayHaveMore, isReading, !isOver, ContinuousClock.now - start < Self.longestDrain
      else { break }
      ready = look(0)
    }
    if let escapeDeadline, ContinuousClock.now >= escapeDeadline {
      handle(parser.timeOut())
      self.escapeDeadline = parser.isWaiting ? .now + escapeDelay : nil
    }
  }

  private var isReading: Bool { isInputOpen && !terminal.isHandedOver }

  private func look(_ milliseconds: Int32) -> (input: Bool, jobs: Bool, signals: Bool) {
    var descriptors = [
      // poll() ignores negative descriptors.
      pollfd(
        fd: isReading || terminal.isPaused ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: System.MainQueue.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&descriptors, 3, milliseconds) > 0 else { return (false, false, false) }
    return (
      descriptors[0].revents != 0, descriptors[1].revents != 0, descriptors[2].revents != 0
    )
  }

  private static func milliseconds(
    until deadline: ContinuousClock.Instant?, from now: ContinuousClock.Instant
  ) -> Int32 {
    guard let deadline else { return -1 }
    let (seconds, attoseconds) = (deadline - now).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int32(
      min(seconds, 3600) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }

  // MARK: Another program

  /// Notices when the terminal has been handed to another program or taken back.
  private mutating func noteHandOver() {
    let hasComeBack = terminal.hasJustComeBack()
    if terminal.isHandedOver, !wasHandedOver {
      // The rest of a sequence would go to the other program, so treat it as complete.
      for _ in 0..<InputParser.patience where parser.isWaiting { handle(parser.timeOut()) }
      parser = InputParser()
      escapeDeadline = nil
    }
    wasHandedOver = terminal.isHandedOver
    if hasComeBack {
      // Signals from keys pressed in the other program reached us as well.
      takeSignals(isMeantForOther: true)
      scheduler.keyHandled()
    }
    if !terminal.isHandedOver { take(terminal.inputFromMeanwhile()) }
  }

  /// Stops together with the other program, so that the shell gets control of the job.
  private func stopWithOther() {
    // If the job has more processes, the shell waits for the one that started us, which has been
    // stopped too. Without a shell, nobody would continue us.
    let parent = getppid()
    guard getsid(parent) == getsid(0), getpgid(parent) != getpgrp() else { return }
    // Some programs don't stop, such as less in secure mode; they keep the terminal. Others restore the
    // terminal first, which takes a moment.
    for _ in 0..<50 {
      if System.hasStoppedChild {
        kill(getpid(), SIGSTOP)
        return
      }
      usleep(4000)
    }
  }

  // MARK: Input

  private mutating func take(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    handle(parser.feed(bytes))
    escapeDeadline = parser.isWaiting ? .now + escapeDelay : nil
  }

  /// Reads available input.
  ///
  /// - Returns: whether there may be more.
  private mutating func readInput() -> Bool {
    // Handling an earlier signal or key may have handed the terminal over.
    guard isReading else { return false }
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return true }
    guard count > 0 else {
      isInputOpen = false
      terminate(SIGHUP)
      return false
    }
    handle(
      buffer.withUnsafeBufferPointer {
        parser.feedRead(UnsafeBufferPointer(rebasing: $0[..<count]))
      })
    escapeDeadline = parser.isWaiting ? .now + escapeDelay : nil
    return count >= Self.singleKeySize
  }

  private mutating func handle(_ events: [TerminalEvent]) {
    for event in events {
      if application.isFinished { return }
      switch event {
      case .key, .paste, .burst, .resize:
        scheduler.keyHandled()
        application.handle(event)
      case .mouse(let mouse):
        scheduler.keyHandled()
        application.handle(.mouse(clicks.counted(mouse, at: .now)))
      case .focus(let isFocused):
        // Some multiplexers announce a new size late, or not at all.
        if isFocused { updateSize() }
        application.handle(event)
      case .reply(let reply):
        terminal.handle(reply)
        application.handle(event)
      }
    }
  }

  private mutating func updateSize() {
    // Another program handles its own size; `takeBack` gets the size again.
    guard !terminal.isHandedOver else { return }
    _ = terminal.updateSize()
    reportSize()
  }

  private mutating func reportSize() {
    guard terminal.size != knownSize else { return }
    knownSize = terminal.size
    scheduler.keyHandled()
    application.handle(.resize(knownSize))
  }

  // MARK: Signals

  private mutating func takeSignals(isMeantForOther: Bool = false) {
    var taken = signals.take()
    if terminal.isHandedOver || isMeantForOther {
      if terminal.isHandedOver, taken.contains(SIGTSTP),
        taken.isDisjoint(with: [SIGHUP, SIGTERM])
      {
        stopWithOther()
      }
      taken.subtract([SIGINT, SIGQUIT, SIGTSTP, SIGCONT])
    }
    for number in [SIGHUP, SIGTERM, SIGINT, SIGQUIT] where taken.contains(number) {
      terminate(number)
      return
    }
    if taken.contains(SIGTSTP) {
      terminal.suspend(wholeJob: false)
      updateSize()
    } else if taken.contains(SIGCONT) {
      terminal.resume()
      updateSize()
    }
    if taken.contains(SIGWINCH) { updateSize() }
  }

  private mutating func terminate(_ number: Int32) {
    let now = ContinuousClock.now
    // A second signal means: don't wait.
    exitDeadline = exitDeadline == nil ? now + Self.exitGrace : now
    status = 128 + number
    terminal.isLeaving = true
    terminal.endPause()
    application.terminate(number)
  }
}
