import CNcurses
import Dispatch
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the operating system provides, behind the small interface of CNcurses' system.h. Each system
/// has one C file that implements it.
enum System {
  /// Signals as the main loop reads them: from a descriptor.
  struct Signals {
    let descriptor: Int32

    /// The signals that the loop handles in turn instead of being interrupted by them.
    static let all = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]

    static func block() { mask(all, how: SIG_BLOCK) }

    /// Blocks or unblocks signals in this thread and the threads it starts.
    static func mask(_ signals: [Int32], how: Int32) {
      var set = Signals.set(of: signals)
      pthread_sigmask(how, &set, nil)
    }

    init?() {
      var set = Self.set(of: Self.all)
      descriptor = nc_signal_descriptor(&set)
      if descriptor < 0 { return nil }
    }

    /// The signals received since the last call.
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
    /// Readable while a job is waiting.
    static let descriptor = nc_main_queue_descriptor()

    static func run() { nc_run_main_queue(descriptor) }
  }

  static var isFirstThread: Bool { nc_is_first_thread() }

  /// Sets the user's locale, or C.UTF-8 if there is none.
  ///
  /// - Returns: whether its character set is UTF-8.
  static func takeLocale() -> Bool {
    guard let name = nc_charset() else { return false }
    let charset = String(cString: name)
    return charset == "UTF-8" || charset == "utf8" || charset == "UTF8"
  }

  /// The widths that ncurses calculates with; only correct after `takeLocale()`.
  static let widths = WidthTable { Int(nc_width($0.value)) }

  /// Whether one of our child processes is stopped.
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

  /// The values of those variables that are set.
  static func environment(_ names: [String]) -> [String: String] {
    names.reduce(into: [:]) { $0[$1] = environment($1) }
  }
}
