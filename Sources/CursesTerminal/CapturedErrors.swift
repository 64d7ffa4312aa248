import CNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps stderr off the screen while it shows frames: whatever any library prints there is kept in
/// a file without a name, and printed once the terminal is restored.
///
/// A stderr that the user has sent elsewhere is left alone.
struct CapturedErrors {
  private let file: Int32
  private let original: Int32
  private var printed: off_t = 0

  /// No more than this is printed afterwards.
  private static let mostPrinted: off_t = 65_536

  init?() {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    file = nc_anonymous_file()
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    guard file >= 0, original >= 0 else { return nil }
  }

  /// For the crash handler: where the text is, and where it goes.
  var descriptors: (file: Int32, original: Int32) { (file, original) }

  func begin() {
    dup2(file, STDERR_FILENO)
  }

  /// Gives stderr back, and prints what came meanwhile.
  mutating func end() {
    dup2(original, STDERR_FILENO)
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
