#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the shell that started the program may have withheld from it. The libraries end the process
/// with a trap if they can't get an event loop or memory, so both are checked beforehand.
enum ProcessLimits {
  /// Opens standard input, output and error if they are closed: otherwise the next file that is
  /// opened would get their number.
  static func openStandardFiles() {
    for file in STDIN_FILENO...STDERR_FILENO where fcntl(file, F_GETFD) < 0 && errno == EBADF {
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// What stops the program from running, in words to act on; nil if nothing does.
  ///
  /// - Parameter files: The number of files that it has to be able to open.
  static func obstacle(files: Int) -> String? {
    if let allowed = memory, allowed < leastMemory {
      return "Replicant needs \(leastMemory >> 20) MB of address space, and this shell allows "
        + "\(allowed >> 20) MB. Raise the limit with ulimit -v."
    }
    raiseFileLimit(to: files + 256)
    let free = freeDescriptors(atMost: files)
    if free < files {
      return "Replicant needs to open \(files) files, and this shell allows only \(free) more. "
        + "Raise the limit with ulimit -n."
    }
    return nil
  }

  /// The address space that the libraries and their threads need, in bytes.
  private static let leastMemory: rlim_t = 256 << 20

  /// The limit of the address space in bytes, if there is one.
  private static var memory: rlim_t? {
    var limit = rlimit()
    guard getrlimit(addressSpace, &limit) == 0, limit.rlim_cur < rlim_t.max >> 1 else { return nil }
    return limit.rlim_cur
  }

  private static func raiseFileLimit(to wanted: Int) {
    var limit = rlimit()
    guard getrlimit(openFiles, &limit) == 0, limit.rlim_cur < rlim_t(wanted) else { return }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted))
    setrlimit(openFiles, &limit)
  }

  /// How many more files can be opened. Counts by opening them, because any number may be open.
  private static func freeDescriptors(atMost most: Int) -> Int {
    var opened: [Int32] = []
    defer { for file in opened { close(file) } }
    while opened.count < most {
      let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { break }
      opened.append(file)
    }
    return opened.count
  }

  #if canImport(Glibc)
    private static let addressSpace = __rlimit_resource_t(RLIMIT_AS.rawValue)
    private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let addressSpace = RLIMIT_AS
    private static let openFiles = RLIMIT_NOFILE
  #endif
}
