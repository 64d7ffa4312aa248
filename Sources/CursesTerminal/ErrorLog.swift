import CNcurses
import TerminalKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps stderr off the full screen: anything printed there goes to the log. If no log can be opened,
/// it goes to an anonymous file that is printed once the terminal is restored.
///
/// If the user has redirected stderr, it is left alone.
struct ErrorLog {
  private let file: Int32
  private let original: Int32
  /// Nil for the anonymous file.
  private let path: String?
  /// The offset at which this session's part of the file begins.
  private let start: off_t
  private var printed: off_t

  /// At most this many bytes are printed afterwards.
  private static let mostPrinted: off_t = 65_536
  /// A log larger than this is renamed at the start.
  private static let mostKept: off_t = 1_000_000

  init?(path: String?) {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { return nil }
    let log = path.flatMap(Self.openLog)
    let target = log ?? nc_anonymous_file()
    guard target >= 0 else {
      close(copy)
      return nil
    }
    original = copy
    file = target
    self.path = log == nil ? nil : path
    if log != nil {
      writeAll("\(Self.timestamp()) replicant started, pid \(getpid())\n".utf8, to: target)
    }
    start = lseek(target, 0, SEEK_END)
    printed = start
  }

  /// Tells the crash handler where to report, and which log to quote.
  func reportCrashes() {
    nc_report_crashes(original, file, start, path)
  }

  func begin() {
    dup2(file, STDERR_FILENO)
  }

  /// Restores stderr, and prints what was captured, sanitized, unless a log has it.
  mutating func end() {
    dup2(original, STDERR_FILENO)
    guard path == nil else { return }
    let end = lseek(file, 0, SEEK_END)
    var position = max(printed, end - Self.mostPrinted)
    var captured: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while position < end {
      let count = pread(file, &piece, piece.count, position)
      guard count > 0 else { break }
      captured += piece[..<count]
      position += off_t(count)
    }
    writeAll(
      TextLayout.sanitize(String(decoding: captured, as: UTF8.self)).utf8, to: original)
    printed = end
  }

  /// Opens the log, creating its folders if needed; nil if that fails.
  private static func openLog(_ path: String) -> Int32? {
    makeFolders(above: path)
    var facts = stat()
    if stat(path, &facts) == 0, facts.st_size > mostKept { rename(path, path + ".old") }
    // The crash handler reads it.
    let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard file >= 0 else { return nil }
    guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(file)
      return nil
    }
    return file
  }

  private static func makeFolders(above path: String) {
    var index = path.startIndex
    while let slash = path[index...].dropFirst().firstIndex(of: "/") {
      mkdir(String(path[..<slash]), 0o700)
      index = slash
    }
  }

  /// The current time in UTC, in RFC 3339 format.
  private static func timestamp() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}

/// Writes all of the bytes; gives up if the other end is closed.
func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) {
  let bytes = ContiguousArray(bytes)
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let count = write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let broken = Int16(POLLHUP | POLLERR | POLLNVAL)
        if poll(&output, 1, 5000) > 0, output.revents & broken == 0 { continue }
      }
      guard count > 0 else { return }
      done += count
    }
  }
}
