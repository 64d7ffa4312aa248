import ReplicateAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An archive of files on this machine, the form in which trainers take their pictures.
///
///     let archive = try await ZIPArchive.write(entries, named: "cats.zip", in: temporaryFolder)
///     …
///     archive.remove()
///
/// Files are stored as they are, because pictures don't become smaller. The same files under the
/// same names always make the same bytes, so ``InputFiles`` doesn't upload them again.
public struct ZIPArchive: Hashable, Sendable {
  public let path: LocalPath
  /// In bytes.
  public let size: Int

  /// The largest archive, in bytes: what the service takes.
  public static let maximumSize = FileUpload.maximumSize
  /// The most files that an archive can have.
  public static let maximumCount = 65_535

  /// A file to pack.
  public struct Entry: Hashable, Sendable {
    /// The name in the archive: `cat.png`, or `cats/cat.png`.
    public var name: String
    public var file: LocalPath
    /// What the file was when it was looked at; another one isn't packed.
    var stamp: LocalFile.Stamp?

    public init(name: String, file: LocalPath) {
      self.name = name
      self.file = file
    }
  }

  /// Why there is no archive.
  public enum Problem: Error, Hashable, Sendable {
    case empty
    /// In bytes.
    case tooLarge(size: Int)
    case tooMany(count: Int)
    /// A name that is absolute, leads out of the archive, or can't be read everywhere.
    case badName(String)
    case repeatedName(String)
    case unreadable(LocalPath, reason: String)
    case changed(LocalPath)
    /// The archive can't be written.
    case unwritable(LocalPath, reason: String)
    case canceled

    /// In a sentence. Sanitize it to show it: names of files are in it.
    public var words: String {
      switch self {
      case .empty: "There are no files to pack."
      case .tooLarge(let size): Self.excess(size)
      case .tooMany(let count):
        "\(count.grouped) files are too many: an archive has at most "
          + "\(ZIPArchive.maximumCount.grouped)."
      case .badName(let name): "“\(name)” can’t be a name in an archive; rename the file."
      case .repeatedName(let name): "Two files would have the same name in the archive: \(name)."
      case .unreadable(let path, let reason): "\(path.name) can’t be read: \(reason)."
      case .changed(let path): "\(path.name) changed while it was being packed; try again."
      case .unwritable(let path, let reason):
        "The archive can’t be written to \(path.shown): \(reason)."
      case .canceled: "Packing was canceled."
      }
    }

    static func excess(_ size: Int) -> String {
      "The archive would have \(mebibytes(size)) MiB, "
        + "\(mebibytes(size - ZIPArchive.maximumSize)) MiB more than the 100 MiB "
        + "that Replicate takes."
    }

    /// Rounded up, so that an excess is never said to be nothing.
    private static func mebibytes(_ size: Int) -> String {
      let unit = 1 << 20
      let (whole, rest) = size.quotientAndRemainder(dividingBy: unit)
      let tenths = whole.multipliedReportingOverflow(by: 10)
      guard !tenths.overflow else { return whole.grouped }
      let rounded = tenths.partialValue + (rest * 10 + unit - 1) / unit
      return "\((rounded / 10).grouped).\(rounded % 10)"
    }
  }

  /// Packs files into an archive that only its owner can read. It lies in a new folder of its own,
  /// so that it can have the name by which the service gets it. Canceling the task removes it.
  ///
  /// All files are looked at before the first one is packed.
  ///
  /// - Parameters:
  ///   - name: The archive's name, such as `cats.zip`.
  ///   - folder: Where temporary files go.
  ///   - progress: Called after each piece of a file, on any thread; in bytes of the files.
  @concurrent
  public static func write(
    _ entries: [Entry], named name: String, in folder: LocalPath,
    progress: @Sendable (TransferProgress) -> Void = { _ in }
  ) async throws(Problem) -> ZIPArchive {
    guard isPlain(name), !name.contains("/") else { throw .badName(name) }
    let (stamps, size) = try checked(entries)
    let archive = ZIPArchive(
      path: try ArchiveDraft.makeFolder(in: folder).appending(name.utf8), size: size)
    do throws(Problem) {
      try archive.fill(entries, stamps, progress)
    } catch {
      archive.remove()
      throw error
    }
    return archive
  }

  /// Deletes the archive and the folder that was made for it.
  public func remove() {
    _ = unlink(path.bytes.map(CChar.init(bitPattern:)) + [0])
    _ = rmdir(path.parent.bytes.map(CChar.init(bitPattern:)) + [0])
  }

  /// Whether a name stays inside the folder that an archive is unpacked to, on every system.
  static func isPlain(_ name: String) -> Bool {
    guard (1...4096).contains(name.utf8.count) else { return false }
    let isReadable = name.unicodeScalars.allSatisfy {
      $0 != "\\" && $0.properties.generalCategory != .control
    }
    return isReadable
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0 != "." && $0 != ".."
      }
  }
}

