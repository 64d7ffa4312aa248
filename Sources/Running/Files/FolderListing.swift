import ReplicateAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An entry of a folder on this machine.
public struct FolderEntry: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case folder, file
    /// A pipe, a device, a socket, or a link that leads nowhere.
    case other
  }

  /// The name byte for byte.
  public let bytes: [UInt8]
  /// The name for reading: what isn't UTF-8 is replaced. Sanitize it to show it.
  public let name: String
  /// The name in lower case, to search and sort by.
  public let key: String
  public let kind: Kind
  /// In bytes.
  public let size: Int
  /// In seconds since 1970.
  public let modified: Double

  public init(bytes: [UInt8], kind: Kind, size: Int = 0, modified: Double = 0) {
    self.bytes = bytes
    name = String(decoding: bytes, as: UTF8.self)
    key = name.lowercased()
    self.kind = kind
    self.size = size
    self.modified = modified
  }

  public var isHidden: Bool { bytes.first == UInt8(ascii: ".") }

  /// Whether the name contains every word, which has to be in lower case.
  public func matches(_ words: [[UInt8]]) -> Bool {
    ByteSearch.contains(words, key)
  }
}

/// Reads folders, away from the main thread.
public enum FolderListing {
  public enum Order: Hashable, Sendable {
    case name
    /// The newest first.
    case date
  }

  /// The entries of a folder, folders first.
  @concurrent
  public static func entries(
    of folder: LocalPath, by order: Order = .name
  ) async -> Result<[FolderEntry], FileProblem> {
    guard let stream = opendir(folder.bytes.map(CChar.init(bitPattern:)) + [0]) else {
      return .failure(
        errno == ENOENT
          ? .missing(folder) : .unreadable(folder, reason: String(cString: strerror(errno))))
    }
    defer { closedir(stream) }
    let descriptor = dirfd(stream)
    var entries: [FolderEntry] = []
    while let next = readdir(stream) {
      if entries.count % 256 == 0, Task.isCancelled { break }
      let name = withUnsafeBytes(of: &next.pointee.d_name) { bytes in
        Array(bytes.prefix { $0 != 0 })
      }
      guard name != [0x2E], name != [0x2E, 0x2E], !name.isEmpty else { continue }
      entries.append(entry(name, in: descriptor))
    }
    return .success(sorted(entries, by: order))
  }

  private static func entry(_ name: [UInt8], in folder: Int32) -> FolderEntry {
    var facts = stat()
    guard fstatat(folder, name.map(CChar.init(bitPattern:)) + [0], &facts, 0) == 0 else {
      return FolderEntry(bytes: name, kind: .other)
    }
    let kind: FolderEntry.Kind =
      switch facts.st_mode & S_IFMT {
      case S_IFDIR: .folder
      case S_IFREG: .file
      default: .other
      }
    #if canImport(Darwin)
      let modified = Double(facts.st_mtimespec.tv_sec)
    #else
      let modified = Double(facts.st_mtim.tv_sec)
    #endif
    return FolderEntry(
      bytes: name, kind: kind, size: Int(clamping: facts.st_size), modified: modified)
  }

  public static func sorted(_ entries: [FolderEntry], by order: Order) -> [FolderEntry] {
    entries.sorted { one, other in
      if (one.kind == .folder) != (other.kind == .folder) { return one.kind == .folder }
      if order == .date, one.modified != other.modified { return one.modified > other.modified }
      if one.key != other.key { return one.key < other.key }
      return one.bytes.lexicographicallyPrecedes(other.bytes)
    }
  }
}
