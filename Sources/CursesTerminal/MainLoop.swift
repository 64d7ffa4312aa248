import CNcurses
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The one thread that draws: it sleeps in `poll()` until a key, a job of the main actor, a signal
/// or a deadline is there, takes in all there is, and then draws once.
///
/// It runs on the process's first thread and is entered without `await`; main-actor jobs run here.
@MainActor
public enum MainLoop {
  /// Makes signals wait for the loop. Call it first of all, before any thread exists.
  public nonisolated static func blockSignals() {
    System.Signals.block()
    signal(SIGPIPE, SIG_IGN)
  }

  /// Runs a program on the full screen until it is finished, and restores the terminal.
  ///
  /// - Returns: the exit status: 0, 128 and the signal's number after a signal, or 2 where there is
  ///   no terminal to run on, which has then been said on stderr.
  public static func run(
    _ application: any TerminalApplication, preferences: TerminalPreferences = .init()
  ) throws -> Int32 {
    guard System.isFirstThread, let signals = System.Signals() else {
      throw TerminalError(description: "The main loop needs the process's first thread.")
    }
    defer { signals.close() }
    let terminal: CursesTerminal
    do {
      terminal = try CursesTerminal(preferences)
    } catch {
      writeAll("replicant: \(error)\n".utf8, to: STDERR_FILENO)
      return 2
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
  /// When a lone Esc is a key.
  private var escapeDeadline: ContinuousClock.Instant?
  /// When a program that was told to leave is left to itself.
  private var lastMoment: ContinuousClock.Instant?

  /// How long the rest of a sequence may take.
  private let escapeDelay: Duration =
    System.environment("SSH_TTY") == nil ? .milliseconds(25) : .milliseconds(80)
  /// How long input may keep the screen waiting.
  private static let longestDrain = Duration.milliseconds(50)
  private static let longestFarewell = Duration.seconds(2)

  init(
    application: any TerminalApplication, terminal: CursesTerminal, signals: System.Signals
  ) {
    self.application = application
    self.terminal = terminal
    self.signals = signals
  }

  mutating func run() {
    application.start(on: terminal)
    while !isOver {
      let now = ContinuousClock.now
      // While another program has the terminal, what happens shows once it is back.
      let turn =
        terminal.isActive
        ? scheduler.turn(
          at: now, needsFrame: application.needsFrame, deadline: application.nextDeadline)
        : .wait(until: nil)
      switch turn {
      case .draw:
        terminal.show(application.frame())
        scheduler.frameDrawn(at: .now)
      case .wait(let deadline):
        wait(until: [deadline, escapeDeadline, lastMoment].compactMap(\.self).min(), from: now)
      }
    }
  }

  private var isOver: Bool {
    application.isFinished || lastMoment.map { ContinuousClock.now >= $0 } ?? false
  }

  private mutating func wait(
    until deadline: ContinuousClock.Instant?, from now: ContinuousClock.Instant
  ) {
    let start = ContinuousClock.now
    var ready = poll(Self.milliseconds(until: deadline, from: now))
    // Everything that is there, before anything is drawn.
    while true {
      if ready.signals { takeSignals() }
      if ready.input { readInput() }
      if ready.jobs { System.MainQueue.run() }
      guard ready.input, isInputOpen, !isOver, ContinuousClock.now - start < Self.longestDrain
      else { break }
      ready = poll(0)
    }
    if let escapeDeadline, ContinuousClock.now >= escapeDeadline {
      handle(parser.timeOut())
      self.escapeDeadline = parser.isWaiting ? .now + escapeDelay : nil
    }
  }

  private func poll(_ milliseconds: Int32) -> (input: Bool, jobs: Bool, signals: Bool) {
    var descriptors = [
      // A negative descriptor is left out.
      pollfd(
        fd: isInputOpen && terminal.isActive ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: System.MainQueue.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    guard Glibc.poll(&descriptors, 3, milliseconds) > 0 else { return (false, false, false) }
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

  // MARK: Input

  private mutating func readInput() {
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    guard count > 0 else {
      isInputOpen = false
      terminate(SIGHUP)
      return
    }
    handle(
      buffer.withUnsafeBufferPointer {
        parser.feed(UnsafeBufferPointer(rebasing: $0[..<count]))
      })
    escapeDeadline = parser.isWaiting ? .now + escapeDelay : nil
  }

  private mutating func handle(_ events: [TerminalEvent]) {
    for event in events {
      if application.isFinished { return }
      switch event {
      case .key, .paste, .resize:
        scheduler.keyHandled()
        application.handle(event)
      case .mouse(let mouse):
        scheduler.keyHandled()
        application.handle(.mouse(clicks.counted(mouse, at: .now)))
      case .focus(let isFocused):
        // Some multiplexers tell of a new size late, or not at all.
        if isFocused { updateSize() }
        application.handle(event)
      case .reply(let reply):
        terminal.handle(reply)
        application.handle(event)
      }
    }
  }

  private mutating func updateSize() {
    guard terminal.updateSize() else { return }
    scheduler.keyHandled()
    application.handle(.resize(terminal.size))
  }

  // MARK: Signals

  private mutating func takeSignals() {
    var taken = signals.take()
    if !terminal.isActive {
      // The other program was suspended, and the shell waits for all of the job.
      if taken.contains(SIGTSTP) { System.stopProcess() }
      taken.subtract([SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])
    } else if terminal.hasHandedOver {
      // What was typed at the other program went to us as well.
      taken.subtract([SIGINT, SIGQUIT, SIGTSTP, SIGCONT])
      terminal.forgetHandOver()
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
    // Whoever asks twice doesn't want to wait.
    lastMoment = lastMoment == nil ? now + Self.longestFarewell : now
    status = 128 + number
    application.terminate(number)
  }
}
