#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of this machine, read or written piece by piece; it is closed when it is let go of.
final class LocalFile: Sendable {
  static let pieceSize = 256 * 1024

  let path: String
  private let descriptor: Int32

  convenience init(reading path: String) throws(TransportError) {
    try self.init(path, O_RDONLY | O_CLOEXEC)
  }

  /// Makes a file that only its owner can read; one that is there already is an error.
  convenience init(creating path: String) throws(TransportError) {
    try self.init(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
  }

  private init(_ path: String, _ flags: Int32) throws(TransportError) {
    self.path = path
    descriptor = open(path, flags, 0o600)
    if descriptor < 0 { throw Self.failure(path) }
  }

  deinit { close(descriptor) }

  /// The size of a plain file, in bytes.
  static func size(of path: String) throws(TransportError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .file(path: path, reason: "it isn't a plain file")
    }
    return Int(status.st_size)
  }

  /// The next piece; nil at the end.
  func read() throws(TransportError) -> [UInt8]? {
    var count = 0
    let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, filled in
      repeat {
        count = platformRead(descriptor, buffer.baseAddress, Self.pieceSize)
      } while count < 0 && errno == EINTR
      filled = max(0, count)
    }
    if count < 0 { throw Self.failure(path) }
    return piece.isEmpty ? nil : piece
  }

  func write(_ bytes: [UInt8]) throws(TransportError) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        platformWrite(descriptor, $0.baseAddress?.advanced(by: start), bytes.count - start)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw Self.failure(path) }
      start += count
    }
  }

  /// Puts what was written on the disk, and the file in the place of another in one step.
  func move(to place: String) throws(TransportError) {
    guard fsync(descriptor) == 0, rename(path, place) == 0 else { throw Self.failure(path) }
  }

  static func remove(_ path: String) {
    _ = unlink(path)
  }

  private static func failure(_ path: String) -> TransportError {
    .file(path: path, reason: String(cString: strerror(errno)))
  }
}

// The class's own `read` and `write` hide the system's.
private func platformRead(_ descriptor: Int32, _ place: UnsafeMutableRawPointer?, _ count: Int)
  -> Int
{
  read(descriptor, place, count)
}

private func platformWrite(_ descriptor: Int32, _ place: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, place, count)
}