extension ZIPArchive {
  /// What the files are, and the size of the archive.
  private static func checked(
    _ entries: [Entry]
  ) throws(Problem) -> (stamps: [LocalFile.Stamp], size: Int) {
    guard !entries.isEmpty else { throw .empty }
    guard entries.count <= maximumCount else { throw .tooMany(count: entries.count) }
    var names: Set<[UInt8]> = []
    var stamps: [LocalFile.Stamp] = []
    for entry in entries {
      if Task.isCancelled { throw .canceled }
      guard isPlain(entry.name) else { throw .badName(entry.name) }
      guard names.insert(Array(entry.name.utf8)).inserted else { throw .repeatedName(entry.name) }
      let stamp = try open(entry).stamp
      if let expected = entry.stamp, expected != stamp { throw .changed(entry.file) }
      stamps.append(stamp)
    }
    let files = zip(entries, stamps).lazy.map { (name: Array($0.name.utf8), size: $1.size) }
    let size = ZIPRecord.archiveSize(files) ?? .max
    guard size <= maximumSize else { throw .tooLarge(size: size) }
    return (stamps, size)
  }

  private static func open(_ entry: Entry) throws(Problem) -> OpenFile {
    do throws(TransportError) {
      return try OpenFile(LocalFile(reading: entry.file.bytes, named: entry.file.shown))
    } catch {
      throw .unreadable(entry.file, reason: FileInspector.reason(error))
    }
  }

  private func fill(
    _ entries: [Entry], _ stamps: [LocalFile.Stamp], _ progress: (TransferProgress) -> Void
  ) throws(Problem) {
    let draft = try ArchiveDraft(creating: path)
    var records: [ZIPRecord] = []
    var position = TransferProgress(done: 0, total: stamps.reduce(0) { $0 + $1.size })
    progress(position)
    for (entry, stamp) in zip(entries, stamps) {
      var record = ZIPRecord(
        name: Array(entry.name.utf8), size: stamp.size, offset: draft.size)
      try draft.append(record.header)
      record.checksum = try Self.copy(entry, stamp, to: draft) { count in
        position.done += count
        progress(position)
      }
      // Now that the checksum is known.
      try draft.write(record.header, at: record.offset)
      records.append(record)
    }
    let start = draft.size
    for record in records { try draft.append(record.directoryEntry) }
    try draft.append(
      ZIPRecord.end(
        count: records.count, directoryOffset: start, directorySize: draft.size - start))
  }

  /// Appends a file's bytes, if it is the file that was looked at until its end.
  private static func copy(
    _ entry: Entry, _ stamp: LocalFile.Stamp, to draft: ArchiveDraft, _ progress: (Int) -> Void
  ) throws(Problem) -> UInt32 {
    let file = try open(entry)
    guard file.stamp == stamp else { throw .changed(entry.file) }
    var checksum = CyclicChecksum()
    var offset = 0
    while true {
      if Task.isCancelled { throw .canceled }
      let piece: [UInt8]?
      do throws(TransportError) {
        piece = try file.file.read(at: offset)
      } catch {
        throw .unreadable(entry.file, reason: FileInspector.reason(error))
      }
      guard let piece else { break }
      guard piece.count <= stamp.size - offset else { throw .changed(entry.file) }
      checksum.add(piece)
      try draft.append(piece)
      offset += piece.count
      progress(piece.count)
    }
    guard offset == stamp.size, file.isUnchanged else { throw .changed(entry.file) }
    return checksum.sum
  }
}

/// An archive that is being written. It is closed when it is released.
private final class ArchiveDraft {
  private let path: LocalPath
  private let descriptor: Int32
  /// In bytes.
  private(set) var size = 0

  /// Creates a file that only its owner can read. An existing file is an error.
  init(creating path: LocalPath) throws(ZIPArchive.Problem) {
    self.path = path
    descriptor = open(
      path.bytes.map(CChar.init(bitPattern:)) + [0],
      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw Self.failure(path) }
  }

  deinit { close(descriptor) }

  static func makeFolder(in folder: LocalPath) throws(ZIPArchive.Problem) -> LocalPath {
    var name =
      folder.appending("replicant-XXXXXX".utf8).bytes.map(CChar.init(bitPattern:)) + [0]
    guard !folder.bytes.contains(0), mkdtemp(&name) != nil else { throw failure(folder) }
    return LocalPath(bytes: name.dropLast().map(UInt8.init(bitPattern:)))
  }

  func append(_ bytes: [UInt8]) throws(ZIPArchive.Problem) {
    try write(bytes, at: size)
    size += bytes.count
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(ZIPArchive.Problem) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress?.advanced(by: start), bytes.count - start,
          off_t(offset + start))
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw Self.failure(path) }
      start += count
    }
  }

  private static func failure(_ path: LocalPath) -> ZIPArchive.Problem {
    let reason = String(cString: strerror(errno))
    return .unwritable(path, reason: reason.prefix(1).lowercased() + reason.dropFirst())
  }
}
