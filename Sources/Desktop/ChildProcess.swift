import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Programs that are started beside this one: arguments as an array, never through a shell, and
/// nothing of them reaches the terminal.
enum ChildProcess {
  /// Starts a program and goes on; it has no input, and what it writes goes nowhere.
  static func start(_ path: String, _ arguments: [String]) throws(DesktopFailure) {
    #if canImport(Glibc)
      var files = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var files: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The main loop blocks signals; a child wants them as usual.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETPGROUP)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    argv.append(nil)
    defer { for argument in argv { free(argument) } }
    var child = pid_t()
    let result = posix_spawn(&child, path, &files, &attributes, argv, environ)
    guard result == 0 else {
      throw DesktopFailure("\(path) didn’t start: \(String(cString: strerror(result))).")
    }
    reap(child)
  }

  /// Waits for the child's end on a thread of its own, so that no zombie stays.
  private static func reap(_ child: pid_t) {
    Task.detached {
      var status: Int32 = 0
      while waitpid(child, &status, WNOHANG) == 0 {
        try? await Task.sleep(for: .seconds(1))
      }
    }
  }
}
