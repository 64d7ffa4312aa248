import Dispatch
import Running
import Settings
import Synchronization
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A running child process. Arguments are passed as an array, never through a shell.
final class ChildProcess: Sendable {
  private let id: pid_t
  private let hasEnded = Mutex(false)

  /// The environment of child processes: ours with changes, but without secrets.
  struct Environment {
    /// Variables to add to ours.
    var added: [String: String] = [:]
    /// Texts that no variable may contain.
    var secrets: Set<String> = []
    /// Variables to leave out.
    var removed: Set<String> = []
    /// Variables that are never passed on.
    static let withheld = "REPLICATE_API_TOKEN"

    fileprivate var variables: [String] {
      var result = added.map { "\($0.key)=\($0.value)" }
      var next = environ
      while let entry = next.pointee {
        let variable = String(cString: entry)
        let name = variable.prefix { $0 != "=" }
        if added[String(name)] == nil, name != Self.withheld,
          !removed.contains(String(name)), !secrets.contains(where: { variable.contains($0) })
        {
          result.append(variable)
        }
        next += 1
      }
      return result
    }
  }

  /// Starts a program in the background, without input. Its output is discarded.
  ///
  /// - Returns: Its exit status, or nil if it's still running after `patience`.
  static func start(
    _ path: String, _ arguments: [String], environment: Environment, patience: Duration
  ) async throws(DesktopFailure) -> Int32? {
    let child = try ChildProcess(
      path, arguments, .background(input: nil), environment: environment)
    return await withCheckedContinuation { continuation in
      let answer = Mutex<CheckedContinuation<Int32?, Never>?>(continuation)
      let resume = { @Sendable (status: Int32?) in
        let waiting = answer.withLock { waiting in
          defer { waiting = nil }
          return waiting
        }
        waiting?.resume(returning: status)
      }
      sleeping { resume(child.waitForEnd()) }
      DispatchQueue(label: "child process").asyncAfter(deadline: end(of: patience)) {
        resume(nil)
      }
    }
  }

  static func end(of patience: Duration) -> DispatchTime {
    .now() + .nanoseconds(Int(clamping: patience / .nanoseconds(1)))
  }

  /// Starts a program in the foreground, with control of the terminal.
  static func startInForeground(
    _ path: String, _ arguments: [String], environment: Environment
  ) throws(DesktopFailure) -> ChildProcess {
    try ChildProcess(path, arguments, .foreground(), environment: environment)
  }

