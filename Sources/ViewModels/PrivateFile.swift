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
    let bytes = Array(text.utf8)
    let written = Int(Self.write(file, bytes))
    guard close(file) == 0, written == bytes.count, rename(draft, path) == 0 else {
      let why = failure(path)
      unlink(draft)
      throw why
    }
  }

  /// Makes a folder and those above it, for their owner alone.
  package static func makeFolder(_ folder: String) throws(DesktopFailure) {
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

  private static func write(_ file: Int32, _ bytes: [UInt8]) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes, bytes.count)
    #else
      Darwin.write(file, bytes, bytes.count)
    #endif
  }
}
