import Dispatch
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Other programs: arguments as an array, never through a shell.
enum ChildProcess {
  /// Starts a program beside this one and goes on; it has no input, and what it writes goes nowhere.
  static func start(_ path: String, _ arguments: [String]) throws(DesktopFailure) {
    let child = try spawn(path, arguments, .beside(input: nil))
    DispatchQueue.global().async { _ = status(of: child) }
  }

  /// Runs a program that has the terminal, and waits for its end.
  ///
  /// - Returns: its exit status; 128 and the signal's number after a signal.
  static func runInForeground(
    _ path: String, _ arguments: [String], environment: [String: String] = [:]
  ) async throws(DesktopFailure) -> Int32 {
    await end(of: try spawn(path, arguments, .foreground, environment: environment))
  }

  /// Runs a program that reads a text and shows nothing, and waits for its end.
  static func feed(
    _ text: String, to path: String, _ arguments: [String]
  ) async throws(DesktopFailure) -> Int32 {
    // A file has no reader to wait for, as a pipe would.
    let file = try TextFile(text, named: "clipboard.txt")
    defer { file.remove() }
    return await end(of: try spawn(path, arguments, .beside(input: file.path)))
  }

  private enum Kind {
    /// With an input, in a group of its own.
    case beside(input: String?)
    /// With our terminal, in our group.
    case foreground
  }

  private static func spawn(
    _ path: String, _ arguments: [String], _ kind: Kind, environment: [String: String] = [:]
  ) throws(DesktopFailure) -> pid_t {
    #if canImport(Glibc)
      var files = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var files: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    if case .beside(let input) = kind {
      posix_spawn_file_actions_addopen(&files, 0, input ?? "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
      posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0)
      flags |= Int32(POSIX_SPAWN_SETPGROUP)
    }
    // The main loop blocks signals and ignores some; a child wants them as usual.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var usual = sigset_t()
    sigemptyset(&usual)
    for number in [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE] {
      sigaddset(&usual, number)
    }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    argv.append(nil)
    defer { for argument in argv { free(argument) } }
    var variables = inherited(except: Set(environment.keys))
    variables += environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for variable in variables { free(variable) } }
    var child = pid_t()
    let result = posix_spawn(&child, path, &files, &attributes, argv, variables)
    guard result == 0 else {
      throw DesktopFailure("\(path) didn’t start: \(String(cString: strerror(result))).")
    }
    return child
  }

  private static func inherited(except names: Set<String>) -> [UnsafeMutablePointer<CChar>?] {
    var variables: [UnsafeMutablePointer<CChar>?] = []
    var next = environ
    while let variable = next.pointee {
      let name = String(cString: variable).prefix { $0 != "=" }
      if !names.contains(String(name)) { variables.append(strdup(variable)) }
      next += 1
    }
    return variables
  }

  /// Waits on a thread that may sleep.
  private static func end(of child: pid_t) async -> Int32 {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: status(of: child)) }
    }
  }

  private static func status(of child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      if errno != EINTR { return -1 }
    }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}
