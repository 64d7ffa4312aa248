import CNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps stderr off the screen while it shows frames: whatever any library prints there goes into the
/// log, or, where there is none, into a file without a name that is printed once the terminal is
/// restored. After a crash the last of it is printed in both cases.
///
/// A stderr that the user has sent elsewhere is left alone.
struct CapturedErrors {
  private let file: Int32
  private let original: Int32
  private var printed: off_t
  /// Whether what came stays in a log.
  private let isLog: Bool

  /// No more than this is printed afterwards.
  private static let mostPrinted: off_t = 65_536

  /// A log of more than this is put aside before another line is added.
  private static let largestLog: off_t = 1_000_000

  init?(log path: String?) {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    let log = path.map(Self.open) ?? -1
    isLog = log >= 0
    file = isLog ? log : nc_anonymous_file()
    printed = max(0, lseek(file, 0, SEEK_END))
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    guard file >= 0, original >= 0 else { return nil }
  }

  private static func open(_ path: String) -> Int32 {
    var facts = stat()
    if stat(path, &facts) == 0, facts.st_size > largestLog { rename(path, path + ".old") }
    return Glibc.open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
  }

  /// For the crash handler: where the text is, from where on, and where it goes.
  var descriptors: (file: Int32, start: off_t, original: Int32) { (file, printed, original) }

  func begin() {
    dup2(file, STDERR_FILENO)
  }

  /// Gives stderr back, and prints what came meanwhile.
  mutating func end() {
    dup2(original, STDERR_FILENO)
    guard !isLog else { return }
    let end = lseek(file, 0, SEEK_END)
    var position = max(printed, end - Self.mostPrinted)
    var piece = [UInt8](repeating: 0, count: 4096)
    while position < end {
      let count = pread(file, &piece, piece.count, position)
      guard count > 0 else { break }
      writeAll(piece[..<count], to: original)
      position += off_t(count)
    }
    printed = end
  }
}

/// Writes all of some bytes, past interruptions; gives up when nobody reads any more.
func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) {
  let bytes = ContiguousArray(bytes)
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let count = write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      done += count
    }
  }
}