  /// Runs a program that reads a text from its input and shows nothing. Waits for it to exit, and
  /// kills it if it takes too long.
  static func feed(
    _ text: String, to path: String, _ arguments: [String], environment: Environment,
    patience: Duration
  ) async throws(DesktopFailure) -> Int32 {
    // A socket rather than a pipe, because writing to a closed socket can report an error instead
    // of raising a signal.
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, streamSocket, 0, &ends) == 0 else {
      throw DesktopFailure("\(path) couldn’t be started: \(String(cString: strerror(errno))).")
    }
    let (ours, theirs) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let child: ChildProcess
    do {
      child = try ChildProcess(
        path, arguments, .background(input: theirs), environment: environment)
    } catch {
      close(ours)
      close(theirs)
      throw error
    }
    close(theirs)
    let writing = DispatchGroup()
    writing.enter()
    sleeping {
      sendAll(Array(text.utf8), to: ours)
      shutdown(ours, Int32(SHUT_WR))
      writing.leave()
    }
    let limit = DispatchWorkItem { child.killGroup() }
    // Using a shared queue once would make libdispatch wake the process up regularly from then on.
    let queue = DispatchQueue(label: "child process")
    queue.asyncAfter(deadline: end(of: patience), execute: limit)
    let status = await child.end
    limit.cancel()
    // Unblocks the writer even if another process still holds the other end.
    shutdown(ours, Int32(SHUT_RDWR))
    writing.notify(queue: queue) { close(ours) }
    return status
  }

  /// Runs a program without input and reads its output. Kills it if it takes too long or writes more
  /// than a limit.
  static func read(
    _ path: String, _ arguments: [String], atMost limit: Int, environment: Environment,
    patience: Duration
  ) async throws(DesktopFailure) -> (status: Int32, output: [UInt8]) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw DesktopFailure("\(path) couldn’t be started: \(String(cString: strerror(errno))).")
    }
    let (ours, theirs) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let child: ChildProcess
    do {
      child = try ChildProcess(
        path, arguments, .background(input: nil, output: theirs), environment: environment)
    } catch {
      close(ours)
      close(theirs)
      throw error
    }
    close(theirs)
    let overdue = DispatchWorkItem { child.killGroup() }
    let queue = DispatchQueue(label: "child process")
    queue.asyncAfter(deadline: end(of: patience), execute: overdue)
    let output = await withCheckedContinuation { continuation in
      sleeping { continuation.resume(returning: readAll(ours, atMost: limit)) }
    }
    close(ours)
    if output == nil { child.killGroup() }
    let status = await child.end
    overdue.cancel()
    return (output == nil ? -1 : status, output ?? [])
  }

  enum Kind {
    /// In the background: with input or output, in its own process group.
    case background(input: Int32?, output: Int32? = nil)
    /// In a session of its own, without a terminal: opening /dev/tty fails.
    case detached(output: Int32, errors: Int32)
    /// In the foreground: with our terminal, in our process group.
    case foreground(output: Int32? = nil)
  }

  init(
    _ path: String, _ arguments: [String], _ kind: Kind, environment: Environment
  ) throws(DesktopFailure) {
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
    switch kind {
    case .background(let input, let output):
      if let input {
        posix_spawn_file_actions_adddup2(&files, input, 0)
      } else {
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
      }
      if let output {
        posix_spawn_file_actions_adddup2(&files, output, 1)
      } else {
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
      }
      posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0)
      flags |= Int32(POSIX_SPAWN_SETPGROUP)
    case .detached(let output, let errors):
      posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&files, output, 1)
      posix_spawn_file_actions_adddup2(&files, errors, 2)
      // The session's first process leads a new process group, too.
      flags |= inOwnSession
    case .foreground(let output):
      if let output { posix_spawn_file_actions_adddup2(&files, output, 1) }
    }
    #if canImport(Darwin)
      flags |= Int32(POSIX_SPAWN_CLOEXEC_DEFAULT)
      if case .foreground(let output) = kind {
        if output == nil { posix_spawn_file_actions_addinherit_np(&files, 1) }
        for file: Int32 in [0, 2] { posix_spawn_file_actions_addinherit_np(&files, file) }
      }
    #else
      // Don't leak our descriptors into child processes. Closing one that is already closed is
      // fine.
      for file in Self.openFiles() { posix_spawn_file_actions_addclose(&files, file) }
    #endif
    // The main loop blocks and ignores some signals. The child needs the defaults.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var usual = sigset_t()
    sigemptyset(&usual)
    for number in [
      SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE, SIGXFSZ,
    ] {
      sigaddset(&usual, number)
    }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    argv.append(nil)
    defer { for argument in argv { free(argument) } }
    let variables = environment.variables.map { strdup($0) } + [nil]
    defer { for variable in variables { free(variable) } }
    var child = pid_t()
    let result = posix_spawn(&child, path, &files, &attributes, argv, variables)
    guard result == 0 else {
      throw DesktopFailure("\(path) couldn’t be started: \(String(cString: strerror(result))).")
    }
    id = child
  }

  #if !canImport(Darwin)
    /// The descriptors this process has open, apart from standard input, output, and error.
    private static func openFiles() -> [Int32] {
      guard let entries = opendir("/proc/self/fd") else { return [] }
      defer { closedir(entries) }
      var files: [Int32] = []
      while let entry = readdir(entries) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if let file = Int32(name), file > 2 { files.append(file) }
      }
      return files
    }
  #endif

  /// Waits for the process to exit. Returns its exit status, or 128 plus the signal number.
  var end: Int32 {
    get async {
      await withCheckedContinuation { continuation in
        Self.sleeping { continuation.resume(returning: self.waitForEnd()) }
      }
    }
  }

  /// Runs blocking work on a separate thread. A queue's threads don't count toward the pool that
  /// tasks share.
  static func sleeping(_ work: @escaping @Sendable () -> Void) {
    DispatchQueue(label: "child process").async(execute: work)
  }

  func waitForEnd() -> Int32 {
    // The process ID stays reserved until `killGroup` can no longer signal it.
    var facts = siginfo_t()
    while waitid(P_PID, id_t(id), &facts, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    return hasEnded.withLock { hasEnded in
      hasEnded = true
      var status: Int32 = 0
      while waitpid(id, &status, 0) < 0 {
        if errno != EINTR { return -1 }
      }
      let signal = status & 0x7F
      return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
  }

  /// Asks the process to terminate, even if it's stopped.
  func terminate() {
    hasEnded.withLock { hasEnded in
      guard !hasEnded else { return }
      kill(id, SIGTERM)
      kill(id, SIGCONT)
    }
  }

  /// Kills the process and everything it started in its group.
  func killGroup() {
    hasEnded.withLock { hasEnded in
      if !hasEnded { _ = kill(-id, SIGKILL) }
    }
  }
}

#if canImport(Glibc)
  private let streamSocket = Int32(SOCK_STREAM.rawValue)
  private let withoutSignal = Int32(MSG_NOSIGNAL)
  /// POSIX_SPAWN_SETSID, which isn't imported.
  private let inOwnSession: Int32 = 0x80
#else
  private let streamSocket = SOCK_STREAM
  private let withoutSignal: Int32 = 0
  private let inOwnSession = Int32(POSIX_SPAWN_SETSID)
#endif

/// All that a pipe delivers; nil if that is more than a limit, or fails.
private func readAll(_ file: Int32, atMost limit: Int) -> [UInt8]? {
  PrivateFile.readAll(file, atMost: limit).flatMap { $0.count > limit ? nil : $0 }
}

private func sendAll(_ bytes: [UInt8], to socket: Int32) {
  #if canImport(Darwin)
    var isSilent: Int32 = 1
    setsockopt(
      socket, SOL_SOCKET, SO_NOSIGPIPE, &isSilent, socklen_t(MemoryLayout.size(ofValue: isSilent)))
  #endif
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let next = buffer.baseAddress?.advanced(by: done)
      let count = send(socket, next, buffer.count - done, withoutSignal)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      done += count
    }
  }
}
