#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads the user's files, and writes files that only their owner can read, whole or not at all.
package enum PrivateFile {
  /// Why an existing file can't be used, as the end of a sentence about it.
  package struct Unreadable: Error, Hashable {
    package var reason: String
  }

  /// Opens a regular file for reading. Never waits, whatever the path leads to: opening a pipe that
  /// nobody writes to would block, and so would reading from a terminal.
  ///
  /// - Returns: The descriptor, or nil if there is no file.
  package static func open(_ path: String) throws(Unreadable) -> Int32? {
    let file = openFile(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Unreadable(reason: "can’t be read: \(String(cString: strerror(errno)))")
    }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(file)
      throw Unreadable(reason: "isn’t a regular file")
    }
    return file
  }

  /// Writes a text to a temporary file next to the path, then renames it. Missing folders are created.
  ///
  /// - Parameter isDurable: Waits until the text is on the disk, so that it survives a power failure.
  package static func write(
    _ text: String, to path: String, isDurable: Bool = false
  ) throws(FileFailure) {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    try makeFolder(folder)
    let draft = "\(path).\(getpid())"
    unlink(draft)
    let file = openFile(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(draft) }
    let isWritten = writeAll(Array(text.utf8), to: file) && (!isDurable || fsync(file) == 0)
    // A full disk may show only now.
    guard isWritten, close(file) == 0, rename(draft, path) == 0 else {
      let why = failure(path)
      if !isWritten { close(file) }
      unlink(draft)
      throw why
    }
    // The new name must survive a power failure, too.
    if isDurable { sync(folder: folder) }
  }

  /// Not all file systems can.
  private static func sync(folder: String) {
    let file = openFile(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }

  /// Creates a folder and its parents, accessible only to their owner.
  package static func makeFolder(_ folder: String) throws(FileFailure) {
    var index = folder.startIndex
    while index < folder.endIndex {
      index = folder[folder.index(after: index)...].firstIndex(of: "/") ?? folder.endIndex
      let part = String(folder[..<index])
      if mkdir(part, 0o700) != 0, errno != EEXIST { throw failure(part) }
    }
  }

  private static func failure(_ path: String) -> FileFailure {
    FileFailure(message: "Couldn’t write \(path): \(String(cString: strerror(errno))).")
  }

  /// Reads a file to its end, or to one byte past a limit, which shows that it is longer.
  ///
  /// - Returns: nil if that fails, with the reason in `errno`.
  package static func readAll(_ file: Int32, atMost limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(limit + 1, 65_536))
    while bytes.count <= limit {
      let count = read(file, &piece, min(piece.count, limit + 1 - bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }

  /// The program's folder inside one of the XDG base directories: the one that a variable names if
  /// that is an absolute path, or the standard one in the home folder.
  package static func folder(
    _ variable: String, or standard: String, _ environment: [String: String]
  ) -> String {
    let configured = environment[variable] ?? ""
    let home = environment["HOME"] ?? "/"
    return (configured.hasPrefix("/") ? configured : "\(home)/\(standard)") + "/replicant"
  }

  /// Writes all of the bytes.
  ///
  /// - Returns: false if that fails, with the reason in `errno`.
  package static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = writeBytes(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }
}

// Inside PrivateFile, `open` and `write` mean its own functions.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
  open(path, flags, mode)
}

private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}
