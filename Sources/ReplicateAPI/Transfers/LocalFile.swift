#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A local file that is read or written in chunks. It is closed when it is released.
package final class LocalFile: Sendable {
  static let pieceSize = 256 * 1024

  let path: String
  private let descriptor: Int32

  /// Opens a regular file. Never waits, as opening a pipe would.
  package convenience init(reading path: String) throws(TransportError) {
    try self.init(reading: Array(path.utf8), named: path)
  }

  /// Opens a regular file by the bytes of its path, which needn't be text.
  ///
  /// - Parameter name: What to call it in messages.
  package convenience init(reading path: [UInt8], named name: String) throws(TransportError) {
    // A device may do something when it is opened.
    var facts = stat()
    let bytes = path.map(CChar.init(bitPattern:)) + [0]
    guard !path.contains(0), stat(bytes, &facts) == 0 else { throw Self.failure(name) }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw Self.notRegular(name) }
    try self.init(bytes, named: name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard fstat(descriptor, &facts) == 0 else { throw Self.failure(name) }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw Self.notRegular(name) }
  }

  /// Creates a file that only its owner can read. An existing file is an error.
  convenience init(creating path: String) throws(TransportError) {
    try self.init(
      path.utf8.map(CChar.init(bitPattern:)) + [0], named: path,
      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
  }

  private init(_ bytes: [CChar], named name: String, _ flags: Int32) throws(TransportError) {
    path = name
    descriptor = open(bytes, flags, 0o600)
    if descriptor < 0 { throw Self.failure(name) }
  }

  deinit { close(descriptor) }

  /// The size of a regular file, in bytes.
  static func size(of path: String) throws(TransportError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw notRegular(path)
    }
    return Int(status.st_size)
  }

  /// The bytes of a regular file.
  package static func contents(of path: String) throws(TransportError) -> [UInt8] {
    let file = try LocalFile(reading: path)
    var bytes: [UInt8] = []
    while let piece = try file.read() { bytes += piece }
    return bytes
  }

  /// What tells whether a file is still the same.
  package struct Stamp: Hashable, Sendable {
    /// In bytes.
    package var size: Int
    /// When the content and when anything about the file was last changed, in nanoseconds since 1970.
    package var modified: Int128
    package var changed: Int128
    private var device: UInt64
    private var number: UInt64

    init(_ facts: stat) {
      size = Int(clamping: facts.st_size)
      #if canImport(Darwin)
        let (modified, changed) = (facts.st_mtimespec, facts.st_ctimespec)
      #else
        let (modified, changed) = (facts.st_mtim, facts.st_ctim)
      #endif
      self.modified = Int128(modified.tv_sec) * 1_000_000_000 + Int128(modified.tv_nsec)
      self.changed = Int128(changed.tv_sec) * 1_000_000_000 + Int128(changed.tv_nsec)
      device = UInt64(truncatingIfNeeded: facts.st_dev)
      number = UInt64(truncatingIfNeeded: facts.st_ino)
    }
  }

  package var stamp: Stamp {
    get throws(TransportError) {
      var facts = stat()
      guard fstat(descriptor, &facts) == 0 else { throw Self.failure(path) }
      return Stamp(facts)
    }
  }

  /// The next chunk; nil at the end.
  package func read() throws(TransportError) -> [UInt8]? {
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

  /// The chunk at an offset; nil at the end.
  package func read(at offset: Int) throws(TransportError) -> [UInt8]? {
    var count = 0
    let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, filled in
      repeat {
        count = pread(descriptor, buffer.baseAddress, Self.pieceSize, off_t(offset))
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

  /// Flushes the file to the disk and moves it atomically, replacing an existing file.
  func move(to destination: String) throws(TransportError) {
    guard fsync(descriptor) == 0, rename(path, destination) == 0 else { throw Self.failure(path) }
  }

  static func remove(_ path: String) {
    _ = unlink(path)
  }

  private static func notRegular(_ path: String) -> TransportError {
    .file(path: path, reason: "it isn't a regular file")
  }

  private static func failure(_ path: String) -> TransportError {
    .file(path: path, reason: String(cString: strerror(errno)))
  }
}

// The class's `read` and `write` shadow the system's.
private func platformRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int)
  -> Int
{
  read(descriptor, buffer, count)
}

private func platformWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
