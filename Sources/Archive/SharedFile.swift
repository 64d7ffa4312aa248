import Settings

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A small file that several programs read and change, one after another.
///
/// Two kinds of locks are held on a second file, which is never replaced. The first byte is locked
/// during a change. Every program also locks a byte of its own, its *seat*, for as long as it runs,
/// so that the others can tell whether it still does. The system releases both kinds of locks
/// however a program ends.
final class SharedFile {
  let path: String
  /// The position of this program's seat. Positive, and different in every program.
  let seat: Int64
  private let lockFile: Int32

  /// How long another program may take for a change, in microseconds.
  private static let patience: UInt32 = 3_000_000
  private static let pause: UInt32 = 2_000
  /// A longer file isn't one of ours.
  private static let longest = 64 << 20

  init(_ path: String) throws(ArchiveFailure) {
    self.path = path
    seat = Int64.random(in: 1...(1 << 40))
    do throws(FileFailure) {
      try PrivateFile.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    } catch {
      throw ArchiveFailure(error)
    }
    let name = "\(path).lock"
    lockFile = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard lockFile >= 0, Self.isRegular(lockFile) else {
      let reason = lockFile < 0 ? String(cString: strerror(errno)) : "it isn’t a regular file"
      if lockFile >= 0 { close(lockFile) }
      throw ArchiveFailure("\(name) can’t be opened: \(reason)")
    }
    guard Self.lock(lockFile, at: seat, F_WRLCK) else {
      let reason = String(cString: strerror(errno))
      close(lockFile)
      throw ArchiveFailure("\(name) can’t be locked: \(reason)")
    }
  }

  deinit { close(lockFile) }

  /// Whether a program is still running.
  func isTaken(_ seat: Int64) -> Bool {
    guard seat > 0 else { return false }
    return seat == self.seat || Self.isLocked(lockFile, at: seat)
  }

  /// Runs `body` while no other program can change the file.
  func locked<Result>(
    _ body: () throws(ArchiveFailure) -> Result
  ) throws(ArchiveFailure) -> Result {
    var waited: UInt32 = 0
    while !Self.lock(lockFile, at: 0, F_WRLCK) {
      let reason = errno
      guard reason == EAGAIN || reason == EACCES || reason == EINTR else {
        throw ArchiveFailure("\(path) can’t be locked: \(String(cString: strerror(reason)))")
      }
      guard waited < Self.patience else {
        throw ArchiveFailure("\(path) is being changed by another program")
      }
      usleep(Self.pause)
      waited += Self.pause
    }
    defer { _ = Self.lock(lockFile, at: 0, F_UNLCK) }
    return try body()
  }

  /// The content, or nil if there is no such file.
  func read() throws(ArchiveFailure) -> [UInt8]? {
    try Self.read(path, atMost: Self.longest)
  }

  /// The content of a file up to one byte past a limit, or nil if there is no such file.
  static func read(_ path: String, atMost longest: Int) throws(ArchiveFailure) -> [UInt8]? {
    let opened: Int32?
    do {
      opened = try PrivateFile.open(path)
    } catch {
      throw ArchiveFailure("\(path) \(error.reason)")
    }
    guard let file = opened else { return nil }
    defer { close(file) }
    guard let bytes = PrivateFile.readAll(file, atMost: longest) else {
      throw ArchiveFailure("\(path) can’t be read: \(String(cString: strerror(errno)))")
    }
    return bytes
  }

  func write(_ text: String) throws(ArchiveFailure) {
    do throws(FileFailure) {
      try PrivateFile.write(text, to: path, isDurable: true)
    } catch {
      throw ArchiveFailure(error)
    }
  }

  /// Moves a file that nobody can read out of the way, under a name that isn't taken.
  ///
  /// - Returns: The new path.
  func setAside() throws(ArchiveFailure) -> String { try Self.setAside(path) }

  static func setAside(_ path: String) throws(ArchiveFailure) -> String {
    for number in 1...1000 {
      let name = "\(path).unreadable-\(number)"
      // A hard link never replaces a file.
      if link(path, name) == 0 {
        unlink(path)
        return name
      }
      guard errno == EEXIST else { break }
    }
    throw ArchiveFailure("\(path) can’t be read, and it couldn’t be renamed")
  }

  private static func isRegular(_ file: Int32) -> Bool {
    var facts = stat()
    return fstat(file, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }

  // MARK: Locks

  // Locks of the open file rather than of the process, so that two stores in one process don't share
  // them. The system's headers hide the names of these commands from Swift.
  #if os(Linux)
    private static let (setLock, getLock): (Int32, Int32) = (37, 36)
  #else
    private static let (setLock, getLock): (Int32, Int32) = (90, 92)
  #endif

  private static func byte(at offset: Int64, _ kind: Int32) -> flock {
    var lock = flock()
    lock.l_type = Int16(kind)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(offset)
    lock.l_len = 1
    return lock
  }

  private static func lock(_ file: Int32, at offset: Int64, _ kind: Int32) -> Bool {
    var lock = byte(at: offset, kind)
    return fcntl(file, setLock, &lock) == 0
  }

  private static func isLocked(_ file: Int32, at offset: Int64) -> Bool {
    var lock = byte(at: offset, Int32(F_WRLCK))
    // When in doubt, leave it to the other program.
    guard fcntl(file, getLock, &lock) == 0 else { return true }
    return Int32(lock.l_type) != F_UNLCK
  }
}
