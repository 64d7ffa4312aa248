import CNcurses
import Dispatch
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The operating system's own, as the rest sees it: a small interface over CNcurses' system.h, whose
/// one C file a system has stands behind it.
enum System {
  /// What the loop reads signals from.
  struct Signals {
    let descriptor: Int32

    /// The signals that the loop takes in turn instead of being interrupted by them.
    static let all = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]

    static func block() { mask(all, how: SIG_BLOCK) }

    /// Blocks or unblocks signals for this thread and those it starts.
    static func mask(_ signals: [Int32], how: Int32) {
      var set = Signals.set(of: signals)
      pthread_sigmask(how, &set, nil)
    }

    init?() {
      var set = Self.set(of: Self.all)
      descriptor = nc_signal_descriptor(&set)
      if descriptor < 0 { return nil }
    }

    /// Takes the signals that have come, in no order.
    func take() -> Set<Int32> {
      var taken: Set<Int32> = []
      while true {
        let number = nc_next_signal(descriptor)
        guard number != 0 else { return taken }
        taken.insert(number)
      }
    }

    func close() { _ = Glibc.close(descriptor) }

    private static func set(of signals: [Int32]) -> sigset_t {
      var set = sigset_t()
      sigemptyset(&set)
      for signal in signals { sigaddset(&set, signal) }
      return set
    }
  }

  /// The main dispatch queue, on which `@MainActor` tasks run.
  enum MainQueue {
    /// Readable while a job waits.
    static let descriptor = nc_main_queue_descriptor()

    static func run() { nc_run_main_queue(descriptor) }
  }

  static var isFirstThread: Bool { nc_is_first_thread() }

  /// Takes the user's locale, or C.UTF-8 where there is none, and says whether it is UTF-8.
  static func takeLocale() -> Bool {
    guard let name = nc_charset() else { return false }
    let charset = String(cString: name)
    return charset == "UTF-8" || charset == "utf8" || charset == "UTF8"
  }

  /// The widths that ncurses reckons with; only right after `takeLocale()`.
  static let widths = WidthTable { Int(nc_width($0.value)) }

  /// Whether a program that was started by this one is stopped.
  static var hasStoppedChild: Bool {
    var facts = siginfo_t()
    return waitid(P_ALL, 0, &facts, WSTOPPED | WNOHANG | WNOWAIT) == 0 && facts.si_signo != 0
  }

  static func terminalSize() -> Size? {
    var rows: Int32 = 0
    var columns: Int32 = 0
    guard nc_terminal_size(&rows, &columns) else { return nil }
    return Size(width: Int(columns), height: Int(rows))
  }

  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
  }

  /// Those of some variables that are set.
  static func environment(_ names: [String]) -> [String: String] {
    names.reduce(into: [:]) { $0[$1] = environment($1) }
  }
}
