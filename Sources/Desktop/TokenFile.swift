import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file in which the API token is kept when a person asks for that: readable by its owner alone.
public struct TokenFile: Sendable {
  public let path: String

  /// `$XDG_CONFIG_HOME/replicant/token`, or the same below `~/.config`.
  public init(environment: [String: String]) {
    let home = environment["HOME"] ?? "/"
    let configured = environment["XDG_CONFIG_HOME"] ?? ""
    path = (configured.hasPrefix("/") ? configured : "\(home)/.config") + "/replicant/token"
  }

  /// The token that was kept, or nil. A file that others could read is not trusted with one.
  public func read() -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_mode & 0o077 == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = readBytes(file, &bytes)
    guard count > 0 else { return nil }
    let token = String(decoding: bytes[..<count], as: UTF8.self).trimmingBlanks()
    return token.isEmpty ? nil : String(token)
  }

  /// Writes the token beside the file and puts it in its place whole.
  func save(_ token: String) throws(DesktopFailure) -> String {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    try makeFolder(folder)
    let draft = "\(path).\(getpid())"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(draft) }
    let text = Array("\(token)\n".utf8)
    let written = write(file, text, text.count)
    guard close(file) == 0, written == text.count, rename(draft, path) == 0 else {
      let why = failure(path)
      unlink(draft)
      throw why
    }
    return path
  }

  private func makeFolder(_ folder: String) throws(DesktopFailure) {
    var index = folder.startIndex
    while index < folder.endIndex {
      index = folder[folder.index(after: index)...].firstIndex(of: "/") ?? folder.endIndex
      let part = String(folder[..<index])
      if mkdir(part, 0o700) != 0, errno != EEXIST { throw failure(part) }
    }
  }

  private func failure(_ place: String) -> DesktopFailure {
    DesktopFailure("\(place) couldn’t be written: \(String(cString: strerror(errno))).")
  }
}

// Inside TokenFile the name `read` is its own.
private func readBytes(_ file: Int32, _ bytes: inout [UInt8]) -> Int {
  read(file, &bytes, bytes.count)
}
