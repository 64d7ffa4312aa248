#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that its owner alone can read, written whole or not at all.
package enum PrivateFile {
  /// Writes a text beside the file and puts it in its place; the folders are made where they aren't.
  package static func write(_ text: String, to path: String) throws(DesktopFailure) {
    try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
    let draft = "\(path).\(getpid())"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(draft) }
    let isWritten = writeAll(Array(text.utf8), to: file)
    // A full disk may be told as late as here.
    guard isWritten, close(file) == 0, rename(draft, path) == 0 else {
      let why = failure(path)
      if !isWritten { close(file) }
      unlink(draft)
      throw why
    }
  }

  /// Makes a folder and those above it, for their owner alone.
  private static func makeFolder(_ folder: String) throws(DesktopFailure) {
    var index = folder.startIndex
    while index < folder.endIndex {
      index = folder[folder.index(after: index)...].firstIndex(of: "/") ?? folder.endIndex
      let part = String(folder[..<index])
      if mkdir(part, 0o700) != 0, errno != EEXIST { throw failure(part) }
    }
  }

  private static func failure(_ place: String) -> DesktopFailure {
    DesktopFailure("\(place) couldn’t be written: \(String(cString: strerror(errno))).")
  }

  /// Reads a file to its end, past interruptions, but no more than one byte beyond a limit, which
  /// tells that it is longer; nil with the reason in `errno` where that fails.
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

  /// The program's folder among those of a kind: below the variable's, where that is absolute, or
  /// below one at home (XDG base directory specification).
  package static func folder(
    _ variable: String, or standard: String, _ environment: [String: String]
  ) -> String {
    let configured = environment[variable] ?? ""
    let home = environment["HOME"] ?? "/"
    return (configured.hasPrefix("/") ? configured : "\(home)/\(standard)") + "/replicant"
  }

  /// Writes all of some bytes, past interruptions; false with the reason in `errno` where that fails.
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

// Inside PrivateFile the name `write` is its own.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}
