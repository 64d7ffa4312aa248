import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A pipe to read what a child process writes.
struct Pipe: Sendable {
  let reading: Int32
  let writing: Int32

  /// Opens some pipes, or none.
  ///
  /// - Parameter program: Named in the error.
  static func open(_ count: Int, for program: String) throws(DesktopFailure) -> [Pipe] {
    var pipes: [Pipe] = []
    for _ in 0..<count {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else {
        let reason = String(cString: strerror(errno))
        for pipe in pipes { pipe.close() }
        throw DesktopFailure("\(program) couldn’t be started: \(reason).")
      }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      pipes.append(Pipe(reading: ends[0], writing: ends[1]))
    }
    return pipes
  }

  func closeReading() { closeFile(reading) }

  func closeWriting() { closeFile(writing) }

  func close() {
    closeReading()
    closeWriting()
  }

  /// Reads pipes until nobody can write to them any more, or until another pipe is closed and they
  /// are empty. Blocks.
  ///
  /// - Parameters:
  ///   - limit: The number of bytes to keep of each pipe; the rest is discarded.
  ///   - onTooLong: Called if the first pipe delivers more.
  static func readAll(
    _ pipes: [Pipe], until end: Pipe, atMost limit: Int, onTooLong: () -> Void
  ) -> [[UInt8]] {
    var texts: [[UInt8]] = pipes.map { _ in [] }
    var files = (pipes + [end]).map { pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0) }
    var piece = [UInt8](repeating: 0, count: 4096)
    // Another process may go on writing after the end.
    var piecesAfterEnd = 0
    var isTooLong = false
    while files.dropLast().contains(where: { $0.fd >= 0 }), piecesAfterEnd < 32 {
      guard poll(&files, nfds_t(files.count), -1) >= 0 else {
        if errno == EINTR { continue }
        break
      }
      let isAtEnd = files[pipes.count].revents != 0
      var isEmpty = true
      for index in pipes.indices where files[index].fd >= 0 && files[index].revents != 0 {
        isEmpty = false
        let count = read(files[index].fd, &piece, piece.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          // Ignored from now on.
          files[index].fd = -1
          continue
        }
        let room = limit - texts[index].count
        texts[index] += piece[..<min(count, room)]
        if index == 0, count > room, !isTooLong {
          isTooLong = true
          onTooLong()
        }
      }
      if isAtEnd {
        if isEmpty { break }
        piecesAfterEnd += 1
      }
    }
    return texts
  }
}

// Inside Pipe, `close` means its own function.
private func closeFile(_ file: Int32) { close(file) }
